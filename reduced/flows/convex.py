"""The first-layer flow of any convex loss, with the readout found by minimization."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.flows.first_layer import Optimum, about
from reduced.inputs.arrays import without_overflow
from reduced.integration.bound import About, Described
from reduced.network.equations import Quantity, generated
from reduced.network.problem import Problem, first_layer
from reduced.readout.convex import Minimum, minimized, minimized_from_zero
from reduced.readout.convex_system import ConvexSystem, convex_system

Array = NDArray[np.float64]
#: To this share of the cost the gap is closed where one value is asked for, not a path: rounding allows no less.
EXACT = 1e-14


class ConvexFlow(Described):
    """The first-layer flow of a problem with ridge > 0, for any convex loss.

        dW1/dτ = Xᵀ[(M W2ᵀ) ⊙ σ′(XW1)] − W1,   W2 = HᵀM,   2λM + ∇ℓ(HW2) = 0

    Each call starts its minimization from the last one's. It is called and saved as
    :class:`reduced.flows.first_layer.FirstLayerFlow` is.

    Parameters
    ----------
    problem : Problem
        Data, activation, ridge and loss.
    tolerance : float
        The duality gap is closed to the square of this share of the cost. The field's relative error is of the order of
        the root of that share.
    """

    def __init__(self, problem: Problem, tolerance: float) -> None:
        self._problem, self._share = problem, max(tolerance**2, EXACT)
        self._start: Array | None = None
        self._last: tuple[Array, Minimum] | None = None

    @property
    def about(self) -> About:
        """What this flow is."""
        return about(self._problem)

    def __call__(self, tau: float, W1: Array) -> Array:
        """dW1/dτ; the minimization starts from the last call's."""
        W1 = first_layer(self._problem, W1)
        found = self._minimum(W1)
        self._start, self._last = found.unknown, (W1.copy(), found)
        return self._velocity(W1, found)

    def readout(self, W1: Array) -> Array:
        """Optimal readout W2."""
        return self.at(W1).readout

    def at(self, W1: Array) -> Optimum:
        """What the optimal readout gives at a first layer beside the path; the next call does not notice."""
        W1 = first_layer(self._problem, W1)
        last = self._last
        found = last[1] if last is not None and np.array_equal(last[0], W1) else self._minimum(W1)
        return Optimum(found.readout.copy(), self._velocity(W1, found), duality_gap=found.gap / found.cost)

    def __getstate__(self) -> dict[str, Any]:
        return vars(self) | {"_start": None, "_last": None}

    def saved(self) -> dict[str, Any]:
        """What the next call starts from, for a checkpoint; empty before the first one."""
        return {} if self._start is None else {"start": self._start}

    def recall(self, saved: dict[str, Any]) -> None:
        """Start the next call from this, bit for bit; a minimum at hand is forgotten."""
        self._start, self._last = saved.get("start"), None

    def _minimum(self, W1: Array) -> Minimum:
        system, start = system_at(self._problem, W1), self._start
        if start is None or start.shape != system.shape:
            return minimized_from_zero(system, self._share)
        return minimized(system, start, self._share)

    def _velocity(self, W1: Array, found: Minimum) -> Array:
        field = generated(Quantity.FIRST_LAYER_FLOW_GIVEN_MULTIPLIER, self._problem.activation)
        problem = self._problem
        velocity = field(W1, found.multiplier, found.readout, problem.X, problem.Y, problem.ridge)
        return without_overflow("the flow", velocity)


def exact_minimum(problem: Problem, W1: Array) -> Minimum:
    """The inner minimum at one first layer, to rounding."""
    return minimized_from_zero(system_at(problem, W1), EXACT)


def system_at(problem: Problem, W1: Array) -> ConvexSystem:
    """The inner minimization at a first layer that fits the data."""
    H = without_overflow("the hidden layer", problem.activation.value(problem.X @ W1))
    return convex_system(H, problem.Y, problem.loss, problem.ridge)
