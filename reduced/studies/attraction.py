"""Whether equivariant networks attract: dense networks that start off the subspace, or nowhere near it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.flows.two_layer import first_layer_flow
from reduced.inputs.scalars import non_negative, positive, whole
from reduced.integration.solve import integrate
from reduced.network.dataset import Dataset
from reduced.network.observables import accuracy
from reduced.runs.equivariant import equivariant_start
from reduced.studies.classes import LOOK, STEP
from reduced.symmetry.classes import difference_classes
from reduced.symmetry.templates import expand_templates
from reduced.tasks.modular import modular_addition

Array = NDArray[np.float64]


def nearest_templates(W1: Array) -> Array:
    """Templates (m, p) whose expansion is the orthogonal projection of a dense first layer (p, m·p).

    Examples
    --------
    >>> f = np.array([[1.0, 2.0, 4.0]])
    >>> nearest_templates(expand_templates(f))
    array([[1., 2., 4.]])
    """
    p = len(W1)
    entries = W1.reshape(p, p, -1)  # a, g, j
    a = (np.arange(p)[:, None] - np.arange(p)) % p  # u − g
    return np.asarray(entries[a, np.arange(p)[None, :]].mean(axis=1).T)


def distance(W1: Array) -> float:
    """‖W1 − expansion of its nearest templates‖ / ‖W1‖."""
    return float(np.linalg.norm(W1 - expand_templates(nearest_templates(W1))) / np.linalg.norm(W1))


def beside_the_subspace(
    p: int, share: float, ratio: float, seed: int, offset: float, end: float, activation: str = "relu"
) -> dict[str, Array]:
    """Follow the dense first-layer flow at ridge 0 on whole classes, from a start beside an equivariant network.

    Parameters
    ----------
    p, share, ratio, seed
        As in :func:`reduced.studies.classes.generalization`; the same classes and templates.
    offset : float
        Size of a random displacement of W1 over ‖W1‖.
    end : float
        Slow time.
    activation : str
        σ.

    Returns
    -------
    dict of arrays
        ``t``, ``distance`` from the subspace over ‖W1‖, and ``test_accuracy``.
    """
    (offset,) = non_negative(offset=offset)
    classes, W1 = _start(p, share, ratio, seed)
    return _follow(*difference_classes(p, classes), W1 + offset * _noise(W1, seed), end, activation)


def without_symmetry(
    p: int,
    share: float,
    ratio: float,
    seed: int,
    end: float,
    activation: str = "relu",
    *,
    whole_classes: bool,
) -> dict[str, Array]:
    """Follow the dense flow from a start without symmetry, on the same classes or on as many random pairs.

    Parameters and result as of :func:`beside_the_subspace`; the width is the same, p times the number of templates.
    """
    classes, W1 = _start(p, share, ratio, seed)
    if whole_classes:
        train, test = difference_classes(p, classes)
    else:
        pairs = 2 * len(classes) / (len(W1) + 1)
        train, test = modular_addition(p, pairs, np.random.default_rng([seed, 2]))
    return _follow(train, test, _noise(W1, seed), end, activation)


def _start(p: int, share: float, ratio: float, seed: int) -> tuple[tuple[int, ...], Array]:
    (p,), (ratio,) = whole(3, p=p), positive(ratio=ratio)
    classes, _ = equivariant_start(p, share, 1, 1.0, seed)
    classes, f = equivariant_start(p, share, round(ratio * len(classes)), p**-0.5, seed)
    return classes, expand_templates(f)


def _noise(W1: Array, seed: int) -> Array:
    """A first layer of independent normal entries, of the same norm."""
    noise = np.random.default_rng([seed, 1]).standard_normal(W1.shape)
    return np.asarray(noise * (np.linalg.norm(W1) / np.linalg.norm(noise)))


def _follow(train: Dataset, test: Dataset, W1: Array, end: float, activation: str) -> dict[str, Array]:
    """Distance from the subspace and test accuracy along the first-layer flow."""
    flow = first_layer_flow(train.X, train.Y, activation)

    def observe(tau: float, W1: Array) -> dict[str, Any]:
        return {"distance": distance(W1), "test_accuracy": accuracy(W1, flow.readout(W1), test, activation)}

    (end,) = positive(end=end)
    how: dict[str, Any] = {"method": "relative_legendre", "step": STEP, "t_eval": [end]}
    return integrate(flow, W1, (0, end), observe=observe, observe_every=LOOK, **how).observed
