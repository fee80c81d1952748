"""The zero-loss flow of a homogeneous two-layer network in closed form, and that of a readout 1/ε times faster."""

from fractions import Fraction
from functools import cache, partial
from typing import Any

import sympy as sp

from derivations import dual
from derivations import two_layer as eq
from derivations.checks import holds_at
from derivations.dual import Rows, solve
from derivations.neural_tangent import V1, V2, M, adjoint, kernel, output_change, rate_ratio
from derivations.plain_network import product
from derivations.steps import Decision, Line, Statement, Step
from derivations.symbols import Rate
from derivations.two_layer import W1, W2, B, H, X, Y
from derivations.two_layer_lines import SLOPE_Z, zero_loss
from derivations.two_layer_meaning import PHI, TAU, Z, q, to_sympy

equal = partial(sp.Eq, evaluate=False)
SIZES = {eq.n: 2, eq.d_in: 2, eq.d_h: 3, eq.d_out: 2}


def steps() -> tuple[Step, ...]:
    """Both flows, line by line."""
    return _one_rate(), _two_rates()


def _rates(ratio: Any) -> tuple[Any, Any]:
    """Statements of both layers' rates, the readout's times the ratio."""
    first, second = (eq.readable(part) for part in adjoint())
    return equal(Rate(W1, TAU), first - W1), equal(ratio * Rate(W2, TAU), second - W2)


def _one_rate() -> Step:
    first, second = _rates(1)
    squares = eq.squared_norm(W1) + eq.squared_norm(W2)
    imbalance = sp.DiagonalOf(W1.T * W1) - q * sp.DiagonalOf(W2 * W2.T)
    return Step(
        "",
        "Zero-loss flow of a homogeneous network in closed form",
        (
            _line(
                1,
                equal(eq.readable(output_change().xreplace({V1: W1, V2: W2})), (1 + q) * Y),
                "Jθ by Euler's identity zσ′(z) = qσ(z), on the set F = Y",
            ),
            _line(
                1,
                equal(eq.readable(kernel().xreplace({rate_ratio: sp.S.One}).doit()), (1 + q) * Y),
                "M = (JJᵀ)⁻¹Jθ: the kernel applied to M is Jθ",
            ),
            _line(1, first, "(29): −Pθ = JᵀM − θ, the part of the first layer"),
            _line(1, second, "and of the readout"),
            _line(
                1,
                equal(
                    sp.Trace(W1.T * Rate(W1, TAU)) + sp.Trace(W2.T * Rate(W2, TAU)),
                    (1 + q) * sp.Trace(M.T * Y) - squares,
                ),
                "half the rate of ‖θ‖²: ⟨θ, JᵀM⟩ = ⟨Jθ, M⟩",
            ),
            _line(
                1,
                equal(
                    sp.DiagonalOf(W1.T * Rate(W1, TAU)) - q * sp.DiagonalOf(Rate(W2, TAU) * W2.T), -imbalance
                ),
                "for each neuron the terms with M cancel: ‖w1_j‖² − q‖w2_j‖² falls as e^{−2τ}",
            ),
        ),
        "σ homogeneous of degree q; θ on the zero-loss set and not singular",
    )


def _two_rates() -> Step:
    first, second = _rates(rate_ratio)
    changed = output_change().xreplace({V1: Rate(W1, TAU), V2: Rate(W2, TAU)})
    mixed = eq.readable(kernel())
    return Step(
        "",
        "A readout that learns 1/ε times faster: ε = 1 is the zero-loss flow, ε → 0 the first-layer flow (20)",
        (
            _line(2, first, "decay of the first layer, and the least push JᵀM that keeps the outputs"),
            _line(2, second, "the same for the readout, 1/ε times as fast"),
            _line(
                2,
                equal(eq.readable(changed), sp.ZeroMatrix(eq.n, eq.d_out)),
                "the outputs stay: this fixes M",
            ),
            _line(
                2,
                equal(mixed, (1 + rate_ratio * q) * Y),
                "both rates put in, times ε, with Euler's identity in each layer",
            ),
            zero_loss(equal(H * H.T * B, Y), "ε → 0: M is the dual readout B"),
            zero_loss(equal(PHI, H.T * B), "the readout's rate is bounded, so W2 = HᵀM: (18)"),
            zero_loss(
                equal(Rate(W1, TAU), X.T * sp.HadamardProduct(B * PHI.T, SLOPE_Z) - W1),
                "and the first layer's rate is (20)",
            ),
        ),
        "σ homogeneous of degree q; θ on the zero-loss set and not singular; slow time of the first layer",
    )


