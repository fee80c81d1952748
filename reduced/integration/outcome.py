"""What becomes of an integration: the whole trajectory, or an error that brings what was computed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.errors import IntegrationError, Interrupted, Stopped
from reduced.integration.bound import Described
from reduced.integration.field import Field
from reduced.integration.monitor import STOPS, Monitor
from reduced.integration.preference import Preference
from reduced.integration.states import Layout
from reduced.integration.trajectory import Trajectory

Array = NDArray[np.float64]


class Outcome:
    """Collects what one integration leaves.

    Parameters
    ----------
    monitor : Monitor
        Of the integration.
    layout : Layout
        Of its states.
    flow : callable
    way : Preference
        How its steps are taken.
    notes : tuple of str
        What is to be said about it.
    """

    def __init__(
        self, monitor: Monitor, layout: Layout, flow: Any, way: Preference, notes: tuple[str, ...]
    ) -> None:
        self._monitor, self._layout, self._notes = monitor, layout, notes
        self._about = (flow.about.named if isinstance(flow, Described) else {"flow": "a function"}) | {
            "method": str(way)
        }
        self.result: Any = None

    @contextmanager
    def watched(self, field: Field) -> Iterator[None]:
        """Take note of what stops a solver that is being made, or between two steps."""
        try:
            yield
        except Interrupted:
            raise
        except STOPS as error:
            self._monitor.stopped_by = error
        except ValueError:
            if not field.broke:  # LAPACK refuses what an implicit method was given
                raise
            self._monitor.stopped_by = ArithmeticError("the flow is not finite")

    def trajectory(self) -> Trajectory:
        """The whole trajectory.

        Raises
        ------
        IntegrationError, Stopped
            If the integration did not reach its end, with what it computed.
        """
        monitor, result, stop = self._monitor, self.result, self._monitor.stopped_by
        if stop is None and result.success:
            monitor.nfev = int(result.nfev)
            # SciPy interpolates the end: it may not have the last step's bits.
            monitor.saver.save(monitor.snapshot(result.y[:, -1], {}, {}))
            return self._stored(np.asarray(result.t), result.y.T, self._notes)
        reason = str(result.message if stop is None else stop) or "interrupted"
        message = f"stopped at t = {monitor.t:.6g} after {monitor.steps} steps: {reason}"
        partial = self._partial(message)
        if isinstance(stop, KeyboardInterrupt):
            raise Stopped(message, partial)
        raise IntegrationError(message, partial)

    def last(self) -> Trajectory:
        """The last accepted state alone."""
        return self._stored(np.array([self._monitor.t]), self._monitor.y[None], self._notes)

    def _partial(self, message: str) -> Trajectory:
        """The states stored so far, and the last accepted one."""
        t, y = np.array([self._monitor.t]), self._monitor.y[None]
        if self.result is not None and len(self.result.t):
            before = np.asarray(self.result.t) < self._monitor.t
            t = np.concatenate([np.asarray(self.result.t)[before], t])
            y = np.concatenate([np.asarray(self.result.y).T[before], y])
        return self._stored(t, y, (*self._notes, message))

    def _stored(self, t: Array, y: Array, notes: tuple[str, ...]) -> Trajectory:
        monitor = self._monitor
        return Trajectory(
            t,
            self._layout.matrices(y),
            monitor.nfev,
            monitor.steps,
            monitor.seconds,
            monitor.observer.observations(),
            monitor.origin,
            notes,
            self._about,
        )
