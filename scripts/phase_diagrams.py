"""Two phase diagrams of grokking, swept on this machine: train fraction by width, and by initial scale."""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr
from _cli import run as run_command
from _curves import report
from _pyplot import plt

from reduced.commands.sweep import sweep
from reduced.flows.scaling import rescaled_time
from reduced.runs.experiment import Experiment, sizes
from reduced.runs.results import writable_folder
from reduced.runs.sweep import grid

FRACTIONS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
WIDTHS = (128, 192, 256, 384, 512)
SCALE_FRACTIONS = (0.6, 0.7, 0.8)
SCALES = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
COLORS = ("tab:orange", "tab:green", "tab:blue")
DEGREE = 1  # of ReLU
TIME = r"slow time $\tau$ of test accuracy 0.95"


@dataclass(frozen=True)
class Options:
    """Sweep addition modulo 23 by the resolved flow and draw the two phase diagrams."""

    out: Path = Path("runs/phase_diagrams")
    """Folder of the two sweeps and their figures; what is stored there is not run again."""


def main(options: Options) -> int:
    """Run both sweeps, draw them and print their numbers; the exit status is 1 if a run failed."""
    failed = 0
    for name, experiments, draw, numbers in (
        ("fraction_width", widths(), draw_widths, accuracies),
        ("fraction_scale", scales(), draw_scales, predictions),
    ):
        folder = writable_folder(options.out / name)
        failed |= sweep(folder, experiments)
        with xr.open_dataset(folder / "sweep.nc", engine="h5netcdf") as result:
            draw(result, options.out / f"phase_{name}.png")
            report(numbers(result))
    return failed


def widths() -> list[Experiment]:
    """Five seeds of each pair where a zero-loss readout exists, d_h >= n."""
    options = {
        "train_fraction": FRACTIONS,
        "hidden": WIDTHS,
        "seed": range(5),
        "p": [23],
        "integrator": ["resolved"],
    }
    return [one for one in grid(options) if sizes(one).train <= one.hidden]


def scales() -> list[Experiment]:
    """One seed of each fraction and initial scale."""
    shared = {"p": [23], "hidden": [256], "integrator": ["resolved"]}
    return grid({"train_fraction": SCALE_FRACTIONS, "init_factor": SCALES, **shared})


def accuracies(result: xr.Dataset) -> dict[str, tuple[float, ...]]:
    """By train fraction and width: the mean over seeds of the last test accuracy, and the least."""
    last = (
        result.test_accuracy.isel(tau=-1).stack(case=("train_fraction", "hidden")).dropna("case", how="all")
    )
    return {
        f"train fraction {fraction:g}, width {hidden}, mean and least accuracy": (
            float(one.mean()),
            float(one.min()),
        )
        for (fraction, hidden), one in last.groupby("case")
    }


def predictions(result: xr.Dataset) -> dict[str, tuple[float, ...]]:
    """Grokking times by train fraction and scale, what the run at scale 1 predicts, and how far these are apart."""
    times = result.grokking_time.squeeze("seed")
    table = {
        f"train fraction {fraction:g}, scale {alpha:g}, measured and predicted": (
            float(times.sel(train_fraction=fraction, init_factor=alpha)),
            float(rescaled_time(origin, alpha, DEGREE)),
        )
        for fraction, origin in zip(
            times.train_fraction.values, times.sel(init_factor=1.0).values, strict=True
        )
        for alpha in times.init_factor.values
        if alpha != 1 and np.isfinite(origin)
    }
    apart = np.abs([measured - predicted for measured, predicted in table.values()])
    both = apart[np.isfinite(apart)] if np.isfinite(apart).any() else np.array([np.nan])
    return table | {"mean and largest difference": (float(both.mean()), float(both.max()))}


def draw_widths(result: xr.Dataset, path: Path) -> None:
    """Mean over seeds of the last test accuracy; grey where there is no zero-loss set."""
    last = result.test_accuracy.isel(tau=-1).mean("seed").transpose("hidden", "train_fraction")
    figure, axis = plt.subplots(figsize=(6.5, 4.2), layout="constrained")
    axis.set_facecolor("0.85")
    image = axis.pcolormesh(last.values, vmin=0, vmax=1, cmap="viridis", edgecolors="white")
    for (row, column), value in np.ndenumerate(last.values):
        text = "$d_h < n$" if np.isnan(value) else f"{value:.2f}"
        color = "0.4" if np.isnan(value) else "black" if value > 0.6 else "white"
        axis.text(column + 0.5, row + 0.5, text, ha="center", va="center", color=color)
    axis.set_xticks(np.arange(len(last.train_fraction)) + 0.5, [f"{f:g}" for f in last.train_fraction.values])
    axis.set_yticks(np.arange(len(last.hidden)) + 0.5, last.hidden.values)
    axis.set(xlabel="train fraction", ylabel=r"hidden width $d_h$")
    axis.set_title(r"addition mod 23: test accuracy at $\tau = 5$, mean of 5 seeds", fontsize=11)
    figure.colorbar(image, label="test accuracy")
    figure.savefig(path, dpi=160)
    plt.close(figure)


def draw_scales(result: xr.Dataset, path: Path) -> None:
    """Measured grokking times over what the run at scale 1 predicts for every other."""
    figure, axis = plt.subplots(figsize=(6.5, 4.2), layout="constrained")
    fine = np.geomspace(min(SCALES), max(SCALES), 200)
    for fraction, color in zip(result.train_fraction.values, COLORS, strict=True):
        times = result.grokking_time.sel(train_fraction=fraction).squeeze("seed")
        origin = float(times.sel(init_factor=1.0))
        if np.isfinite(origin):
            axis.plot(fine, [rescaled_time(origin, alpha, DEGREE) for alpha in fine], color=color, lw=1.5)
        axis.plot(times.init_factor, times, "o", color=color, label=f"train fraction {fraction:g}")
    axis.set(xscale="log", xlabel=r"factor $\alpha$ on the initial weights", ylabel=TIME)
    axis.set_xticks(SCALES, [f"{alpha:g}" for alpha in SCALES])
    axis.minorticks_off()
    axis.set_title(r"dots: measured; lines: predicted from the run at $\alpha = 1$", fontsize=11)
    axis.legend(frameon=False)
    axis.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=160)
    plt.close(figure)


if __name__ == "__main__":
    sys.exit(run_command(main, Options))
