"""When the first-layer flow, the zero-loss flow and real training generalize from the same starts."""

import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from _cases import map_cases
from _cli import run as run_command
from _curves import crossings, reporting, save, thin_and_mean

from reduced.studies.generalization import accuracy_curves

NAMES = ("first-layer flow", "zero-loss flow", "training, both layers")


@dataclass(frozen=True)
class Options:
    """When the first-layer flow, the zero-loss flow and real training generalize from the same starts."""

    p: int = 13
    """Modulus of the addition."""
    d_h: int = 128
    """Hidden width."""
    end: float = 6.0
    """Slow time at which to stop."""
    seeds: int = 10
    """Number of seeds."""
    output: Path = Path("figures/generalization_times.png")
    """Where to save the figure."""


def draw(options: Options) -> dict[str, tuple[int, float, float]]:
    """Draw test accuracy over slow time; returns seeds that reached 95 %, mean and spread of their times."""
    results = np.array(
        map_cases(
            partial(accuracy_curves, p=options.p, d_h=options.d_h, end=options.end), range(options.seeds)
        )
    )
    times = np.linspace(0, options.end, results.shape[2])
    figure, axis = plt.subplots(figsize=(8, 5), layout="constrained")
    table = {}
    for index, name in enumerate(NAMES):
        thin_and_mean(axis, times, results[:, index], name, f"C{index}")
        table[name] = crossings(times, results[:, index])
    axis.set(
        xlabel="slow time τ",
        ylabel="test accuracy",
        title=f"p = {options.p}, {options.d_h} hidden units, {options.seeds} starts on the zero-loss set",
    )
    axis.legend()
    save(figure, options.output)
    return table


main = reporting(draw)


if __name__ == "__main__":
    sys.exit(run_command(main, Options))
