"""A limit on the processor time of a symbolic search, in any thread.

SymPy cannot be asked how long it will take. A trace function looks at the thread's processor time at calls of Python
functions and raises once the limit has passed. Unlike an alarm signal it works outside of the main thread, unlike
a subprocess it needs no copy of the interpreter, and the moment of the interruption does not race with the end of the
search. What it cannot interrupt is one call into compiled code, such as the product of two huge integers; SymPy's own
loops are all Python. While it is on, calls of Python functions take about twice as long.
"""

import math
import sys
import time
from collections.abc import Callable
from numbers import Real
from typing import Any, TypeVar

Result = TypeVar("Result")

#: Python calls between two looks at the clock.
CALLS_BETWEEN_LOOKS = 64


class OutOfTime(BaseException):
    """The search took longer than it was given; no ``Exception``, so that nothing inside SymPy swallows it."""


class Budget:
    """Processor time of the current thread that is left for a piece of work.

    Parameters
    ----------
    seconds : float
        Seconds of processor time from now on, positive.

    Examples
    --------
    >>> Budget(5.0).run(lambda: 1 + 1)
    2
    """

    def __init__(self, seconds: Any) -> None:
        if isinstance(seconds, bool) or not isinstance(seconds, Real) or not 0 < float(seconds) < math.inf:
            raise ValueError(f"seconds = {seconds!r}: must be a positive number")
        self.seconds = float(seconds)
        self._end = time.thread_time() + self.seconds

    @property
    def left(self) -> float:
        """Seconds left, negative when overdrawn."""
        return self._end - time.thread_time()

    def run(self, work: Callable[[], Result], share: float = 1.0) -> Result:
        """Do a piece of work within what is left.

        Parameters
        ----------
        work : callable
            Takes no argument.
        share : float
            Share of the time left that it may use.

        Raises
        ------
        OutOfTime
            If it takes longer. SymPy's caches are emptied then: they may hold facts that were being decided.
        """
        end = time.thread_time() + share * self.left
        try:
            return _guarded(work, end)
        except OutOfTime:
            import sympy as sp

            sp.core.cache.clear_cache()
            raise

    def otherwise(self, work: Callable[[], Result], fallback: Result, share: float = 1.0) -> Result:
        """As :meth:`run`, with a result for when time runs out."""
        try:
            return self.run(work, share)
        except OutOfTime:
            return fallback


def _guarded(work: Callable[[], Result], end: float) -> Result:
    """Run with a look at the clock every few calls; a tracer that is there already stays, and is called as well."""
    calls = 0
    outer = sys.gettrace()

    def look(frame: Any, event: Any, argument: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls % CALLS_BETWEEN_LOOKS == 0 and time.thread_time() > end:
            raise OutOfTime
        return None if outer is None else outer(frame, event, argument)

    if time.thread_time() > end:
        raise OutOfTime
    sys.settrace(look)
    try:
        return work()
    finally:
        sys.settrace(outer)
