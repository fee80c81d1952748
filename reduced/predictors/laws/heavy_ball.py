"""The clock of heavy-ball descent: steps = (1 − β)/(η·weight decay) × slow time, with the slow time carried over."""

import math

import numpy as np

from reduced.inputs.arrays import without_overflow
from reduced.inputs.scalars import non_negative, positive
from reduced.predictors.law import Law, Needs, declare
from reduced.predictors.runs import Run


def steps(ratio: float, *, learning_rate: float, weight_decay: float, momentum: float = 0.0) -> float:
    """Steps (1 − β)/(η·weight_decay) · ln(ratio)/2 in which what decays as e^{−2τ} falls by a ratio.

    The imbalance w1² − w2² of a product network decays so under both layers' gradient flow, whatever the data.

    Parameters
    ----------
    ratio : float
        Initial value over final one, ≥ 1.
    learning_rate, weight_decay, momentum : float
        η > 0, decay > 0 and β in [0, 1) of :func:`reduced.train`.

    Notes
    -----
    Exact for gradient flow. Descent of step size η contracts by 1 − O(η): the steps are right to first order in
    η·weight_decay/(1 − β) and in the fast modes' own rates.

    Examples
    --------
    >>> round(steps(math.e**2, learning_rate=0.1, weight_decay=0.01, momentum=0.9), 9)
    100.0
    """
    learning_rate, weight_decay, ratio = positive(
        learning_rate=learning_rate, weight_decay=weight_decay, ratio=ratio
    )
    (momentum,) = non_negative(momentum=momentum)
    if momentum >= 1:
        raise ValueError(f"momentum = {momentum}: must be below 1")
    if ratio < 1:
        raise ValueError(f"ratio = {ratio}: must be at least 1")
    count = np.float64(1 - momentum) * math.log(ratio) / 2 / learning_rate / weight_decay
    return float(without_overflow("the number of steps", count))


def predict(run: Run, reference: Run) -> float:
    """The reference's slow time: the law puts all of η, weight decay and β into the clock."""
    return reference.measured.generalized


declare(
    Law(
        name="heavy-ball clock",
        formula="steps = (1 − β)/(η·decay) · τ₀",
        source="Kim, arXiv:2607.23967; not found in print by us, law from our notes",
        needs=Needs.NOTHING,
        calibrated="τ₀, the slow time of the reference",
        scope="exact in η, β and decay as all steps become small; does not know scale, width, share or p",
        predict=predict,
        units="slow time τ = η·decay·steps/(1 − β)",
    )
)
