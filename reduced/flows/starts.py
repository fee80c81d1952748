"""Where a search for a minimum starts: the local minima of a loss on a grid over many scales."""

from functools import cache
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

Array = NDArray[np.float64]

MOST_STARTS = 8


@cache
def starting_grid(size: int) -> tuple[Array, tuple[int, ...]]:
    """Points in ``size`` dimensions over many scales: (size, points), and the sides of the lattice.

    In one to three dimensions a lattice, beyond it a Sobol sequence whose coordinates are spread over the same scales.
    """
    if size > 3:
        unit = qmc.Sobol(size, scramble=True, seed=0).random_base2(12).T
        return np.asarray(np.sinh(7.0 * (2 * unit - 1)) / 5), (unit.shape[1],)
    positive: Any = {
        1: np.concatenate([np.logspace(-8, 8, 161), np.arange(0.05, 10, 0.05)]),
        2: [1e-4, 1e-2, 0.03, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.4, 2, 2.8, 4, 6, 10, 30, 100, 1e3, 1e4],
        3: [0.03, 0.3, 0.7, 1.2, 2, 4, 10, 100, 1e3],
    }[size]
    axis = np.unique(np.concatenate([-np.asarray(positive), [0.0], positive]))
    return np.array(list(product(axis, repeat=size))).T, (len(axis),) * size


def local_minima(grid: Array, values: Array, shape: tuple[int, ...]) -> list[Array]:
    """Lowest local minima of the grid, the lowest first."""
    lattice = values.reshape(shape)
    least = np.isfinite(lattice)
    if len(shape) == grid.shape[0]:
        for axis in range(len(shape)):
            for side in (1, -1):
                beside = np.roll(lattice, side, axis)
                edge = [slice(None)] * len(shape)
                edge[axis] = slice(0, 1) if side == 1 else slice(-1, None)
                beside[tuple(edge)] = np.inf
                least &= lattice < beside if side == 1 else lattice <= beside
    indices = np.flatnonzero(least)
    return [grid[:, i] for i in indices[np.argsort(values[indices], kind="stable")][:MOST_STARTS]]
