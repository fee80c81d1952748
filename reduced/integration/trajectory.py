"""What an integration produces."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Trajectory:
    """What an integration produced.

    Parameters
    ----------
    t : (m,) array
        Times of the stored states, in the flow's own time.
    y : (m, ...) array, or tuple of them
        Stored states stacked along the first axis, one array for each matrix of the state.
    nfev, steps : int
        Evaluations of the flow, and accepted steps.
    seconds : float
        Wall time.
    observed : dict of arrays
        ``"t"`` and every observable, each stacked along the times of observation.
    start : float
        When the integration began; the first stored time may be later.
    notes : tuple of str
        What is to be said about it: that its start was moved, why it stopped early.
    about : dict of str
        ``"flow"`` that was integrated, and the ``"method"``; empty where nothing is known of them.
    """

    t: Array
    y: Any
    nfev: int
    steps: int
    seconds: float
    observed: dict[str, Array]
    start: float = 0.0
    notes: tuple[str, ...] = ()
    about: dict[str, str] = field(default_factory=dict)
