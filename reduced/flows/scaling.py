"""One run of the zero-loss first-layer flow gives the run from every other initial scale, exactly.

For σ homogeneous of degree q and λ → 0, the decay −W1 separates: from αE₀ the flow is W1(τ) = α e^{−τ} V(S), where
V solves the flow without decay from E₀ and S = (e^{(2q+2)τ} − 1) / ((2q+2) α^{2q+2}). Predictions do not change when
W1 is scaled, so test accuracy depends on S alone.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from reduced.inputs.arrays import finite_array, without_overflow
from reduced.inputs.scalars import positive
from reduced.integration.trajectory import Trajectory

Array = NDArray[np.float64]


def rescaled_time(tau: Array | float, alpha: float, degree: int) -> Array:
    """Slow time at which the run from α times the start reaches what the run from the start reaches at τ.

        τ_α = ln(1 + α^{2q+2} (e^{(2q+2)τ} − 1)) / (2q+2)

    Parameters
    ----------
    tau : float or array
        Slow times of the run from the start, ≥ 0; e.g. its grokking time.
    alpha : float
        Factor of the initial first layer, > 0.
    degree : int
        Degree q of the activation.

    Raises
    ------
    ValueError
        If a time is negative, or the factor or the degree not positive.

    Examples
    --------
    >>> rescaled_time(1.3, 1.0, degree=1)
    array(1.3)
    >>> round(float(rescaled_time(700.0, 10.0, degree=3)), 6)  # late: a shift of ln(alpha)
    702.302585
    """
    alpha, power = positive(alpha=alpha, degree=degree)
    rate = 2 * power + 2
    tau = finite_array("tau", tau, ...)
    if (tau < 0).any():
        raise ValueError(f"tau = {tau.min()}: slow times start at 0")
    with np.errstate(divide="ignore"):
        grown = rate * np.log(alpha) + rate * tau + np.log(-np.expm1(-rate * tau))
    return without_overflow("the time", np.logaddexp(0.0, grown) / rate)


def rescale(trajectory: Trajectory, alpha: float, degree: int) -> Trajectory:
    """Trajectory of the zero-loss first-layer flow from α times the start, without integrating again.

    Parameters
    ----------
    trajectory : Trajectory
        States W1 of the first-layer flow at ridge 0, starting at τ = 0.
    alpha, degree
        As in :func:`rescaled_time`.

    Raises
    ------
    ValueError
        If the trajectory is of several layers or of anything else, or does not start at τ = 0.

    Returns
    -------
    Trajectory
        The stored states α e^{τ − τ_α} W1(τ) at the times τ_α; without observations, which need not scale.
    """
    if not isinstance(trajectory.y, np.ndarray) or trajectory.y.ndim != 3:
        raise ValueError(
            "trajectory is not of a first layer alone: the scaling holds for first_layer_flow at ridge 0"
        )
    if trajectory.start != 0:
        raise ValueError(
            f"trajectory starts at {trajectory.start:g}: the scaling holds for slow times that start at 0"
        )
    (alpha,) = positive(alpha=alpha)
    times = rescaled_time(trajectory.t, alpha, degree)
    factors = alpha * np.exp(trajectory.t - times)
    return replace(trajectory, t=times, y=factors[:, None, None] * trajectory.y, observed={})
