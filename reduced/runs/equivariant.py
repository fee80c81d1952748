"""A run of the first-layer flow on a translation-equivariant network: what starts it, and what is observed."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.inputs.memory import STATES, refuse_beyond_memory
from reduced.network.dataset import Sizes
from reduced.symmetry.accuracy import margins, outputs_of, right_classes
from reduced.symmetry.classes import draw_classes, held_out
from reduced.symmetry.evaluation import EquivariantFlow, bind_classes, numbers
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


def class_sizes(p: int, share: float, templates: int, ridge: float) -> Sizes:
    """How many pairs train and test, all of whole classes.

    Raises
    ------
    ValueError
        If p is even, the share leaves no class to train or to test, the templates are fewer than the training classes
        at ridge 0, or a run asks for more memory than there is.
    """
    try:
        classes = len(draw_classes(p, share, 0))
    except ValueError as error:
        raise ValueError(str(error).replace("share", "train_fraction", 1)) from None
    rest = (p + 1) // 2 - classes
    held = numbers(p, classes, templates) + numbers(p, rest, templates) + STATES * p * templates
    refuse_beyond_memory(f"p = {p} with {classes} classes and templates = {templates}", held)
    if ridge == 0 and templates < classes:
        raise ValueError(
            f"templates = {templates}: less than the {classes} training classes, and ridge = 0; take at least "
            f"{classes}, or ridge > 0"
        )
    return Sizes(p * classes, p * rest, p, p)


def class_observer(flow: EquivariantFlow, templates: int) -> Callable[[float, Array], dict[str, Any]]:
    """What a run observes: accuracies and margins by class, norms, fit, speed, Fourier shares, circles.

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

    targets = np.eye(1, given.p)

    def observe(tau: float, f: Array) -> dict[str, Any]:
        optimum = flow.at(f)
        tested = np.empty((0, given.p)) if workspace is None else outputs_of(workspace, f, optimum.readout)
        row: dict[str, Any] = {
            "train_accuracy": float(right_classes(optimum.outputs).mean()),
            "test_accuracy": float(right_classes(tested).mean()) if rest else np.nan,
            "train_margin": margins(optimum.outputs),
            "test_margin": margins(tested) if rest else np.empty(0),
            "squared_norm_W1": float(given.p * np.sum(f**2)),
            "squared_norm_W2": float(given.p * np.sum(optimum.readout**2)),
            "speed": float(np.sqrt(given.p) * np.linalg.norm(optimum.velocity)),
        }
        if given.in_closed_form:
            row["residual"] = float(np.sqrt(given.p) * np.linalg.norm(optimum.outputs - targets))
            row["gram_condition"] = optimum.gram_condition
        else:
            of_class = given.loss.from_one_hot(np.repeat(targets, len(given.classes), axis=0))
            slopes = given.loss.gradient(optimum.outputs, of_class)
            row["loss"] = given.p * given.loss.value(optimum.outputs, of_class)
            row["squared_norm_M"] = float(given.p * np.sum((slopes / (2 * given.ridge)) ** 2))
            row["duality_gap"] = optimum.duality_gap
        shares = fourier_shares(f)
        row |= {"largest_share": shares.max(axis=1), "leading_frequency": 1 + shares.argmax(axis=1)}
        return row | template_circles(f)

    return observe
