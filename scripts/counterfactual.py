"""Paths on the zero-loss set in other directions than norm descent: which generalize, and at which norm."""

import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from _cases import map_cases
from _cli import run as run_command
from _curves import crossings, reporting, save
from _pyplot import plt
from _ranges import OutPath

from reduced.inputs.ranges import Count, Modulus, Positive
from reduced.plots.style import MEANING, look
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


#: What is observed.
QUANTITIES = ("test", "norm", "rescaled_norm")


def draw(options: Options) -> dict[str, tuple[float, ...]]:
    """Follow every path for slow time ``slow_time``; retracted Euler steps of size ``step``.

    Returns for each path: seeds with 95 % test accuracy reached, their mean time, mean final accuracy and norms.
    """
    cases = [(seed, name) for name in PATHS for seed in range(options.seeds)]
    run = partial(follow, p=options.p, hidden=options.hidden, slow_time=options.slow_time, step=options.step)
    results = map_cases(run, cases)
    figure, (ends, against) = plt.subplots(
        1, 2, figsize=(14, 5.5), width_ratios=(1.2, 1), layout="constrained"
    )
    table = {}
    for index, name in enumerate(PATHS):
        runs = results[index * options.seeds : (index + 1) * options.seeds]
        reached = crossings(runs[0]["t"], [run["test"] for run in runs])
        last = {quantity: np.array([run[quantity][-1] for run in runs]) for quantity in QUANTITIES}
        table[name] = (*reached[:2], *(float(values.mean()) for values in last.values()))
        color = MEANING["zero-loss flow"] if index == 0 else "0.45"
        ends.barh(-index, last["test"].mean(), color=color, alpha=0.5)
        ends.plot(last["test"], np.full(options.seeds, -index), "o", color=color, ms=6)
        against.plot(last["rescaled_norm"].mean(), last["test"].mean(), "o", color=color, ms=9)
        against.annotate(
            f"{index + 1}",
            (last["rescaled_norm"].mean(), last["test"].mean()),
            xytext=(9 if index else -16, -4),
            textcoords="offset points",
            fontsize=12,
        )
    ends.set_yticks(-np.arange(len(PATHS)), [f"{name}  {i + 1}" for i, name in enumerate(PATHS)])
    ends.axvline(1 / options.p, **look("chance"))
    ends.annotate("chance", (1 / options.p, 0.6), color="0.45", fontsize=11)
    ends.set(xlabel=f"test accuracy at τ = {options.slow_time:g} (dots: seeds)", xlim=(0, 1.02))
    ends.set_title("some other directions within zero loss generalize too")
    against.set(
        xlabel="norm up to rescaling, √(2 Σ ‖w1_j‖‖w2_j‖)", ylabel="mean test accuracy", ylim=(0, 1.05)
    )
    against.set_xscale("log")
    against.set_title("here only small norms generalize, not all")
    save(figure, options.out)
    return table


main = reporting(draw)


if __name__ == "__main__":
    sys.exit(run_command(main, Options))
