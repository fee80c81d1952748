"""A folder of runs: run those that are missing, or say which they are."""

import os
import sys
from functools import partial
from pathlib import Path

from tqdm import tqdm

from reduced.runs import store
from reduced.runs.estimate import expected_seconds
from reduced.runs.executors import dask, local
from reduced.runs.experiment import Experiment, run
from reduced.runs.results import save
from reduced.runs.sweep import execute


def sweep(folder: Path, experiments: list[Experiment], scheduler: str | None = None) -> int:
    """Run the missing ones of the experiments and assemble all; returns how many failed, at most 1."""
    with store.locked(folder):
        missing = store.missing(folder, experiments)
        workers = partial(dask, scheduler) if scheduler else partial(local, len(missing))
        failed = 0
        for outcome in tqdm(execute(missing, workers, run), total=len(missing), desc="runs", disable=None):
            store.store_outcome(folder, outcome)
            if outcome.error is not None:
                failed += 1
                tqdm.write(
                    f"{store.error_path(folder, outcome.experiment)}: {outcome.error}", file=sys.stderr
                )
        save(store.assemble(folder, experiments), folder / "sweep.nc")
    stored = len(set(experiments)) - len(missing)
    print(
        f"{stored} runs were stored, {len(missing) - failed} are new, {failed} failed; wrote {folder / 'sweep.nc'}"
    )
    return int(failed > 0)


def describe(folder: Path, experiments: list[Experiment]) -> None:
    """Print which runs are missing, and roughly how long they take."""
    missing = store.missing(folder, experiments)
    cores = os.cpu_count() or 1
    seconds = expected_seconds(missing, cores)
    duration = f"{seconds:.0f} seconds" if seconds < 120 else f"{seconds / 60:.0f} minutes"
    for experiment in missing:
        failed = " (failed before)" if store.error_path(folder, experiment).exists() else ""
        print(f"{store.key(experiment)} {experiment}{failed}")
    stored = len(set(experiments)) - len(missing)
    print(f"{len(missing)} runs to do, {stored} stored; roughly {duration} on {cores} cores")
