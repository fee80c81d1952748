"""States as vectors: a matrix, or a tuple of matrices, and the one vector that a solver integrates."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.inputs.arrays import finite_array, real_array

Array = NDArray[np.float64]
#: A matrix or a tuple of matrices; so is its velocity.
State = Any


@dataclass(frozen=True)
class Layout:
    """Shape of a state.

    Parameters
    ----------
    shapes : tuple of tuples
        Of its matrices.
    several : bool
        Whether it is a tuple of matrices, not one alone.
    """

    shapes: tuple[tuple[int, ...], ...]
    several: bool

    @classmethod
    def of(cls, name: str, state: State) -> "Layout":
        """The layout of a state that messages call ``name``."""
        return cls(tuple(matrix.shape for matrix in _matrices(name, state)), isinstance(state, tuple))

    def __str__(self) -> str:
        return str(list(self.shapes) if self.several else self.shapes[0])

    def matrices(self, vector: Array) -> State:
        """Matrices from the last axis of one or several flattened states."""
        sizes = [int(np.prod(shape)) for shape in self.shapes]
        parts = np.split(vector, np.cumsum(sizes)[:-1], axis=-1)
        shaped = tuple(
            part.reshape((*part.shape[:-1], *shape)) for part, shape in zip(parts, self.shapes, strict=True)
        )
        return shaped if self.several else shaped[0]

    def locked(self, vector: Array) -> State:
        """The matrices of one state as read-only views: the state is the solver's."""
        view = vector.view()
        view.flags.writeable = False
        return self.matrices(view)


def flattened(name: str, state: State) -> Array:
    """One new vector of all entries."""
    return np.concatenate([matrix.ravel() for matrix in _matrices(name, state)])


def initial(y0: State) -> tuple[Layout, Array]:
    """Layout and vector of an initial state.

    Raises
    ------
    ValueError
        If it is empty, or an entry is not a finite real number.
    """
    empty = isinstance(y0, tuple) and not y0
    layout, vector = Layout.of("y0", y0), np.empty(0) if empty else flattened("y0", y0)
    if not np.isfinite(vector).all() or vector.size == 0:
        raise ValueError("y0 holds NaN or infinity, or nothing: the initial state must be finite")
    return layout, vector


def span_of(t_span: Any) -> tuple[float, float]:
    """Start and end of an integration.

    Raises
    ------
    ValueError
        If they are not two finite times in this order.
    """
    start, end = map(float, finite_array("t_span", t_span, 2))
    if not start < end:
        raise ValueError(f"t_span = {t_span}: must be two finite times, the first before the second")
    return start, end


def _matrices(name: str, state: State) -> tuple[Array, ...]:
    return tuple(real_array(name, matrix) for matrix in (state if isinstance(state, tuple) else (state,)))
