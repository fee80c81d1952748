"""A run of the first-layer flow on a translation-equivariant network: what starts it, and what is observed."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.symmetry.accuracy import margins, outputs_of, right_classes
from reduced.symmetry.classes import draw_classes, held_out
from reduced.symmetry.evaluation import EquivariantFlow, bind_classes
from reduced.symmetry.observables import fourier_shares, template_circles
from reduced.symmetry.workspace import Workspace

Array = NDArray[np.float64]


def equivariant_start(
    p: int, share: float, templates: int, scale: float, seed: int
) -> tuple[tuple[int, ...], Array]:
    """Training classes and initial templates, drawn from a seed; entries are normal with this standard deviation."""
    rng = np.random.default_rng(seed)
    classes = draw_classes(p, share, rng)
    return classes, scale * rng.standard_normal((templates, p))


def class_observer(flow: EquivariantFlow, templates: int) -> Callable[[float, Array], dict[str, Any]]:
    """What a run observes: accuracies and margins by class, norms, residual, speed, Fourier shares, circles.

    Parameters
    ----------
    flow : EquivariantFlow
        The flow of the run.
    templates : int
        Number of templates.

    Returns
    -------
    callable
        ``observe(tau, f) -> {name: number or array}``.
    """
    given = flow.given
    rest = held_out(given.p, given.classes)
    workspace = Workspace(bind_classes(given.p, rest, given.activation), templates) if rest else None

    def observe(tau: float, f: Array) -> dict[str, Any]:
        optimum = flow.at(f)
        targets = np.eye(1, given.p)
        tested = np.empty((0, given.p)) if workspace is None else outputs_of(workspace, f, optimum.readout)
        shares = fourier_shares(f)
        return {
            "train_accuracy": float(right_classes(optimum.outputs).mean()),
            "test_accuracy": float(right_classes(tested).mean()) if rest else np.nan,
            "train_margin": margins(optimum.outputs),
            "test_margin": margins(tested) if rest else np.empty(0),
            "squared_norm_W1": float(given.p * np.sum(f**2)),
            "squared_norm_W2": float(given.p * np.sum(optimum.readout**2)),
            "residual": float(np.sqrt(given.p) * np.linalg.norm(optimum.outputs - targets)),
            "speed": float(np.sqrt(given.p) * np.linalg.norm(optimum.velocity)),
            "gram_condition": optimum.gram_condition,
            "largest_share": shares.max(axis=1),
            "leading_frequency": 1 + shares.argmax(axis=1),
            **template_circles(f),
        }

    return observe
