"""The first-layer flow of a bound problem, evaluated directly or by iteration."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.errors import IllConditionedError
from reduced.inputs.arrays import without_overflow
from reduced.integration.bound import About, Described
from reduced.integration.preference import RESOLVED
from reduced.network.equations import Quantity, generated
from reduced.network.problem import Problem
from reduced.readout.direct import solvable, solve_directly
from reduced.readout.iterated import MatrixFree, pays
from reduced.readout.orthogonal import CONDITION, Interpolation, interpolate

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Optimum:
    """The optimal readout at one first layer, and what follows from it.

    Parameters
    ----------
    readout : (d_h, d_out) array
        W2.
    velocity : (d_in, d_h) array
        dW1/dτ.
    gram_condition : float
        See :func:`reduced.readout.gram.gram_condition`; where the readout is found by iteration, that of the last
        factorization, some steps back; NaN where the loss is not squared, so that no system of equations gives it.
    duality_gap : float
        By how much the regularized loss may exceed its minimum over readouts, as a share of the loss without the
        first layer's decay; NaN where a system of equations gives the readout.
    """

    readout: Array
    velocity: Array
    gram_condition: float = np.nan
    duality_gap: float = np.nan


class FirstLayerFlow(Described):
    """The first-layer flow of a problem: directly, or by iteration where :func:`reduced.readout.iterated.pays`.

    Parameters
    ----------
    problem : Problem
        Data, activation and ridge.
    tolerance : float
        Of the iteration, see :class:`reduced.readout.iterated.MatrixFree`.
    rule : callable
        Whether to iterate, from the numbers of samples, hidden units and outputs.
    """

    def __init__(
        self, problem: Problem, tolerance: float, rule: Callable[[int, int, int], bool] = pays
    ) -> None:
        self._problem, self._rule, self._iteration = problem, rule, MatrixFree(problem, tolerance)
        self._last: tuple[Array, Array] | None = None

    @property
    def about(self) -> About:
        """What this flow is."""
        return about(self._problem)

    def __call__(self, tau: float, W1: Array) -> Array:
        """dW1/dτ; iterating, it starts from the last call's solution."""
        W1 = solvable(self._problem, W1)
        if self._iterates(W1.shape[1]):
            found = self._iterated(W1)
            if not isinstance(found, Interpolation):
                return self._velocity(W1, found)
            velocity, readout = self._velocity(W1, found.dual), found.readout
        else:
            velocity, readout = solve_directly(
                Quantity.FIRST_LAYER_FLOW_AND_READOUT,
                Quantity.FIRST_LAYER_FLOW_AND_READOUT_PRIMAL,
                self._problem,
                W1,
                lambda found: (self._velocity(W1, found.dual), found.readout),
            )
        self._last = W1.copy(), readout
        return without_overflow("the flow", velocity)

    def readout(self, W1: Array) -> Array:
        """Optimal readout W2; where the flow was last evaluated directly, it is at hand."""
        last = self._last
        if last is not None and np.array_equal(last[0], W1):
            return without_overflow("the readout", last[1].copy())
        return self.at(W1).readout

    def at(self, W1: Array) -> Optimum:
        """What the optimal readout gives at a first layer beside the path; the next call does not notice."""
        W1 = solvable(self._problem, W1)
        try:
            solution, W2, condition = self._iteration.look(W1)
            if self._loses_digits(condition):
                raise IllConditionedError("beside the path")
        except IllConditionedError:
            if self._problem.ridge > 0:
                raise
            found = interpolate(self._problem, W1)
            solution, W2, condition = found.dual, found.readout, found.condition
        return Optimum(W2, self._velocity(W1, solution), condition)

    def _iterated(self, W1: Array) -> Array | Interpolation:
        """Solution by iteration, or the interpolation where the last factor has lost the digits."""
        try:
            solution = self._iteration.solve(W1)
        except IllConditionedError:
            if self._problem.ridge > 0:
                raise
            return interpolate(self._problem, W1)
        return interpolate(self._problem, W1) if self._loses_digits(self._iteration.condition) else solution

    def _loses_digits(self, condition: float) -> bool:
        return self._problem.ridge == 0 and condition > CONDITION

    def __getstate__(self) -> dict[str, Any]:
        return vars(self) | {"_last": None}

    def saved(self) -> dict[str, Any]:
        """What the next call starts from, for a checkpoint."""
        return self._iteration.saved()

    def recall(self, saved: dict[str, Any]) -> None:
        """Start the next call from this, bit for bit; a readout at hand is forgotten."""
        self._last = None
        self._iteration.recall(saved)

    def _iterates(self, width: int) -> bool:
        n, d_out = self._problem.Y.shape
        return self._rule(n, width, d_out)

    def _velocity(self, W1: Array, solution: Array) -> Array:
        primal = W1.shape[1] < self._problem.samples
        given = Quantity.FIRST_LAYER_FLOW_GIVEN_READOUT if primal else Quantity.FIRST_LAYER_FLOW_GIVEN_DUAL
        field = generated(given, self._problem.activation)
        velocity = field(W1, solution, self._problem.X, self._problem.Y, self._problem.ridge)
        return without_overflow("the flow", velocity)


def about(problem: Problem) -> About:
    """What a first-layer flow says about itself: it starts violently, turns stiff and meets kinks."""
    equation = "dW1/dτ = −½ ∇(R/λ), the readout optimal"
    return About("first_layer_flow", equation, "slow time τ = 2λt", RESOLVED, problem.facts, ("W1",))
