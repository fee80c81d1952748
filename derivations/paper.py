"""The whole chain in reading order, and the lines for what has no check."""

from derivations import (
    convex_loss_steps,
    deep_steps,
    distance_steps,
    envelope,
    equivariant_steps,
    errata,
    exact,
    neural_tangent,
    orthogonality,
    regularized_flow,
    scaling_steps,
    slips,
    toy_models,
    two_layer_steps,
    zero_loss_flow_steps,
    zero_loss_set,
)
from derivations.chapter import Chapter

UNCHECKED = (
    ("(7)", "an assumption, that θ₁ determines θ₂ along the trajectory; the errata show where it fails"),
)
"""Numbered equations without a check, and why."""

QUOTED_NUMBERS = (
    ("Fig. 1", "start (−1, 1), λ ∈ {0.01, 0.1, 0.2}; the learning rate is not given"),
    ("Fig. 3", f"slope {toy_models.LEAK} of the leaky ReLU for negative inputs"),
    (
        "Figs. 5 and 7",
        "n = 11, 128 hidden units, 7 test pairs, learning rate 1, weight decay 1e-4, 5 networks",
    ),
    ("§7.3", "p = 37, 512 hidden units, 70 % of the pairs train, 5000 Euler steps of 1e-3, 5 seeds"),
)
"""Settings of the paper's experiments: taken over as printed, nothing to derive."""

QUOTED = (("Theorem B.2", "the Morse–Sard theorem is quoted: measure zero is beyond computer algebra"),)


def chapters() -> tuple[Chapter, ...]:
    """Every derivation of the repository, ready to be run and printed."""
    return (
        Chapter("Toy models", toy_models.steps(), QUOTED_NUMBERS),
        Chapter("Regularized gradient flow", regularized_flow.steps()),
        Chapter("Zero-loss set", zero_loss_set.steps(), QUOTED),
        Chapter("Gradient orthogonality", (*orthogonality.steps(), *distance_steps.steps())),
        Chapter("Isolated dynamics", envelope.steps(), UNCHECKED),
        Chapter("Two-layer networks", (*two_layer_steps.steps(), *scaling_steps.steps())),
        Chapter("Zero-loss flow of a two-layer network", zero_loss_flow_steps.steps()),
        Chapter("Every convex loss", convex_loss_steps.steps()),
        Chapter("Neural tangent kernel of a two-layer network", neural_tangent.steps()),
        Chapter("Deeper networks", deep_steps.steps()),
        Chapter("Modular addition in frequency space", equivariant_steps.steps()),
        Chapter("Solvable cases", exact.steps()),
        Chapter("Errata", errata.steps(), errata.REMARKS, kind="errata"),
        Chapter("Slips of the pen", slips.steps(), kind="slips"),
    )
