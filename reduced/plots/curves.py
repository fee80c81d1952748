"""Curves over slow time: accuracies or errors, and norms."""

from typing import Any

from reduced.network.observables import first_crossing
from reduced.plots.sources import observed, seeds_and_mean
from reduced.plots.style import PALETTE, TIME, chance_line, look, on_axes

#: Test accuracy that counts as having generalized.
LEVEL = 0.95
#: Colours of the two layers' norms, which mean nothing else.
NORMS = {
    "squared_norm_W1": (r"$\|W_1\|^2$", {"color": PALETTE["black"], "ls": "-", "lw": 2.5}),
    "squared_norm_W2": (r"$\|W_2\|^2$", {"color": PALETTE["purple"], "ls": (0, (5, 2)), "lw": 2.5}),
}


def learning_curves(source: Any, ax: Any = None, *, chance: float | None = None) -> Any:
    """Training and test accuracy, or error, over slow time; thin lines are seeds, thick ones their mean.

    Parameters
    ----------
    source : xarray.Dataset or Trajectory
        A result of ``simulate``, or a trajectory that observed ``train_accuracy`` and ``test_accuracy``.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default the present axes.
    chance : float, optional
        Accuracy of a guess, drawn as a labelled line.

    Returns
    -------
    matplotlib.axes.Axes
    """
    accuracies = ("train_accuracy", "test_accuracy")
    times, found = observed(source, (*accuracies, "train_error", "test_error"))
    right = any(name in found for name in accuracies)
    with on_axes(ax) as axes:
        for name, curves in found.items():
            meaning = name.partition("_")[0]
            seeds_and_mean(axes, times, curves, **look(meaning), label=meaning)
        if right:
            axes.set(ylim=(-0.03, 1.05), ylabel="accuracy", title=_message(times, found))
            if chance is not None:
                chance_line(axes, chance)
        else:
            axes.set(ylabel="error relative to the targets", yscale="log", title="training and test error")
        axes.set_xlabel(TIME)
        axes.legend()
    return axes


def norms(source: Any, ax: Any = None) -> Any:
    """Squared norms of both layers over slow time, on a logarithmic axis.

    Parameters
    ----------
    source, ax
        As of :func:`learning_curves`, with ``squared_norm_W1`` and ``squared_norm_W2``.
    """
    times, found = observed(source, tuple(NORMS))
    with on_axes(ax) as axes:
        for name, curves in found.items():
            label, line = NORMS[name]
            seeds_and_mean(axes, times, curves, **line, label=label)
        total = sum(curves.mean(axis=0) for curves in found.values())
        verb = "shrink" if total[-1] < total[0] else "grow"
        axes.set(yscale="log", xlabel=TIME, ylabel="squared norm", title=f"the weights {verb}")
        for which in (axes.yaxis.set_major_formatter, axes.yaxis.set_minor_formatter):
            which("{x:g}")
        axes.legend()
    return axes


def _message(times: Any, found: dict[str, Any]) -> str:
    """What the curves say: when the network memorizes, and when it generalizes."""
    if "test_accuracy" not in found:
        return "training accuracy"
    when = first_crossing(times, found["test_accuracy"].mean(axis=0), LEVEL)
    if when != when:
        return f"test accuracy does not reach {LEVEL:g}"
    memorized = "train_accuracy" in found and found["train_accuracy"][:, 0].min() > LEVEL
    return f"{'memorized at once, ' if memorized else ''}generalizes at $\\tau$ = {when:.2f}"
