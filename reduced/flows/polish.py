"""From a point near a minimum to the minimum in all digits, with its derivatives over the slow values."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reduced.flows.cells import Derivatives, SmoothCell

Array = NDArray[np.float64]

MOST_NEWTON_STEPS = 40
#: A wall nearer than this, relative to the point's size, is taken to hold the minimum.
ON_WALL = 1e-6
#: Largest share of the cost that one more Newton step may promise at a minimum.
PROMISED = 1e-12
#: Largest slope, times the size of the point and relative to the cost, that no Newton step can take away at a minimum.
UNRESOLVED = 1e-9


@dataclass(frozen=True)
class Minimum:
    """A minimum over the fast values.

    Parameters
    ----------
    cost : float
    fast : array
    slope, curvature : array
        ∂R and ∂²R over the slow values: the Lagrangian's derivatives with the fast ones and the multipliers
        eliminated.
    """

    cost: float
    fast: Array
    slope: Array
    curvature: Array


def refined(cell: SmoothCell, x: Array) -> Minimum | None:
    """Bring a point near a minimum to working precision; None if it is none."""
    active = _active_walls(cell, x)
    multipliers = np.zeros(cell.walls)
    first = len(cell.slow)
    inner = [*range(first, first + cell.size), *(first + cell.size + i for i in active)]
    at = cell.derivatives(x, multipliers)
    if active and np.isfinite(at.gradient).all():
        walls = at.hessian[np.ix_(inner[: cell.size], inner[cell.size :])]
        multipliers[active] = np.linalg.lstsq(-walls, at.gradient[inner[: cell.size]], rcond=None)[0]
        at = cell.derivatives(x, multipliers)
    start = x
    step: Array = np.zeros(len(inner))
    for _ in range(MOST_NEWTON_STEPS):
        if not _finite(at):
            return None
        step[...] = np.linalg.lstsq(at.hessian[np.ix_(inner, inner)], -at.gradient[inner], rcond=None)[0]
        moved = multipliers.copy()
        moved[active] += step[cell.size :]
        ahead = cell.derivatives(x + step[: cell.size], moved)
        smaller = _finite(ahead) and abs(ahead.gradient[inner]).max() < abs(at.gradient[inner]).max()
        if not smaller:
            break
        x, multipliers, at = x + step[: cell.size], moved, ahead
        if abs(step[: cell.size]).max() <= np.finfo(float).eps * abs(x).max():
            break
    size = float(np.linalg.norm(start))
    near = np.linalg.norm(x - start) <= 0.1 * (size + 1)
    inside = (cell.values(x)[1:] >= -ON_WALL * (1 + abs(x).max())).all()
    return _minimum(cell, x, at, inner, step, size) if near and inside else None


def _minimum(
    cell: SmoothCell, x: Array, at: Derivatives, inner: list[int], step: Array, size: float
) -> Minimum | None:
    """The minimum at x, if a further step promises nothing and the loss does not bend down along the walls."""
    fast = inner[: cell.size]
    bend = at.hessian[np.ix_(fast, fast)]
    walls = at.hessian[np.ix_(fast, inner[cell.size :])]
    free = _null_space(walls)
    curvatures = np.linalg.eigvalsh(free.T @ bend @ free) if free.size else np.ones(1)
    flat = -1e-7 * (1e-300 + abs(bend).max())
    promised = abs(float(at.gradient[inner] @ step))
    length = float(np.linalg.norm(step[: cell.size]))
    unresolved = at.gradient[inner] + at.hessian[np.ix_(inner, inner)] @ step
    if np.linalg.norm(unresolved[: cell.size]) * np.linalg.norm(x) > UNRESOLVED * (abs(at.value) + size):
        return None
    settled = length <= 1e-6 * float(np.linalg.norm(x)) + 1e-14 * size or promised <= PROMISED * abs(at.value)
    if not settled or curvatures.min() < flat or (walls.size == 0 and not bend.any() and not _rises(cell, x)):
        return None
    slow = list(range(len(cell.slow)))
    cross = at.hessian[np.ix_(inner, slow)]
    follow = np.linalg.lstsq(at.hessian[np.ix_(inner, inner)], cross, rcond=None)[0]
    curvature = at.hessian[np.ix_(slow, slow)] - cross.T @ follow
    return Minimum(at.value, x, at.gradient[slow], curvature)


def _rises(cell: SmoothCell, x: Array) -> bool:
    """Whether the loss is higher on both sides along every axis, where its curvature is zero."""
    steps = 1e-2 * (1 + abs(x).max()) * np.vstack([np.eye(len(x)), -np.eye(len(x))])
    return bool(all(cell.values(x + step)[0] > cell.values(x)[0] for step in steps))


def _null_space(walls: Array) -> Array:
    """Orthonormal directions along all walls."""
    if not walls.size:
        return np.eye(len(walls))
    u, s, _ = np.linalg.svd(walls)
    return np.asarray(u[:, int((s > 1e-10 * s.max()).sum()) :])


def _finite(at: Derivatives) -> bool:
    return bool(np.isfinite(at.value) and np.isfinite(at.gradient).all() and np.isfinite(at.hessian).all())


def _active_walls(cell: SmoothCell, x: Array) -> list[int]:
    """Walls at a point, as many as are independent there."""
    if not cell.walls:
        return []
    distance = cell.values(x)[1:]
    at = cell.derivatives(x, np.zeros(cell.walls))
    first = len(cell.slow)
    slopes = -at.hessian[first : first + cell.size, first + cell.size :]
    active: list[int] = []
    for i in range(cell.walls):
        length = np.linalg.norm(slopes[:, i])
        if distance[i] <= ON_WALL * length * (1 + abs(x).max()) and length > 0:
            trial = slopes[:, [*active, i]] / np.linalg.norm(slopes[:, [*active, i]], axis=0)
            if np.linalg.matrix_rank(trial, tol=1e-8) == len(active) + 1:
                active.append(i)
    return active
