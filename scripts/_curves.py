"""What figures of several networks share: thin curves and a thick mean, fitted slopes, times of generalization."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from _pyplot import plt

from reduced.network.observables import first_crossing
from reduced.plots.style import STYLE
from reduced.studies.ladder import fitted_slope

Options = TypeVar("Options")
plt.rcParams.update(STYLE)


def thin_and_mean(axis: Any, t: Any, curves: Any, label: str, color: str, **line: Any) -> None:
    """Draw each curve (rows) thin and their mean thick against t."""
    axis.plot(t, np.transpose(curves), color=color, linewidth=0.5, alpha=0.5)
    axis.plot(t, np.mean(curves, axis=0), **({"color": color, "lw": 2.5} | line), label=label)


def with_slope(axis: Any, x: Any, y: Any, label: str, **style: Any) -> float:
    """Draw y against x with both axes logarithmic, and write its fitted slope into the label; returns the slope."""
    slope = fitted_slope(x, y)
    axis.loglog(x, y, "o-", label=f"{label}: slope {slope:.2f}", **style)
    return slope


def crossings(t: Any, accuracies: Any, level: float = 0.95) -> tuple[int, float, float]:
    """How many curves reach the level, and mean and spread of the times at which they do; NaN if none does."""
    times = np.array([first_crossing(t, one, level) for one in accuracies])
    reached = times[np.isfinite(times)]
    spread = (float(reached.mean()), float(reached.std())) if len(reached) else (np.nan, np.nan)
    return len(reached), *spread


def report(numbers: Mapping[str, Any]) -> None:
    """Print named numbers, a line each."""
    for name, value in numbers.items():
        print(f"{name}: {value}")


def reporting(draw: Callable[[Options], Mapping[str, Any]]) -> Callable[[Options], None]:
    """A script's main function, which reports the numbers that its ``draw`` returns."""

    def main(options: Options) -> None:
        """Draw the figure and print its numbers."""
        report(draw(options))

    return main


def save(figure: Any, path: Path) -> None:
    """Save a figure, make its folder if need be, and release it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)
    plt.close(figure)
