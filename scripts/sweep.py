"""Run simulate over a grid of options, on this machine or on many; what is stored is not run again."""

import sys
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Literal

import tyro
from _cli import run as run_command
from _sweep import describe, sweep
from simulate import Activation, Loss

from reduced.runs.experiment import Experiment
from reduced.runs.results import writable_folder
from reduced.runs.sweep import grid


@dataclass(frozen=True)
class Options:
    """Run every combination of the given values; each option of simulate.py takes one or more.

    Each run is stored in FOLDER/runs as it finishes, under a hash of all its options. Sweeping again runs what is
    missing, and what failed. In the end FOLDER/sweep.nc holds all runs, labelled by the options that differ.
    """

    out: Annotated[Path, tyro.conf.arg(metavar="FOLDER")]
    """Folder of the sweep."""
    p: tuple[int, ...] = (37,)
    """Moduli."""
    hidden: tuple[int, ...] = (512,)
    """Hidden widths d_h; with ridge 0 at least the number of training samples."""
    train_fraction: tuple[float, ...] = (0.7,)
    """Shares of the pairs that train."""
    activation: tuple[Activation, ...] = ("relu",)
    """Activations of the hidden layer."""
    ridge: tuple[float, ...] = (0.0,)
    """Weight decays lambda that the readout keeps; 0 is the zero-loss limit."""
    method: tuple[Literal["protocol", "flow"], ...] = ("protocol",)
    """protocol: the paper's explicit Euler steps. flow: stabilized steps, the start resolved."""
    step: tuple[float, ...] = (1e-3,)
    """Euler's steps in slow time (protocol only)."""
    slow_time: tuple[float, ...] = (5.0,)
    """Lengths of the run in slow time."""
    seed: tuple[int, ...] = (0,)
    """Seeds of the split and of the initial weights."""
    init_scale: tuple[Literal["std", "var"], ...] = ("std",)
    """Readings of the paper's N(0, p^(-1/2))."""
    init_factor: tuple[float, ...] = (1.0,)
    """Positive factors on the initial weights."""
    operation: tuple[Literal["add", "subtract", "multiply"], ...] = ("add",)
    """Operations modulo p."""
    loss: tuple[Loss, ...] = ("squared",)
    """Losses of the outputs; every one but squared needs ridge > 0, or is refused."""
    scheduler: Annotated[str | None, tyro.conf.arg(metavar="ADDRESS")] = None
    """dask.distributed scheduler to run on, e.g. tcp://host:8786; by default the cores of this machine."""
    dry_run: bool = False
    """Say what would run, and roughly how long, and stop."""


def main(options: Options) -> int:
    """Run what is missing; the exit status is 1 if a run failed."""
    experiments = grid({field.name: getattr(options, field.name) for field in fields(Experiment)})
    if options.dry_run:
        describe(options.out, experiments)
        return 0
    return sweep(writable_folder(options.out), experiments, options.scheduler)


if __name__ == "__main__":
    sys.exit(run_command(main, Options))
