"""Plots as functions on axes: each draws on ``ax``, or on the present axes; Matplotlib is imported when one is called.

>>> sorted(PLOTS)[:3]
['animate_circles', 'circle_measures', 'circles']
"""

from importlib import import_module
from typing import Any

#: Where each function lives.
PLOTS = {
    "learning_curves": "curves",
    "norms": "curves",
    "circles": "embedding",
    "circle_measures": "embedding",
    "fourier_spectrum": "embedding",
    "phase_diagram": "maps",
    "zero_loss_set": "maps",
    "compare": "comparison",
    "animate_circles": "animation",
}

__all__ = [*PLOTS]


def __getattr__(name: str) -> Any:
    """The function of this name, with the module that draws it."""
    if name not in PLOTS:
        raise AttributeError(f"reduced.plots has no {name!r}: choose from {', '.join(PLOTS)}")
    return getattr(import_module(f"reduced.plots.{PLOTS[name]}"), name)
