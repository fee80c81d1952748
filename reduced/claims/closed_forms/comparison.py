"""How a closed form is held to the integrator: the flow, the times, the distance, and the tolerance it earns."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.claims.claim import Claim
from reduced.integration.solve import integrate

Array = NDArray[np.float64]
GROUP = "closed forms"
TIMES = np.array([0.0, 1e-6, 1e-3, 0.1, 0.7, 3.0])
AGREEMENT = 1e-11
INTEGRATOR = "DOP853 keeps local errors below 1e-13 of the state; a hundred steps of them are 1e-11"
INTEGRATED = (
    "closed form against the flow integrated by an explicit method of order 8, at times 0, 1e-6, 1e-3, 0.1, 0.7 and 3; "
    "largest difference relative to the largest entry"
)
EVALUATED = "closed form evaluated; relative difference from the value it should have"
ROUNDING = 1e-12
ARITHMETIC = "rounding alone: a root or a quadrature loses up to four of sixteen digits"


def held(words: str, measure: Callable[[], float], source: str) -> Claim:
    """The claim that a closed form and the integrator agree at all :data:`TIMES`, the start among them."""
    return Claim(GROUP, words, source, measure, 0.0, AGREEMENT, INTEGRATOR, method=INTEGRATED)


def exact(words: str, measure: Callable[[], float], source: str, expected: float = 0.0) -> Claim:
    """A claim about a closed form alone, to the accuracy of its arithmetic relative to numbers of order one."""
    return Claim(GROUP, words, source, measure, expected, ROUNDING, ARITHMETIC, method=EVALUATED)


def numeric(flow: Callable[[float, Any], Any], start: Any, times: Array = TIMES) -> Any:
    """States at the times, integrated by an explicit eighth-order method as tightly as doubles allow."""
    span = (0.0, float(times[-1]))
    return integrate(flow, start, span, method="DOP853", t_eval=times, rtol=1e-13, atol=1e-15).y


def gap(measured: Any, expected: Any) -> float:
    """Largest difference of two trajectories, relative to the largest entry of the expected one at its time.

    Examples
    --------
    >>> gap(np.array([[1.0, 0.0], [2.0, 0.2]]), np.array([[1.0, 0.0], [2.0, 0.0]]))
    0.1
    """
    measured, expected = np.asarray(measured, dtype=float), np.asarray(expected, dtype=float)
    if measured.shape != expected.shape:
        raise ValueError(
            f"shapes {measured.shape} and {expected.shape} differ: compare states at the same times"
        )
    axes = tuple(range(1, expected.ndim))
    return float(np.max(np.max(abs(measured - expected), axis=axes) / np.max(abs(expected), axis=axes)))
