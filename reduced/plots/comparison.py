"""Several runs in one picture: their accuracies and their norms over slow time."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt

from reduced.plots.style import CYCLE, STYLE, TIME, on_axes

if TYPE_CHECKING:
    import xarray as xr


def accuracies(axis: Any, results: "Mapping[str, xr.Dataset]") -> None:
    """Test accuracy of each run, solid, and training accuracy, dotted; the mean over its seeds. Of numbers, errors."""
    _curves(axis, results, {"test_accuracy": "-", "train_accuracy": ":"})
    _curves(axis, results, {"test_error": "-", "train_error": ":"})
    errors = ["test_error" in result for result in results.values()]
    measured = "error" if all(errors) else "accuracy, or error" if any(errors) else "accuracy"
    axis.set(ylabel=f"{measured} (dotted: training)", ylim=(0, None) if any(errors) else (-0.03, 1.05))


def norms(axis: Any, results: "Mapping[str, xr.Dataset]") -> None:
    """Squared norm of the first layer, solid, and of the readout, dashed; the mean over the seeds of each run."""
    _curves(axis, results, {"squared_norm_W1": "-", "squared_norm_W2": "--"})
    axis.set(ylabel=r"$\|W_1\|^2$ (dashed: $\|W_2\|^2$)", yscale="log")


def compare(results: "Mapping[str, xr.Dataset]", ax: Any = None, *, quantity: str = "accuracies") -> Any:
    """Labelled results over slow time on one pair of axes: their ``"accuracies"`` or their ``"norms"``.

    Parameters
    ----------
    results : mapping
        Label -> result of ``simulate``.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default the present axes.
    quantity : str
    """
    panels = {"accuracies": accuracies, "norms": norms}
    if quantity not in panels:
        raise ValueError(f"quantity = {quantity!r}: choose one of {', '.join(panels)}")
    with on_axes(ax) as axes:
        panels[quantity](axes, results)
        axes.set_xlabel(TIME)
        axes.legend()
    return axes


def draw(results: "Mapping[str, xr.Dataset]", path: Path) -> None:
    """Draw the accuracies and the norms of labelled results side by side."""
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(1, 2, figsize=(11, 4.5))
        accuracies(axes[0], results)
        norms(axes[1], results)
        for axis in axes:
            axis.set_xlabel(TIME)
        axes[0].legend()
        figure.savefig(path)
        plt.close(figure)


def _curves(axis: Any, results: "Mapping[str, xr.Dataset]", styles: Mapping[str, str]) -> None:
    for number, (label, result) in enumerate(results.items()):
        for name, style in styles.items():
            if name in result:
                named = {"label": label} if style == "-" else {}
                colour = CYCLE[number % len(CYCLE)]
                axis.plot(result.tau, result[name].mean("seed"), color=colour, ls=style, lw=2, **named)
