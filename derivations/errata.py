"""What is wrong or loose in print: each printed form fails its check, each correct form passes the same one.

Slips of the pen (an index, a sign, a wrong letter) are listed apart: they mislead nobody who derives the line.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import sympy as sp

from derivations import errata_residuals as residuals
from derivations import two_layer as eq
from derivations.checks import put_in
from derivations.gradients import rational_matrix
from derivations.regularized_flow import STACK, stack_is_complete
from derivations.steps import Check, Decision, Line, Step
from derivations.symbols import Gradient, Rate
from derivations.two_layer_meaning import PHI, TAU, WITH_DECAY, ZERO_LOSS, R, activation, meaning, t

equal = partial(sp.Eq, evaluate=False)
km, d, pairs = sp.symbols("km d N_pairs", integer=True)
J, J_plus, P = sp.MatrixSymbol("J", km, d), sp.MatrixSymbol("J^+", d, km), sp.MatrixSymbol("P", d, d)


def erratum(
    where: str, printed: tuple[str, Any], correct: tuple[str, Any], decisions: tuple[Decision, Decision]
) -> Step:
    """A step of two lines: the printed form, whose check must fail, and the correct one, whose check must pass.

    Parameters
    ----------
    where : str
        Place in arXiv:2511.01938v3.
    printed, correct : tuple of str and sympy expression
        Each form in words, and as a formula where it is one.
    decisions : tuple of callables
        How each is decided; the same callable twice where the formulas differ.
    """

    def fails(statement: Any) -> Check:
        check = decisions[0](statement)
        return Check(f"misses by {check.residual:.3g}, as it must ({check.method})", float(check.passed))

    return Step(
        f"Erratum, {where}",
        f"Printed: {printed[0]}",
        (
            Line(printed[1], "as printed", (fails,)),
            Line(correct[1], f"correct: {correct[0]}", (decisions[1],)),
        ),
        "what one example in exact arithmetic decides",
    )


def counterexample(
    where: str, printed: str, correct: str, missed: Callable[[], tuple[Any, Any]], method: str
) -> Step:
    """An erratum in words, decided by what each form misses in one computation."""

    def decide(which: int, _: Any) -> Check:
        return Check(method, float(abs(missed()[which])))

    return erratum(where, (printed, None), (correct, None), (partial(decide, 0), partial(decide, 1)))


def at(method: str, values: Callable[[], Mapping[Any, Any]], sigma: Any = None) -> tuple[Decision, Decision]:
    """Decide both formulas at one example; a formula that has no value there does not hold."""

    def decide(statement: Any) -> Check:
        try:
            sides = put_in(statement, values(), sigma)
        except ValueError:  # SymPy's: a matrix that is inverted has no inverse
            return Check(f"{method}: a matrix has no inverse", float("inf"))
        difference = sides.lhs - sides.rhs
        entries = difference if isinstance(difference, sp.MatrixBase) else [difference]
        return Check(method, float(max(abs(entry) for entry in entries)))

    return decide, decide


def _with_decay() -> dict[Any, Any]:
    """The first example, and in flow time the rate at which W1 descends R."""
    values = meaning(WITH_DECAY[0])
    return {**values, Rate(eq.W1, t): -values[Gradient(R, eq.W1)]}


def _jacobian() -> dict[Any, Any]:
    """J of two outputs and five parameters; what J⁺ J should leave of it is J itself."""
    matrix = rational_matrix(2, 5, 0)
    return {km: 2, d: 5, J: matrix, J_plus: matrix.pinv(), P: sp.eye(5) - matrix.pinv() * matrix}


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
    """The mathematical errata."""
    flow = eq.readable(eq.first_layer_flow())
    return (
        erratum(
            "(20)",
            ("in the time t of (3)", equal(Rate(eq.W1, t), flow)),
            ("in slow time τ = 2λt; in t it has the factor 2λ", equal(Rate(eq.W1, TAU), flow)),
            at(str(WITH_DECAY[0]), _with_decay, activation(WITH_DECAY[0].power)),
        ),
        erratum(
            "§7.3",
            (
                "the readout by HᵀH, which is singular for d_h > n",
                equal(PHI, (eq.H.T * eq.H).I * eq.H.T * eq.Y),
            ),
            ("by HHᵀ", equal(PHI, eq.H.T * (eq.H * eq.H.T).I * eq.Y)),
            at(str(ZERO_LOSS[0]), lambda: meaning(ZERO_LOSS[0])),
        ),
        erratum(
            "(29), J⁺",
            ("by JᵀJ, which is singular for km < d", equal(J_plus, (J.T * J).I * J.T)),
            ("by JJᵀ, at full row rank", equal(J_plus, J.T * (J * J.T).I)),
            at("exact rationals, km = 2, d = 5", _jacobian),
        ),
        counterexample(
            "Theorem 4.14",
            "(5) holds for all θ in S off the zero-loss set",
            "it needs ∇L(θ) ≠ 0, e.g. θ near the set; at other critical points of L the cosine is undefined",
            residuals.cosine_at_a_critical_point_off_the_set,
            "L = (w₁w₂ − 1)² at the origin and beside the set",
        ),
        counterexample(
            "§4.6",
            "g̃ minimises vᵀθ over tangent v",
            "over tangent v with ‖v‖ = 1, as (28); without it there is no minimum",
            residuals.direction_without_unit_length,
            "exact rationals, km = 2, d = 5: −Pθ doubled; eight unit tangents against −Pθ/‖Pθ‖",
        ),
        counterexample(
            "§5, before (7)",
            "a return to the same θ₁ is called highly unlikely, under a condition",
            "in Fig. 1 itself w₂ passes 1 twice: (7) is an assumption on the split; no θ is passed twice",
            residuals.slow_part_returns,
            "solved exactly, λ = 1/10",
        ),
        counterexample(
            "Assumption 4.2 and §7",
            "f is of class C^(d−km+1), and the experiments use ReLU, which §3.3 discusses",
            "with ReLU f is smooth only off the kinks: Section 4 does not cover the experiments",
            residuals.slope_jump,
            "jump of ReLU′ at 0 and at 1",
        ),
        counterexample(
            "Def. 4.13",
            "the projection of θ on the zero-loss set",
            "a projection: it need not be unique; every (0, y) with y > 1/2 has two feet on y = x²",
            residuals.feet_on_the_parabola,
            "feet of (0, 1) and of (0, 1/2), less one",
        ),
        counterexample(
            "Theorem C.2 and Part II",
            "the set is a C¹ curve, and is differentiated twice",
            "with F twice continuously differentiable the curve is C², and may be",
            residuals.curves_of_once_differentiable_sets,
            "jump of the second derivative at 0 of y = x|x| and of y = x³",
        ),
        counterexample(
            "§6.3",
            "HHᵀ almost always has full rank for d_h ≥ n",
            "not for linear and polynomial σ: for σ(z) = z the rank is at most d_in",
            residuals.rank_of_polynomial_features,
            "20 samples of 6 inputs, 24 linear hidden units",
        ),
        counterexample(
            "App. E",
            "Tr(M(dH Hᵀ + H dHᵀ)) = 2 Tr(M H dHᵀ) without a condition",
            "for symmetric M, as K⁻¹YYᵀK⁻¹ is",
            residuals.trace_identity,
            "exact rationals, 3 × 3",
        ),
        counterexample(
            "§7.3.2",
            "round the circle of frequency k the labels come as 0, k, 2k, …",
            "as 0, k⁻¹, 2k⁻¹, … modulo p: for p = 37 and k = 5 as 0, 15, 30, 8, 23, 1",
            residuals.labels_round_a_circle,
            "p = 37, k = 5: labels by the angle 2πkc/p that are elsewhere",
        ),
    )


def slips() -> tuple[Step, ...]:
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
            at(str(WITH_DECAY[0]), _with_decay, activation(WITH_DECAY[0].power)),
        ),
    )


REMARKS = (
    ("(19)", "stated in the limit λ → 0, and right there; at λ > 0 it takes the λ of (16) in the inverse"),
    ("(29)", "g̃ ≈ (I − J⁺J)(−θ) is printed with ≈: it is (28) but for its norm"),
    (
        "§3.3",
        "almost never a singularity reads more into Theorem 4.10 than it says, which is of almost every target",
    ),
    (
        "§4.1",
        "f is said to take an element of R^(d×n) where it takes a pair from R^d × R^n: a slip of the pen",
    ),
    ("§7.3", "E ~ N(0, p^(−1/2)) leaves open whether p^(−1/2) is the variance or the standard deviation"),
    ("Appendix A", "𝒟(θ) is used without definition; it is the distance dist_Z(θ) of Definition 4.7"),
    ("Theorem C.2", "named inverse function theorem; what is stated is the implicit function theorem"),
    ("Appendix C", "the trajectory is called f, which is also the network; Definition 4.11 calls it s"),
)
"""Loose wording that no computation decides."""
