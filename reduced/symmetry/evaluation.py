"""One evaluation of an equivariant network: the optimal readout of its templates, and what follows from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.inputs.arrays import finite_array, real_array, without_overflow
from reduced.inputs.choices import one_of
from reduced.inputs.memory import refuse_beyond_memory
from reduced.inputs.scalars import non_negative
from reduced.network.activations import Activation, get_activation
from reduced.symmetry.blocks import gram_condition, solve_blocks
from reduced.symmetry.classes import checked_classes
from reduced.symmetry.workspace import Complex, Translation, Workspace, from_conjugate

Array = NDArray[np.float64]
LOSSES = ("squared",)


@dataclass(frozen=True)
class ClassOptimum:
    """The optimal readout at some templates, and what follows from it.

    Parameters
    ----------
    readout : (m, p) array
        ω.
    velocity : (m, p) array
        df/dτ.
    outputs : (|D|, p) array
        Of the training classes, seen from their labels.
    gram_condition : float
        Of the ridge Gram matrix, from the 1-norms of its blocks.
    """

    readout: Array
    velocity: Array
    outputs: Array
    gram_condition: float


def bind_classes(
    p: int,
    classes: Sequence[int],
    activation: str | Activation = "relu",
    ridge: float = 0.0,
    loss: str = "squared",
) -> Translation:
    """Check what an equivariant flow is bound to.

    Raises
    ------
    ValueError
        Naming the parameter, its value and what is allowed.
    """
    named = checked_classes(p, classes)
    non_negative(ridge=ridge)
    one_of("loss", loss, LOSSES)
    return Translation(int(p), named, get_activation(activation), float(ridge))


class EquivariantFlow:
    """The flow of a bound problem: ``flow(tau, f) -> df/dτ``, both (m, p)."""

    def __init__(self, given: Translation) -> None:
        self.given = given
        self._idle: list[Workspace] = []

    def __call__(self, tau: float, f: Array) -> Array:
        """df/dτ."""
        templates = self._templates(f)
        workspace = self._workspace(templates.shape[1])
        gamma, readout = self._optimum(workspace, templates)
        velocity = workspace.pull(templates, gamma, readout) - templates
        self._idle.append(workspace)
        return without_overflow("the flow", np.ascontiguousarray(velocity.T))

    def readout(self, f: Array) -> Array:
        """Optimal readout ω (m, p)."""
        templates = self._templates(f)
        workspace = self._workspace(templates.shape[1])
        readout = self._optimum(workspace, templates)[1]
        self._idle.append(workspace)
        return without_overflow("the readout", from_conjugate(readout, self.given.p))

    def at(self, f: Array) -> ClassOptimum:
        """All that the optimal readout gives at some templates."""
        templates = self._templates(f)
        workspace = self._workspace(templates.shape[1])
        gamma, readout = self._optimum(workspace, templates)
        velocity = workspace.pull(templates, gamma, readout) - templates
        outputs = workspace.outputs(readout)
        condition = gram_condition(workspace.spectrum, self.given.ridge)
        self._idle.append(workspace)
        return ClassOptimum(
            without_overflow("the readout", from_conjugate(readout, self.given.p)),
            without_overflow("the flow", np.ascontiguousarray(velocity.T)),
            np.fft.irfft(outputs.T, self.given.p, axis=1),
            condition,
        )

    def cost(self, f: Array) -> float:
        """Reduced cost R/λ."""
        templates = self._templates(f)
        workspace = self._workspace(templates.shape[1])
        gamma = self._optimum(workspace, templates)[0]
        self._idle.append(workspace)
        sums = gamma.real.sum(axis=1)
        norm = self.given.p * np.sum(templates**2)
        return float(without_overflow("the cost", norm + sums[0] + 2 * sums[1:].sum()))

    def _optimum(self, workspace: Workspace, templates: Array) -> tuple[Complex, Array]:
        workspace.features(templates)
        gamma = solve_blocks(workspace.spectrum, self.given.ridge)
        return gamma, workspace.readout(gamma)

    def _templates(self, f: Any) -> Array:
        """Templates that fit the modulus and, without a ridge, the number of classes; one residue a row."""
        p, classes = self.given.p, len(self.given.classes)
        array = real_array("f", f)
        m = array.shape[0] if array.ndim else 0
        refuse_beyond_memory(f"p = {p} with {classes} classes and {m} templates", numbers(p, classes, m))
        array = finite_array("f", array, "m", p)
        if self.given.ridge == 0 and m < classes:
            raise ValueError(
                f"f has {m} templates, less than the {classes} training classes, and ridge = 0: the blocks of the "
                f"Gram matrix cannot be inverted; take at least {classes} templates or ridge > 0"
            )
        return np.ascontiguousarray(array.T)

    def _workspace(self, m: int) -> Workspace:
        while self._idle:
            workspace = self._idle.pop()
            if workspace.m == m:
                return workspace
        return Workspace(self.given, m)

    def __getstate__(self) -> dict[str, Any]:
        return vars(self) | {"_idle": []}


def numbers(p: int, classes: int, m: int) -> float:
    """Numbers in double precision that an evaluation holds at once."""
    return float(p + 1) * classes * m + 6.0 * p * m + 4.0 * p * classes + 1.5 * p * p
