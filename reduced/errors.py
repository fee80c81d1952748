"""What may be raised where the arguments are fine: the mathematics, an integration, or a signal stops a computation."""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from reduced.integration.trajectory import Trajectory


class SingularGramError(np.linalg.LinAlgError):
    """The Gram matrix of the hidden activations cannot be inverted in double precision."""


class ReadoutError(np.linalg.LinAlgError):
    """The optimal readout of a loss was not found to the accuracy asked for."""


class IllConditionedError(SingularGramError):
    """The Gram matrix is finite and cannot be inverted, or not to the accuracy that was asked for."""


class RetractionError(RuntimeError):
    """No state of the zero-loss set was found near the given one."""


class IntegrationError(RuntimeError):
    """Integration stopped early; the message says when and why.

    Attributes
    ----------
    trajectory : Trajectory
        The states stored so far, the last accepted one, and all observations up to it.
    """

    def __init__(self, message: str, trajectory: "Trajectory") -> None:
        super().__init__(message, trajectory)
        self.trajectory = trajectory

    def __str__(self) -> str:
        return str(self.args[0])


class Stopped(KeyboardInterrupt):
    """Ctrl-C stopped an integration; what it had computed is not lost.

    At Python's prompt ``import sys; path = sys.last_value.trajectory`` gets it.

    Attributes
    ----------
    trajectory : Trajectory
        As of :class:`IntegrationError`.
    """

    def __init__(self, message: str, trajectory: "Trajectory") -> None:
        super().__init__(message, trajectory)
        self.trajectory = trajectory

    def __str__(self) -> str:
        return str(self.args[0])


class StartMovedWarning(RuntimeWarning):
    """An integration does not start where it was told to: its flow lives on a set, and the start was off it."""


class Interrupted(KeyboardInterrupt):
    """A signal stopped the run, and its last step is saved.

    Attributes
    ----------
    signum : int
        The signal.
    """

    def __init__(self, message: str, signum: int) -> None:
        super().__init__(message, signum)
        self.signum = signum

    def __str__(self) -> str:
        return str(self.args[0])
