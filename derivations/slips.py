"""Slips of the pen in print (an index, a sign, a wrong letter): they mislead nobody who derives the line."""

from functools import partial
from typing import Any

import sympy as sp

from derivations import errata_residuals as residuals
from derivations import two_layer as eq
from derivations.errata import with_decay
from derivations.errata_forms import at, counterexample, erratum
from derivations.gradients import rational_matrix
from derivations.regularized_flow import STACK
from derivations.regularized_meaning import stack_is_complete
from derivations.steps import Step
from derivations.symbols import Gradient
from derivations.two_layer_meaning import WITH_DECAY, R, activation

equal = partial(sp.Eq, evaluate=False)
km, d, pairs = sp.symbols("km d N_pairs", integer=True)


def _of_the_set() -> dict[Any, Any]:
    """ŷ = w₁w₂ at (2, 1/2), y = 1: the Jacobian of the loss, which vanishes there, is the wrong one for P."""
    w = sp.symbols("w_1 w_2")
    here = {w[0]: 2, w[1]: sp.Rational(1, 2)}
    loss, output = (w[0] * w[1] - 1) ** 2, w[0] * w[1]
    ranks = {
        name: sp.Matrix([function]).jacobian(w).subs(here).rank()
        for name, function in ((sp.Symbol("∇L"), loss), (sp.Symbol("∇F"), output))
    }
    return {sp.Function("rank")(name): rank for name, rank in ranks.items()} | {km: 1}


def _singular_point() -> dict[Any, Any]:
    """ŷ = w₁w₂, km = 1 and d = 2: numbers in the singular point (0, 0)."""
    w = sp.symbols("w_1 w_2")
    point = sp.solve([sp.diff(w[0] * w[1], v) for v in w], w, dict=True)[0]
    return {km: 1, d: 2, sp.Symbol("dim"): len(point)}


def _counted() -> dict[Any, Any]:
    return {pairs: sum(1 for a in range(11) for b in range(a, 11))}


def _lost_rank() -> dict[Any, Any]:
    """Ranks that generic matrices of 3 × 2 and 2 × 3 lack to have full row rank."""
    tall, wide = rational_matrix(3, 2, 1), rational_matrix(2, 3, 1)
    lost = {(m.rows, m.cols): m.rows - m.rank() for m in (tall, wide)}
    return {sp.Function("r")(*size): gap for size, gap in lost.items()}


def steps() -> tuple[Step, ...]:
    """Slips of the pen."""
    lost = sp.Function("r")
    dimension, size = sp.Symbol("dim"), sp.Function("rank")
    slope = eq.readable(eq.first_layer_flow())
    sizes = ("generic rational matrices, km × d = 3 × 2 and 2 × 3", _lost_rank)
    ends_at_n = equal(sp.Symbol("F"), sp.Matrix(sp.symbols("f_1 ⋮ f_n")))
    return (
        erratum(
            "(2) and (22)",
            ("the stacked outputs end at x_n", ends_at_n),
            ("they end at x_k, for k samples", STACK),
            (stack_is_complete, stack_is_complete),
        ),
        erratum(
            "Def. 4.9",
            ("Crit(F) ⊂ R^(km)", equal(dimension, km)),
            ("Crit(F) ⊂ R^d", equal(dimension, d)),
            at("ŷ = w₁w₂ has one output and the singular point (0, 0)", _singular_point),
        ),
        erratum(
            "Lemma C.1",
            ("km ≥ d", equal(lost(3, 2), 0)),
            ("d ≥ km, Assumption 4.1, which rank km requires", equal(lost(2, 3), 0)),
            at(*sizes),
        ),
        erratum(
            "App. D, number of pairs",
            ("77 for n = 11", equal(pairs, 77)),
            ("66, the pairs a ≤ b", equal(pairs, 66)),
            at("counted", _counted),
        ),
        counterexample(
            "App. D, the numbers",
            "{1…N}",
            "{0…n−1}: the same residues modulo n, but not the same rows of one-hot vectors",
            residuals.same_residues,
            "n = 11: members that one set has and the other lacks, as they are and modulo n",
        ),
        erratum(
            "(29), J",
            ("J = ∇L", equal(size(sp.Symbol("∇L")), km)),
            ("J = ∇F", equal(size(sp.Symbol("∇F")), km)),
            at("ŷ = w₁w₂ = 1 at (2, 1/2)", _of_the_set),
        ),
        erratum(
            "App. E, last line",
            ("∇R with the sign of the flow", equal(Gradient(R, eq.W1), 2 * eq.ridge * slope)),
            ("the negative of it", equal(Gradient(R, eq.W1), -2 * eq.ridge * slope)),
            at(str(WITH_DECAY[0]), with_decay, activation(WITH_DECAY[0].power)),
        ),
    )
