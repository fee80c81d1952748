"""Many runs on any ``concurrent.futures.Executor``: each is stored as it finishes, and none stops the others."""

import itertools
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass, fields, replace
from typing import Any

from reduced.inputs.choices import one_of
from reduced.inputs.renamed import refuse_renamed
from reduced.integration.trajectory import Trajectory
from reduced.runs.options import RENAMED, Experiment
from reduced.runs.seeds import storable


@dataclass(frozen=True)
class Outcome:
    """How one run ended: with a trajectory, or with the reason why there is none."""

    experiment: Experiment
    trajectory: Trajectory | None
    error: str | None


def grid(options: Mapping[str, Iterable[Any]]) -> list[Experiment]:
    """Every combination of the options' values, the last option varying fastest.

    Raises
    ------
    ValueError
        If an option is not one of an :class:`Experiment`, its values are not in a list, or a seed has over 64 bits.

    Examples
    --------
    >>> [(e.p, e.seed) for e in grid({"p": [5, 7], "seed": [0, 1]})]
    [(5, 0), (5, 1), (7, 0), (7, 1)]
    """
    known = [field.name for field in fields(Experiment)]
    refuse_renamed(options, RENAMED, "grid")
    for name, values in options.items():
        one_of("option", name, known)
        if isinstance(values, str) or not isinstance(values, Iterable):
            raise ValueError(f"{name} = {values!r}: must be a list of values")
    for seed in options.get("seed", ()):
        storable(seed)
    combinations = itertools.product(*options.values())
    return [replace(Experiment(), **dict(zip(options, values, strict=True))) for values in combinations]


def execute(
    experiments: Sequence[Experiment],
    executor: Callable[[], AbstractContextManager[tuple[Executor, int]]],
    task: Callable[[Experiment], Trajectory],
) -> Iterator[Outcome]:
    """Run experiments and yield each outcome as it comes.

    A run that was under way when a worker process died starts once more, alone; if its worker dies again, it has
    failed.

    Parameters
    ----------
    experiments : sequence of Experiment
        What to run.
    executor : callable
        Opens an executor, and says how many runs to hand it at a time; called again after a worker died.
    task : callable
        What to do with an experiment; must pickle. Usually :func:`reduced.runs.experiment.run`.

    Raises
    ------
    ConnectionError
        If the executor cancels a run, as one does that has lost its scheduler.
    """
    waiting, deaths = deque(experiments), Counter[Experiment]()
    while waiting:
        with executor() as (pool, width):
            running: dict[Future[Trajectory], Experiment] = {}
            broken = False
            while running or (waiting and not broken):
                while waiting and not broken and len(running) < (1 if deaths[waiting[0]] else width):
                    try:
                        running[pool.submit(task, waiting[0])] = waiting[0]
                        waiting.popleft()
                    except BrokenExecutor:  # a worker died since the last look; what was not started waits
                        broken = True
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    experiment = running.pop(future)
                    error = _error(future)
                    if isinstance(error, BrokenExecutor):
                        broken = True
                        deaths[experiment] += 1
                        if deaths[experiment] == 1:
                            waiting.appendleft(experiment)
                            continue
                        error = RuntimeError("its worker process died twice (out of memory?)")
                    reason = None if error is None else f"{type(error).__name__}: {error}"
                    yield Outcome(experiment, future.result() if error is None else None, reason)


def _error(future: Future[Trajectory]) -> BaseException | None:
    try:
        return future.exception()
    except CancelledError:
        raise ConnectionError(
            "the scheduler is gone; what is finished is stored: sweep again to go on"
        ) from None
