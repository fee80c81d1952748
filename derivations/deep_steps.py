"""Three layers with the readout decoupled: the reduced cost, the flow of both hidden layers, and their norm laws."""

from fractions import Fraction
from functools import cache, partial
from typing import Any

import mpmath
import sympy as sp

from derivations import dual
from derivations import two_layer as eq
from derivations.checks import holds_at
from derivations.deep import hidden_flow, readable, reduced_cost, weights
from derivations.dual import Rows
from derivations.gradients import DIFFERENCE_TOLERANCE, DIGITS, rational_matrix
from derivations.plain_network import best_readout, cost, gram, product, squares
from derivations.steps import Decision, Step, one_line
from derivations.symbols import Rate
from derivations.two_layer_meaning import PHI, TAU, activation, to_sympy

R, q = sp.symbols("R q")
W1, W2 = weights(2)
INNER = W1.shape[1]
#: Sizes, weight decay and power of σ (0 is tanh) at which a line is decided.
EXAMPLES = (
    ((2, 2, 2, 3, 1), Fraction(1, 3), 2),
    ((2, 2, 3, 2, 2), Fraction(1, 3), 3),
    ((2, 2, 2, 3, 1), Fraction(1, 3), 0),
)
equal = partial(sp.Eq, evaluate=False)


def steps() -> tuple[Step, ...]:
    """The three-layer network with its readout decoupled, and the norm law of every layer."""
    assumption = (
        "σ differentiable; any shapes for λ > 0, d_h ≥ n and H of full row rank at λ = 0; slow time τ = 2λt"
    )
    first, second = (
        equal(sp.Trace(W.T * Rate(W, TAU)), factor * sp.Trace(PHI.T * PHI) - sp.Trace(W.T * W))
        for W, factor in ((W1, q**2), (W2, q))
    )
    return (
        one_line(
            "",
            "Reduced cost of a three-layer network over λ",
            equal(R / eq.ridge, readable(reduced_cost(2), 2)),
            "the readout enters linearly, so (15) and (19) hold at the last hidden activations",
            _decided_at(*EXAMPLES),
            "(16) with H = H2, and the decay of both hidden layers",
        ),
        *(
            one_line(
                "",
                f"Flow of {W} in a three-layer network",
                equal(Rate(W, TAU), readable(flow, 2)),
                assumption,
                _decided_at(*EXAMPLES),
                "−½ of the gradient of R/λ, pulled back through the layers one map at a time",
            )
            for W, flow in zip((W1, W2), hidden_flow(2), strict=True)
        ),
        one_line(
            "",
            "Norm laws of the hidden layers: half the rate of ‖W_i‖², for every λ",
            sp.Tuple(first, second),
            "σ positively homogeneous of degree q; φ is the readout",
            _decided_at(*EXAMPLES[:2]),
            "Euler's theorem: the outputs are homogeneous of degree q² in W1 and q in W2",
        ),
    )


def _decided_at(*examples: Any) -> list[Decision]:
    return [
        holds_at(
            f"{f'exact rationals, σ=z^{power}' if power else '60 digits, σ=tanh'}, layers of {sizes}, λ={ridge}",
            partial(_meaning, sizes, ridge, power),
            activation(power),
            0.0 if power else DIFFERENCE_TOLERANCE,
        )
        for sizes, ridge, power in examples
    ]


@cache
def _meaning(sizes: tuple[int, ...], ridge: Fraction, power: int) -> dict[Any, Any]:
    """Values entry by entry; rates by differentiating the least loss over the readout."""
    n, d_in, inner, d_h, d_out = sizes
    with mpmath.workdps(2 * DIGITS):
        shapes = ((n, d_in), (n, d_out), (d_in, inner), (inner, d_h))
        X, Y, first, second = (
            [[_number(entry, power) for entry in row] for row in rational_matrix(*shape, seed).tolist()]
            for seed, shape in enumerate(shapes)
        )
        decay = ridge if power else mpmath.mpf(ridge.numerator) / ridge.denominator

        def sigma(matrix: Rows) -> Rows:
            return [[entry**power if power else mpmath.tanh(entry) for entry in row] for row in matrix]

        def last(below: Rows, above: Rows) -> Rows:
            return sigma(product(sigma(product(X, below)), above))

        def whole(below: Rows, above: Rows) -> Any:
            return cost(last(below, above), below, Y, decay) + squares(above)

        def rate(function: Any, at: Rows) -> Rows:
            slope = (
                dual.gradient(function, at)
                if power
                else dual.difference_gradient(function, at, mpmath.mpf(10) ** -30)
            )
            return [[-entry / 2 for entry in row] for row in slope]

        H1, H2 = sigma(product(X, first)), last(first, second)
        values: dict[Any, Any] = {eq.X: X, eq.Y: Y, W1: first, W2: second, PHI: best_readout(H2, Y, decay)}
        values |= {_named("Z1", INNER): product(X, first), _named("H1", INNER): H1}
        values |= {_named("Z2", eq.d_h): product(H1, second), _named("H2", eq.d_h): H2}
        values |= {eq.K: gram(H2, decay), R: decay * whole(first, second), eq.ridge: decay}
        values[Rate(W1, TAU)] = rate(lambda V: whole(V, second), first)
        values[Rate(W2, TAU)] = rate(lambda V: whole(first, V), second)
        found = {symbol: to_sympy(value) for symbol, value in values.items()}
    return found | {eq.n: n, eq.d_in: d_in, INNER: inner, eq.d_h: d_h, eq.d_out: d_out, q: power}


def _named(name: str, columns: Any) -> Any:
    return sp.MatrixSymbol(name, eq.n, columns)


def _number(entry: Any, power: int) -> Any:
    return Fraction(int(entry.p), int(entry.q)) if power else mpmath.mpf(int(entry.p)) / int(entry.q) / 4
