"""From training to the reduced flows: the error against λ and against the ratio of the learning rates."""

import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from _cases import map_cases
from _cli import run as run_command
from _curves import reporting, save, with_slope
from _pyplot import plt
from _ranges import ActivationName, OutPath

from reduced.inputs.ranges import Count, Modulus, Positive
from reduced.plots.style import CYCLE
from reduced.studies.ladder import rungs

RIDGES, RATE_RATIOS = np.array([0.1, 0.03, 0.01, 0.003]), np.array([0.01, 0.003, 0.001])
#: The scales that the steps on kinked activations resolve; training at a λ > 0 is compared at these ratios too.
COARSE_RIDGES, COARSE_RATE_RATIOS = RIDGES[:3], np.array([0.3, 0.1, 0.03])
TRAINED_RIDGE = 0.01


def scales(activation: str) -> tuple[str, np.ndarray, np.ndarray]:
    """λ and ε at which an activation is measured."""
    return (
        (activation, COARSE_RIDGES, COARSE_RATE_RATIOS)
        if activation == "relu"
        else (activation, RIDGES, RATE_RATIOS)
    )


@dataclass(frozen=True)
class Options:
    """From training to the reduced flows: the error against λ and against the ratio of the learning rates."""

    p: Modulus = 5
    """Modulus of the addition."""
    hidden: Count = 64
    """Hidden width."""
    slow_time: Positive = 1.0
    """Slow time at which to stop."""
    activations: tuple[ActivationName, ...] = ("gelu", "quadratic", "relu")
    """Activations to compare."""
    out: OutPath = Path("figures/ladder.png")
    """Where to save the figure."""


def draw(options: Options) -> dict[str, tuple[Any, ...]]:
    """Measure both errors up to slow time ``slow_time``.

    Returns by activation: the fitted slopes in λ and in ε, the error at ε = 1, those at the other ε, and those drawn as
    crosses.
    """
    run = partial(
        rungs,
        crossed=COARSE_RATE_RATIOS,
        ridge=TRAINED_RIDGE,
        p=options.p,
        hidden=options.hidden,
        slow_time=options.slow_time,
    )
    results = map_cases(run, list(map(scales, options.activations)))
    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 5), layout="constrained")
    table = {}
    for index, (activation, result) in enumerate(zip(options.activations, results, strict=True)):
        color = CYCLE[index % len(CYCLE)]
        slopes = (
            with_slope(axis, *result[quantity], activation, color=color)
            for axis, quantity in ((left, "ridges"), (right, "rate_ratios"))
        )
        right.axhline(result["gap"], color=color, linestyle=":")
        right.loglog(*result["crosses"], "x--", color=color)
        table[activation] = (*slopes, float(result["gap"]), result["rate_ratios"][1], result["crosses"][1])
    left.set(xlabel="λ", ylabel="sup ‖θ_λ(τ) − θ(τ)‖, τ ≤ 1")
    left.set_title("training follows the zero-loss flow as λ → 0")
    right.set(
        xlabel="ε, learning rate of W1 over that of W2",
        ylabel="sup ‖W1(τ) − W1*(τ)‖, τ ≤ 1",
        title="which follows the first-layer flow as ε → 0",
    )
    right.plot([], [], ":", color="0.4", label="ε = 1")
    right.plot([], [], "x--", color="0.4", label=f"training, λ = {TRAINED_RIDGE}; ReLU: Euclidean retraction")
    for axis in (left, right):
        axis.legend(loc="upper left" if axis is left else "lower right")
    save(figure, options.out)
    return table


main = reporting(draw)


if __name__ == "__main__":
    sys.exit(run_command(main, Options))
