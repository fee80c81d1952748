"""What an integration saves, so that it can go on from there."""

from typing import Any, Protocol, runtime_checkable

from reduced.integration.checkpoint import Checkpoints
from reduced.integration.snapshot import Snapshot


@runtime_checkable
class Remembering(Protocol):
    """A flow whose next value depends on earlier calls, within its tolerance.

    Every integration starts by making it forget, so that the result depends on nothing before.
    """

    def saved(self) -> dict[str, Any]:
        """What it remembers, as numbers and arrays."""

    def recall(self, saved: dict[str, Any]) -> None:
        """Remember exactly this; nothing where it is empty."""


class Saver:
    """The memory of a solver and of a flow, between a run and its checkpoints.

    Parameters
    ----------
    checkpoints : Checkpoints or None
        Where steps are saved, and the step to go on from.
    memory : tuple of str or None
        Names of what the solver remembers, see :class:`reduced.integration.registry.Method`.
    flow : callable
        One that is :class:`Remembering` is saved with the solver.
    """

    def __init__(self, checkpoints: Checkpoints | None, memory: tuple[str, ...] | None, flow: Any) -> None:
        self._checkpoints, self._memory = checkpoints, memory or ()
        self._flow = flow if isinstance(flow, Remembering) else None
        self.resumed: Snapshot | None = None if checkpoints is None else checkpoints.resumed

    def forget(self) -> None:
        """Make the flow independent of what was computed before."""
        if self._flow is not None:
            self._flow.recall({})

    def restore(self, solver: Any) -> None:
        """Give a new solver, and the flow that it has called, the memory of the saved ones."""
        if self.resumed is not None:
            vars(solver).update(self.resumed.solver, nfev=self.resumed.nfev)
            if self._flow is not None:
                self._flow.recall(self.resumed.flow)

    @property
    def due(self) -> bool:
        """Whether the step just taken is to be saved."""
        return self._checkpoints is not None and self._checkpoints.due()

    def memory_of(self, solver: Any) -> dict[str, dict[str, Any]]:
        """What a solver and the flow remember, as fields of a snapshot."""
        flow: dict[str, Any] = {} if self._flow is None else self._flow.saved()
        return {"solver": {name: getattr(solver, name) for name in self._memory}, "flow": flow}

    def save(self, snapshot: Snapshot) -> None:
        """Write a checkpoint, where there are any."""
        if self._checkpoints is not None:
            self._checkpoints.save(snapshot)
