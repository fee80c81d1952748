"""Motion within the zero-loss set as a flow that knows how to stay on it."""

import warnings
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from reduced.flows.zero_loss_set import missed, retract
from reduced.integration.bound import About, Described
from reduced.integration.preference import CONTROLLED, RESOLVED, Preference
from reduced.integration.surface import Surface
from reduced.network.neural_tangent import Linearization, linearize
from reduced.network.parameters import Pair, like, moved
from reduced.network.problem import Problem

#: Residuals relative to ‖Y‖ below which a state is on the set, and beyond which it has left it.
ON_THE_SET, OFF_THE_SET = 1e-2, 0.1
#: Relative residual of the conjugate gradients, a little above what rounding allows; and where a retraction takes the
#: error out again.
TOLERANCE, LOOSE = 1e-11, 1e-2
#: Residual relative to ‖Y‖ of the states that :func:`reduced.integrate` returns.
HELD = 1e-9


class OffTheSetWarning(RuntimeWarning):
    """A state is too far from the zero-loss set for its flow to describe training; the message says how far."""


def descent_of_the_norm(state: Pair) -> Pair:
    """−θ, half the steepest descent of ‖θ‖²."""
    return -state[0], -state[1]


class TangentFlow(Described):
    """Motion within the zero-loss set; made by :func:`zero_loss_flow` and :func:`tangent_flow`.

    Parameters
    ----------
    problem : Problem
    direction, rate_ratio, tolerance
        As in :func:`tangent_flow`.
    """

    def __init__(
        self,
        problem: Problem,
        direction: Callable[[Pair], Pair],
        rate_ratio: float,
        tolerance: float | None,
    ) -> None:
        self._problem, self._direction = problem, direction
        self._rate_ratio, self._tolerance = rate_ratio, tolerance
        self._relaxation, self._drift = 1 / rate_ratio + (problem.activation.degree or 1), _Drift()

    def __call__(self, tau: float, state: Pair) -> Pair:
        """The velocity of both layers."""
        network = linearize(self._problem, state, self._rate_ratio)
        self._drift.note(network)
        return self._velocity(network, self._tolerance or TOLERANCE)

    def _velocity(self, network: Linearization, tolerance: float) -> Pair:
        state = network.W1, network.W2
        pushed = like("direction", self._direction(state), state)
        return _projected(network, pushed, self._relaxation, tolerance)

    @property
    def about(self) -> About:
        """What this flow is."""
        descends = self._direction is descent_of_the_norm
        name, equation = ("zero_loss_flow", "dθ/dτ = −Pθ") if descends else ("tangent_flow", "dθ/dτ = P V(θ)")
        facts = self._problem.facts
        del facts["ridge"]
        ratio = {} if self._rate_ratio == 1 else {"rate ratio": f"{self._rate_ratio:g}"}
        return About(name, equation, "slow time τ = 2λt", self._preference(), facts | ratio, ("W1", "W2"))

    def _preference(self) -> Preference:
        surface = Surface("the zero-loss set", self.missed, self.nearest)
        kinked = self._problem.activation.kinked
        tolerance = self._tolerance or (LOOSE if kinked else TOLERANCE)

        def on_the_way(tau: float, state: Pair) -> Pair:
            return self._velocity(linearize(self._problem, state, self._rate_ratio), tolerance)

        return replace(RESOLVED if kinked else CONTROLLED, surface=surface, flow=on_the_way)

    def missed(self, state: Pair) -> float:
        """‖F − Y‖/‖Y‖."""
        return missed(self._problem, state)

    def nearest(self, state: Pair) -> Pair:
        """A state on the set, see :func:`reduced.flows.zero_loss_set.retract`."""
        return retract(self._problem, state, HELD, self._rate_ratio)


def _projected(network: Linearization, direction: Pair, relaxation: float, tolerance: float) -> Pair:
    """D(V + JᵀM), D the learning rates (1, 1/ε), with M such that J D(V + JᵀM) = −relaxation · (F − Y)."""
    ratio = network.rate_ratio
    change = network.output_change((ratio * direction[0], direction[1]))
    multiplier = network.solve(-change - ratio * relaxation * network.residual, tolerance)
    first, second = moved(direction, network.adjoint(multiplier), by=1.0)
    return first, second / ratio


class _Drift:
    """Says once when the states of a flow, having been on the set, are no longer."""

    def __init__(self) -> None:
        self._nearest = np.inf

    def note(self, network: Linearization) -> None:
        off = network.missed
        self._nearest = min(self._nearest, off)
        if self._nearest < ON_THE_SET and off > OFF_THE_SET:
            self._nearest = np.inf
            warnings.warn(
                f"the state has left the zero-loss set, ‖F − Y‖/‖Y‖ = {off:.2g}: let integrate choose the method, "
                "which keeps states on it",
                OffTheSetWarning,
                stacklevel=3,
            )
