"""When the first-layer flow, the zero-loss flow and real training generalize from the same starts."""

import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from _cases import map_cases
from _cli import run as run_command
from _curves import crossings, reporting, save, thin_and_mean
from _pyplot import plt
from _ranges import OutPath

from reduced.inputs.ranges import Count, Modulus, Positive
from reduced.plots.style import chance_line, look
from reduced.studies.generalization import accuracy_curves

NAMES = ("first-layer flow", "zero-loss flow", "training, both layers")


@dataclass(frozen=True)
class Options:
    """When the first-layer flow, the zero-loss flow and real training generalize from the same starts."""

    p: Modulus = 13
    """Modulus of the addition."""
    hidden: Count = 128
    """Hidden width."""
    slow_time: Positive = 6.0
    """Slow time at which to stop."""
    seeds: Count = 10
    """Number of seeds."""
    out: OutPath = Path("figures/generalization_times.png")
    """Where to save the figure."""


def draw(options: Options) -> dict[str, tuple[int, float, float]]:
    """Draw test accuracy over slow time; returns seeds that reached 95 %, mean and spread of their times."""
    results = np.array(
        map_cases(
            partial(accuracy_curves, p=options.p, hidden=options.hidden, slow_time=options.slow_time),
            range(options.seeds),
        )
    )
    times = np.linspace(0, options.slow_time, results.shape[2])
    figure, axis = plt.subplots(figsize=(8, 5), layout="constrained")
    table = {}
    for index, name in enumerate(NAMES):
        thin_and_mean(axis, times, results[:, index], name, **look(name.partition(",")[0]))
        table[name] = crossings(times, results[:, index])
    axis.set(
        xlabel="slow time τ",
        ylabel="test accuracy",
        title="training generalizes when the zero-loss flow does, the first-layer flow much earlier\n"
        f"(p = {options.p}, {options.hidden} hidden units, {options.seeds} starts)",
    )
    chance_line(axis, 1 / options.p)
    axis.legend(loc="lower right", bbox_to_anchor=(1, 0.1))
    save(figure, options.out)
    return table


main = reporting(draw)


if __name__ == "__main__":
    sys.exit(run_command(main, Options))
