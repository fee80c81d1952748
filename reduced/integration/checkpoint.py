"""Checkpoints: an integration that was stopped goes on from its last saved step, bit for bit."""

import signal
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from reduced.errors import Interrupted
from reduced.inputs.scalars import positive
from reduced.integration.registry import METHODS
from reduced.integration.snapshot import Snapshot, header, read, write

Array = NDArray[np.float64]
SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Checkpoints:
    """The checkpoint file of one run; as a context manager it turns SIGINT and SIGTERM into a last checkpoint.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    configuration : str
        All options of the run; only a run with the same ones can go on.
    every : float
        Seconds between checkpoints; infinity saves on a signal and at the end alone.
    older : sequence of str
        The same options as earlier versions wrote them.

    Raises
    ------
    ValueError
        If ``every`` is not a positive number.
    """

    def __init__(
        self, path: Path, configuration: str, every: float = float("inf"), older: Sequence[str] = ()
    ) -> None:
        if every != float("inf"):
            positive(checkpoint_every=every)
        self.path = path
        self.resumed: Snapshot | None = None
        self._header = header(configuration)
        self._older = [header(line)["configuration"] for line in older]
        self._every, self._saved = every, time.monotonic()
        self._signal: int | None = None

    def __enter__(self) -> Self:
        self._previous = {number: signal.signal(number, self._note) for number in SIGNALS}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._previous.items():
            signal.signal(number, handler)

    def _note(self, number: int, _: object) -> None:
        """Ask for a checkpoint after this step; a second Ctrl-C does not wait for it."""
        self._signal = number
        signal.signal(signal.SIGINT, self._previous[signal.SIGINT])

    def resume(self) -> bool:
        """Go on from the file, if there is one; says whether there is.

        Raises
        ------
        CheckpointError
            If the file is damaged, of another format or version, or of another run.
        """
        if self.path.exists():
            self.resumed = read(self.path, self._header, self._older)
        return self.resumed is not None

    def due(self) -> bool:
        """Whether the step just taken is to be saved: time is up, or a signal came."""
        return self._signal is not None or time.monotonic() - self._saved >= self._every

    def save(self, snapshot: Snapshot) -> None:
        """Replace the file.

        Raises
        ------
        Interrupted
            If a signal asked for this checkpoint.
        """
        write(self.path, self._header, snapshot)
        self._saved = time.monotonic()
        if self._signal is not None:
            name = signal.Signals(self._signal).name
            message = f"{name} at t = {snapshot.t:.6g}: saved as {self.path}; go on with --resume"
            raise Interrupted(message, self._signal)

    def discard(self) -> None:
        """Delete the file, once the run's result is safe, and what a kill left of one half written."""
        for path in (self.path, *self.path.parent.glob(f".{self.path.name}.*")):
            path.unlink(missing_ok=True)

    def check(self, method: str, t_eval: Any, y0: Array, end: float) -> None:
        """Refuse an integration that could not go on to the same result.

        Raises
        ------
        ValueError
            If the solver's memory is not known, states before the end are asked for, or the saved state does not fit.
        """
        if METHODS[method].memory is None:
            known = ", ".join(name for name, one in METHODS.items() if one.memory is not None)
            raise ValueError(f"method = {method!r}: only {known} can be saved and continued")
        if t_eval is None or list(t_eval) != [end]:
            raise ValueError(
                f"t_eval = {t_eval}: a run that can be continued stores its end alone, [{end:g}]"
            )
        saved = self.resumed
        if saved is not None and not (saved.y.shape == y0.shape and saved.t <= end):
            raise ValueError(
                f"{self.path}: a state of {saved.y.size} numbers at t = {saved.t:g} does not fit"
            )
