"""Grokking under cross-entropy: beside the squared loss, against λ, towards margins, and against training."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from _cli import run as run_command
from _curves import crossings, reporting, save, thin_and_mean, with_slope
from _pyplot import plt
from _ranges import OutPath
from tqdm import tqdm

from reduced.inputs.ranges import Count, Fraction, Modulus, Positive
from reduced.integration.atomic import replacing
from reduced.network.losses import LOSSES
from reduced.runs.experiment import Experiment, run
from reduced.runs.experiment import draw as draw_data
from reduced.runs.formats import configuration
from reduced.runs.results import writable_folder
from reduced.studies.convex_losses import fast_readout_errors, vanishing_ridge
from reduced.studies.hard_margin import hard_margin

OBSERVED = ("t", "train_accuracy", "test_accuracy", "squared_norm_W1", "squared_norm_W2")
BESIDE = {"squared": "tab:gray", "cross_entropy": "tab:blue"}
RIDGES = (1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6)
VANISHING = tuple(10.0**-k for k in range(1, 8))
RATIOS = (1.0, 0.3, 0.1, 0.03, 0.01, 3e-3, 1e-3)


@dataclass(frozen=True)
class Options:
    """Draw four panels on cross-entropy; same start and data beside the squared loss."""

    p: Modulus = 23
    """Modulus of the addition."""
    hidden: Count = 256
    """Hidden width."""
    train_fraction: Fraction = 0.8
    """Share of the pairs that trains."""
    ridge: Positive = 1e-3
    """Weight decay lambda of the first panel."""
    slow_time: Positive = 4.0
    """Length of the runs in slow time."""
    seeds: Count = 3
    """Number of seeds."""
    level: Fraction = 0.9
    """Test accuracy that counts as generalized in the second panel."""
    small: Modulus = 5
    """Modulus of the network that is trained in the last panel."""
    json: OutPath = Path("runs/cross_entropy.json")
    """Where the runs are kept; those that are there are not run again."""
    out: OutPath = Path("figures/cross_entropy.png")
    """Where to save the figure."""


def draw(options: Options) -> dict[str, Any]:
    """Run, draw, and return what the panels show in numbers."""
    cases = [
        _experiment(options, loss=loss, ridge=ridge, seed=seed)
        for loss, ridge in [("squared", options.ridge), *(("cross_entropy", ridge) for ridge in RIDGES)]
        for seed in range(options.seeds)
    ]
    found = _found(options, cases)
    figure, axes = plt.subplots(2, 2, figsize=(11, 8), layout="constrained")
    numbers = {
        **_beside(axes[0, 0], options, found),
        **_against_ridge(axes[0, 1], options, found),
        **_margins(axes[1, 0], options),
        **_training(axes[1, 1], options),
    }
    for axis in axes.flat:
        axis.legend(fontsize="small", frameon=False)
        axis.spines[["top", "right"]].set_visible(False)
    save(figure, options.out)
    return numbers


def _found(options: Options, cases: Sequence[Experiment]) -> dict[Experiment, dict[str, Any]]:
    """What the runs observed, from the file where they are kept, or run now."""
    writable_folder(options.json.parent)
    kept = json.loads(options.json.read_text()) if options.json.exists() else {}
    for case in tqdm(cases, desc="runs", disable=None):
        if configuration(case) not in kept:
            observed = run(case).observed
            kept[configuration(case)] = {name: np.asarray(observed[name]).tolist() for name in OBSERVED}
            with replacing(options.json) as temporary:
                temporary.write_text(json.dumps(kept) + "\n")
    return {case: {name: np.array(kept[configuration(case)][name]) for name in OBSERVED} for case in cases}


def _experiment(options: Options, **differing: Any) -> Experiment:
    shared = {name: getattr(options, name) for name in ("p", "hidden", "train_fraction", "slow_time")}
    return Experiment(**shared, **differing)


def _beside(axis: Any, options: Options, found: dict[Experiment, Any]) -> dict[str, Any]:
    """Test accuracy of both losses against slow time."""
    numbers: dict[str, Any] = {}
    for loss, color in BESIDE.items():
        rows = [
            found[_experiment(options, loss=loss, ridge=options.ridge, seed=s)] for s in range(options.seeds)
        ]
        curves = np.array([row["test_accuracy"] for row in rows])
        thin_and_mean(axis, rows[0]["t"], curves, f"test, {loss}", color)
        least = min(float(row["train_accuracy"].min()) for row in rows)
        axis.plot(rows[0]["t"], rows[0]["train_accuracy"], color=color, ls=":", label=f"training, {loss}")
        reached, mean, spread = crossings(rows[0]["t"], curves, options.level)
        numbers |= {
            f"{loss}: least training accuracy": least,
            f"{loss}: test accuracy at the start and the end, by seed": [
                (round(float(c[0]), 3), round(float(c[-1]), 3)) for c in curves
            ],
            f"{loss}: slow time to {options.level:g}": f"{mean:.2f} ± {spread:.2f} in {reached} seeds",
            f"{loss}: squared norms in the end, seed 0": [
                round(float(rows[0][f"squared_norm_W{i}"][-1]), 1) for i in (1, 2)
            ],
        }
    axis.axhline(1 / options.p, color="0.7", lw=1)
    axis.set(
        xlabel=r"slow time $\tau$", ylabel="accuracy", title=f"same start and data, λ = {options.ridge:g}"
    )
    return numbers


def _against_ridge(axis: Any, options: Options, found: dict[Experiment, Any]) -> dict[str, Any]:
    """When and whether cross-entropy generalizes, against λ."""
    times, ends, numbers = [], [], {}
    for ridge in RIDGES:
        rows = [
            found[_experiment(options, loss="cross_entropy", ridge=ridge, seed=s)]
            for s in range(options.seeds)
        ]
        curves = np.array([row["test_accuracy"] for row in rows])
        reached, mean, spread = crossings(rows[0]["t"], curves, options.level)
        times.append(mean)
        ends.append(curves[:, -1].mean())
        numbers[f"λ = {ridge:g}"] = (
            f"{reached} of {options.seeds} reach {options.level:g}, at {mean:.2f} ± {spread:.2f}; "
            f"in the end {ends[-1]:.3f}"
        )
    axis.semilogx(
        RIDGES, times, "o-", label=f"slow time to test accuracy {options.level:g}, seeds that reach it"
    )
    axis.semilogx(RIDGES, ends, "s--", color="tab:orange", label="test accuracy in the end, mean")
    axis.set(xlabel="λ", title="cross-entropy generalizes earlier for smaller λ", ylim=(0, None))
    return numbers


def _margins(axis: Any, options: Options) -> dict[str, Any]:
    """Margin of the readout at the start, and the size of the multiplier, as λ vanishes."""
    train, _, W1 = draw_data(_experiment(options, ridge=options.ridge))
    lower, upper = hard_margin(train.X, train.Y, W1)
    axis.axhline(upper, color="0.7", lw=1, label="hard margin")
    numbers: dict[str, Any] = {"largest margin of any readout, between": (lower, upper)}
    for loss in ("cross_entropy", "logistic", "pseudo_huber"):
        Y = LOSSES[loss].from_one_hot(train.Y)
        row = vanishing_ridge(train.X, Y, W1, VANISHING, loss)
        axis.semilogx(VANISHING, row["margin"], "o-", label=loss)
        numbers[f"{loss}: margin for λ = 1e-1 … 1e-7"] = row["margin"].round(4).tolist()
        numbers[f"{loss}: ‖M‖/ln(1/λ)"] = (row["norm_M"] / np.log(1 / np.array(VANISHING))).round(2).tolist()
    axis.set(xlabel="λ", ylabel=r"margin / $\|W_2\|$", title="readout at the start")
    return numbers


def _training(axis: Any, options: Options) -> dict[str, Any]:
    """Distance of training with a fast readout from the reduced flow."""
    train, _, W1 = draw_data(Experiment(p=options.small, hidden=20, train_fraction=0.8, ridge=0.3))
    numbers = {}
    for loss in ("squared", "cross_entropy"):
        errors = fast_readout_errors(
            train.X, LOSSES[loss].from_one_hot(train.Y), W1, RATIOS, ridge=0.3, loss=loss, end=0.5
        )
        axis.loglog(RATIOS[:-3], errors[:-3], "o-", color=BESIDE[loss])
        slope = with_slope(axis, RATIOS[-4:], errors[-4:], loss, color=BESIDE[loss])
        numbers[f"{loss}: distance for ε = {RATIOS}"] = [float(f"{error:.3g}") for error in errors]
        numbers[f"{loss}: slope over the last four"] = round(slope, 3)
    axis.set(
        xlabel="ε, readout 1/ε times faster",
        ylabel="relative distance of W1",
        title="training of both layers",
    )
    return numbers


main = reporting(draw)

if __name__ == "__main__":
    sys.exit(run_command(main, Options))
