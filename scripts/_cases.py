"""The same function on many cases, several at once."""

from collections.abc import Callable, Sequence
from typing import Any

from reduced.runs.parallel import pinned_pool


def map_cases(run: Callable[[Any], Any], cases: Sequence[Any]) -> list[Any]:
    """Apply a function that pickles to every case, in order; a single case runs in this process."""
    if len(cases) == 1:
        return [run(cases[0])]
    with pinned_pool(len(cases)) as pool:
        return list(pool.map(run, cases))
