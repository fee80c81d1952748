"""What notebooks show of an object: a table of what it is, and small curves that follow the page's own colour."""

from collections.abc import Mapping
from html import escape

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
WIDTH, HEIGHT = 320, 110
#: How curves differ without colours, so that they are read on a dark page and in print.
DASHES = ("none", "6 3", "2 3", "8 3 2 3")
#: A curve is drawn through so many points at most, and so many curves are drawn.
POINTS = 200


def html_table(title: str, rows: Mapping[str, str]) -> str:
    """A titled table of two columns.

    Examples
    --------
    >>> html_table("Dataset", {"samples": "<3"}).count("&lt;3")
    1
    """
    left = 'style="text-align:left"'
    cells = "".join(
        f"<tr><th {left}>{escape(name)}</th><td {left}>{escape(value)}</td></tr>"
        for name, value in rows.items()
    )
    return f"<b>{escape(title)}</b><table>{cells}</table>"


def svg_curves(x: Array, curves: Mapping[str, Array], xlabel: str) -> str:
    """Curves over x, each scaled by the common range, with their names and the ends of both axes.

    Parameters
    ----------
    x : (m,) array
    curves : mapping of (m,) arrays
        The first four are drawn; what is not finite is left out.
    xlabel : str

    Examples
    --------
    >>> svg_curves(np.arange(3.0), {"y": np.arange(3.0)}, "t").startswith("<svg")
    True
    """
    drawn = {name: np.asarray(curve, dtype=float) for name, curve in list(curves.items())[: len(DASHES)]}
    finite = [curve[np.isfinite(curve)] for curve in drawn.values()]
    if len(x) < 2 or not any(len(curve) for curve in finite):
        return ""
    low, high = float(min(c.min() for c in finite if len(c))), float(max(c.max() for c in finite if len(c)))
    kept = np.unique(np.linspace(0, len(x) - 1, min(POINTS, len(x))).round().astype(int))
    across = 8 + (WIDTH - 16) * (x - x[0]) / ((x[-1] - x[0]) or 1.0)
    parts, style = [], 'fill="none" stroke="currentColor" stroke-width="1.5"'
    for number, (name, curve) in enumerate(drawn.items()):
        up = HEIGHT - 8 - (HEIGHT - 16) * (curve - low) / ((high - low) or 1.0)
        points = " ".join(f"{across[i]:.1f},{up[i]:.1f}" for i in kept if np.isfinite(up[i]))
        parts.append(f'<polyline points="{points}" {style} stroke-dasharray="{DASHES[number]}"/>')
        place = HEIGHT + 14 + 14 * number
        parts.append(
            f'<line x1="8" x2="36" y1="{place - 4}" y2="{place - 4}" {style} stroke-dasharray="{DASHES[number]}"/>'
            f'<text x="42" y="{place}" font-size="11" fill="currentColor">{escape(name)}</text>'
        )
    place = HEIGHT + 14 + 14 * len(drawn)
    words = f"{xlabel} from {x[0]:g} to {x[-1]:g}; from {low:.4g} to {high:.4g}"
    parts.append(f'<text x="8" y="{place}" font-size="11" fill="currentColor">{escape(words)}</text>')
    size = f'width="{WIDTH + 80}" height="{place + 6}"'
    return f'<svg {size} role="img" aria-label="{escape(words)}">{"".join(parts)}</svg>'
