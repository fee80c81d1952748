"""Refresh the committed figures; each is made by the script that figures/README.md names."""

import shutil
import sys
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import attraction
import class_losses
import class_share
import class_training
import counterfactual
import cross_entropy
import figure_1
import figure_2
import figure_3
import figure_4
import figure_5_7
import frequency_growth
import generalization_times
import growth
import initial_scale
import ladder
import memorization
import optimizers
import paper_size
import phase_diagrams as phases
import predictors
import simulate
import theorems
import winning_frequencies
import work_precision
from _cli import run

FIGURES = Path(__file__).resolve().parent.parent / "figures"


@dataclass(frozen=True)
class Options:
    """Remake the figures in figures/ and say how long each took."""

    only: tuple[str, ...] = ()
    """Names of the figures to make, e.g. figure_6; all by default."""


def figure_6() -> None:
    """The paper's run for five seeds."""
    folder = Path("runs") / "figure_6"
    simulate.main(simulate.Options(seeds=5, integrator="paper-euler", out=folder))
    shutil.copy(folder / "figure_6.png", FIGURES)


def phase_diagrams() -> None:
    """Where and when addition modulo 23 groks, from two sweeps."""
    folder = Path("runs") / "phase_diagrams"
    phases.main(phases.Options(out=folder))
    for path in folder.glob("phase_*.png"):
        shutil.copy(path, FIGURES)


#: Scripts whose default output is their figure.
SCRIPTS = {
    "figure_1": figure_1,
    "figure_2": figure_2,
    "figure_3": figure_3,
    "figure_4": figure_4,
    "initial_scale": initial_scale,
    "training_against_predictions": figure_5_7,
    "paper_size": paper_size,
    "generalization_times": generalization_times,
    "ladder": ladder,
    "counterfactual": counterfactual,
    "theorems": theorems,
    "memorization": memorization,
    "optimizers": optimizers,
    "work_precision": work_precision,
    "growth": growth,
    "class_share": class_share,
    "attraction": attraction,
    "winning_frequencies": winning_frequencies,
    "class_training": class_training,
    "class_losses": class_losses,
    "cross_entropy": cross_entropy,
    "frequency_growth": frequency_growth,
    "predictors": predictors,
}
MAKERS = {"figure_6": figure_6, "phase_diagrams": phase_diagrams} | {
    name: partial(script.main, script.Options(out=FIGURES / f"{name}.png"))
    for name, script in SCRIPTS.items()
}


def main(options: Options) -> None:
    """Make each figure in turn."""
    unknown = set(options.only) - set(MAKERS)
    if unknown:
        raise ValueError(f"only = {', '.join(sorted(unknown))}: choose from {', '.join(MAKERS)}")
    for name in options.only or MAKERS:
        began = time.perf_counter()
        MAKERS[name]()
        print(f"{name}: {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    sys.exit(run(main, Options))
