"""The loss (y − x²)² of Fig. 4: projection on its zero-loss set and the angle of its gradient."""

import numpy as np
from numpy.typing import ArrayLike

from derivations.exact import toy_parabola as exact
from reduced.inputs.arrays import finite_array, without_overflow
from reduced.solutions.formula import Array, formula, read_clock, together

_point = formula("point", (exact.p, exact.d), *exact.POINT)
_cosine = formula("cosine", (exact.p, exact.d), exact.COSINE)
_foot = formula("foot", (exact.p, exact.x, exact.y), exact.FOOT_EQUATION)


def parabola_point(foot: ArrayLike, distance: ArrayLike) -> Array:
    """The point at a signed distance from (foot, foot²) along the upward normal, shape (..., 2)."""
    at = together(foot=foot, distance=distance)
    return without_overflow("the point", np.stack(np.broadcast_arrays(*_point(*at)), axis=-1))


def gradient_cosine(foot: ArrayLike, distance: ArrayLike) -> Array:
    """Cosine between ∇(y − x²)² and the tangent of the parabola; −> 4p|d|/(1 + 4p²)^{3/2} as d -> 0, from both sides.

    The gradient points away from the parabola, so the cosine has the sign of p on both sides near the foot, and turns
    round where the normal meets the parabola again; 0 on the parabola, where there is no gradient.
    """
    return without_overflow("the cosine", _cosine(*together(foot=foot, distance=distance)))


def parabola_projection(point: ArrayLike) -> Array:
    """Abscissa p of the nearest point (p, p²): the root of 2p³ + (1 − 2y)p = x on the side of x.

    Parameters
    ----------
    point : array (..., 2)

    Returns
    -------
    array (...)
        On the axis, x = 0, the non-negative one of two equal candidates.

    Examples
    --------
    >>> parabola_projection([[0.5, 0.25], [-3.0, 9.0]])
    array([ 0.5, -3. ])
    """
    points = finite_array("point", point, ...)
    if points.shape[-1:] != (2,):
        raise ValueError(f"point has shape {points.shape}: must be (..., 2)")
    x, y = np.moveaxis(points, -1, 0)
    inner = 0.9 * np.sqrt(np.maximum(y - 0.5, 0))  # where the cubic is negative, rounded or not
    upper = 2 * inner + abs(x) + np.cbrt(abs(x))
    raised = read_clock(
        lambda p, side, height, start: _foot(start + p, side, height), 0 * x, upper, abs(x), y, inner
    )
    return without_overflow("the foot", np.copysign(inner + raised, x))
