"""Gradient descent on both layers of a translation-equivariant network."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from reduced.integration.trajectory import Trajectory
from reduced.network.activations import Activation
from reduced.network.parameters import Pair
from reduced.symmetry.both_layers import checked_network, full_velocity
from reduced.symmetry.classes import Moduli
from reduced.symmetry.evaluation import bind_classes
from reduced.symmetry.workspace import Workspace
from reduced.training.loop import take_steps
from reduced.training.units import checked_descent, terms


def equivariant_train(
    p: Moduli,
    classes: Sequence[int],
    state: Pair,
    *,
    steps: int,
    learning_rate: float,
    weight_decay: float,
    activation: str | Activation = "relu",
    reduction: str = "mean",
    momentum: float = 0.0,
    rate_ratio: float = 1.0,
    observe: Callable[[int, Pair], Mapping[str, Any]] | None = None,
    observe_every: int = 1,
) -> Trajectory:
    """Full-batch gradient descent on templates and readout: exactly :func:`reduced.train` of the expanded network.

    Parameters
    ----------
    p, classes, activation
        As in :func:`reduced.equivariant_flow`.
    state : (f, omega)
        Where to start, both (m, p).
    steps, learning_rate, weight_decay, reduction, momentum, rate_ratio, observe, observe_every
        As in :func:`reduced.train`, in the units of the dense network.

    Returns
    -------
    Trajectory
        ``t`` in steps; ``t`` and ``y`` hold the last state alone, ``observed["t"]`` the steps of observation.

    Examples
    --------
    >>> import numpy as np
    >>> start = np.array([[1.0, 0.0, 0.0]]), np.zeros((1, 3))
    >>> how = {"learning_rate": 0.25, "weight_decay": 0.5, "reduction": "sum"}
    >>> equivariant_train(3, [0], start, steps=1, activation="linear", **how).y[1]
    array([[[1., 0., 0.]]])
    """
    how = checked_descent(steps, learning_rate, weight_decay, momentum, rate_ratio, observe_every)
    plain = bind_classes(p, classes)
    squares = terms(len(plain.classes) * plain.p**2, reduction)
    given = bind_classes(p, classes, activation, how.weight_decay * squares / 2)
    f, omega = checked_network(given, state)
    workspace = Workspace(given, len(f))
    return take_steps(
        lambda f, omega: full_velocity(workspace, f, omega),
        (f, omega),
        steps=how.steps,
        rates=how.rates(squares),
        momentum=how.momentum,
        observe=observe,
        observe_every=how.observe_every,
    )
