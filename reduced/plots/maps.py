"""Pictures over two parameters: where runs generalize, and trajectories on a zero-loss set."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.plots.style import MEANING, PALETTE, look, on_axes

Array = NDArray[np.float64]


def phase_diagram(
    x: Any,
    y: Any,
    values: Any,
    ax: Any = None,
    *,
    label: str = "test accuracy",
    limits: tuple[float, float] = (0, 1),
) -> Any:
    """A table of values over two options; what was not run stays hatched.

    Parameters
    ----------
    x, y : (n,) and (m,) sequences
        The options, as they are written at the axes.
    values : (m, n) array
        NaN where nothing was run.
    ax : matplotlib.axes.Axes, optional
    label : str
        Of the colours.
    limits : (float, float)
        Values at the ends of the colours.

    Raises
    ------
    ValueError
        If the table does not fit the options.
    """
    table = np.ma.masked_invalid(np.asarray(values, dtype=float))
    if table.shape != (len(y), len(x)):
        raise ValueError(f"values has shape {table.shape}: must be ({len(y)}, {len(x)}), one row a y")
    with on_axes(ax) as axes:
        axes.set_facecolor("0.93")
        axes.patch.set_hatch("///")
        image = axes.pcolormesh(table, cmap="cividis", vmin=limits[0], vmax=limits[1], edgecolors="w", lw=1)
        middle = sum(limits) / 2
        for row, column in zip(*np.nonzero(~np.ma.getmaskarray(table)), strict=True):
            value = float(table[row, column])
            ink = "k" if value > middle else "w"
            axes.text(
                column + 0.5, row + 0.5, f"{value:.2f}", ha="center", va="center", color=ink, fontsize=10
            )
        axes.set_xticks(np.arange(len(x)) + 0.5, [f"{value:g}" for value in x])
        axes.set_yticks(np.arange(len(y)) + 0.5, [f"{value:g}" for value in y])
        axes.figure.colorbar(image, ax=axes, label=label)
    return axes


def zero_loss_set(
    residual: Callable[[Array, Array], Array],
    paths: Mapping[str, Array],
    ax: Any = None,
    *,
    xlim: tuple[float, float] = (-2.5, 2.5),
    ylim: tuple[float, float] = (-2.5, 2.5),
) -> Any:
    """Trajectories of two parameters on the curve where a residual vanishes, over circles of equal norm.

    Parameters
    ----------
    residual : callable
        ``residual(x, y)`` elementwise; the zero-loss set is where it is 0.
    paths : mapping
        Label -> (m, 2) states in order of time; a label that is a meaning of the style has its colour and line.
    ax : matplotlib.axes.Axes, optional
    xlim, ylim : (float, float)
    """
    x, y = np.meshgrid(np.linspace(*xlim, 401), np.linspace(*ylim, 401))
    with on_axes(ax) as axes:
        axes.contour(x, y, np.hypot(x, y), levels=8, colors="0.88", linewidths=0.8)
        axes.contour(x, y, residual(x, y), levels=[0.0], colors="0.4", linewidths=4, alpha=0.5)
        axes.plot([], [], color="0.4", lw=4, alpha=0.5, label="zero loss")
        for number, (label, path) in enumerate(paths.items()):
            other = {
                "color": [PALETTE["purple"], PALETTE["vermilion"], PALETTE["sky"]][number % 3],
                "lw": 2.5,
            }
            line = look(label) if label in MEANING else other
            axes.plot(*np.asarray(path).T, label=label, **line)
            axes.plot(*path[0], "o", color=line["color"])
            axes.plot(*path[-1], "*", color=line["color"], ms=14)
        axes.set(xlim=xlim, ylim=ylim, aspect="equal", xlabel="$w_1$", ylabel="$w_2$")
        axes.set_title("from a start (dot) along zero loss to the least norm (star)")
        axes.legend()
    return axes
