"""What the figures of toy models share: how their paths are integrated, how they look, where they are written."""

from pathlib import Path
from typing import Any

import numpy as np
from _pyplot import plt
from numpy.typing import NDArray

from reduced.integration.solve import integrate
from reduced.plots.style import CLOSED, STYLE
from reduced.runs.results import writable_folder

__all__ = ["CLOSED", "STYLE", "descended", "explain_lines", "resolved", "save"]


def resolved(flow: Any, start: Any, times: NDArray[np.float64]) -> Any:
    """States of a flow at the times, to eleven digits; steps are short because dense output has a lower order."""
    span = (0.0, float(times[-1]))
    return integrate(flow, start, span, method="DOP853", t_eval=times, rtol=1e-12, atol=1e-14, max_step=0.5).y


def descended(flow: Any, start: Any, step: float, steps: int) -> Any:
    """Iterates of gradient descent: explicit Euler on the flow."""
    return integrate(flow, start, (0.0, steps * step), method="euler", step=step).y


def explain_lines(axis: Any) -> None:
    """Say in a legend what dots and dashes are."""
    axis.plot([], [], color="0.5", marker=".", ls="", label="gradient descent")
    axis.plot([], [], **CLOSED, label="closed form")
    axis.legend(loc="lower left")


def save(figure: Any, path: Path, caption: str) -> None:
    """Put the caption on top, save the figure, and print what it says and where it is."""
    writable_folder(path.parent)
    figure.suptitle(caption, fontsize=12)
    figure.savefig(path)
    plt.close(figure)
    print(f"{caption}\nwrote {path}")
