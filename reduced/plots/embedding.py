"""The embedding in the plane of one frequency, how circular it is, and how its power is spread over frequencies."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.network.observables import circularity, fourier_features, rings
from reduced.plots.sources import observed, seeds_and_mean
from reduced.plots.style import CYCLIC, PALETTE, TIME, on_axes

Array = NDArray[np.float64]
#: What says how circular an embedding is, in words, and which of it is 1 on circles.
MEASURES = {
    "equality": (r"shorter / longer of Re $F_k$, Im $F_k$ (circle: 1)", PALETTE["black"], "-"),
    "within": (r"|cos| of Re $F_k$ and Im $F_k$ (circle: 0)", PALETTE["blue"], (0, (5, 2))),
    "between": (r"|cos| between planes of $k \neq l$", PALETTE["purple"], (0, (1, 1))),
    "overlap": (r"cos of $|F_k|$, $|F_l|$: shared units", PALETTE["green"], (0, (5, 1, 1, 1))),
}


def strongest(W1: Array, count: int) -> list[int]:
    """The frequencies k with the largest ‖F_k‖, the largest first.

    Examples
    --------
    >>> strongest(np.cos(2 * np.pi * 2 * np.arange(7) / 7)[:, None], 1)
    [2]
    """
    F = fourier_features(W1)[: (len(W1) - 1) // 2]
    return [int(k) + 1 for k in np.argsort(-np.linalg.norm(F, axis=1), kind="stable")[:count]]


def circles(W1: Array, k: int, ax: Any = None, *, limit: float | None = None) -> Any:
    """Residues in the plane of the present Re F_k, Im F_k, coloured by jk mod p and joined in that order.

    Parameters
    ----------
    W1 : (p, d_h) array
        Embedding, one row a residue.
    k : int
        Frequency, 1 … (p − 1)/2.
    ax : matplotlib.axes.Axes, optional
    limit : float, optional
        Half the side of the axes; by default what the residues need.

    Raises
    ------
    ValueError
        If there is no such frequency.
    """
    W1 = np.asarray(W1, dtype=float)
    p, last = len(W1), (len(W1) - 1) // 2
    if not 1 <= k <= last:
        raise ValueError(f"k = {k}: must be a frequency from 1 to {last}")
    x, y = rings(W1, k)[k - 1]
    measures = circularity(fourier_features(W1))
    lengths = measures["real_norm"][k - 1], measures["imag_norm"][k - 1]
    turn = np.arange(p) * k % p
    order = np.argsort(turn)
    with on_axes(ax) as axes:
        axes.plot(*(np.append(part[order], part[order[0]]) for part in (x, y)), color="0.75", lw=1, zorder=1)
        axes.scatter(x, y, c=turn, cmap=CYCLIC, s=36, zorder=2, edgecolors="0.3", linewidths=0.4)
        side = limit or 1.15 * max(np.abs(x).max(), np.abs(y).max())
        axes.set(xlim=(-side, side), ylim=(-side, side), aspect="equal", xticks=[], yticks=[])
        axes.set_xlabel(
            f"lengths {min(lengths) / max(lengths):.2f} : 1, |cos| {measures['within'][k - 1]:.2f}"
        )
        axes.set_title(f"$k = {k}$")
        axes.spines[:].set_visible(False)
    return axes


def circle_measures(source: Any, ax: Any = None) -> Any:
    """How circular the embedding is over slow time, averaged over frequencies, all on one axis from 0 to 1.

    Parameters
    ----------
    source : xarray.Dataset
        A result of ``simulate`` on residues.
    ax : matplotlib.axes.Axes, optional
    """
    if "real_norm" not in source:
        raise ValueError("source has no circle measures: they belong to runs on residues")
    smaller, larger = (f(source.real_norm, source.imag_norm) for f in (np.minimum, np.maximum))
    apart = source.frequency != source.other_frequency
    pairs = ("frequency", "other_frequency")
    values = {
        "equality": (smaller / larger).mean("frequency"),
        "within": source.within.mean("frequency"),
        "between": source.between.where(apart).mean(pairs),
        "overlap": source.overlap.where(apart).mean(pairs),
    }
    times, found = observed(source.assign(values), tuple(values))
    with on_axes(ax) as axes:
        for name, curves in found.items():
            label, color, style = MEASURES[name]
            seeds_and_mean(axes, times, curves, color=color, ls=style, lw=2.5, label=label)
        axes.set(
            xlabel=TIME, ylabel="mean over frequencies", ylim=(0, 1.03), title="frequencies turn into circles"
        )
    return axes


def fourier_spectrum(W1: Array, ax: Any = None, *, before: Array | None = None) -> Any:
    """‖F_k‖ of each frequency, with that of an earlier embedding beside it.

    Parameters
    ----------
    W1 : (p, d_h) array
    ax : matplotlib.axes.Axes, optional
    before : (p, d_h) array, optional
        Drawn as open marks.
    """
    sizes = np.linalg.norm(fourier_features(W1), axis=1)
    k = np.arange(1, len(sizes) + 1)
    with on_axes(ax) as axes:
        axes.vlines(k, 0, sizes, color=PALETTE["blue"], lw=2)
        axes.plot(k, sizes, "o", color=PALETTE["blue"], label="now")
        if before is not None:
            earlier = np.linalg.norm(fourier_features(before), axis=1)
            axes.plot(k, earlier, "o", mfc="none", color="0.5", label="before")
            axes.legend()
        axes.set(
            xlabel="frequency $k$",
            ylabel=r"$\|F_k\|$",
            ylim=(0, None),
            title="which frequencies carry the embedding",
        )
    return axes
