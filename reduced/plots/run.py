"""The pictures of one run: learning curves, norms, circles before and after, and all of it on one page."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
from numpy.typing import NDArray

from reduced.network.observables import first_crossing
from reduced.plots.curves import LEVEL, learning_curves, norms
from reduced.plots.embedding import circle_measures, circles, strongest
from reduced.plots.sources import observed, seeds_and_mean
from reduced.plots.style import PALETTE, STYLE, TIME, look

if TYPE_CHECKING:
    import xarray as xr

Array = NDArray[np.float64]


def pictures(result: "xr.Dataset", folder: Path, start: Array | None = None) -> list[Path]:
    """Draw what a result shows into files named by it.

    Parameters
    ----------
    result : xarray.Dataset
        Of ``simulate``.
    folder : pathlib.Path
    start : (p, d_h) array, optional
        First layer with which the first seed began, for circles before and after.

    Returns
    -------
    list of pathlib.Path
        ``learning_curves.png``, ``norms.png``, and ``circles.png`` of runs on residues, ``waves.png`` of templates,
        ``fit.png`` of other tasks.
    """
    chance = chance_of(result)
    drawn = {
        "learning_curves": lambda ax: learning_curves(result, ax, chance=chance),
        "norms": lambda ax: norms(result, ax),
    }
    if "frequency" not in result.sizes:
        drawn["fit"] = lambda ax: fit(result, ax)
    if "largest_share" in result:
        drawn["waves"] = lambda ax: waves(result, ax)
    paths = []
    with plt.rc_context(STYLE):
        for name, draw_on in drawn.items():
            figure, axis = plt.subplots(figsize=(7, 4.5))
            draw_on(axis)
            paths.append(_saved(figure, folder / f"{name}.png"))
        if "real_norm" in result and "W1" in result:
            figure = plt.figure(figsize=(12, 7))
            before_and_after(figure, result, start)
            paths.append(_saved(figure, folder / "circles.png"))
    return paths


def chance_of(result: "xr.Dataset") -> float | None:
    """Accuracy of a guess among the residues; None where a run is not on residues."""
    if "frequency" not in result.sizes:
        return None
    return 1.0 / int(json.loads(result.attrs["options"])["p"])


def before_and_after(figure: Any, result: "xr.Dataset", start: Array | None) -> None:
    """Measures of the circles above; below, those of the frequencies that are strongest at the end."""
    end = _embedding(result)
    shown = strongest(end, 3 if start is None else 2)
    rows = [("after", end)] if start is None else [("before", start[: len(end)]), ("after", end)]
    grid = figure.add_gridspec(2, len(shown) * len(rows))
    circle_measures(result, figure.add_subplot(grid[0, :])).legend(
        loc="upper right", bbox_to_anchor=(1.0, 0.93)
    )
    for row, (when, W1) in enumerate(rows):
        for column, k in enumerate(shown):
            axis = circles(W1, k, figure.add_subplot(grid[1, row * len(shown) + column]))
            axis.set_title(f"{when}: $k = {k}$")


def waves(result: "xr.Dataset", ax: Any) -> None:
    """Of an equivariant network, whose circles are perfect by symmetry: templates turn into waves of one frequency."""
    share = result.largest_share.median("template")
    times, found = observed(result.assign(share=share), ("share",))
    line = {"color": PALETTE["blue"], "lw": 2.5, "label": "median template"}
    seeds_and_mean(ax, times, found["share"], **line)
    ax.set(
        xlabel=TIME,
        ylabel="largest share of one frequency",
        ylim=(0, 1.02),
        title="templates turn into waves",
    )
    ax.legend()


def fit(result: "xr.Dataset", ax: Any) -> None:
    """How well the training samples are fitted: the residual, or the loss where it is minimized."""
    name = "loss" if "loss" in result else "residual"
    times, found = observed(result, (name,))
    seeds_and_mean(ax, times, found[name], **look("train", label=f"training {name}"))
    ax.set(xlabel=TIME, ylabel=name, yscale="log", title="fit of the training samples")
    ax.legend()


def page(
    result: "xr.Dataset", path: Path, start: Array, beside: "xr.Dataset | None" = None, note: str = ""
) -> None:
    """Everything on one page: delayed generalization, the measures, and circles before and after.

    Parameters
    ----------
    result : xarray.Dataset
    path : pathlib.Path
        The picture.
    start : (p, d_h) array
        First layer with which the first seed began.
    beside : xarray.Dataset, optional
        Another result whose test accuracy is drawn too: the flow resolved, beside the paper's Euler steps.
    note : str
        About the first step, written into the first panel.
    """
    end = _embedding(result)
    with plt.rc_context(STYLE):
        figure = plt.figure(figsize=(14, 8.2))
        grid = figure.add_gridspec(2, 4, height_ratios=(1.15, 1))
        accuracy = learning_curves(result, figure.add_subplot(grid[0, :2]), chance=chance_of(result))
        if beside is not None:
            times, found = observed(beside, ("test_accuracy",))
            line = look("first-layer flow", label="test, first-layer flow resolved")
            seeds_and_mean(accuracy, times, found["test_accuracy"], **line)
            resolved = first_crossing(times, found["test_accuracy"].mean(axis=0), LEVEL)
            accuracy.set_title(rf"Euler's steps {accuracy.get_title()}; resolved, $\tau$ = {resolved:.2f}")
        accuracy.legend(loc="lower right", bbox_to_anchor=(1.0, 0.2))
        if note:
            accuracy.text(0.99, 0.15, note, transform=accuracy.transAxes, ha="right", fontsize=11)
        circle_measures(result, figure.add_subplot(grid[0, 2:])).legend(
            loc="center right", bbox_to_anchor=(1, 0.73)
        )
        for column, (when, W1, k) in enumerate(_panels(start, end)):
            circles(W1, k, figure.add_subplot(grid[1, column])).set_title(f"{when}: $k = {k}$")
        _saved(figure, path)


def _panels(start: Array, end: Array) -> list[tuple[str, Array, int]]:
    return [(when, W1, k) for k in strongest(end, 2) for when, W1 in (("start", start), ("end", end))]


def _embedding(result: "xr.Dataset") -> Array:
    """First layer at the end of the first seed, one row a residue."""
    p = int(json.loads(result.attrs["options"])["p"])
    return np.asarray(result.W1.isel(seed=0))[:p]


def _saved(figure: Any, path: Path) -> Path:
    figure.savefig(path)
    plt.close(figure)
    return path


def draw(result: "xr.Dataset", path: Path) -> None:
    """Learning curves, norms and circles of one result on one page, where its start is not at hand."""
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(1, 2, figsize=(12, 4.5))
        learning_curves(result, axes[0], chance=chance_of(result))
        if "real_norm" in result:
            circle_measures(result, axes[1])
        else:
            norms(result, axes[1])
        _saved(figure, path)


__all__: Sequence[str] = ("before_and_after", "chance_of", "draw", "page", "pictures", "waves")
