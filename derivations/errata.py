"""What is wrong or loose in print: each printed form fails its check, each correct form passes the same one."""

from functools import partial
from typing import Any

import sympy as sp

from derivations import errata_gaps as gaps
from derivations import errata_residuals as residuals
from derivations import two_layer as eq
from derivations.errata_forms import at, counterexample, erratum
from derivations.gradients import rational_matrix
from derivations.steps import Step
from derivations.symbols import Gradient, Rate
from derivations.two_layer_meaning import PHI, TAU, WITH_DECAY, ZERO_LOSS, R, activation, meaning, t

equal = partial(sp.Eq, evaluate=False)
km, d = sp.symbols("km d", integer=True)
J, J_plus, P = sp.MatrixSymbol("J", km, d), sp.MatrixSymbol("J^+", d, km), sp.MatrixSymbol("P", d, d)


def with_decay() -> dict[Any, Any]:
    """The first example, and in flow time the rate at which W1 descends R."""
    values = meaning(WITH_DECAY[0])
    return {**values, Rate(eq.W1, t): -values[Gradient(R, eq.W1)]}


def _jacobian() -> dict[Any, Any]:
    """J of two outputs and five parameters; what J⁺ J should leave of it is J itself."""
    matrix = rational_matrix(2, 5, 0)
    return {km: 2, d: 5, J: matrix, J_plus: matrix.pinv(), P: sp.eye(5) - matrix.pinv() * matrix}


def steps() -> tuple[Step, ...]:
    """The mathematical errata."""
    flow = eq.readable(eq.first_layer_flow())
    return (
        erratum(
            "(20)",
            ("in the time t of (3)", equal(Rate(eq.W1, t), flow)),
            ("in slow time τ = 2λt; in t it has the factor 2λ", equal(Rate(eq.W1, TAU), flow)),
            at(str(WITH_DECAY[0]), with_decay, activation(WITH_DECAY[0].power)),
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
            "a projection: it need not be unique, which Theorem 4.14 and Proposition C.4 take for granted; every "
            "(0, y) with y > 1/2 has two feet on y = x²",
            residuals.feet_on_the_parabola,
            "feet of (0, 1) and of (0, 1/2), less one",
        ),
        counterexample(
            "§4.6, after Theorem 4.14",
            "by Theorems 4.8 and 4.14 training follows −Pθ",
            "Lemma A.1 gives a distance O(√λ), at which the loss pulls along the set as strongly as the decay; a "
            "distance O(λ) is needed, which regular sets give",
            gaps.tangential_pull,
            "limit of the pull over λ on L = (y − x²)², at the distances √λ and λ",
        ),
        counterexample(
            "§4.6, singular points",
            "−Pθ is tangent to the zero-loss set",
            "where J has full row rank: on F = (w₁w₂ − 1)² every point is singular, P = I, and −θ leaves the set",
            gaps.leaving_a_singular_set,
            "d(w₁w₂)/dτ along −Pθ at (2, 1/2), with F = (w₁w₂ − 1)² and with F = w₁w₂",
        ),
        counterexample(
            "Fig. 6, bottom right",
            "that |Re F_k| and |Im F_k| are similar for one k is an effect of training",
            "independent uniform phases have the cosine 2/π; patterns of different k becoming dissimilar is an effect",
            gaps.similarity_of_random_phases,
            "mean over a uniform phase, integrated",
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


REMARKS = (
    ("(19)", "stated in the limit λ → 0, and right there; at λ > 0 it takes the λ of (16) in the inverse"),
    ("(29)", "g̃ ≈ (I − J⁺J)(−θ) is printed with ≈: it is (28) but for its norm"),
    (
        "§3.3",
        "almost never a singularity reads more into Theorem 4.10 than it says, which is of almost every target, not of "
        "the one-hot one; a two-layer network's point is regular wherever H has full row rank, whatever the target",
    ),
    (
        "§4.1",
        "f is said to take an element of R^(d×n) where it takes a pair from R^d × R^n: a slip of the pen",
    ),
    (
        "§7.3.2",
        "the features of k and p − k are complex conjugates, so half of them are shown; k = 0, the mean over the "
        "residues, is left out",
    ),
    ("§7.3", "E ~ N(0, p^(−1/2)) leaves open whether p^(−1/2) is the variance or the standard deviation"),
    ("Appendix A", "𝒟(θ) is used without definition; it is the distance dist_Z(θ) of Definition 4.7"),
    ("Theorem C.2", "named inverse function theorem; what is stated is the implicit function theorem"),
    ("Appendix C", "the trajectory is called f, which is also the network; Definition 4.11 calls it s"),
)
"""Loose wording that no computation decides."""
