"""The lowest minimum of a loss given in smooth cells: SciPy's optimizers from many starts, then all digits.

A grid over many scales gives the starts: its local minima. Inside a cell without walls ``trust-exact`` descends, with
the exact Hessian; inside walls ``SLSQP`` does. Newton's steps on the Lagrangian with the walls that hold the
minimum then bring it to working precision. That the lowest minimum found is the lowest there is, is not proved.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from reduced.flows.cells import SmoothCell
from reduced.flows.polish import ON_WALL, Minimum, refined
from reduced.flows.starts import local_minima, starting_grid

Array = NDArray[np.float64]

#: Relative difference of costs below which two minima are equal; the one with the larger fast values is taken.
EQUAL_COST = 1e-12
#: Relative difference of costs by which the grid may lie below every minimum found.
SAME_COST = 1e-9


def lowest_minimum(cells: Sequence[SmoothCell]) -> Minimum:
    """Lowest minimum that the search finds.

    Raises
    ------
    ArithmeticError
        If none is found, or the loss is lower at some point of the grid than at every minimum found.
    """
    grid, shape = starting_grid(cells[0].size)
    values = np.min([_inside(cell, grid) for cell in cells], axis=0)
    found = [
        minimum for start in local_minima(grid, values, shape) if (minimum := local_minimum(cells, start))
    ]
    lowest = int(np.argmin(values))
    size = np.quantile(abs(values[np.isfinite(values)]), 0.25) if np.isfinite(values).any() else 0.0
    if not found or values[lowest] < min(m.cost for m in found) - SAME_COST * (size + abs(values[lowest])):
        raise ArithmeticError(
            f"no minimum over the fast parameters was found at {list(cells[0].slow)}: the loss is {values[lowest]:.6g} "
            f"at {[float(v) for v in grid[:, lowest]]} and falls from there; weight decay may be missing"
        )
    least = min(minimum.cost for minimum in found)
    equal = [m for m in found if m.cost <= least + EQUAL_COST * (float(size) + abs(least))]
    return max(equal, key=lambda minimum: tuple(minimum.fast.round(6)))


def local_minimum(cells: Sequence[SmoothCell], start: Array) -> Minimum | None:
    """Minimum that is reached downhill from a start; None if none is."""
    best = None
    for cell in cells:
        at = cell.values(start)
        if np.isfinite(at[0]) and (at[1:] >= -ON_WALL * (1 + abs(start).max())).all():
            x = _within_walls(cell, start) if cell.walls else _unconstrained(cell, start)
            minimum = refined(cell, x)
            if minimum is not None and (best is None or minimum.cost < best.cost):
                best = minimum
    return best


def _scale(cell: SmoothCell, x: Array) -> float:
    """Size of the loss near a point, so that an optimizer's tolerances are relative."""
    at = cell.derivatives(x, np.zeros(cell.walls))
    fast = slice(len(cell.slow), len(cell.slow) + cell.size)
    scale = abs(at.value) + float(np.linalg.norm(at.gradient[fast]) * np.linalg.norm(x))
    return scale if 0 < scale < np.inf else 1.0


def _unconstrained(cell: SmoothCell, start: Array) -> Array:
    first = len(cell.slow)
    none = np.zeros(0)
    scale = _scale(cell, start)
    radius = 0.5 * float(np.linalg.norm(start)) or 1e-3
    result = minimize(
        lambda x: float(cell.values(x)[0]) / scale,
        start,
        method="trust-exact",
        jac=lambda x: np.nan_to_num(cell.derivatives(x, none).gradient[first:]) / scale,
        hess=lambda x: np.nan_to_num(cell.derivatives(x, none).hessian[first:, first:]) / scale,
        options={
            "gtol": 1e-7,
            "maxiter": 100,
            "initial_trust_radius": radius,
            "max_trust_radius": 1e3 * radius,
        },
    )
    return np.asarray(result.x)


def _within_walls(cell: SmoothCell, start: Array) -> Array:
    first = len(cell.slow)
    none = np.zeros(cell.walls)
    scale = _scale(cell, start)

    def gradient(x: Array) -> Array:
        return np.nan_to_num(cell.derivatives(x, none).gradient[first : first + cell.size]) / scale

    def slopes(x: Array) -> Array:
        hessian = cell.derivatives(x, none).hessian
        return -np.nan_to_num(hessian[first + cell.size :, first : first + cell.size])

    result = minimize(
        lambda x: min(float(cell.values(x)[0]) / scale, 1e300),
        start,
        method="SLSQP",
        jac=gradient,
        constraints={"type": "ineq", "fun": lambda x: np.maximum(cell.values(x)[1:], -1e300), "jac": slopes},
        options={"ftol": 1e-15, "maxiter": 200},
    )
    return np.asarray(result.x if np.isfinite(result.x).all() else start)


def _inside(cell: SmoothCell, grid: Array) -> Array:
    """Loss at the points inside a cell, +∞ at the others."""
    values = cell.values(grid)
    return np.where((values[1:] >= 0).all(axis=0), values[0], np.inf)
