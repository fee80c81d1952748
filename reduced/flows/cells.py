"""The smooth pieces of a decoupled loss as numbers: value, walls, and two derivatives of each Lagrangian."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derivations.decoupled import Decoupled
from derivations.systems import System
from reduced.codegen.functions import Generated, scalar_function

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Derivatives:
    """ℓ = L − Σ μ g at one point: value of L, gradient and Hessian over (slow, fast, μ)."""

    value: float
    gradient: Array
    hessian: Array


@dataclass(frozen=True)
class SmoothCell:
    """One smooth piece L of the loss and the walls g ≥ 0 around it, at fixed slow values and parameters.

    Parameters
    ----------
    slow, parameters : sequence of float
    size : int
        Number of fast values.
    walls : int
        Number of walls.
    """

    slow: Sequence[float]
    parameters: Sequence[float]
    size: int
    walls: int
    _values: Generated
    _derivatives: Generated

    def values(self, x: Any) -> Array:
        """L and every g at fast values x, which may be arrays; what is not defined is +∞ and -∞."""
        with np.errstate(all="ignore"):
            found = self._values(*self.slow, *x, *self.parameters)
        shape = np.broadcast_shapes(*(np.shape(value) for value in (*found, *x)))
        values = np.array([np.broadcast_to(value, shape) for value in found], dtype=float)
        outside = np.full(values.shape, -np.inf)
        outside[0] = np.inf
        return np.where(np.isnan(values), outside, values)

    def derivatives(self, x: Array, multipliers: Array) -> Derivatives:
        """Derivatives of the Lagrangian at one point."""
        with np.errstate(all="ignore"):
            flat = np.array(self._derivatives(*self.slow, *x, *multipliers, *self.parameters), dtype=float)
        order = len(self.slow) + self.size + self.walls
        return Derivatives(float(flat[0]), flat[1 : 1 + order], flat[1 + order :].reshape(order, order))


@dataclass(frozen=True)
class Cells:
    """Generated functions of every cell of a decoupled loss."""

    model: Decoupled
    _functions: tuple[tuple[Generated, Generated], ...]

    def at(self, slow: Sequence[float], parameters: Sequence[float]) -> tuple[SmoothCell, ...]:
        """The cells at fixed slow values and parameters."""
        size = len(self.model.fast)
        return tuple(
            SmoothCell(slow, parameters, size, len(system.walls), *functions)
            for system, functions in zip(self.model.systems, self._functions, strict=True)
        )


def cells_of(model: Decoupled, parameters: Sequence[Any]) -> Cells:
    """Generate the functions of every cell; ``parameters`` are the symbols that are neither slow nor fast."""
    return Cells(model, tuple(_functions(system, parameters) for system in model.systems))


def _functions(system: System, parameters: Sequence[Any]) -> tuple[Generated, Generated]:
    plain = (*system.slow, *system.fast, *parameters)
    full = (*system.slow, *system.fast, *system.multipliers, *parameters)
    second = (system.loss, *system.gradient, *system.hessian)
    return (
        scalar_function("values", plain, (system.loss, *system.walls)),
        scalar_function("derivatives", full, second),
    )