def _line(ratio: int, statement: Statement, rule: str) -> Line:
    """A line decided at the rate ratio 1, or at 2/7."""
    return Line(
        statement,
        rule,
        tuple(_decision(power, Fraction(1) if ratio == 1 else Fraction(2, 7)) for power in (2, 3)),
    )


def _decision(power: int, ratio: Fraction) -> Decision:
    method = f"exact rationals, σ = z^{power}, ε = {ratio}: multipliers of the constrained flow"
    return holds_at(method, partial(_meaning, power, ratio), sp.Lambda(eq.z, eq.z**power))


@cache
def _meaning(power: int, ratio: Fraction) -> dict[Any, Any]:
    """Weights on the set of their own outputs; rates and multipliers by one linear system for all of them."""
    drawn = {
        symbol: [
            [Fraction((5 * i + 3 * j + 2 * shift) % 7 - 3, j + 2) for j in range(SIZES[symbol.shape[1]])]
            for i in range(SIZES[symbol.shape[0]])
        ]
        for shift, symbol in enumerate((X, W1, W2))
    }

    def outputs(first: Rows, second: Rows) -> Rows:
        return product([[entry**power for entry in row] for row in product(drawn[X], first)], second)

    def jacobian_row(i: int, j: int) -> list[Any]:
        one = dual.gradient(lambda V: outputs(V, drawn[W2])[i][j], drawn[W1])
        two = dual.gradient(lambda V: outputs(drawn[W1], V)[i][j], drawn[W2])
        return _flat(one) + _flat(two)

    rows = [jacobian_row(i, j) for i in range(SIZES[eq.n]) for j in range(SIZES[eq.d_out])]
    theta, count = _flat(drawn[W1]) + _flat(drawn[W2]), len(_flat(drawn[W1]))
    slowness = [Fraction(1) if i < count else ratio for i in range(len(theta))]
    above = [
        [slow * (i == j) for j in range(len(theta))] + [-row[i] for row in rows]
        for i, slow in enumerate(slowness)
    ]
    below = [[*row, *(Fraction(0) for _ in rows)] for row in rows]
    found = solve(above + below, [-entry for entry in theta] + [Fraction(0) for _ in rows])
    moved, multipliers = found[: len(theta)], found[len(theta) :]
    values = {
        **drawn,
        Z: product(drawn[X], drawn[W1]),
        H: [[entry**power for entry in row] for row in product(drawn[X], drawn[W1])],
        Y: outputs(drawn[W1], drawn[W2]),
        Rate(W1, TAU): _shaped(moved[:count], SIZES[eq.d_h]),
        Rate(W2, TAU): _shaped(moved[count:], SIZES[eq.d_out]),
        M: _shaped(multipliers, SIZES[eq.d_out]),
    }
    exact = {symbol: to_sympy(value) for symbol, value in values.items()}
    return {**exact, **SIZES, q: power, rate_ratio: sp.Rational(ratio.numerator, ratio.denominator)}


def _flat(matrix: Rows) -> list[Any]:
    return [entry for row in matrix for entry in row]


def _shaped(entries: list[Any], columns: int) -> Rows:
    return [entries[i : i + columns] for i in range(0, len(entries), columns)]
