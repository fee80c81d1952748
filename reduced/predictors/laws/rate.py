"""Notsawo et al.: the delay goes as the squared distance left to travel over learning rate × decay × tolerance."""

import numpy as np

from reduced.inputs.arrays import without_overflow
from reduced.inputs.scalars import non_negative, positive
from reduced.predictors.law import Law, Needs, declare
from reduced.predictors.runs import Run


def delay(squared_distance: float, tolerance: float, constant: float = 1.0) -> float:
    """Slow time c·dist²/tolerance, from memorization on; in steps, divided by learning rate × weight decay.

    Parameters
    ----------
    squared_distance : float
        From the memorized state to the regularizer's minimum on the zero-loss set, ≥ 0.
    tolerance : float
        Of what is to be reached, > 0, in the units of the squared distance.
    constant : float
        What the proportionality leaves open.

    Examples
    --------
    >>> delay(4.0, 2.0)
    2.0
    """
    (squared_distance,) = non_negative(squared_distance=squared_distance)
    tolerance, constant = positive(tolerance=tolerance, constant=constant)
    return float(without_overflow("the delay", np.float64(squared_distance) / tolerance * constant))


def predict(run: Run, reference: Run) -> float:
    """The reference's delay times the ratio of the squared distances."""
    now, there = run.measured, reference.measured
    span = there.generalized - there.memorized
    return now.memorized + delay(now.squared_distance, there.squared_distance, span)


declare(
    Law(
        name="squared distance",
        formula="τ = τ_mem + c·‖θ_mem − θ∞‖²",
        source="Notsawo et al., arXiv:2506.05718; abstract read, law from our notes",
        needs=Needs.RUN,
        calibrated="c, from the reference",
        scope="an upper rate of subgradient descent; the last state of the run stands for the minimum",
        predict=predict,
        units="slow time τ; printed in steps, ∝ dist²/(learning rate · decay · tolerance)",
    )
)
