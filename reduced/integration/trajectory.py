"""What an integration produces."""

from dataclasses import dataclass
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
    """

    t: Array
    y: Any
    nfev: int
    steps: int
    seconds: float
    observed: dict[str, Array]
    start: float = 0.0
