"""The one style of all figures: sizes, a colour-blind-safe palette, and one colour for one meaning."""

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
#: Settings of Matplotlib for ``plt.rc_context``.
STYLE: dict[str, Any] = {
    "font.size": 13,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    "figure.constrained_layout.use": True,
    "savefig.dpi": 160,
}
#: How a closed form is drawn: dashed, on top of the integrated curve that it should cover.
CLOSED: dict[str, Any] = {"color": MEANING["closed form"], "ls": (0, (2, 3)), "lw": 1.6, "zorder": 4}
