"""Where the fast optimum leaves its branch along a trajectory of the slow parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derivations import Decoupled
from reduced.flows.evaluators import minimized
from reduced.flows.minimum import SAME_COST
from reduced.inputs.arrays import finite_array

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Jump:
    """Where the fast optimum leaves its branch between two times, because another well has become the lower one.

    Parameters
    ----------
    start, end : float
        Times between which it jumps.
    before, after : array
        Fast values at them.
    """

    start: float
    end: float
    before: Array
    after: Array


def jumps(
    model: Decoupled, parameters: Mapping[Any, float], times: Sequence[float], states: Any
) -> tuple[Jump, ...]:
    """Mark the jumps of the fast optimum along a trajectory of the slow parameters.

    Between two saved states the optimum has jumped if the branch followed downhill from the earlier fast values ends
    above the lowest minimum. Two jumps between neighbouring states that cancel are not seen.

    Parameters
    ----------
    model, parameters
        As in :func:`vector_field`.
    times : sequence of float
    states : array_like, shape (len(times), number of slow symbols)

    Examples
    --------
    >>> import sympy as sp
    >>> from derivations import decouple
    >>> a, b = sp.symbols("a b")
    >>> wells = decouple((b**2 - 1) ** 2 - a * b, slow=a, fast=b)
    >>> [jump] = jumps(wells, {}, [0.0, 1.0, 2.0], [[-0.2], [-0.1], [0.1]])
    >>> jump.start, jump.end, jump.after.round(3)
    (1.0, 2.0, array([1.012]))
    """
    rows = finite_array("states", states, len(times), len(model.slow))
    lowest = minimized(model, parameters, lambda minimum: np.append(minimum.fast, minimum.cost))
    found = [lowest(row) for row in rows]
    marked = []
    for k in range(1, len(rows)):
        before = found[k - 1][:-1]
        try:
            cost = float(lowest(rows[k], before)[-1])
        except ArithmeticError:
            cost = np.inf
        if cost > found[k][-1] + SAME_COST * (abs(found[k][-1]) + abs(found[k - 1][-1])):
            marked.append(Jump(float(times[k - 1]), float(times[k]), before, found[k][:-1]))
    return tuple(marked)
