"""Do equivariant networks attract? Dense networks that start beside one, or without symmetry, on the same classes."""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from _cli import run as run_command
from _plot import STYLE, save
from _pyplot import plt
from _ranges import ActivationName, OutPath
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from reduced.inputs.ranges import Count, Fraction, Modulus, Positive
from reduced.network.observables import first_crossing
from reduced.studies.attraction import beside_the_subspace, without_symmetry
from reduced.studies.classes import generalization

COLORS = ("tab:purple", "tab:blue", "tab:green", "tab:orange")


@dataclass(frozen=True)
class Options:
    """Follow dense networks from starts off the equivariant subspace, and compare what they start from and train on."""

    p: Modulus = 23
    """Modulus, odd."""
    share: Fraction = 0.7
    """Share of the classes that trains."""
    ratio: Positive = 4.0
    """Templates over training classes; the dense networks are as wide as their expansion."""
    offsets: tuple[Positive, ...] = (1e-6, 1e-4, 1e-2, 0.1)
    """Sizes of the displacement over the norm of the first layer."""
    activations: tuple[ActivationName, ...] = ("gelu", "relu")
    """Activations, one panel each."""
    seeds: Count = 5
    """Seeds of classes, templates and displacements."""
    slow_time: Positive = 4.0
    """Slow time."""
    out: OutPath = Path("figures/attraction.png")
    """Figure."""


def main(options: Options) -> None:
    """Run, draw, and print by how much the distance grows and when the networks generalize."""
    setting = options.p, options.share, options.ratio
    with plt.rc_context(STYLE), threadpool_limits(1):
        figure, axes = plt.subplots(
            2, len(options.activations), figsize=(6.5 * len(options.activations), 9), squeeze=False
        )
        for (above, below), activation in zip(axes.T, options.activations, strict=True):
            for offset, color in zip(
                tqdm(options.offsets, desc=activation, disable=None), COLORS, strict=False
            ):
                rows = [
                    beside_the_subspace(*setting, seed, offset, options.slow_time, activation)
                    for seed in range(options.seeds)
                ]
                tau, distances = rows[0]["t"], np.array([row["distance"] for row in rows])
                above.semilogy(tau, distances.T, color=color, lw=0.7, alpha=0.6)
                above.semilogy(
                    tau, np.exp(np.log(distances).mean(axis=0)), color=color, lw=2.5, label=f"{offset:g}"
                )
                grown = (
                    distances[:, [min(np.searchsorted(tau, 1 - 1e-9), len(tau) - 1), -1]] / distances[:, :1]
                )
                print(
                    f"{activation}, displaced by {offset:g}: distance grown by tau = 1 {np.round(grown[:, 0], 2)}, "
                    f"at {options.slow_time:g} {np.round(grown[:, 1], 1)}; 95 % at tau = {times(rows)}"
                )
            starts = {
                "equivariant, classes": [
                    {"t": one.tau, "test_accuracy": one.accuracy}
                    for seed in range(options.seeds)
                    for one in [generalization(*setting, seed, options.slow_time, activation=activation)]
                ],
            } | {
                f"no symmetry, {data}": [
                    without_symmetry(
                        *setting, seed, options.slow_time, activation, whole_classes=data == "classes"
                    )
                    for seed in range(options.seeds)
                ]
                for data in ("classes", "random pairs")
            }
            for (label, rows), color in zip(starts.items(), COLORS, strict=False):
                grid = np.arange(0, options.slow_time, 0.05)
                curves = np.array([np.interp(grid, row["t"], row["test_accuracy"]) for row in rows])
                below.plot(grid, curves.T, color=color, lw=0.7, alpha=0.5)
                below.plot(grid, curves.mean(axis=0), color=color, lw=2.5, label=label)
                print(f"{activation}, {label}: 95 % at tau = {times(rows)}")
            above.set(title=activation, ylabel=r"distance from the subspace over $\|W_1\|$")
            below.set(xlabel=r"slow time $\tau$", ylabel="test accuracy")
        above.legend(title="displacement", loc="lower right")
        figure.legend(*below.get_legend_handles_labels(), loc="outside lower center", ncols=3)
        save(figure, options.out, f"p = {options.p}, {options.share:g} of the classes, ridge 0, thin: seeds")


def times(rows: list[dict[str, np.ndarray]]) -> str:
    """When each reaches 95 % test accuracy."""
    reached = [first_crossing(row["t"], row["test_accuracy"], 0.95) for row in rows]
    return ", ".join(f"{time:.2f}".replace("nan", "never") for time in reached)


if __name__ == "__main__":
    sys.exit(run_command(main, Options))
