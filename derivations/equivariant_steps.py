"""The frequency-space reduction step by step, each step with the checks that decide it."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

from derivations import equivariant as q
from derivations import equivariant_checks as checks
from derivations.equivariant_cases import EXACT, FLOATING
from derivations.residues import contracted, p
from derivations.steps import Check, Line, Statement, Step, one_line
from derivations.two_layer import ridge

TIED = (
    "p odd, W1[a, (g, j)] = f_j(a + g), samples (d, s) the pairs (s + d, s − d) of some classes d, labels 2s"
)
INVERTIBLE = f"{TIED}; λ > 0, or λ → 0 with every block of full rank, which needs m ≥ |D|"


def steps() -> tuple[Step, ...]:
    """Invariance of the equivariant networks under the first-layer flow, and the flow in frequency space."""
    spectrum = q.h_hat(q.j, q.d, q.k)
    linear = sp.Eq(
        q.transform(q.templates_sum(), q.s),
        2 * sp.cos(2 * sp.pi * q.k * q.d / p) * q.f_hat(q.j, q.k),
        evaluate=False,
    )
    singular = q.block_entry().xreplace({ridge: sp.S.Zero})
    return (
        Step(
            "",
            "Tied weights stay tied: the velocity of W1[a, (g, j)] depends on a + g alone",
            _invariance(),
            f"{TIED}; any σ, any m, any λ",
        ),
        Step("", "First-layer flow of the templates in slow time τ = 2λt", _flow(), INVERTIBLE),
        one_line(
            "",
            "Reduced cost of the templates",
            sp.Eq(sp.Symbol("R") / ridge, q.cost(), evaluate=False),
            INVERTIBLE,
            _at_every_case(checks.cost_agrees),
            "(19): every template has p shifts, and Tr(YᵀK⁻¹Y) is a sum over the blocks, by Parseval's theorem",
        ),
        one_line(
            "",
            "Outputs of any class, trained on or not, at s residues from half the label: right iff largest at 0",
            sp.Eq(sp.Function("o")(q.d, q.s), q.outputs(), evaluate=False),
            INVERTIBLE,
            _at_every_case(checks.outputs_agree),
            "HW2 is a convolution of h with ω: a product of spectra",
        ),
        Step(
            "",
            "Without a ridge a block is a sum of m matrices of rank one, so it is singular for m < |D|",
            (
                Line(
                    linear,
                    "for linear σ every term is the same matrix up to a factor",
                    _exactly(checks.sides_agree),
                ),
                Line(
                    sp.Eq(sp.Function("B")(q.d, q.e, q.k), singular, evaluate=False),
                    "the block at λ = 0",
                    (*_exactly(checks.blocks_agree, ridge=0), checks.fewer_templates_are_singular),
                ),
            ),
            f"{TIED}; m ≥ |D| is necessary and not sufficient",
        ),
        one_line(
            "",
            "Hidden spectra for σ(z) = z², in the template's spectrum",
            sp.Eq(spectrum, q.quadratic_spectrum(), evaluate=False),
            TIED,
            _exactly(checks.sides_agree),
            "the spectrum of a square is the convolution of the spectrum with itself",
        ),
    )


def _invariance() -> tuple[Line, ...]:
    s, t, g, a, s2 = q.s, q.t, q.g, q.a, q.s2
    rows = (
        (
            q.pre_activation(),
            contracted(q.pre_activation()),
            "pre-activations XW1",
            {s: s + 1, g: g - 1},
            "s + g",
        ),
        (q.gram_sum(), q.gram_entry(), "Gram matrix HHᵀ", {s: s + 1, s2: s2 + 1}, "s − s′"),
        (q.gram_times_dual_sum(), q.gram_times_dual(), "HHᵀM, as Y does", {s: s + 1, t: t + 1}, "s − t"),
        (q.readout_sum(), q.readout_entry(), "readout HᵀM", {g: g + 1, t: t - 1}, "g + t"),
        (q.force_sum(), q.force_entry(), "MMᵀH", {s: s + 1, g: g - 1}, "s + g"),
        (q.velocity_sum(), q.velocity_entry(), "velocity", {a: a + 1, g: g - 1}, "a + g"),
    )
    return tuple(
        Line(
            sp.Eq(total, entry, evaluate=False),
            f"{what}: depends on {on} alone, by a shift of the sum over the residues",
            (partial(_depends_on, moves, on), *_exactly(checks.sides_agree)),
        )
        for total, entry, what, moves, on in rows
    )


def _flow() -> tuple[Line, ...]:
    def line(left: Any, right: Any, rule: str, *decisions: Callable[[Any], Check]) -> Line:
        return Line(sp.Eq(left, right, evaluate=False), rule, decisions)

    return (
        line(
            sp.Function("B")(q.d, q.e, q.k),
            q.block_entry(),
            "Fourier transform of the Gram matrix in s − s′: one block a frequency",
            *_at_every_case(checks.blocks_agree),
        ),
        line(
            q.omega_hat(q.j, q.k),
            q.readout_spectrum(),
            "readout, with γ̂(k) the solution of B(k) γ̂(k) = 1",
            *_at_every_case(checks.readout_agrees),
        ),
        line(
            q.G(q.j, q.d, q.s),
            q.force(),
            "MMᵀH is a convolution: a product of spectra",
            *_at_every_case(checks.force_agrees),
        ),
        line(
            sp.Derivative(q.f(q.j, q.u), sp.Symbol("tau"), evaluate=False),
            q.flow(),
            "the velocity at g = 0",
            *_at_every_case(checks.flow_agrees),
            *_exactly(checks.norm_law),
        ),
    )


def _at_every_case(check: Callable[..., Check]) -> Sequence[Callable[[Any], Check]]:
    return tuple(partial(check, case) for case in (*EXACT, *FLOATING))


def _exactly(check: Callable[..., Check], **only: Any) -> tuple[Callable[[Any], Check], ...]:
    """At the cases in exact arithmetic, or those of them that have these values."""
    cases = (case for case in EXACT if all(getattr(case, name) == value for name, value in only.items()))
    return tuple(partial(check, case) for case in cases)


def _depends_on(moves: dict[Any, Any], what: str, statement: Statement) -> Check:
    """The right side does not change when its indices move together."""
    moved = statement.rhs.xreplace(moves).replace(
        lambda node: isinstance(node, AppliedUndef), lambda node: node.func(*map(sp.expand, node.args))
    )
    return Check(f"any p, any σ: depends on {what}", int(sp.simplify(moved - statement.rhs) != 0))
