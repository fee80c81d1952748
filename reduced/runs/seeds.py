"""Several seeds of one experiment, each with its checkpoint file."""

from collections.abc import Callable, Sequence
from concurrent.futures import as_completed
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from reduced.inputs.memory import refuse_beyond_memory
from reduced.inputs.scalars import whole
from reduced.integration.checkpoint import Checkpoints
from reduced.integration.trajectory import Trajectory
from reduced.runs.experiment import Drawn, run
from reduced.runs.formats import configuration, older_configurations
from reduced.runs.options import Experiment
from reduced.runs.parallel import pinned_pool
from reduced.runs.sizes import sizes
from reduced.runs.steps import observed_numbers


def storable(seed: Any) -> None:
    """Refuse a seed that a result file cannot hold, before anything is computed.

    Raises
    ------
    ValueError
        If it takes more than 64 bits.
    """
    if whole(0, seed=seed)[0] >= 2**63:
        raise ValueError(f"seed = {seed}: must be less than 2^63; a result file holds integers of 64 bits")


def with_seeds(experiment: Experiment, seeds: int) -> list[Experiment]:
    """An experiment and those that differ from it in the seed, which counts up.

    Raises
    ------
    ValueError
        If an option is out of range, or the results together ask for more memory than there is.

    Examples
    --------
    >>> [one.seed for one in with_seeds(Experiment(p=5, hidden=12, seed=3), 2)]
    [3, 4]
    """
    whole(1, seeds=seeds)
    sizes(experiment)
    refuse_beyond_memory(f"seeds = {seeds}", seeds * observed_numbers(experiment))
    storable(experiment.seed + seeds - 1)
    return [replace(experiment, seed=experiment.seed + i) for i in range(seeds)]


def checkpoints_in(folder: Path, experiment: Experiment, every: float | None, resume: bool) -> Checkpoints:
    """Checkpoints of one seed, at the step to go on from.

    Parameters
    ----------
    folder : pathlib.Path
        Where its file is.
    experiment : Experiment
        The seed.
    every : float or None
        Seconds between checkpoints; None saves on a signal and at the end alone.
    resume : bool
        Go on from the file if there is one.

    Raises
    ------
    ValueError
        If there is a file that a new run would write over, or one that this run cannot go on from.
    """
    path = folder / f"checkpoint-seed{experiment.seed}"
    if not resume and path.exists():
        raise ValueError(
            f"{path}: saved by a run whose result was not written; go on with --resume, or delete it"
        )
    checkpoints = Checkpoints(
        path,
        configuration(experiment),
        float("inf") if every is None else every,
        older=older_configurations(experiment),
    )
    if resume:
        checkpoints.resume()
    return checkpoints


def run_seeds(
    experiments: Sequence[Experiment],
    checkpoints: Sequence[Checkpoints | None],
    report: Callable[[dict[str, Any]], None],
    drawn: Sequence[Drawn | None],
) -> list[Trajectory]:
    """Run one seed here, reporting every row of observations, or several in processes of their own.

    Each brings its checkpoints and, where they are at hand, its data and initial first layer.

    Raises
    ------
    Interrupted
        If a signal stopped the only seed, and it was saved; several seeds save in their own processes.
    """
    if len(experiments) == 1:
        return [_run(experiments[0], checkpoints[0], drawn[0], progress="slow time", report=report)]
    with pinned_pool(len(experiments)) as pool:
        rows = zip(experiments, checkpoints, drawn, strict=True)
        futures = [pool.submit(_run, *row) for row in rows]
        for _ in tqdm(as_completed(futures), total=len(futures), desc="seeds", disable=None):
            pass
        return [future.result() for future in futures]


def _run(
    experiment: Experiment, checkpoints: Checkpoints | None, drawn: Drawn | None, **how: Any
) -> Trajectory:
    with checkpoints or nullcontext():
        return run(experiment, checkpoints=checkpoints, drawn=drawn, **how)
