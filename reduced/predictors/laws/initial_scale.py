"""Lyu et al.: large initial scale α and small decay, transition at (1/λ) ln α."""

import math

from reduced.inputs.scalars import finite, positive
from reduced.predictors.law import Law, Needs, declare
from reduced.predictors.runs import Run


def transition(alpha: float, constant: float = 0.0) -> float:
    """Slow time ln α + constant of the transition.

    Parameters
    ----------
    alpha : float
        Initial scale, > 0.
    constant : float
        What the asymptotic law leaves open; 0 as printed.

    Notes
    -----
    Printed as (1/λ) ln α, for gradient flow of L + (λ/2)‖θ‖², whose weights decay as e^{−λt}: λt is our τ.

    Examples
    --------
    >>> transition(1.0)
    0.0
    """
    (alpha,) = positive(alpha=alpha)
    (constant,) = finite(constant=constant)
    return math.log(alpha) + constant


def predict(run: Run, reference: Run) -> float:
    """The reference's time, shifted by the logarithm of the ratio of the initial scales."""
    alpha = run.setting.init_factor / reference.setting.init_factor
    return transition(alpha, reference.measured.generalized)


declare(
    Law(
        name="initial scale",
        formula="τ = ln α + c",
        source="Lyu et al., arXiv:2311.18817; abstract read, law from our notes",
        needs=Needs.NOTHING,
        calibrated="c, the time of the reference at α = 1",
        scope="asymptotic: α → ∞, then λ → 0; homogeneous networks",
        predict=predict,
        units="slow time τ = 2λt; theirs is t with decay e^(−λt), so their λt is τ",
    )
)
