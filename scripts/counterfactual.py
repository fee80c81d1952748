"""Paths on the zero-loss set in other directions than norm descent: which generalize, and at which norm."""

import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from _cases import map_cases
from _cli import run as run_command
from _curves import crossings, reporting, save, thin_and_mean
from _ranges import OutPath

from reduced.inputs.ranges import Count, Modulus, Positive
from reduced.studies.counterfactual import PATHS, follow


@dataclass(frozen=True)
class Options:
    """Paths on the zero-loss set in other directions than norm descent: which generalize, and at which norm."""

    p: Modulus = 11
    """Modulus of the addition."""
    hidden: Count = 128
    """Hidden width."""
    slow_time: Positive = 5.0
    """Slow time at which to stop."""
    step: Positive = 0.05
    """Euler's step in slow time."""
    seeds: Count = 5
    """Number of seeds."""
    out: OutPath = Path("figures/counterfactual.png")
    """Where to save the figure."""


#: Panels: what is observed, its axis, its scale.
PANELS = {
    "test": ("test accuracy", "linear", "at the speed of steepest norm descent"),
    "norm": ("‖θ‖", "log", "all paths stay on the zero-loss set"),
    "rescaled_norm": ("√(2 Σ ‖w1_j‖‖w2_j‖)", "log", "the norm up to rescaling"),
}


def draw(options: Options) -> dict[str, tuple[float, ...]]:
    """Follow every path for slow time ``slow_time``; retracted Euler steps of size ``step``.

    Returns for each path: seeds with 95 % test accuracy reached, their mean time, mean final accuracy and norms.
    """
    cases = [(seed, name) for name in PATHS for seed in range(options.seeds)]
    run = partial(follow, p=options.p, hidden=options.hidden, slow_time=options.slow_time, step=options.step)
    results = map_cases(run, cases)
    figure, axes = plt.subplots(1, 3, figsize=(18, 5), layout="constrained")
    table = {}
    for index, name in enumerate(PATHS):
        runs = results[index * options.seeds : (index + 1) * options.seeds]
        for axis, quantity in zip(axes, PANELS, strict=True):
            thin_and_mean(axis, runs[0]["t"], [run[quantity] for run in runs], name, f"C{index}")
        reached = crossings(runs[0]["t"], [run["test"] for run in runs])
        last = (float(np.mean([run[quantity][-1] for run in runs])) for quantity in PANELS)
        table[name] = (*reached[:2], *last)
    for axis, (label, scale, title) in zip(axes, PANELS.values(), strict=True):
        axis.set(xlabel="slow time τ", ylabel=label, yscale=scale, title=title)
    axes[1].legend(fontsize="small")
    save(figure, options.out)
    return table


main = reporting(draw)


if __name__ == "__main__":
    sys.exit(run_command(main, Options))
