"""One run: delayed generalization, and how the embedding turns into circles."""

import json
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import xarray as xr

from reduced.integration.integrators import INTEGRATORS
from reduced.plots.style import MEANING, STYLE


def draw(result: xr.Dataset, path: Path) -> None:
    """Draw the four panels of one result file: seeds as thin lines, their mean as a thick one."""
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(2, 2, figsize=(11, 7.5), sharex=True)
        options = json.loads(result.attrs["options"])
        _learned(axes[0, 0], result, options.get("p"))
        if "largest_share" in result:
            _templates(axes, result)
        elif "real_norm" in result:
            _circles(axes, result)
        else:
            _norms(axes, result)
        if "overlap" in result:
            _overlap(axes[1, 1], result)
        if options["integrator"] == "paper-euler":
            step = options["step"] or INTEGRATORS["paper-euler"].step
            steps = (lambda tau: tau / step, lambda count: count * step)
            axes[0, 0].secondary_xaxis("top", functions=steps).set_xlabel(f"Euler steps of {step:g}")
        for axis in axes[1]:
            axis.set_xlabel(r"slow time $\tau = 2\lambda t$")
        figure.savefig(path, dpi=160)
        plt.close(figure)


def _learned(axis: Any, result: xr.Dataset, classes: int | None) -> None:
    """Accuracy, or error, of the training and the test samples."""
    measured = "accuracy" if "test_accuracy" in result else "error"
    _curves(axis, result, {part: result[f"{part}_{measured}"] for part in ("train", "test")})
    if measured == "accuracy":
        axis.set(ylabel="accuracy", title="delayed generalization", ylim=(-0.03, 1.05))
    else:
        axis.set(ylabel="squared error / squared targets", title="delayed generalization", ylim=(0, None))
    if classes is not None:
        axis.axhline(1 / classes, color=MEANING["chance"], ls=":", lw=1)


def _norms(axes: Any, result: xr.Dataset) -> None:
    """Of a task without residues: the norms, the speed and the fit."""
    layers = {"first layer": result.squared_norm_W1, "readout": result.squared_norm_W2}
    _curves(axes[0, 1], result, layers)
    axes[0, 1].set(ylabel="squared norm", title="norms fall", yscale="log")
    _curves(axes[1, 0], result, {r"$\|dW_1/d\tau\|$": result.speed})
    axes[1, 0].set(ylabel="speed", title="the flow slows down", yscale="log")
    fit = "loss" if "loss" in result else "residual"
    _curves(axes[1, 1], result, {f"training {fit}": result[fit]})
    axes[1, 1].set(ylabel=fit, title="fit of the training samples", yscale="log")


def _between(values: xr.DataArray) -> xr.DataArray:
    """The mean over pairs of two different frequencies."""
    different = ~np.eye(values.sizes["frequency"], dtype=bool)
    pairs = xr.DataArray(different, dims=("frequency", "other_frequency"))
    return values.where(pairs).mean(("frequency", "other_frequency"))


def _overlap(axis: Any, result: xr.Dataset) -> None:
    """Whether two frequencies use the same units."""
    _curves(axis, result, {r"$|F_k|$, $|F_l|$ for $k \neq l$": _between(result.overlap)})
    axis.set(ylabel="cosine", title="frequencies use their own units", ylim=(0, None))


def _circles(axes: Any, result: xr.Dataset) -> None:
    """How circular the embedding is, within and between frequencies."""
    smaller, larger = (f(result.real_norm, result.imag_norm) for f in (np.minimum, np.maximum))
    equality = {"smaller / larger norm, mean over k": (smaller / larger).mean("frequency")}
    _curves(axes[0, 1], result, equality)
    axes[0, 1].set(ylabel=r"$\|\mathrm{Re}\,F_k\|$ against $\|\mathrm{Im}\,F_k\|$", title="radii equalize")
    planes = {
        r"within a plane: Re $F_k$, Im $F_k$": result.within.mean("frequency"),
        r"between planes of $k \neq l$": _between(result.between),
    }
    _curves(axes[1, 0], result, planes)
    axes[1, 0].set(ylabel="|cosine|", title="circles become orthogonal", ylim=(0, None))


def _templates(axes: Any, result: xr.Dataset) -> None:
    """Of an equivariant network, whose circles are perfect by symmetry: shares of frequencies, and margins."""
    _curves(axes[0, 1], result, {"median template": result.largest_share.median("template")})
    axes[0, 1].set(ylabel="largest share of one frequency", title="templates turn into waves", ylim=(0, 1.02))
    margins = {
        "mean": result.test_margin.mean("test_class"),
        "smallest": result.test_margin.min("test_class"),
    }
    _curves(axes[1, 0], result, margins)
    axes[1, 0].axhline(0, color="0.6", ls=":", lw=1)
    axes[1, 0].set(ylabel="margin of the held-out classes", title="whole classes come right")


def _curves(axis: Any, result: xr.Dataset, curves: dict[str, xr.DataArray]) -> None:
    for (label, values), color in zip(curves.items(), (MEANING["train"], MEANING["test"]), strict=False):
        if result.sizes["seed"] > 1:
            axis.plot(result.tau, values.transpose("tau", "seed"), color=color, lw=0.6, alpha=0.6)
        axis.plot(result.tau, values.mean("seed"), color=color, lw=2.5, label=label)
    axis.legend()
