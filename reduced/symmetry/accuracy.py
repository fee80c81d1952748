"""Outputs of whole classes, and which classes an equivariant network gets right: all pairs of a class, or none."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.inputs.arrays import finite_array, without_overflow
from reduced.network.activations import Activation
from reduced.symmetry.classes import Moduli
from reduced.symmetry.evaluation import bind_classes
from reduced.symmetry.templates import on_residues
from reduced.symmetry.workspace import Workspace, conjugate_spectrum

Array = NDArray[np.float64]


def class_outputs(
    f: Any,
    omega: Any,
    classes: Sequence[int],
    activation: str | Activation = "relu",
    p: Moduli | None = None,
) -> Array:
    """Outputs of each class seen from its label: column r for the pair (s + d, s − d) and label 2(s + r).

    Parameters
    ----------
    f, omega : (m, p) arrays
        Templates and readout.
    classes : sequence of int
        Which classes; they need not be those that train.
    activation : str or Activation
        σ.
    p : int or tuple of int, optional
        Moduli of a product of groups; by default one, the number of columns.

    Returns
    -------
    (classes, p) array
        The target is 1 in column 0 and 0 elsewhere.

    Examples
    --------
    >>> from reduced.symmetry import equivariant_readout
    >>> f = np.random.default_rng(0).standard_normal((2, 3))
    >>> class_outputs(f, equivariant_readout(3, [0, 1])(f), [1, 0]).round(12) + 0.0
    array([[1., 0., 0.],
           [1., 0., 0.]])
    """
    f, group = on_residues("f", f, p)
    given = bind_classes(group.moduli, classes, activation)
    omega = finite_array("omega", omega, *f.shape)
    return without_overflow("the outputs", outputs_of(Workspace(given, len(f)), f, omega))


def outputs_of(workspace: Workspace, f: Array, omega: Array) -> Array:
    """The same at checked templates and readout, for the classes of a workspace."""
    workspace.features(np.ascontiguousarray(f.T))
    outputs = workspace.outputs(conjugate_spectrum(workspace.given.group, omega))
    return workspace.given.group.synthesize(outputs.T)


def right_classes(outputs: Array) -> NDArray[np.bool_]:
    """Whether each class is predicted right: its largest output is at its label."""
    return np.asarray(outputs.argmax(axis=1) == 0)


def margins(outputs: Array) -> Array:
    """Output at the label minus the largest other output, for each class."""
    return np.asarray(outputs[:, 0] - outputs[:, 1:].max(axis=1))
