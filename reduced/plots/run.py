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
        off_diagonal = ~np.eye(result.sizes["frequency"], dtype=bool)
        pairs = xr.DataArray(off_diagonal, dims=("frequency", "other_frequency"))

        _curves(axes[0, 0], result, {"train": result.train_accuracy, "test": result.test_accuracy})
        options = json.loads(result.attrs["options"])
        axes[0, 0].axhline(1 / options["p"], color="0.6", ls=":", lw=1)
        axes[0, 0].set(ylabel="accuracy", title="delayed generalization", ylim=(-0.03, 1.05))
        if "largest_share" in result:
            _templates(axes, result)
        else:
            _circles(axes, result, pairs)
        overlap = {
            r"$|F_k|$, $|F_l|$ for $k \neq l$": result.overlap.where(pairs).mean(
                ("frequency", "other_frequency")
            )
        }
        _curves(axes[1, 1], result, overlap)
        axes[1, 1].set(ylabel="cosine", title="frequencies use their own units", ylim=(0, None))
        if options["integrator"] == "paper-euler":
            step = options["step"] or INTEGRATORS["paper-euler"].step
            steps = (lambda tau: tau / step, lambda count: count * step)
            axes[0, 0].secondary_xaxis("top", functions=steps).set_xlabel(f"Euler steps of {step:g}")
        for axis in axes[1]:
            axis.set_xlabel(r"slow time $\tau = 2\lambda t$")
        figure.savefig(path, dpi=160)
        plt.close(figure)


def _circles(axes: Any, result: xr.Dataset, pairs: xr.DataArray) -> None:
    """How circular the embedding is, within and between frequencies."""
    smaller, larger = (f(result.real_norm, result.imag_norm) for f in (np.minimum, np.maximum))
    equality = {"smaller / larger norm, mean over k": (smaller / larger).mean("frequency")}
    _curves(axes[0, 1], result, equality)
    axes[0, 1].set(ylabel=r"$\|\mathrm{Re}\,F_k\|$ against $\|\mathrm{Im}\,F_k\|$", title="radii equalize")
    planes = {
        r"within a plane: Re $F_k$, Im $F_k$": result.within.mean("frequency"),
        r"between planes of $k \neq l$": result.between.where(pairs).mean(("frequency", "other_frequency")),
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
