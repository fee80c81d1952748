"""The theorems of Section 4 as measurements: distance to the zero-loss set, tilt of the gradient, rank of ∇F."""

import itertools
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from _cases import map_cases
from _cli import run as run_command
from _curves import save, with_slope

from reduced.data import modular_addition
from reduced.kernels import SingularGramError
from reduced.ladder import fitted_slope, start_on_set
from reduced.problem import bind
from reduced.theorems import distances_after_training, gradient_tilt, smallest_singular_value
from reduced.zero_loss_set import RetractionError

RIDGES = np.array([0.1, 0.03, 0.01, 0.003])
DISTANCES = np.logspace(-5, -2, 7)
WIDTHS = (4, 5, 6, 7, 8, 10, 12, 16)
ON_RANDOM_TARGETS = ("tanh", "gelu", "relu")


def near_the_set(activation: str, p: int, d_h: int) -> dict[str, np.ndarray]:
    """Distances in training, and tilts averaged over three normals."""
    problem = bind(*_data(p), activation)
    start = start_on_set(problem, d_h, 0)
    tilts = np.mean([gradient_tilt(problem, start, DISTANCES, seed) for seed in range(3)], axis=0)
    trained = distances_after_training(problem, start, RIDGES, learning_rate=2e-3, end=0.5)
    return {"tilt": tilts, **trained}


def rank(case: tuple[str, int, int], p: int) -> float:
    """Smallest singular value of a network on random targets; NaN where no zero-loss state is reached."""
    activation, d_h, seed = case
    X, Y = _data(p)
    problem = bind(X, np.random.default_rng(seed).standard_normal(Y.shape), activation)
    try:
        return smallest_singular_value(problem, d_h, seed)
    except (RetractionError, SingularGramError):
        return float("nan")


def _data(p: int) -> tuple[np.ndarray, np.ndarray]:
    train, _ = modular_addition(p, 0.6, 0)
    return train.X, train.Y


@dataclass(frozen=True)
class Options:
    """The theorems of Section 4 as measurements: distance to the zero-loss set, tilt of the gradient, rank of ∇F."""

    p: int = 5
    """Modulus of the addition."""
    d_h: int = 64
    """Hidden width."""
    seeds: int = 10
    """Number of seeds."""
    activations: tuple[str, ...] = ("gelu", "relu")
    """Activations to compare."""
    output: Path = Path("figures/theorems.png")
    """Where to save the figure."""


def draw(options: Options) -> dict[str, Any]:
    """Draw the three panels.

    Returns by activation the slopes of distance and loss in λ, the last ratio, and the tilt's slope; and how many of
    the seeds reach zero loss, by parameters beyond the constraints.
    """
    results = map_cases(partial(near_the_set, p=options.p, d_h=options.d_h), options.activations)
    cases = list(itertools.product(ON_RANDOM_TARGETS, WIDTHS, range(options.seeds)))
    singular = np.reshape(map_cases(partial(rank, p=options.p), cases), (-1, len(WIDTHS), options.seeds))
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(15, 4.5), layout="constrained")
    table: dict[str, Any] = {}
    for activation, result in zip(options.activations, results, strict=True):
        distance = with_slope(left, RIDGES, result["distance"], activation)
        tilt = with_slope(middle, DISTANCES, result["tilt"], activation)
        table[activation] = distance, fitted_slope(RIDGES, result["loss"]), float(result["ratio"][-1]), tilt
    n, d_out = _data(options.p)[1].shape
    excess = np.array(WIDTHS) * (options.p + d_out) - n * d_out
    for index, (activation, values) in enumerate(zip(ON_RANDOM_TARGETS, singular, strict=True)):
        positions = np.repeat(excess + 2 * (index - 1), options.seeds)
        right.plot(positions, values.ravel(), f"C{index}.", label=activation)
        counts = np.isfinite(values).sum(axis=1)
        table[f"reached, {activation}"] = dict(zip(excess.tolist(), counts.tolist(), strict=True))
    right.axvline(0, color="grey")
    left.set(xlabel="λ", ylabel="largest distance in training", title="training stays near the zero-loss set")
    middle.set(xlabel="distance", ylabel="‖P∇L‖ / ‖∇L‖", title="the gradient turns orthogonal to it")
    right.set(
        xlabel="parameters − constraints", ylabel="smallest σ of ∇F on the set", title="full rank on it"
    )
    for axis in (left, middle, right):
        axis.legend()
    save(figure, options.output)
    return table


def main(options: Options) -> None:
    """Draw the figure and print its numbers."""
    for name, numbers in draw(options).items():
        print(f"{name}: {numbers}")


if __name__ == "__main__":
    sys.exit(run_command(main, Options))
