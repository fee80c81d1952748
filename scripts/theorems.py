"""The theorems of Section 4 as measurements: distance to the zero-loss set, tilt of the gradient, rank of ∇F."""

import itertools
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

from reduced.inputs.ranges import Count, Modulus
from reduced.studies.ladder import fitted_slope
from reduced.studies.theorems import constraints, near_the_set, rank

RIDGES = np.array([0.1, 0.03, 0.01, 0.003])
DISTANCES = np.logspace(-5, -2, 7)
WIDTHS = (4, 5, 6, 7, 8, 10, 12, 16)
ON_RANDOM_TARGETS = ("tanh", "gelu", "relu")


@dataclass(frozen=True)
class Options:
    """The theorems of Section 4 as measurements: distance to the zero-loss set, tilt of the gradient, rank of ∇F."""

    p: Modulus = 5
    """Modulus of the addition."""
    hidden: Count = 64
    """Hidden width."""
    seeds: Count = 10
    """Number of seeds."""
    activations: tuple[ActivationName, ...] = ("gelu", "relu")
    """Activations to compare."""
    out: OutPath = Path("figures/theorems.png")
    """Where to save the figure."""


def draw(options: Options) -> dict[str, Any]:
    """Draw the three panels.

    Returns by activation the slopes of distance and loss in λ, the last ratio, the tilt's slope, and the tilt over the
    smallest distance; by parameters beyond the constraints, how many of the seeds reach zero loss, and the range of
    their smallest singular values.
    """
    results = map_cases(
        partial(near_the_set, p=options.p, hidden=options.hidden, ridges=RIDGES, distances=DISTANCES),
        options.activations,
    )
    cases = list(itertools.product(ON_RANDOM_TARGETS, WIDTHS, range(options.seeds)))
    singular = np.reshape(map_cases(partial(rank, p=options.p), cases), (-1, len(WIDTHS), options.seeds))
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(15, 4.5), layout="constrained")
    table: dict[str, Any] = {}
    for activation, result in zip(options.activations, results, strict=True):
        distance = with_slope(left, RIDGES, result["distance"], activation)
        tilt = with_slope(middle, DISTANCES, result["tilt"], activation)
        constant = float(result["tilt"][0] / DISTANCES[0])
        loss = fitted_slope(RIDGES, result["loss"])
        table[activation] = distance, loss, float(result["ratio"][-1]), tilt, constant
    excess = 2 * options.p * np.array(WIDTHS) - constraints(options.p)
    for index, (activation, values) in enumerate(zip(ON_RANDOM_TARGETS, singular, strict=True)):
        positions = np.repeat(excess + 2 * (index - 1), options.seeds)
        right.plot(positions, values.ravel(), f"C{index}.", label=activation)
        reached = {count: row[np.isfinite(row)] for count, row in zip(excess.tolist(), values, strict=True)}
        table[f"reached, {activation}"] = {count: len(row) for count, row in reached.items()}
        table[f"smallest σ, {activation}"] = {
            count: (float(row.min()), float(row.max())) for count, row in reached.items() if len(row)
        }
    right.axvline(0, color="grey")
    left.set(xlabel="λ", ylabel="largest distance in training", title="training stays near the zero-loss set")
    middle.set(xlabel="distance", ylabel="‖P∇L‖ / ‖∇L‖", title="the gradient turns orthogonal to it")
    right.set(
        xlabel="parameters − constraints", ylabel="smallest σ of ∇F on the set", title="full rank on it"
    )
    for axis in (left, middle, right):
        axis.legend()
    save(figure, options.out)
    return table


main = reporting(draw)


if __name__ == "__main__":
    sys.exit(run_command(main, Options))
