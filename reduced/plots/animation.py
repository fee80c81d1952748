"""Circles that form while the test accuracy rises, as an animated picture."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.network.observables import rings
from reduced.plots.embedding import strongest
from reduced.plots.style import CYCLIC, STYLE, TIME, chance_line, look

Array = NDArray[np.float64]
#: Frames a second; a picture of 120 frames lasts ten seconds.
RATE = 12


def animate_circles(
    times: Array,
    embeddings: Array,
    accuracies: Array,
    path: Path,
    *,
    chance: float | None = None,
    count: int = 3,
) -> Path:
    """Write a GIF: test accuracy with a moving dot, and the strongest frequencies' circles beside it.

    Parameters
    ----------
    times : (m,) array
        Slow times of the frames.
    embeddings : (m, p, d_h) array
        First layers at them.
    accuracies : (m,) array
        Test accuracies at them.
    path : pathlib.Path
        The file.
    chance : float, optional
        As of :func:`reduced.plots.curves.learning_curves`.
    count : int
        Number of frequencies, those that are strongest at the end.
    """
    import matplotlib.pyplot as plt
    from matplotlib.animation import FuncAnimation, PillowWriter

    shown = strongest(embeddings[-1], count)
    moving = np.array([rings(W1, max(shown))[[k - 1 for k in shown]] for W1 in embeddings])
    p = embeddings.shape[1]
    with plt.rc_context(STYLE | {"savefig.dpi": 80}):
        figure, axes = plt.subplots(
            1, 1 + count, figsize=(3.2 * (1 + count) + 1, 3.6), width_ratios=[1.5] + [1] * count
        )
        axes[0].plot(times, accuracies, **look("test", alpha=0.35))
        (drawn,) = axes[0].plot([], [], **look("test"))
        (dot,) = axes[0].plot([], [], "o", ms=9, color=look("test")["color"])
        axes[0].set(xlim=(times[0], times[-1]), ylim=(-0.03, 1.05), xlabel=TIME, ylabel="test accuracy")
        if chance is not None:
            chance_line(axes[0], chance)
        clouds, sides = [], np.abs(moving).max(axis=(0, 2, 3))
        for axis, k, side in zip(axes[1:], shown, sides, strict=True):
            turn = np.arange(p) * k % p
            clouds.append(axis.scatter(np.zeros(p), np.zeros(p), c=turn, cmap=CYCLIC, s=30, ec="0.3", lw=0.4))
            edge = 1.1 * side
            axis.set(
                xlim=(-edge, edge),
                ylim=(-edge, edge),
                aspect="equal",
                xticks=[],
                yticks=[],
                title=f"$k = {k}$",
            )
            axis.spines[:].set_visible(False)

        def frame(i: int) -> list[Any]:
            drawn.set_data(times[: i + 1], accuracies[: i + 1])
            dot.set_data([times[i]], [accuracies[i]])
            for cloud, ring in zip(clouds, moving[i], strict=True):
                cloud.set_offsets(ring.T)
            return [drawn, dot, *clouds]

        FuncAnimation(figure, frame, frames=len(times), blit=False).save(path, writer=PillowWriter(fps=RATE))
        plt.close(figure)
    return path
