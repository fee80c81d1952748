"""Run simulate over a grid of options, on this machine or on many; what is stored is not run again."""

import dataclasses
import sys
from pathlib import Path

from _cli import run as run_command
from _options import command_options, given, option, options_of
from _sweep import describe, sweep

from reduced.runs.experiment import Experiment
from reduced.runs.results import writable_folder
from reduced.runs.sweep import grid

Options = command_options(
    """Run every combination of the given values; each option of simulate takes one or more.

    Each run is stored in FOLDER/runs as it finishes, under a hash of its options. Sweeping again runs what is
    missing, and what failed. In the end FOLDER/sweep.nc holds all runs, labelled by the options that differ.
    """,
    [
        option("out", Path, dataclasses.MISSING, "Folder of the sweep.", metavar="FOLDER"),
        *options_of(Experiment, several=True),
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


def main(options: Options) -> int:
    """Run what is missing; the exit status is 1 if a run failed."""
    experiments = grid(given(options, Experiment))
    if options.dry_run:
        describe(options.out, experiments)
        return 0
    return sweep(writable_folder(options.out), experiments, options.scheduler)


if __name__ == "__main__":
    sys.exit(run_command(main, Options))
