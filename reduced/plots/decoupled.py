"""The trajectory of a decoupled loss: slow parameters, their fast optimum, and the cost."""

from collections.abc import Sequence
from typing import Any

from reduced.plots.style import PALETTE, STYLE


def draw_decoupled(
    trajectory: Any, slow: Sequence[str], fast: Sequence[str], cost: str, time: str, path: Any
) -> None:
    """Draw parameters (slow ones solid, fast ones dashed) above the cost, and save the figure.

    Parameters
    ----------
    trajectory : Trajectory
        From :func:`reduced.decoupled.simulate`.
    slow, fast : sequence of str
        Names of the parameters, in the order of the states and of ``observed["fast"]``.
    cost, time : str
        What the axes are called.
    path : pathlib.Path
    """
    import matplotlib.pyplot as plt

    colours = [colour for name, colour in PALETTE.items() if name not in ("black", "yellow")]
    with plt.rc_context(STYLE):
        figure, (above, below) = plt.subplots(2, 1, figsize=(7, 6), sharex=True)
        columns = [*zip(slow, trajectory.y.T, strict=True)]
        optimal = [*zip(fast, trajectory.observed["fast"].T, strict=True)]
        for i, (name, values) in enumerate([*columns, *optimal]):
            dashed = i >= len(columns)
            label = f"{name} (fast, optimal)" if dashed else f"{name} (slow)"
            colour = colours[i % len(colours)]
            above.plot(trajectory.t, values, color=colour, ls="--" if dashed else "-", label=label)
        above.legend()
        above.set_ylabel("parameters")
        below.plot(trajectory.t, trajectory.observed["cost"], color=PALETTE["black"])
        below.set(ylabel=cost, xlabel=time)
        figure.savefig(path)
        plt.close(figure)
