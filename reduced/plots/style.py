"""The one style of all figures: sizes, a colour-blind-safe palette, and one colour and line for one meaning."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

#: Okabe and Ito's palette (https://jfly.uni-koeln.de/color/), told apart with every common colour blindness.
PALETTE = {
    "black": "#000000",
    "orange": "#E69F00",
    "sky": "#56B4E9",
    "green": "#009E73",
    "yellow": "#F0E442",
    "blue": "#0072B2",
    "vermilion": "#D55E00",
    "purple": "#CC79A7",
}
#: What a colour stands for, in every figure.
MEANING = {
    "train": PALETTE["sky"],
    "test": PALETTE["vermilion"],
    "first-layer flow": PALETTE["blue"],
    "zero-loss flow": PALETTE["green"],
    "training": PALETTE["orange"],
    "closed form": PALETTE["black"],
    "chance": "0.6",
}
#: How a closed form is drawn: dashed, on top of the integrated curve that it should cover.
CLOSED: dict[str, Any] = {"color": MEANING["closed form"], "ls": (0, (2, 3)), "lw": 1.6, "zorder": 4}
#: The line of each meaning, so that it is known without its colour.
LINES: dict[str, dict[str, Any]] = {
    "train": {"ls": (0, (5, 2)), "lw": 2.0},
    "test": {"ls": "-", "lw": 2.5},
    "first-layer flow": {"ls": "-", "lw": 2.5},
    "zero-loss flow": {"ls": (0, (6, 2)), "lw": 2.5},
    "training": {"ls": (0, (1, 1)), "lw": 2.5},
    "closed form": {name: value for name, value in CLOSED.items() if name != "color"},
    "chance": {"ls": ":", "lw": 1.2},
}
#: Colours of things that are compared and mean nothing else, such as seeds or runs.
CYCLE = [PALETTE[name] for name in ("blue", "vermilion", "green", "purple", "orange", "sky", "black")]
#: Residues on a circle have no first one: a cyclic map, as even in lightness as there is.
CYCLIC = "twilight_shifted"
#: Settings of Matplotlib for ``plt.rc_context``.
STYLE: dict[str, Any] = {
    "font.size": 13,
    "axes.titlesize": 13,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    "legend.fontsize": 11,
    "figure.constrained_layout.use": True,
    "savefig.dpi": 160,
}
TIME = r"slow time $\tau = 2\lambda t$"


def look(meaning: str, **changed: Any) -> dict[str, Any]:
    """Colour and line of a meaning, for ``ax.plot``.

    Examples
    --------
    >>> look("test", lw=1)["color"], look("test", lw=1)["lw"]
    ('#D55E00', 1)
    """
    return {"color": MEANING[meaning]} | LINES[meaning] | changed


@contextmanager
def on_axes(ax: Any = None) -> Iterator[Any]:
    """The axes to draw on, by default the present ones, within the style."""
    import matplotlib.pyplot as plt

    with plt.rc_context(STYLE):
        yield plt.gca() if ax is None else ax


def chance_line(ax: Any, level: float) -> None:
    """A labelled line at the accuracy of a guess."""
    ax.axhline(level, **look("chance"))
    ax.annotate(
        "chance",
        (1, level),
        xycoords=("axes fraction", "data"),
        ha="right",
        va="bottom",
        color="0.45",
        fontsize=10,
    )
