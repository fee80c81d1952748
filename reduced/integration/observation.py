"""What is observed along an integration, and when."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Observe = Callable[[float, Array], Mapping[str, Any]]


class Observer:
    """Rows of observations on a regular grid of times, or at every accepted step.

    Parameters
    ----------
    observe : callable or None
        ``observe(t, y) -> {name: number or array}`` on a flattened state.
    every : float
        Time between observations, interpolated within steps; 0 observes every step.
    span : (float, float)
        Start and end: the grid begins at the first, and both are observed.
    """

    def __init__(self, observe: Observe | None, every: float, span: tuple[float, float]) -> None:
        self._observe, self._every, (self._origin, self._end) = observe, every, span
        self._rows: list[dict[str, Any]] = []
        self._count = 0

    def recall(self, observed: dict[str, Array]) -> None:
        """Go on after these rows."""
        self._rows = [dict(zip(observed, row, strict=True)) for row in zip(*observed.values(), strict=True)]
        self._count = len(self._rows)

    def step(self, solver: Any) -> None:
        """Observe what is due within the step that a solver has just taken."""
        if self._every == 0:
            return self.record(solver.t, solver.y)
        tolerance = 1e-9 * self._every
        while (due := self._origin + self._count * self._every) < solver.t - tolerance:
            self.record(due, solver.dense_output()(due))
        if due <= solver.t + tolerance or solver.t == self._end:
            self.record(solver.t, solver.y)
        return None

    def record(self, t: float, y: Array) -> None:
        """Observe one state.

        Raises
        ------
        ValueError
            If the names are not those of the first observation, or ``"t"`` is among them.
        """
        self._count += 1
        if self._observe is None:
            return
        found = dict(self._observe(t, y))
        if "t" in found:
            raise ValueError("observe returned the name 't': it is the time's own; choose another")
        if self._rows and found.keys() != self._rows[0].keys() - {"t"}:
            first = sorted(self._rows[0].keys() - {"t"})
            raise ValueError(
                f"observe returned {sorted(found)} at t = {t:g}, and {first} at first: must not change"
            )
        self._rows.append({"t": t} | {name: np.array(value) for name, value in found.items()})

    def observations(self) -> dict[str, Array]:
        """All observations so far, stacked; empty when nothing observes."""
        names = self._rows[0] if self._rows else {}
        return {name: np.array([row[name] for row in self._rows]) for name in names}
