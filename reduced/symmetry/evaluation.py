"""One evaluation of an equivariant network: the optimal readout of its templates, and what follows from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.inputs.arrays import finite_array, real_array, without_overflow
from reduced.inputs.memory import refuse_beyond_memory
from reduced.inputs.scalars import non_negative
from reduced.integration.bound import About, Described
from reduced.integration.preference import RESOLVED
from reduced.network.activations import Activation, get_activation
from reduced.network.loss import Loss, ZeroRidge
from reduced.network.losses import get_loss
from reduced.symmetry.blocks import gram_condition
from reduced.symmetry.classes import Moduli, checked_classes
from reduced.symmetry.group import odd_group
from reduced.symmetry.inner import EXACT, Inner, minimized_readout, solved
from reduced.symmetry.workspace import BLOCK, Translation, Workspace, from_conjugate

Array = NDArray[np.float64]


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
        Of the ridge Gram matrix, from the 1-norms of its blocks; NaN where no linear system gives the readout.
    duality_gap : float
        As of :class:`reduced.flows.first_layer.Optimum`; NaN where linear systems give the readout.
    """

    readout: Array
    velocity: Array
    outputs: Array
    gram_condition: float
    duality_gap: float


def bind_classes(
    p: Moduli,
    classes: Sequence[int],
    activation: str | Activation = "relu",
    ridge: float = 0.0,
    loss: str | Loss = "squared",
) -> Translation:
    """Check what an equivariant flow is bound to.

    Raises
    ------
    ValueError
        Naming the parameter, its value and what is allowed.
    """
    group = odd_group(p)
    named = checked_classes(group, classes)
    (ridge,) = non_negative(ridge=ridge)
    return Translation(group, named, get_activation(activation), ridge, get_loss(loss))


def interpolable_classes(given: Translation) -> Translation:
    """Pass a problem through if it keeps a ridge, or its loss is least where outputs and targets agree.

    Raises
    ------
    ValueError
        If neither holds.
    """
    if given.ridge == 0 and given.loss.zero_ridge is not ZeroRidge.INTERPOLATES:
        raise ValueError(f"ridge = 0: with loss {given.loss.name!r}, {given.loss.zero_ridge}; set ridge > 0")
    return given


class EquivariantFlow(Described):
    """The flow of a bound problem: ``flow(tau, f) -> df/dτ``, both (m, p).

    For a loss whose readout is found by minimization, each call starts from the last one's solution.

    Parameters
    ----------
    given : Translation
        Modulus, classes, activation, ridge, loss.
    tolerance : float
        As of :class:`reduced.flows.convex.ConvexFlow`.
    """

    def __init__(self, given: Translation, tolerance: float = 1e-8) -> None:
        self.given = given
        self._share = max(tolerance**2, EXACT)
        self._start: Array | None = None
        self._idle: list[Workspace] = []

    @property
    def about(self) -> About:
        """What this flow is."""
        equation = "df/dτ = −½ ∇(R/λ), the readout optimal"
        return About("equivariant_flow", equation, "slow time τ = 2λt", RESOLVED, self.given.facts, ("f",))

    def __call__(self, tau: float, f: Array) -> Array:
        """df/dτ."""
        templates = self._templates(f)
        workspace = self._workspace(templates.shape[1])
        inner = self._inner(workspace, templates, self._share)
        self._start = inner.unknown
        velocity = workspace.pull(templates, inner.gamma, inner.readout) - templates
        self._idle.append(workspace)
        return without_overflow("the flow", np.ascontiguousarray(velocity.T))

    def readout(self, f: Array) -> Array:
        """Optimal readout ω (m, p), to rounding."""
        templates = self._templates(f)
        workspace = self._workspace(templates.shape[1])
        inner = self._inner(workspace, templates, EXACT)
        self._idle.append(workspace)
        return without_overflow("the readout", from_conjugate(self.given.group, inner.readout))

    def at(self, f: Array) -> ClassOptimum:
        """All that the optimal readout gives at some templates; the next call does not notice."""
        templates = self._templates(f)
        workspace = self._workspace(templates.shape[1])
        inner = self._inner(workspace, templates, self._share)
        velocity = workspace.pull(templates, inner.gamma, inner.readout) - templates
        outputs = workspace.outputs(inner.readout)
        closed = self.given.in_closed_form
        condition = gram_condition(workspace.spectrum, self.given.ridge) if closed else np.nan
        self._idle.append(workspace)
        return ClassOptimum(
            without_overflow("the readout", from_conjugate(self.given.group, inner.readout)),
            without_overflow("the flow", np.ascontiguousarray(velocity.T)),
            self.given.group.synthesize(outputs.T),
            condition,
            inner.gap,
        )

    def cost(self, f: Array) -> float:
        """Reduced cost R/λ, to rounding."""
        templates = self._templates(f)
        workspace = self._workspace(templates.shape[1])
        inner = self._inner(workspace, templates, EXACT)
        self._idle.append(workspace)
        return float(without_overflow("the cost", self.given.p * np.sum(templates**2) + inner.cost))

    def saved(self) -> dict[str, Any]:
        """What the next call starts from, for a checkpoint; empty where nothing is."""
        return {} if self._start is None else {"start": self._start}

    def recall(self, saved: dict[str, Any]) -> None:
        """Start the next call from this, bit for bit."""
        self._start = saved.get("start")

    def _inner(self, workspace: Workspace, templates: Array, share: float) -> Inner:
        workspace.features(templates)
        if self.given.in_closed_form:
            return solved(workspace)
        return minimized_readout(workspace, self._start, share)

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
        return vars(self) | {"_idle": [], "_start": None}


def numbers(p: int, classes: int, m: int) -> float:
    """Numbers in double precision that an evaluation holds at once."""
    return float(p + 1) * classes * m + 6.0 * p * m + 4.0 * p * classes + 1.5 * p * p + 8.0 * BLOCK
