"""From training to the reduced flows: the error against λ and against the lag of the layers."""

import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from _cases import map_cases
from _cli import run as run_command
from _curves import reporting, save, with_slope

from reduced.studies.ladder import rungs

RIDGES, LAGS = np.array([0.1, 0.03, 0.01, 0.003]), np.array([0.01, 0.003, 0.001])
#: The scales that the steps on kinked activations resolve; training at a λ > 0 is compared at these lags too.
COARSE_RIDGES, COARSE_LAGS = RIDGES[:3], np.array([0.3, 0.1, 0.03])
TRAINED_RIDGE = 0.01


def scales(activation: str) -> tuple[str, np.ndarray, np.ndarray]:
    """λ and ε at which an activation is measured."""
    return (activation, COARSE_RIDGES, COARSE_LAGS) if activation == "relu" else (activation, RIDGES, LAGS)


@dataclass(frozen=True)
class Options:
    """From training to the reduced flows: the error against λ and against the lag of the layers."""

    p: int = 5
    """Modulus of the addition."""
    d_h: int = 64
    """Hidden width."""
    end: float = 1.0
    """Slow time at which to stop."""
    activations: tuple[str, ...] = ("gelu", "quadratic", "relu")
    """Activations to compare."""
    output: Path = Path("figures/ladder.png")
    """Where to save the figure."""


def draw(options: Options) -> dict[str, tuple[Any, ...]]:
    """Measure both errors up to slow time ``end``.

    Returns by activation: the fitted slopes in λ and in ε, the error at ε = 1, those at the other ε, and those drawn as
    crosses.
    """
    run = partial(
        rungs, crossed=COARSE_LAGS, ridge=TRAINED_RIDGE, p=options.p, d_h=options.d_h, end=options.end
    )
    results = map_cases(run, list(map(scales, options.activations)))
    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 5), layout="constrained")
    table = {}
    for index, (activation, result) in enumerate(zip(options.activations, results, strict=True)):
        color = f"C{index}"
        slopes = (
            with_slope(axis, *result[quantity], activation, color=color)
            for axis, quantity in ((left, "ridges"), (right, "lags"))
        )
        right.axhline(result["gap"], color=color, linestyle=":")
        right.loglog(*result["crosses"], "x--", color=color)
        table[activation] = (*slopes, float(result["gap"]), result["lags"][1], result["crosses"][1])
    left.set(xlabel="λ", ylabel="sup ‖θ_λ(τ) − θ(τ)‖, τ ≤ 1", title="training against the zero-loss flow")
    right.set(
        xlabel="ε, learning rate of W1 over that of W2",
        ylabel="sup ‖W1(τ) − W1*(τ)‖, τ ≤ 1",
        title=f"zero-loss flow against the first-layer flow (dotted: ε = 1;\n"
        f"crosses: training at λ = {TRAINED_RIDGE}; on ReLU, Euclidean retraction)",
    )
    for axis in (left, right):
        axis.legend()
    save(figure, options.output)
    return table


main = reporting(draw)


if __name__ == "__main__":
    sys.exit(run_command(main, Options))
