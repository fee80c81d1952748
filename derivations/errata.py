"""What is wrong or loose in print: each printed form fails its check, each correct form passes the same one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from derivations import errata_residuals as residuals
from derivations.steps import Check, Step, from_closures


@dataclass(frozen=True)
class Erratum:
    """A printed statement and its correction, decided by one computation.

    Parameters
    ----------
    where : str
        Place in arXiv:2511.01938v3.
    printed, correct : str
        The two forms.
    residuals : callable
        Returns the exact residual of the printed form and of the correct one.
    """

    where: str
    printed: str
    correct: str
    residuals: Callable[[], tuple[Any, Any]]

    def step(self) -> Step:
        """One check that the printed form fails and one that the correct form holds."""
        return from_closures(
            f"Erratum, {self.where}",
            f"Printed: {self.printed}. Correct: {self.correct}.",
            None,
            "that one example in exact arithmetic decides",
            (
                self._printed_form_fails,
                lambda: Check("the correct form holds", float(abs(self.residuals()[1]))),
            ),
        )

    def _printed_form_fails(self) -> Check:
        residual = self.residuals()[0]
        return Check(f"the printed form misses by {residual}, as it must", float(residual == 0))


REMARKS = (
    ("§7.3", "E ~ N(0, p^(−1/2)) leaves open whether p^(−1/2) is the variance or the standard deviation"),
    ("Appendix A", "𝒟(θ) is used without definition; it is the distance dist_Z(θ) of Definition 4.7"),
    ("Theorem C.2", "named inverse function theorem; what is stated is the implicit function theorem"),
    ("Appendix C", "the trajectory is called f, which is also the network; Definition 4.11 calls it s"),
)
"""Loose wording that no computation decides."""


def steps() -> tuple[Step, ...]:
    """Every erratum as a checked step."""
    return tuple(erratum.step() for erratum in ERRATA)


ERRATA = (
    Erratum(
        "§4.1",
        "f takes an element of R^(d×n)",
        "f takes an element of R^d × R^n",
        residuals.arguments_of_the_network,
    ),
    Erratum(
        "(2) and (22)",
        "the stacked outputs end at x_n",
        "they end at x_k, for k samples",
        residuals.stack_length,
    ),
    Erratum("Def. 4.9", "Crit(F) ⊂ R^(km)", "Crit(F) ⊂ R^d", residuals.where_singular_points_live),
    Erratum(
        "Theorem 4.14",
        "(5) holds for all θ in S off the zero-loss set",
        "it needs ∇L(θ) ≠ 0, e.g. θ near the set; at other critical points of L the cosine is undefined",
        residuals.cosine_at_a_critical_point_off_the_set,
    ),
    Erratum(
        "§4.6",
        "g̃ minimises vᵀθ over tangent v",
        "over tangent v with ‖v‖ = 1, as (28); without it there is no minimum",
        residuals.direction_without_unit_length,
    ),
    Erratum(
        "§5, before (7)",
        "a trajectory passes each θ₁ at most once",
        "it passes each θ at most once; w₂ of Fig. 1 passes 1 twice, so (7) is an assumption on the split",
        residuals.slow_part_returns,
    ),
    Erratum(
        "(19)",
        "R = λ‖W1‖² + λTr(Yᵀ(HHᵀ)⁻¹Y)",
        "to first order in λ; exactly, with (HHᵀ + λI)⁻¹ in place of (HHᵀ)⁻¹",
        residuals.cost_beyond_first_order,
    ),
    Erratum(
        "(20)",
        "dW1/dt ≈ Xᵀ[…] − W1",
        "dW1/dτ with τ = 2λt; in t it has the factor 2λ",
        residuals.time_of_the_flow,
    ),
    Erratum(
        "§7.3",
        "W = (HᵀH)⁻¹HᵀY",
        "Hᵀ(HHᵀ)⁻¹Y; HᵀH is singular for d_h > n",
        residuals.normal_matrix_is_singular,
    ),
    Erratum(
        "Lemma C.1",
        "km ≥ d",
        "d ≥ km, Assumption 4.1, which rank km requires",
        residuals.rank_needs_more_parameters_than_outputs,
    ),
    Erratum("Appendix D", "77 pairs for n = 11", "66", residuals.number_of_pairs),
    Erratum("(29)", "J = ∇L", "J = ∇F", residuals.jacobian_of_the_loss),
    Erratum(
        "(29)", "J⁺ = (JᵀJ)⁻¹Jᵀ", "Jᵀ(JJᵀ)⁻¹ at full row rank", residuals.pseudo_inverse_of_a_wide_jacobian
    ),
    Erratum(
        "(29)",
        "g̃ = (I − J⁺J)(−θ)",
        "that over its norm, to satisfy (28)",
        residuals.direction_without_normalisation,
    ),
    Erratum(
        "App. E, last line", "∇R = −2λW1 + 2λXᵀ[…]", "the negative of it", residuals.sign_of_the_gradient
    ),
    Erratum(
        "Assumption 4.2",
        "σ smooth everywhere",
        "the experiments use ReLU, smooth only off its kinks",
        residuals.slope_jump,
    ),
)
