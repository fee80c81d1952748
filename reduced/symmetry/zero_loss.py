"""Motion of an equivariant network within the zero-loss set, as a flow that knows how to stay on it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from reduced.inputs.arrays import without_overflow
from reduced.inputs.scalars import between_0_and_1, positive
from reduced.integration.bound import About, Described
from reduced.integration.preference import CONTROLLED, RESOLVED, Preference
from reduced.integration.surface import Surface
from reduced.network.activations import Activation
from reduced.network.parameters import Pair
from reduced.network.retraction import nearest_on_set
from reduced.symmetry.both_layers import checked_network
from reduced.symmetry.classes import Moduli
from reduced.symmetry.evaluation import bind_classes
from reduced.symmetry.tangent import TOLERANCE, Tangent
from reduced.symmetry.workspace import Translation

#: As of :mod:`reduced.flows.tangent`.
LOOSE, HELD = 1e-2, 1e-9


def equivariant_zero_loss_flow(
    p: Moduli,
    classes: Sequence[int],
    activation: str | Activation = "relu",
    *,
    rate_ratio: float = 1.0,
    tolerance: float | None = None,
) -> "EquivariantZeroLossFlow":
    """Steepest descent of ‖θ‖² within the zero-loss set of templates and readout, in slow time τ = 2λt.

    Exactly :func:`reduced.zero_loss_flow` of the network that they expand to, with its ``rate_ratio`` and
    ``tolerance``.

    Parameters
    ----------
    p, classes, activation
        As in :func:`reduced.equivariant_flow`.
    rate_ratio : float
        ε > 0, the learning rate of the templates over that of the readout.
    tolerance : float, optional
        As in :func:`reduced.zero_loss_flow`; :func:`reduced.integrate` keeps states on the set as it does there.

    Returns
    -------
    EquivariantZeroLossFlow
        ``flow(tau, (f, omega)) -> (df/dtau, domega/dtau)``, all (m, p).
    """
    (rate_ratio,) = positive(rate_ratio=rate_ratio)
    if tolerance is not None:
        (tolerance,) = between_0_and_1(tolerance=tolerance)
    return EquivariantZeroLossFlow(bind_classes(p, classes, activation), rate_ratio, tolerance)


class EquivariantZeroLossFlow(Described):
    """Motion within the zero-loss set; made by :func:`equivariant_zero_loss_flow`.

    Parameters
    ----------
    given : Translation
    rate_ratio, tolerance
        As in :func:`equivariant_zero_loss_flow`.
    """

    def __init__(self, given: Translation, rate_ratio: float, tolerance: float | None) -> None:
        self._given, self._rate_ratio, self._tolerance = given, rate_ratio, tolerance

    def __call__(self, tau: float, state: Pair) -> Pair:
        """The velocity of templates and readout."""
        return self._velocity(state, self._tolerance or TOLERANCE)

    @property
    def about(self) -> About:
        """What this flow is."""
        facts = self._given.facts
        del facts["ridge"]
        ratio = {} if self._rate_ratio == 1 else {"rate ratio": f"{self._rate_ratio:g}"}
        name, time = "equivariant_zero_loss_flow", "slow time τ = 2λt"
        return About(name, "dθ/dτ = −Pθ", time, self._preference(), facts | ratio, ("f", "omega"))

    def _preference(self) -> Preference:
        kinked = self._given.activation.kinked
        tolerance = self._tolerance or (LOOSE if kinked else TOLERANCE)
        surface = Surface("the zero-loss set", self.missed, self.nearest)
        usual = RESOLVED if kinked else CONTROLLED
        return replace(usual, surface=surface, flow=lambda tau, state: self._velocity(state, tolerance))

    def missed(self, state: Pair) -> float:
        """‖F − Y‖/‖Y‖."""
        return self._linearized(state).missed

    def nearest(self, state: Pair) -> Pair:
        """A state on the set, by Gauss–Newton steps of least length; see :mod:`reduced.network.retraction`."""
        target = HELD * float(np.sqrt(len(self._given.classes)))
        return nearest_on_set(self._linearized, checked_network(self._given, state), target, self._rate_ratio)

    def _linearized(self, state: Any, near: Tangent | None = None) -> Tangent:
        return Tangent(self._given, checked_network(self._given, state), self._rate_ratio, near)

    def _velocity(self, state: Any, tolerance: float) -> Pair:
        ratio, degree = self._rate_ratio, self._given.activation.degree or 1
        f, omega = state = checked_network(self._given, state)
        tangent = self._linearized(state)
        change = tangent.output_change((-ratio * f, -omega))
        multiplier = tangent.solve(-change - ratio * (1 / ratio + degree) * tangent.residual, tolerance)
        first, second = tangent.adjoint(multiplier)
        return without_overflow("the flow", first - f), without_overflow("the flow", (second - omega) / ratio)
