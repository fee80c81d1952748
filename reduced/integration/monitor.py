"""What happens between the steps of an integration: observations, progress, caps, and the reason to stop."""

import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from reduced.integration.checkpoint import Checkpoints
from reduced.integration.snapshot import Snapshot

Array = NDArray[np.float64]
#: Stored states may take this much memory before an integration without ``t_eval`` stops.
STORAGE_LIMIT = 2 * 2**30
BAR = "{desc}: {percentage:3.0f}%|{bar}| {n:.2f}/{total:.2f} [{elapsed}<{remaining}]"


@runtime_checkable
class Remembering(Protocol):
    """A flow whose next value depends on earlier calls, within its tolerance.

    Every integration starts by making it forget, so that the result depends on nothing before.
    """

    def saved(self) -> dict[str, Any]:
        """What it remembers, as numbers and arrays."""

    def recall(self, saved: dict[str, Any]) -> None:
        """Remember exactly this; nothing where it is empty."""


class Monitor:
    """Follows one integration step by step; a context manager, because it owns a progress bar.

    Parameters
    ----------
    span : (float, float)
        Start and end of the integration.
    observe, observe_every, max_steps, max_seconds, progress
        As in :func:`reduced.integration.solve.integrate`, on flattened states.
    stored_bytes : int
        Memory that each accepted step keeps.
    checkpoints : Checkpoints or None
        Where steps are saved, and the step to go on from.
    memory : tuple of str
        Names of what the solver remembers, see :data:`reduced.integration.euler.MEMORY`.
    flow : callable
        The flow; one that is :class:`Remembering` is saved with the solver.
    """

    def __init__(
        self,
        span: tuple[float, float],
        observe: Callable[[float, Array], Mapping[str, Any]] | None,
        observe_every: float,
        max_steps: int | None,
        max_seconds: float | None,
        stored_bytes: int,
        progress: str | None,
        checkpoints: Checkpoints | None,
        memory: tuple[str, ...],
        flow: Callable[..., Any],
    ) -> None:
        self.t, self.end = span
        self.y: Array = np.empty(0)
        self.steps = self.nfev = 0
        self._checkpoints, self._memory = checkpoints, memory
        self._flow = flow if isinstance(flow, Remembering) else None
        self._observe, self._every = observe, observe_every
        self._max_steps, self._max_seconds, self._stored_bytes = max_steps, max_seconds, stored_bytes
        self._rows: list[dict[str, Any]] = []
        self._origin, self._count = self.t, 0
        self._bar = tqdm(
            total=self.end - self.t,
            desc=progress,
            bar_format=BAR,
            disable=None if progress else True,
            leave=False,
        )

    def __enter__(self) -> Self:
        self._began = time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def start(self, y: Array) -> None:
        """Take note of the initial state, or of the saved one."""
        saved = self.resumed
        if self._flow is not None:
            self._flow.recall({})
        if saved is None:
            self.y = y
            return self._record(self.t, y)
        self._bar.update(saved.t - self.t)
        self.t, self.y, self.steps, self.nfev = saved.t, saved.y, saved.steps, saved.nfev
        self._rows = [
            dict(zip(saved.observed, row, strict=True)) for row in zip(*saved.observed.values(), strict=True)
        ]
        self._count = len(self._rows)
        return None

    @property
    def resumed(self) -> Snapshot | None:
        """The saved step to go on from, if there is one."""
        return None if self._checkpoints is None else self._checkpoints.resumed

    @property
    def seconds(self) -> float:
        """Wall time of the run, with that before the saved step."""
        before = 0.0 if self.resumed is None else self.resumed.seconds
        return before + time.perf_counter() - self._began

    def restore(self, solver: Any) -> None:
        """Give a new solver, and the flow that it has called, the memory of the saved ones."""
        if self.resumed is not None:
            vars(solver).update(self.resumed.solver, nfev=self.resumed.nfev)
            if self._flow is not None:
                self._flow.recall(self.resumed.flow)

    def after_step(self, solver: Any) -> str | None:
        """Take note of an accepted step; returns the reason to stop, if there is one."""
        self.nfev = solver.nfev
        if not np.isfinite(solver.y).all():
            return "the state is no longer finite; take smaller steps"
        self.steps += 1
        self._bar.update(solver.t - self.t)
        self._observe_step(solver)
        self.t, self.y = solver.t, solver.y
        if self.t == self.end:
            return None
        if self._max_steps is not None and self.steps >= self._max_steps:
            return f"reached max_steps = {self._max_steps}"
        if self._max_seconds is not None and time.perf_counter() - self._began >= self._max_seconds:
            return f"reached max_seconds = {self._max_seconds:g}"
        if self.steps * self._stored_bytes > STORAGE_LIMIT:
            return "the stored states take more than 2 GiB; name the times to store with t_eval"
        if self._checkpoints is not None and self._checkpoints.due():
            memory = {name: getattr(solver, name) for name in self._memory}
            flow: dict[str, Any] = {} if self._flow is None else self._flow.saved()
            self._checkpoints.save(self.snapshot(self.y, solver.nfev, memory, flow))
        return None

    def snapshot(self, y: Array, nfev: int, solver: dict[str, Any], flow: dict[str, Any]) -> Snapshot:
        """The run so far, to go on from; a finished one needs nothing of what its solver and its flow remember."""
        return Snapshot(
            t=self.t,
            y=y,
            steps=self.steps,
            nfev=nfev,
            seconds=self.seconds,
            solver=solver,
            flow=flow,
            observed=self.observations(),
        )

    def observations(self) -> dict[str, Array]:
        """All observations so far, stacked; empty when nothing observes."""
        names = self._rows[0] if self._rows else {}
        return {name: np.array([row[name] for row in self._rows]) for name in names}

    def _observe_step(self, solver: Any) -> None:
        if self._every == 0:
            return self._record(solver.t, solver.y)
        tolerance = 1e-9 * self._every
        while (due := self._origin + self._count * self._every) < solver.t - tolerance:
            self._record(due, solver.dense_output()(due))
        if due <= solver.t + tolerance or solver.t == self.end:
            self._record(solver.t, solver.y)
        return None

    def _record(self, t: float, y: Array) -> None:
        if self._observe is not None:
            self._rows.append({"t": t, **self._observe(t, y)})
        self._count += 1


def monitored(solver: type[Any], monitor: Monitor) -> type[Any]:
    """A subclass of an ``OdeSolver`` that reports each accepted step, and fails where the monitor says stop."""

    class Monitored(solver):
        status: str

        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            monitor.restore(self)

        def step(self) -> str | None:
            message: str | None = super().step()
            if self.status != "failed":
                message = monitor.after_step(self)
                if message is not None:
                    self.status = "failed"
            return message

    return Monitored
