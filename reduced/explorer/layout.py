"""The page's parts: two panels of curves, the ring of residues, and the controls."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from bokeh.layouts import column, row
from bokeh.models import Button, ColumnDataSource, Div, LayoutDOM, Range1d, Select, Slider, Toggle
from bokeh.plotting import figure
from matplotlib import colormaps
from matplotlib.colors import to_hex

from reduced.explorer.frames import Frames, Setting
from reduced.plots.style import MEANING, PALETTE

GREY = "#888888"


class Parts(NamedTuple):
    """What scripts and callbacks act on.

    Parameters
    ----------
    curves, dot, ring : ColumnDataSource
        The curves of the chosen run, their values at the present moment, and the residues in the present plane.
    controls : dict of widgets
        ``p``, ``width``, ``ridge``, ``loss``, ``frequency``, ``scale``, ``time``, ``play``, ``note``.
    chance : ColumnDataSource
        Ends of the line at chance.
    root : LayoutDOM
        The page.
    """

    curves: ColumnDataSource
    dot: ColumnDataSource
    ring: ColumnDataSource
    chance: ColumnDataSource
    controls: dict[str, Any]
    root: LayoutDOM


def curve_data(frames: Frames) -> dict[str, Any]:
    """Columns of a run's curves, as the page stores them."""
    return {"tau": frames.tau, **frames.curves}


def fact_data(setting: Setting, frames: Frames) -> dict[str, Any]:
    """One row: modulus, whether the law of the initial scale holds, how many pairs train and test, and hidden units."""
    train, test, hidden = frames.sizes
    exact = setting.ridge == 0 and setting.loss == "squared"
    return {"p": [setting.p], "exact": [exact], "train": [train], "test": [test], "hidden": [hidden]}


def ring_data(frames: Frames) -> dict[str, Any]:
    """The rings of a run in one column, C order over moment, frequency, coordinate and residue."""
    return {"flat": frames.rings.astype(np.float32).ravel()}


def colours(p: int) -> list[str]:
    """One colour a step round the circle: residue j of frequency k takes number j·k mod p."""
    return [to_hex(colormaps["hsv"](i / p)) for i in range(p)]


def parts(choices: Mapping[str, Sequence[str]], controls: dict[str, LayoutDOM] | None = None) -> Parts:
    """Lay out the page.

    Parameters
    ----------
    choices : dict
        What the menus ``p``, ``width``, ``ridge``, ``loss`` and ``frequency`` offer.
    controls : dict, optional
        Widgets in place of menus, and beside them.

    Returns
    -------
    Parts
    """
    names = ("tau", "train", "test", "norm_1", "norm_2", "within", "equality")
    curves = ColumnDataSource({name: [] for name in names})
    dot = ColumnDataSource({name: [] for name in names})
    ring = ColumnDataSource({"x": [], "y": [], "colour": [], "name": [], "label_x": [], "label_y": []})
    chance = ColumnDataSource({"x": [], "y": []})
    shared: dict[str, Any] = {"sizing_mode": "stretch_width", "toolbar_location": None, "min_width": 300}
    accuracy = figure(
        title="Accuracy", height=260, y_range=Range1d(-0.03, 1.05), x_axis_label="slow time τ = 2λt", **shared
    )
    accuracy.line("x", "y", source=chance, line_dash="dotted", color=GREY, legend_label="chance")
    for name in ("train", "test"):
        accuracy.line("tau", name, source=curves, color=MEANING[name], line_width=3, legend_label=name)
        accuracy.scatter("tau", name, source=dot, color=MEANING[name], size=12, line_color="black")
    accuracy.legend.location = "center_right"
    norms = figure(
        title="Squared norms", height=220, y_axis_type="log", x_axis_label="slow time τ = 2λt",
        x_range=accuracy.x_range, **shared,
    )  # fmt: skip
    for name, colour, label in (("norm_1", "blue", "first layer"), ("norm_2", "purple", "readout")):
        norms.line("tau", name, source=curves, color=PALETTE[colour], line_width=3, legend_label=label)
        norms.scatter("tau", name, source=dot, color=PALETTE[colour], size=10, line_color="black")
    disc = figure(
        title="Residues j in the plane of frequency k", aspect_ratio=1, max_width=480,
        x_range=Range1d(-2, 2), y_range=Range1d(-2, 2), x_axis_label="along Re F_k, in units of the mean radius",
        y_axis_label="along Im F_k", **shared,
    )  # fmt: skip
    disc.line("x", "y", source=ring, color=GREY, alpha=0.5)
    disc.scatter("x", "y", source=ring, color="colour", size=13, line_color="black")
    disc.text("label_x", "label_y", text="name", source=ring, text_font_size="12px", text_align="center",
              text_baseline="middle", text_color="#333333")  # fmt: skip
    widgets: dict[str, Any] = {
        "p": Select(title="modulus p", options=list(choices["p"])),
        "width": Select(title="units a training pair", options=list(choices["width"])),
        "ridge": Select(title="ridge λ (0: the limit)", options=list(choices["ridge"])),
        "loss": Select(title="loss", options=list(choices["loss"])),
        **(controls or {}),
        "frequency": Select(title="frequency k", options=list(choices["frequency"])),
        "scale": Slider(title="initial scale α of the first layer", start=0.25, end=4, step=0.05, value=1),
        "time": Slider(title="frame", start=0, end=1, step=1, value=0),
        "play": Toggle(label="▶ play", button_type="primary"),
        "note": Div(text="", sizing_mode="stretch_width"),
    }
    for name in ("p", "width", "ridge", "loss", "frequency"):
        if isinstance(widgets[name], Select):
            widgets[name].value = choices[name][0]
    for name, widget in widgets.items():
        widget.name = name
        if not isinstance(widget, Toggle | Button | Div):
            widget.sizing_mode, widget.width, widget.min_width = "stretch_width", None, 130
    menus = row(
        *(widgets[name] for name in ("p", "width", "ridge", "loss")),
        *(widgets[name] for name in controls or {} if name not in choices),
        widgets["frequency"],
        sizing_mode="stretch_width",
    )
    time = row(widgets["play"], widgets["time"], widgets["scale"], sizing_mode="stretch_width")
    panels = row(
        column(accuracy, norms, sizing_mode="stretch_width", styles={"flex": "1 1 360px"}),
        column(disc, widgets["note"], sizing_mode="stretch_width", styles={"flex": "1 1 360px"}),
        sizing_mode="stretch_width",
    )
    for line in (menus, time, panels):
        line.styles = {"flex-wrap": "wrap", "display": "flex"}
    root = column(menus, time, panels, sizing_mode="stretch_width")
    return Parts(curves, dot, ring, chance, widgets, root)
