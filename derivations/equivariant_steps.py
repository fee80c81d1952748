"""The frequency-space reduction step by step, each step with the checks that decide it."""

from functools import partial
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

from derivations import equivariant as q
from derivations import equivariant_checks as checks
from derivations.equivariant_cases import EXACT, FLOATING
from derivations.steps import Check, Step
from derivations.two_layer import ridge

TIED = (
    "p odd, W1[a, (g, j)] = f_j(a + g), samples (d, s) the pairs (s + d, s − d) of some classes d, labels 2s"
)
INVERTIBLE = f"{TIED}; λ > 0, or λ → 0 with every block of full rank, which needs m ≥ |D|"


def steps() -> tuple[Step, ...]:
    """Invariance of the equivariant networks under the first-layer flow, and the flow in frequency space."""
    s, t, g, a, s2 = q.s, q.t, q.g, q.a, q.s2
    spectrum = q.h_hat(q.j, q.d, q.k)
    every = (*EXACT, *FLOATING)

    def equal(left: Any, right: Any) -> Any:
        return sp.Eq(left, right, evaluate=False)

    return (
        Step(
            "",
            "Pre-activations of tied weights: entry (d, s), (g, j) of XW1 is z_j at s + g",
            equal(sp.Function("Z")(q.d, s, g, q.j), q.pre_activation()),
            TIED,
            (
                partial(_depends_on, q.pre_activation(), {s: s + 1, g: g - 1}, "XW1 depends on s + g"),
                partial(_is_at, q.pre_activation(), q.templates_sum(), {s: s + g}, "z_j at s + g"),
            ),
        ),
        Step(
            "",
            "Gram matrix of tied weights: it depends on s − s′ alone",
            equal(sp.Function("K")(q.d, s, q.e, s2), q.gram_entry()),
            TIED,
            (partial(_depends_on, q.gram_entry(), {s: s + 1, s2: s2 + 1}, "HHᵀ depends on s − s′"),),
        ),
        Step(
            "",
            "Dual variables: the Gram matrix takes functions of s − t to such functions, and Y is one",
            equal(sp.Function("KM")(q.d, s, t), q.gram_times_dual()),
            TIED,
            (
                partial(_depends_on, q.gram_times_dual(), {s: s + 1, t: t + 1}, "KM depends on s − t"),
                _doubling_is_a_bijection,
            ),
        ),
        Step(
            "",
            "Readout of tied weights: W2[(g, j), 2t] is ω_j at g + t",
            equal(q.omega(q.j, g + t), q.readout_entry()),
            TIED,
            (partial(_depends_on, q.readout_entry(), {g: g + 1, t: t - 1}, "HᵀM depends on g + t"),),
        ),
        Step(
            "",
            "Invariance: the velocity of W1[a, (g, j)] depends on a + g alone, so tied weights stay tied",
            equal(sp.Function("V")(a, g, q.j), q.velocity_entry()),
            f"{TIED}; any σ, any m, any λ",
            (
                partial(_depends_on, q.force_entry(), {s: s + 1, g: g - 1}, "MMᵀH depends on s + g"),
                partial(_depends_on, q.velocity_entry(), {a: a + 1, g: g - 1}, "velocity depends on a + g"),
                *(partial(checks.flow_agrees, case) for case in every),
            ),
        ),
        Step(
            "",
            "Blocks: the Fourier transform in s takes the Gram matrix apart into one |D| × |D| block a frequency",
            equal(sp.Function("B")(q.d, q.e, q.k), q.block_entry()),
            TIED,
            tuple(partial(checks.blocks_agree, case) for case in every),
        ),
        Step(
            "",
            "Readout in frequency space, with γ̂(k) the solution of B(k) γ̂(k) = 1",
            equal(q.omega_hat(q.j, q.k), q.readout_spectrum()),
            INVERTIBLE,
            tuple(partial(checks.readout_agrees, case) for case in every),
        ),
        Step(
            "",
            "Force: the counterpart of BBᵀH is a convolution, a product of spectra",
            equal(q.G(q.j, q.d, s), q.force()),
            INVERTIBLE,
            tuple(partial(checks.force_agrees, case) for case in every),
        ),
        Step(
            "",
            "First-layer flow of the templates in slow time τ = 2λt",
            equal(sp.Derivative(q.f(q.j, q.u), sp.Symbol("tau"), evaluate=False), q.flow()),
            INVERTIBLE,
            (
                *(partial(checks.flow_agrees, case) for case in every),
                *(partial(checks.norm_law, case) for case in EXACT),
            ),
        ),
        Step(
            "",
            "Reduced cost of the templates",
            equal(sp.Symbol("R") / ridge, q.cost()),
            INVERTIBLE,
            tuple(partial(checks.cost_agrees, case) for case in every),
        ),
        Step(
            "",
            "Outputs of any class, trained on or not, at s residues from half the label: right iff largest at 0",
            equal(sp.Function("o")(q.d, s), q.outputs()),
            INVERTIBLE,
            tuple(partial(checks.outputs_agree, case) for case in every),
        ),
        Step(
            "",
            "Without a ridge a block is a sum of m matrices of rank one, so it is singular for m < |D|",
            equal(sp.Function("B")(q.d, q.e, q.k), q.block_entry().subs(ridge, 0)),
            f"{TIED}; necessary, not sufficient: for linear σ every block has rank one",
            (checks.fewer_templates_are_singular, checks.linear_is_singular),
        ),
        Step(
            "",
            "Hidden spectra for σ(z) = z², in the template's spectrum",
            equal(spectrum, q.quadratic_spectrum()),
            TIED,
            tuple(partial(checks.quadratic_agrees, case) for case in EXACT),
        ),
    )


def _doubling_is_a_bijection() -> Check:
    """Doubling permutes the residues of an odd modulus, and of no even one."""
    wrong = sum((len({2 * s % n for s in range(n)}) == n) is not (n % 2 == 1) for n in range(2, 50))
    return Check("every p below 50", wrong)


def _depends_on(formula: Any, moves: dict[Any, Any], what: str) -> Check:
    """A formula does not change when its indices move together."""
    return _is_at(formula, formula, moves, what)


def _is_at(formula: Any, other: Any, moves: dict[Any, Any], what: str) -> Check:
    """A formula is another one at moved indices."""
    moved = other.xreplace(moves).replace(
        lambda node: isinstance(node, AppliedUndef), lambda node: node.func(*map(sp.expand, node.args))
    )
    return Check(f"any p, any σ: {what}", int(sp.simplify(moved - formula) != 0))
