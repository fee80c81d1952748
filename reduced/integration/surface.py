"""Solvers whose states stay on a set: each accepted step and each interpolated state is put back on it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import DenseOutput

from reduced.errors import RetractionError, SingularGramError

Array = NDArray[np.float64]
#: A start that misses the set by more than this is moved, and the trajectory says so.
ON_THE_SET = 1e-8


@dataclass(frozen=True)
class Surface:
    """A set on which the states of a flow belong.

    Parameters
    ----------
    name : str
        As notes call it.
    missed : callable
        ``missed(state) -> float``, by how much a state misses the set: 0 on it, of order 1 far off.
    nearest : callable
        ``nearest(state) -> state`` on the set; raises :class:`reduced.errors.RetractionError` where none is found.
    """

    name: str
    missed: Callable[[Any], float]
    nearest: Callable[[Any], Any]

    def started(self, state: Any) -> tuple[Any, tuple[str, ...]]:
        """The state from which an integration starts, and what is to be noted about it.

        Raises
        ------
        RetractionError
            If no state on the set is found near the given one.
        """
        missed = self.missed(state)
        try:
            start = self.nearest(state)
        except (RetractionError, SingularGramError) as error:
            raise RetractionError(
                f"y0 misses {self.name} by {missed:.2g}, and its way to it ends: {error}"
            ) from None
        if missed <= ON_THE_SET:
            return start, ()
        parts = [np.ravel(part) for part in (state if isinstance(state, tuple) else (state,))]
        moved = [np.ravel(part) for part in (start if isinstance(start, tuple) else (start,))]
        distance = np.linalg.norm(np.concatenate(moved) - np.concatenate(parts))
        share = distance / (np.linalg.norm(np.concatenate(parts)) or 1.0)
        return start, (
            f"y0 missed {self.name} by {missed:.2g} and was moved onto it, by {share:.2g} of its norm",
        )


def kept_on(solver: type[Any], nearest: Callable[[Array], Array]) -> type[Any]:
    """A subclass of an ``OdeSolver`` whose accepted and interpolated states are put back on a set.

    Parameters
    ----------
    solver : type
        The method. What it remembers of a step is of the state before it was put back, which differs by the step's
        error.
    nearest : callable
        ``nearest(y) -> y`` on flattened states.
    """

    class Kept(solver):
        y: Array

        def _step_impl(self) -> tuple[bool, str | None]:
            success, message = super()._step_impl()
            if success and np.isfinite(self.y).all():
                self.y = nearest(self.y)
            return success, message

        def _dense_output_impl(self) -> "Interpolated":
            return Interpolated(super()._dense_output_impl(), nearest)

    return Kept


class Interpolated(DenseOutput):
    """Interpolation over one step, put back on a set."""

    def __init__(self, within: DenseOutput, nearest: Callable[[Array], Array]) -> None:
        super().__init__(within.t_old, within.t)
        self._within, self._nearest = within, nearest

    def _call_impl(self, t: Any) -> Array:
        states = np.asarray(self._within(t))
        if states.ndim == 1:
            return self._nearest(states)
        return np.stack([self._nearest(state) for state in states.T], axis=1)
