"""Run simulate over a grid of options, on this machine or on many; what is stored is not run again."""

import dataclasses
import os
import sys
from functools import partial
from pathlib import Path
from typing import Any

from tqdm import tqdm

from reduced.console.options import command_options, given, option, options_of
from reduced.runs import store
from reduced.runs.estimate import expected_seconds
from reduced.runs.executors import dask, local
from reduced.runs.experiment import run
from reduced.runs.options import Experiment
from reduced.runs.results import save, writable_folder
from reduced.runs.ridge import UNSET, said, with_ridge
from reduced.runs.sweep import execute, grid

Options = command_options(
    """Run every combination of the given values; each option of simulate takes one or more.

    Each run is stored in FOLDER/runs as it finishes, under a hash of its options. Sweeping again runs what is
    missing, and what failed. In the end FOLDER/sweep.nc holds all runs, labelled by the options that differ.

    Example: grokking-reduced sweep --out widths --p 11 --hidden 64 96 128 --seed 0 1 2
    """,
    [
        option("out", Path, dataclasses.MISSING, "Folder of the sweep.", metavar="FOLDER"),
        *options_of(Experiment, several=True, unset={"ridge": UNSET}),
        option(
            "scheduler",
            str | None,
            None,
            "dask.distributed scheduler to run on, e.g. tcp://host:8786; by default the cores of this machine.",
            metavar="ADDRESS",
        ),
        option("dry_run", bool, False, "Say what would run, and roughly how long, and stop."),
    ],
)


def main(options: Any) -> int:
    """Run what is missing; the exit status is 1 if a run failed."""
    given_grid = grid(given(options, Experiment))
    given_one = options.ridge is not None
    experiments = given_grid if given_one else [with_ridge(one) for one in given_grid]
    for line in filter(None, dict.fromkeys(map(said, given_grid, experiments))):
        print(line)
    if options.dry_run:
        describe(options.out, experiments)
        return 0
    return sweep(writable_folder(options.out), experiments, options.scheduler)


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
