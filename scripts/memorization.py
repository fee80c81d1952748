"""Why the zero-loss set is reached: time to memorization and the loss that stays, against λ."""

import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from _cases import map_cases
from _cli import run as run_command
from _curves import reporting, save
from _pyplot import plt
from _ranges import OutPath

from reduced.inputs.ranges import Count, Modulus
from reduced.plots.style import CYCLE, look
from reduced.studies.ladder import fitted_slope
from reduced.studies.memorization import memorize
from reduced.tasks.modular import modular_addition
from reduced.training.gradient_descent import ridge_of

DECAYS = np.logspace(-5, -1.5, 15)


@dataclass(frozen=True)
class Options:
    """Why the zero-loss set is reached: time to memorization and the loss that stays, against λ."""

    p: Modulus = 11
    """Modulus of the addition."""
    hidden: Count = 128
    """Hidden width."""
    steps: Count = 10_000
    """Steps of gradient descent."""
    seeds: Count = 3
    """Number of seeds."""
    out: OutPath = Path("figures/memorization.png")
    """Where to save the figure."""


def draw(options: Options) -> dict[str, Any]:
    """Train at 15 weight decays and draw the three.

    Returns the slope of the loss left in λ over the five smallest, the smallest λ that never memorizes, and by λ the
    steps of each seed and their mean loss left over ‖Y‖².
    """
    cases = [(seed, decay) for seed in range(options.seeds) for decay in DECAYS]
    results = np.array(
        map_cases(partial(memorize, p=options.p, hidden=options.hidden, steps=options.steps), cases)
    )
    memorized, left, final = np.moveaxis(results.reshape(options.seeds, len(DECAYS), 3), 2, 0)
    ridges = ridge_of(DECAYS, modular_addition(options.p, 0.9, 0)[0].Y)
    labels = [f"seed {seed}" for seed in range(options.seeds)]
    figure, axes = plt.subplots(1, 3, figsize=(14, 4.5), layout="constrained")
    panels = (
        ("steps to full training accuracy", memorized),
        ("loss left, ‖F − Y‖² / ‖Y‖²", left),
        ("training accuracy at the end", final),
    )
    for axis, (label, values) in zip(axes, panels, strict=True):
        for one, label_of, color in zip(values, labels, CYCLE, strict=False):
            axis.plot(ridges, one, "o-", markersize=4, color=color, label=label_of)
        axis.set(xlabel="λ", xscale="log", ylabel=label)
    axes[0].set_yscale("log")
    axes[1].set_yscale("log")
    slope = fitted_slope(ridges[:5], left[:, :5].mean(axis=0))
    axes[1].plot(ridges[:9], left[:, 0].mean() * (ridges[:9] / ridges[0]) ** 2, "k:", label="λ²")
    titles = "reached soon for every small λ", "what is left falls as λ²", "and never for large λ"
    for axis, title in zip(axes, titles, strict=True):
        axis.set_title(title)
    axes[2].axhline(1 / options.p, **look("chance"))
    axes[2].annotate("chance", (ridges[0], 1 / options.p), va="bottom", color="0.45")
    axes[1].legend(loc="lower right")
    save(figure, options.out)
    never = np.isnan(memorized).all(axis=0)
    columns = zip(ridges, memorized.T, left.mean(axis=0), strict=True)
    return {
        "loss slope": slope,
        "smallest λ that never memorizes": float(ridges[never].min(initial=np.inf)),
        **{f"λ = {ridge:.3g}": (steps.tolist(), float(loss)) for ridge, steps, loss in columns},
    }


main = reporting(draw)


if __name__ == "__main__":
    sys.exit(run_command(main, Options))
