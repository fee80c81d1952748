"""A flow on flattened states, as a solver calls it."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.errors import ReadoutError, SingularGramError
from reduced.integration.saving import Saver
from reduced.integration.states import Layout, flattened

Array = NDArray[np.float64]
Flow = Callable[[float, Any], Any]
#: A flow that changes by more than this share between the ends of the time span depends on time.
AUTONOMOUS = 1e-6


class Field:
    """A flow on flattened states, each of which it may read only."""

    def __init__(self, flow: Flow, layout: Layout) -> None:
        self._flow, self._layout, self.broke = flow, layout, False

    def __call__(self, t: float, y: Array) -> Array:
        """The velocity; NaN where the state or the flow is beyond numbers."""
        velocity = self._velocity(t, y) if np.isfinite(y).all() else None
        if velocity is None:  # a trial step went too far; the solver takes a smaller one, or gives up
            self.broke = True
            return np.full_like(y, np.nan)
        self.broke = self.broke or not np.isfinite(velocity).all()
        return velocity

    def _velocity(self, t: float, y: Array) -> Array | None:
        try:
            velocity = self._flow(t, self._layout.locked(y))
        except OverflowError:
            return None
        found = Layout.of("flow", velocity)
        if found != self._layout:
            raise ValueError(f"flow returned shapes {found} for a state of shapes {self._layout}")
        return flattened("flow", velocity)

    def depends_on_time(self, span: tuple[float, float], y: Array, saver: Saver) -> bool:
        """Whether the initial state would move otherwise at the end of the time span."""
        velocities = []
        for t in span:
            saver.forget()
            try:
                with np.errstate(all="ignore"):
                    velocities.append(self(t, y))
            except (SingularGramError, ReadoutError):
                return False
        first, last = velocities
        return bool(np.abs(last - first).max() > AUTONOMOUS * np.abs(velocities).max())
