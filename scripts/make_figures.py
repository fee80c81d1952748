"""Make the figures; each is made by the script that figures/README.md names."""

import shutil
import sys
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

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
import theorems
import winning_frequencies
import work_precision
from _cli import run
from _ranges import OutPath

from reduced.plots.run import page
from reduced.runs.experiment import draw, first_euler_step
from reduced.runs.options import Experiment
from reduced.runs.results import dataset, summary, writable_folder
from reduced.runs.seeds import run_seeds, with_seeds

FIGURES = Path(__file__).resolve().parent.parent / "figures"


@dataclass(frozen=True)
class Options:
    """Make the figures, and say how long each took; the committed ones are replaced only where --refresh says so."""

    only: tuple[str, ...] = ()
    """Names of the figures to make, e.g. figure_6; all by default."""
    refresh: bool = False
    """Write into figures/ of the checkout."""
    out: OutPath = Path("runs/figures")
    """Folder where they are written without --refresh."""


def figure_6(folder: Path) -> None:
    """The paper's run for five seeds, and beside it the same starts with the flow resolved."""
    paper, resolved = (with_seeds(Experiment(integrator=name), 5) for name in ("paper-euler", "resolved"))
    start = draw(paper[0])
    _, before, after = first_euler_step(paper[0], start)
    results = [
        dataset(one, run_seeds(one, [None] * 5, lambda row: None, [None] * 5)) for one in (paper, resolved)
    ]
    note = rf"Euler's first step throws $\|W_1\|^2$ from {before:.0f} to {after:.0f}"
    page(results[0], folder / "figure_6.png", start.W1, beside=results[1], note=note)
    print(summary(results[0]), summary(results[1]), sep="\n")


def phase_diagrams(folder: Path) -> None:
    """Where and when addition modulo 23 groks, from two sweeps."""
    made = Path("runs") / "phase_diagrams"
    phases.main(phases.Options(out=made))
    for path in made.glob("phase_*.png"):
        shutil.copy(path, folder)


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


def make(script: Any, name: str, folder: Path) -> None:
    """One script's figure."""
    script.main(script.Options(out=folder / f"{name}.png"))


MAKERS = {"figure_6": figure_6, "phase_diagrams": phase_diagrams} | {
    name: partial(make, script, name) for name, script in SCRIPTS.items()
}


def main(options: Options) -> None:
    """Make each figure in turn."""
    unknown = set(options.only) - set(MAKERS)
    if unknown:
        raise ValueError(f"only = {', '.join(sorted(unknown))}: choose from {', '.join(MAKERS)}")
    folder = writable_folder(FIGURES if options.refresh else options.out)
    for name in options.only or MAKERS:
        began = time.perf_counter()
        MAKERS[name](folder)
        print(f"{name}: {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    sys.exit(run(main, Options))
