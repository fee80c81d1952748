"""Both layers of an equivariant network in motion: gradient flow of templates and readout."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from reduced.inputs.arrays import finite_array, real_array, without_overflow
from reduced.inputs.memory import refuse_beyond_memory
from reduced.integration.bound import About, BoundFlow
from reduced.integration.preference import RESOLVED
from reduced.network.activations import Activation
from reduced.network.loss import Loss
from reduced.network.losses import LOSSES
from reduced.network.parameters import Pair, pair
from reduced.symmetry.classes import Moduli
from reduced.symmetry.evaluation import bind_classes, numbers
from reduced.symmetry.workspace import (
    Array,
    Complex,
    Translation,
    Workspace,
    conjugate_spectrum,
    from_conjugate,
)


def equivariant_full_flow(
    p: Moduli,
    classes: Sequence[int],
    activation: str | Activation = "relu",
    ridge: float = 0.0,
    *,
    loss: str | Loss = "squared",
) -> BoundFlow[Pair]:
    """Gradient flow of the regularized loss in templates and readout, in flow time t.

    Exactly :func:`reduced.full_flow` of the network that they expand to.

    Parameters
    ----------
    p, classes, activation, loss
        As in :func:`reduced.equivariant_flow`.
    ridge : float
        λ ≥ 0.

    Returns
    -------
    callable
        ``flow(t, (f, omega)) -> (df/dt, domega/dt)``, all (m, p).

    Examples
    --------
    >>> flow = equivariant_full_flow(3, [1], "linear", ridge=0.5)
    >>> first, second = flow(0.0, (np.array([[1.0, 0.0, 0.0]]), np.zeros((1, 3))))
    >>> first, second.round(12)
    (array([[-1.,  0.,  0.]]), array([[0., 2., 2.]]))
    """
    given = bind_classes(p, classes, activation, ridge, loss)
    about = About(
        "equivariant_full_flow", "d(f, ω)/dt = −∇L_λ", "flow time t", RESOLVED, given.facts, ("f", "omega")
    )
    return BoundFlow(partial(_full_flow, given), about)


def checked_network(given: Translation, state: Any) -> Pair:
    """Check that templates and readout fit the modulus, and each other.

    Raises
    ------
    ValueError
        If they are no pair, or one of them does not fit.
    """
    f, omega = pair("state", state)
    f = real_array("f", f)
    m = len(f) if f.ndim else 0
    refuse_beyond_memory(
        f"{len(given.classes)} classes with {m} templates in state", numbers(given.p, len(given.classes), m)
    )
    f = finite_array("f", f, "m", given.p)
    return f, finite_array("omega", omega, *f.shape)


def _full_flow(given: Translation, t: float, state: Any) -> Pair:
    f, omega = checked_network(given, state)
    first, second = full_velocity(Workspace(given, len(f)), f, omega)
    return without_overflow("the flow", first), without_overflow("the flow", second)


def full_velocity(workspace: Workspace, f: Array, omega: Array) -> Pair:
    """−∇ of the regularized loss at checked templates and readout."""
    templates, readout = np.ascontiguousarray(f.T), conjugate_spectrum(workspace.given.group, omega)
    workspace.features(templates)
    gamma = -_slopes(workspace, workspace.outputs(readout)).conj()
    decay = 2 * workspace.given.ridge
    second = from_conjugate(workspace.given.group, workspace.readout(gamma)) - decay * omega
    return workspace.pull(templates, gamma, readout).T - decay * f, second


def _slopes(workspace: Workspace, outputs: Complex) -> Complex:
    """∇ℓ of the outputs of the classes, both in frequency space."""
    given = workspace.given
    if given.loss == LOSSES["squared"]:
        return 2 * (outputs - 1)
    targets = np.zeros((len(given.classes), given.p))
    targets[:, 0] = 1
    Z = given.group.synthesize(outputs.T)
    return given.group.analyze(given.loss.gradient(Z, given.loss.from_one_hot(targets))).T
