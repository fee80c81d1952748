"""First passage: ‖θ‖² contracts at a rate 2κ from memorization to a threshold; κ is measured, not fitted."""

import math

import numpy as np

from reduced.inputs.arrays import without_overflow
from reduced.inputs.scalars import positive
from reduced.predictors.law import Law, Needs, declare
from reduced.predictors.runs import Run


def delay(squared_norm: float, threshold: float, contraction: float = 1.0) -> float:
    """Slow time ln(V/V*)/(2κ) in which V = ‖θ‖² falls to V* at constant κ = −½ d ln V/dτ.

    On the zero-loss set κ = 1 − ‖P_N θ‖²/‖θ‖², with P_N the projector on the normal space: the identity
    d ln V/dτ = −2κ is exact for the zero-loss flow, κ ≤ 1 there, and so κ = 1 gives a lower bound.

    Parameters
    ----------
    squared_norm, threshold : float
        V > V* > 0.
    contraction : float
        κ > 0.

    Raises
    ------
    ValueError
        If the norm is at the threshold or below: then the law says nothing.

    Examples
    --------
    >>> round(delay(math.e**2, 1.0), 12)
    1.0
    """
    squared_norm, threshold, contraction = positive(
        squared_norm=squared_norm, threshold=threshold, contraction=contraction
    )
    if squared_norm <= threshold:
        raise ValueError(f"squared_norm = {squared_norm:g}: must be above threshold = {threshold:g}")
    fallen = math.log(squared_norm) - math.log(threshold)
    return float(without_overflow("the delay", np.float64(fallen) / contraction / 2))


def measured(run: Run, reference: Run) -> float:
    """With κ of the run at memorization and the reference's ‖θ‖² at generalization as threshold."""
    now, there = run.measured, reference.measured
    return now.memorized + delay(now.squared_norm_memorized, there.squared_norm_generalized, now.contraction)


def as_printed(run: Run, reference: Run) -> float:
    """As printed: κ and V* fitted on one run."""
    there = reference.measured
    span = there.generalized - there.memorized
    kappa = delay(there.squared_norm_memorized, there.squared_norm_generalized) / span
    return run.measured.memorized + delay(
        run.measured.squared_norm_memorized, there.squared_norm_generalized, kappa
    )


_KNOWN = "Truong et al., arXiv:2605.18845; abstract read"
declare(
    Law(
        name="first passage, κ measured",
        formula="τ = τ_mem + ln(V_mem/V*)/(2κ)",
        source=_KNOWN,
        needs=Needs.MEMORIZATION,
        calibrated="V*, ‖θ‖² of the reference as it generalizes",
        scope="V_mem > V*, κ constant, a threshold that all runs share; κ at memorization by the tangent projector",
        predict=measured,
        units="slow time τ; printed in steps, T = ln(V_mem/V*)/(2κηλ), with λ our weight decay",
    )
)
declare(
    Law(
        name="first passage, κ fitted",
        formula="τ = τ_mem + ln(V_mem/V*)/(2κ)",
        source=_KNOWN,
        needs=Needs.MEMORIZATION,
        calibrated="V* and κ, from the reference",
        scope="κ and the threshold are those of an architecture; stated for AdamW, which has no slow time of this kind",
        predict=as_printed,
        units="slow time τ; printed in steps, T = ln(V_mem/V*)/(2κηλ), with λ our weight decay",
    )
)
