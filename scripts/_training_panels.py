"""The six panels of training beside both predictions of its direction."""

from collections.abc import Mapping, Sequence
from typing import Any

from _curves import thin_and_mean
from _pyplot import plt

from reduced.plots.style import look

#: Title, scale, and meaning and label of each curve.
PANELS = (
    (
        "accuracy",
        "linear",
        {"train_accuracy": ("train", "train"), "test_accuracy": ("test", "test")},
    ),
    (
        "cosine with the motion of both layers",
        "linear",
        {
            "zero_loss_cosine": ("training", "−Pθ at the point, 10 steps"),
            "sliding_cosine": ("zero-loss flow", "zero-loss flow, 1000 steps"),
        },
    ),
    (
        "cosine with the update of W1",
        "linear",
        {
            "zero_loss_cosine_first": ("zero-loss flow", "zero-loss flow"),
            "first_layer_cosine": ("first-layer flow", "first-layer flow"),
        },
    ),
    ("distance to the zero-loss set / λ", "log", {"distance": ("training", "training")}),
)
TITLES = (
    "training memorizes, then generalizes",
    "it moves as the zero-loss flow does",
    "rather than as the first-layer flow",
    "close to the zero-loss set",
)


def training_panels(runs: Sequence[Mapping[str, Any]], smooth: Mapping[str, Any]) -> Any:
    """What :func:`reduced.studies.alignment.aligned_training` measured, on ReLU networks and on a smooth one."""
    tau = smooth["tau"]
    figure, axes = plt.subplots(2, 2, figsize=(13, 8.5), layout="constrained")
    for axis, (label, scale, curves), title in zip(axes.flat, PANELS, TITLES, strict=True):
        for name, (meaning, words) in curves.items():
            thin_and_mean(axis, tau, [one[name] for one in runs], words, **look(meaning))
        if "sliding_cosine" in curves:
            axis.plot(
                tau,
                smooth["zero_loss_cosine"],
                color="0.3",
                ls=(0, (1, 2)),
                lw=2,
                label="−Pθ, 10 steps, tanh",
            )
        axis.set(title=title, ylabel=label, yscale=scale, xlabel="slow time τ = 2λt (10⁴ steps)")
        if "cosine" in label:
            axis.set_ylim(top=1.02)
        if len(curves) > 1:
            axis.legend(loc="best")
    return figure
