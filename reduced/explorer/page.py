"""One HTML file with runs behind sliders, for a browser without a network."""

from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from bokeh.document import Document
from bokeh.embed import file_html
from bokeh.events import DocumentReady
from bokeh.models import ColumnDataSource, CustomJS
from bokeh.resources import INLINE

from reduced.explorer.frames import Frames, Setting
from reduced.explorer.layout import Parts, colours, curve_data, fact_data, parts, ring_data

TITLE = "After memorization: a network that groks"
#: Room for the page's title, and its style on small screens and in the dark.
TEMPLATE = """
{% block preamble %}
<style>
  body { font: 16px/1.4 system-ui, sans-serif; margin: 0 auto; max-width: 1200px; padding: 0 8px; }
  h1 { font-size: 1.4em; margin: 0.5em 0 0.2em; }
</style>
{% endblock %}
{% block contents %}
<h1>What does a network do after it has memorized?</h1>
<p>It shrinks its weights, and then it generalizes. Press play.</p>
{{ super() }}
{% endblock %}
"""


def key(setting: Setting) -> str:
    """A setting as the page's scripts look it up."""
    return f"{setting.p} {setting.width:g} {setting.loss} {setting.ridge:g}"


def connect(
    page: Parts, runs: Mapping[str, dict[str, Any]], moduli: Iterable[int], *, settings: bool = True
) -> CustomJS:
    """Let every control show its run.

    Parameters
    ----------
    page : Parts
    runs : mapping
        ``key(setting)`` to curves, rings and facts; the one under ``"live"`` is shown for all other settings.
    moduli : iterable of int
        All that may be shown.
    settings : bool
        Whether modulus, width, ridge and loss choose among the runs.

    Returns
    -------
    CustomJS
        The callback, for sources that change by themselves.
    """
    models = {
        "curves": page.curves,
        "dot": page.dot,
        "ring": page.ring,
        "chance": page.chance,
        "runs": dict(runs),
        "palettes": {str(p): colours(p) for p in moduli},
        **page.controls,
    }
    script = files("reduced.explorer").joinpath
    show = CustomJS(args=models, code=script("page.js").read_text(encoding="utf-8"))
    for name in ("frequency", "scale", "time", *(("p", "width", "ridge", "loss") if settings else ())):
        page.controls[name].js_on_change("value", show)
    page.controls["play"].js_on_change(
        "active", CustomJS(args=page.controls, code=script("play.js").read_text(encoding="utf-8"))
    )
    return show


def stored(setting: Setting, frames: Frames) -> dict[str, Any]:
    """A run as the page keeps it."""
    return {
        "curves": ColumnDataSource(curve_data(frames)),
        "rings": ColumnDataSource(ring_data(frames)),
        "facts": ColumnDataSource(fact_data(setting, frames)),
    }


def write(path: Path, runs: Mapping[Setting, Frames]) -> None:
    """Write the page.

    Parameters
    ----------
    path : Path
        The HTML file.
    runs : mapping
        Every setting that the page offers.
    """
    every = sorted(runs, key=lambda setting: (setting.loss != "squared", *setting))
    choices = {
        name: list(dict.fromkeys(f"{getattr(setting, name):g}" for setting in every))
        for name in ("p", "width", "ridge")
    }
    choices["p"].reverse()
    choices["loss"] = list(dict.fromkeys(setting.loss for setting in every))
    kept = max(frames.rings.shape[1] for frames in runs.values())
    choices["frequency"] = [str(k) for k in range(1, kept + 1)]
    page = parts(choices)
    show = connect(
        page, {key(setting): stored(setting, frames) for setting, frames in runs.items()}, {s.p for s in runs}
    )
    page.controls["time"].end = max(len(frames.tau) for frames in runs.values()) - 1
    document = Document()
    document.add_root(page.root)
    document.js_on_event(DocumentReady, show)
    path.write_text(file_html(document, INLINE, TITLE, template=TEMPLATE), encoding="utf-8")
