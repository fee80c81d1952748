"""Ridge regression by gradient flow: bounds on the times of memorizing and of forgetting the start."""

import math
from typing import Any, NamedTuple

import numpy as np

from reduced.inputs.arrays import finite_array, without_overflow
from reduced.inputs.scalars import positive
from reduced.predictors.law import Law, Needs, declare
from reduced.predictors.runs import Run


class Bounds(NamedTuple):
    """Earliest and latest flow time t at which something has happened for good."""

    earliest: float
    latest: float


def regression_bounds(X: Any, y: Any, start: Any, ridge: float, tolerance: float) -> tuple[Bounds, Bounds]:
    """Bounds on when linear regression memorizes, and when it has forgotten its start.

    The weights are w* + e^{−2(XᵀX + λ)t}(w_0 − w*). So ‖X(w − w*)‖² falls at a rate between 4(σ_min² + λ) and
    4(σ_max² + λ), over the singular values σ > 0 of X, and ‖w − w*‖² from the unseen part of the start alone at the
    rate 4λ. Memorizing: ‖X(w − w*)‖² ≤ tolerance. Generalizing: ‖w − w*‖² ≤ tolerance, the error above that of ridge
    regression on inputs of unit covariance.

    Parameters
    ----------
    X : (n, d) array
    y : (n,) array
    start : (d,) array
        w_0.
    ridge, tolerance : float
        λ > 0 and the tolerance > 0.

    Returns
    -------
    (Bounds, Bounds)
        Of memorizing and of generalizing, in flow time t; slow time is 2λt. The bounds are ours, in the form of Xu,
        Vardi and Safran (arXiv:2601.19791), of which we could read the abstract alone: their constants may differ.

    Examples
    --------
    >>> memorized, generalized = regression_bounds([[1.0, 0.0]], [0.0], [1.0, 1.0], 0.1, 0.01)
    >>> memorized.earliest == memorized.latest < generalized.earliest < generalized.latest
    True
    """
    ridge, tolerance = positive(ridge=ridge, tolerance=tolerance)
    X = finite_array("X", X, "n", "d")
    y, start = finite_array("y", y, len(X)), finite_array("start", start, X.shape[1])
    left, sizes, right = np.linalg.svd(X, full_matrices=False)
    seen = sizes > sizes.max(initial=0.0) * max(X.shape) * np.finfo(float).eps
    if not seen.any():
        raise ValueError("X has no positive singular value: there is nothing to fit")
    sizes, right = sizes[seen], right[seen]
    gap = right @ start - sizes * (left.T @ y)[seen] / (sizes**2 + ridge)
    unseen = float(np.sum(start**2) - np.sum((right @ start) ** 2))
    missed, away = float(np.sum((sizes * gap) ** 2)), float(np.sum(gap**2))
    rates = 4 * (sizes.max() ** 2 + ridge), 4 * (sizes.min() ** 2 + ridge)
    memorizing = Bounds(*(_time(np.divide(missed, tolerance), rate) for rate in rates))
    forgetting = Bounds(*(_time(np.divide(size, tolerance), 4 * ridge) for size in (unseen, unseen + away)))
    return memorizing, forgetting


def _time(ratio: float, rate: float) -> float:
    time = max(0.0, math.log(without_overflow("the bound", ratio))) if ratio > 0 else 0.0
    return float(without_overflow("the bound", np.float64(time) / rate))


def predict(run: Run, reference: Run) -> float:
    """Nothing: no network of the table is a linear regression."""
    return float("nan")


declare(
    Law(
        name="ridge regression",
        formula="ln(‖unseen start‖²/tol)/(4λ) ≤ t ≤ ln(‖w_0 − w*‖²/tol)/(4λ)",
        source="Xu, Vardi, Safran, arXiv:2601.19791; abstract read, bounds ours",
        needs=Needs.START,
        calibrated="",
        scope="linear regression alone; says nothing of networks",
        predict=predict,
        units="flow time t",
    )
)
