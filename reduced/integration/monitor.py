"""What happens between the steps of an integration: observation, progress, saving, and the reason to stop."""

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from tqdm.auto import tqdm

from reduced.errors import Interrupted, ReadoutError, RetractionError, SingularGramError
from reduced.integration.limits import Limits
from reduced.integration.observation import Observer
from reduced.integration.saving import Saver
from reduced.integration.snapshot import Snapshot

Array = NDArray[np.float64]
#: What stops an integration without being a mistake of the caller.
STOPS = (SingularGramError, ReadoutError, RetractionError, KeyboardInterrupt)
BAR = "{desc}: {percentage:3.0f}%|{bar}| {n:.2f}/{total:.2f} [{elapsed}<{remaining}]"


class Monitor:
    """Follows one integration step by step; a context manager, because it owns a progress bar.

    Parameters
    ----------
    span : (float, float)
        Start and end of the integration.
    limits, observer, saver
        When to stop, what to observe, what to save.
    progress : str or None
        Label of the progress bar.
    """

    def __init__(
        self,
        span: tuple[float, float],
        limits: Limits,
        observer: Observer,
        saver: Saver,
        progress: str | None,
    ) -> None:
        (self.t, self.end), self.origin = span, span[0]
        self.y: Array = np.empty(0)
        self.steps = self.nfev = 0
        self.limits, self.observer, self.saver = limits, observer, saver
        self.stopped_by: BaseException | None = None
        self._before = 0.0
        self._bar = tqdm(
            total=self.end - self.t,
            desc=progress,
            bar_format=BAR,
            disable=None if progress else True,
            leave=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    @property
    def seconds(self) -> float:
        """Wall time of the run, with that before the saved step."""
        return self._before + self.limits.seconds

    def start(self, y: Array) -> None:
        """Take note of the initial state, or of the saved one."""
        self.saver.forget()
        saved = self.saver.resumed
        if saved is None:
            self.y = y
            return self.observer.record(self.t, y)
        self._bar.update(saved.t - self.t)
        self.t, self.y, self.steps, self.nfev = saved.t, saved.y, saved.steps, saved.nfev
        self._before = saved.seconds
        return self.observer.recall(saved.observed)

    def after_step(self, solver: Any) -> str | None:
        """Take note of an accepted step; returns the reason to stop, if there is one."""
        self.nfev = solver.nfev
        if not np.isfinite(solver.y).all():
            return "the state is no longer finite; take smaller steps"
        self.steps += 1
        self._bar.update(solver.t - self.t)
        self.observer.step(solver)
        self.t, self.y, self.nfev = solver.t, solver.y, solver.nfev  # interpolation may evaluate the flow
        if self.t == self.end:
            return None
        if self.saver.due:
            self.saver.save(self.snapshot(self.y, **self.saver.memory_of(solver)))
        return self.limits.reached(self.steps)

    def snapshot(self, y: Array, solver: dict[str, Any], flow: dict[str, Any]) -> Snapshot:
        """The run so far, to go on from; a finished one needs nothing of what its solver and its flow remember."""
        observed = self.observer.observations()
        return Snapshot(self.t, y, self.steps, self.nfev, self.seconds, solver, flow, observed)


def monitored(solver: type[Any], monitor: Monitor) -> type[Any]:
    """A subclass of an ``OdeSolver`` that reports each accepted step, and fails where the monitor says stop."""

    class Monitored(solver):
        status: str

        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            monitor.saver.restore(self)

        def step(self) -> str | None:
            try:
                message: str | None = super().step()
                if self.status != "failed":
                    message = monitor.after_step(self)
            except Interrupted:
                raise
            except STOPS as error:
                monitor.stopped_by, message = error, str(error) or "interrupted"
            if message is not None:
                self.status = "failed"
            return message

    return Monitored
