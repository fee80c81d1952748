"""Both flows and real training of both layers from one start, at the paper's sizes."""

import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from _cases import map_cases
from _cli import run as run_command
from _curves import save
from _pyplot import plt
from _ranges import OutPath

from reduced.inputs.ranges import Positive
from reduced.network.observables import first_crossing
from reduced.plots.style import look
from reduced.studies.generalization import FLOWS, path_curves

#: Modulus, hidden width and training samples of Figures 6 and 5.
SIZES = ((37, 512, 492), (11, 128, 59))
ROWS = {
    "test_accuracy": "test accuracy",
}


@dataclass(frozen=True)
class Options:
    """Both flows and real training of both layers from one start, at the paper's sizes."""

    sizes: tuple[tuple[int, int, int], ...] = SIZES
    """Modulus, hidden width and number of training samples of each column."""
    ridges: tuple[Positive, ...] = (0.03, 0.1)
    """The λ of training; gradient descent with momentum 0.9."""
    slow_time: Positive = 6.0
    """Slow time at which to stop."""
    step: Positive = 0.02
    """Retracted Euler step of the zero-loss flow."""
    out: OutPath = Path("figures/paper_size.png")
    """Where to save the figure."""


def draw(options: Options) -> dict[str, tuple[float, ...]]:
    """Draw test accuracy; returns when 95 % is reached, the largest residual, and seconds."""
    cases = [(path, size) for size in options.sizes for path in (*FLOWS, *options.ridges)]
    results = map_cases(partial(path_curves, slow_time=options.slow_time, step=options.step), cases)
    shape = len(ROWS), len(options.sizes)
    figure, axes = plt.subplots(*shape, figsize=(13, 5), sharex=True, squeeze=False, layout="constrained")
    table = {}
    for (path, size), run in zip(cases, results, strict=True):
        column = axes[:, options.sizes.index(size)]
        label = path if isinstance(path, str) else f"training, λ = {path:g}"
        for axis, (quantity, name) in zip(column, ROWS.items(), strict=True):
            number = options.ridges.index(path) if label != path else 0
            line = look(path if label == path else "training", alpha=1 - 0.45 * number)
            axis.plot(run["tau"], run[quantity], **line, label=label)
            axis.set(ylabel=name, yscale="linear" if quantity == "test_accuracy" else "log")
        column[0].set_title(f"p = {size[0]}, {size[1]} hidden units, {size[2]} samples")
        column[-1].set_xlabel("slow time τ")
        reached = first_crossing(run["tau"], run["test_accuracy"], 0.95)
        table[f"{label}, p = {size[0]}"] = reached, float(run["residual"].max()), run["seconds"]
    axes[0, 0].legend(loc="center right")
    figure.suptitle(
        "training of both layers is late, as the zero-loss flow says: the first-layer flow is not"
    )
    save(figure, options.out)
    return table


def main(options: Options) -> None:
    """Draw the figure and print its numbers."""
    for name, (reached, residual, seconds) in draw(options).items():
        print(f"{name}: 95 % at tau = {reached:.2f}, largest residual {residual:.1e}, {seconds:.0f} s")


if __name__ == "__main__":
    sys.exit(run_command(main, Options))
