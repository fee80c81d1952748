"""The six panels of training beside both predictions of its direction."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
from _curves import thin_and_mean

#: Title, scale, and the label of each curve.
PANELS = (
    ("mean-squared error", "log", {"train_loss": "training", "test_loss": "test"}),
    ("accuracy", "linear", {"train_accuracy": "training", "test_accuracy": "test"}),
    (
        "cosine with the motion of both layers",
        "linear",
        {"zero_loss_cosine": "−Pθ at the point, 10 steps", "sliding_cosine": "zero-loss flow, 1000 steps"},
    ),
    (
        "cosine with the update of W1",
        "linear",
        {"zero_loss_cosine_first": "zero-loss flow", "first_layer_cosine": "first-layer flow"},
    ),
    ("distance to the zero-loss set / λ", "log", {"distance": "‖θ − retraction‖ / λ"}),
    (
        "tangent share, smallest singular value",
        "linear",
        {"tangent_share": "‖PΔθ‖² / ‖Δθ‖²", "smallest_singular_value": "smallest σ of ∇F"},
    ),
)
#: Upper end of the axis of cosines: leaves room for a legend above the curves.
HEADROOM = 1.5


def training_panels(runs: Sequence[Mapping[str, Any]], smooth: Mapping[str, Any]) -> Any:
    """What :func:`reduced.studies.alignment.aligned_training` measured, on ReLU networks and on a smooth one."""
    tau = smooth["tau"]
    figure, axes = plt.subplots(2, 3, figsize=(14, 7), layout="constrained")
    for axis, (title, scale, curves) in zip(axes.flat, PANELS, strict=True):
        for name, color in zip(curves, ("tab:blue", "tab:red"), strict=False):
            thin_and_mean(axis, tau, [one[name] for one in runs], curves[name], color)
        if name == "sliding_cosine":
            axis.plot(tau, smooth["zero_loss_cosine"], "k--", label="−Pθ, 10 steps, tanh")
        axis.set(title=title, yscale=scale, xlabel="slow time τ = 2λt (10⁴ steps)")
        if "cosine" in title:
            axis.set_ylim(top=HEADROOM)
        axis.legend(fontsize="small", loc="upper right" if "cosine" in title else "best")
    return figure
