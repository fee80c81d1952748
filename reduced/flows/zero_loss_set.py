"""The zero-loss set Z = {θ : F(θ) = Y}: how far a state is from it, the nearest states on it, its tangent space.

Every function takes a :class:`reduced.network.problem.Problem` (made by :func:`reduced.network.problem.bind`) and a
state (W1, W2).
"""

import numpy as np
from numpy.typing import NDArray

from reduced.inputs.arrays import without_overflow
from reduced.inputs.scalars import positive
from reduced.network.neural_tangent import Linearization, linearize
from reduced.network.parameters import Pair, like, moved, norm
from reduced.network.problem import Problem, both_layers
from reduced.network.retraction import nearest_on_set

Array = NDArray[np.float64]


def retract(problem: Problem, state: Pair, tolerance: float = 1e-12, rate_ratio: float = 1.0) -> Pair:
    """State on the zero-loss set near the given one, by damped Gauss–Newton steps θ ← θ − s J⁺(F − Y).

    Each step is the shortest that removes the residual to first order, so the result is the nearest point of the
    set up to second order in the distance. s is halved until the residual falls enough. Each linear solve is as exact
    as the step's linear model is expected to be.

    Parameters
    ----------
    problem : Problem
    state : (W1, W2)
        It is not changed, and the result shares no memory with it.
    tolerance : float
        Residual ‖F − Y‖ relative to ‖Y‖ at which to stop.
    rate_ratio : float
        Steps are shortest where a change of W2 costs ε times one of W1; 1 is the Euclidean distance.

    Raises
    ------
    RetractionError
        If no step lowers the residual, or 50 do not reach the tolerance.

    Examples
    --------
    >>> from reduced.network.problem import bind
    >>> W1, W2 = retract(bind(np.eye(1), np.eye(1), "linear"), (np.array([[2.0]]), np.array([[1.0]])))
    >>> abs(float((W1 @ W2)[0, 0]) - 1) < 1e-12
    True
    """
    tolerance, rate_ratio = positive(tolerance=tolerance, rate_ratio=rate_ratio)
    target = tolerance * float(np.linalg.norm(problem.Y) or 1.0)

    def linearized(at: Pair, near: Linearization | None) -> Linearization:
        return linearize(problem, at, rate_ratio, near)

    return nearest_on_set(linearized, both_layers(problem, state), target, rate_ratio)


def missed(problem: Problem, state: Pair) -> float:
    """By how much a state misses the set, ‖F − Y‖/‖Y‖."""
    return linearize(problem, state).missed


def distance(problem: Problem, state: Pair) -> float:
    """Distance ‖θ − retract(θ)‖ to the zero-loss set, exact up to second order in itself."""
    return norm(moved(retract(problem, state), both_layers(problem, state), by=-1.0))


def normal_part(problem: Problem, state: Pair, direction: Pair) -> Pair:
    """Part of a direction that changes the outputs, J⁺J V = Jᵀ Θ⁻¹ J V."""
    network = linearize(problem, state)
    return _normal(network, _fitting(network, direction))


def tangent_part(problem: Problem, state: Pair, direction: Pair) -> Pair:
    """Part of a direction that leaves the outputs alone, P V = V − J⁺J V."""
    network = linearize(problem, state)
    direction = _fitting(network, direction)
    return moved(direction, _normal(network, direction), by=-1.0)


def _fitting(network: Linearization, direction: Pair) -> Pair:
    return like("direction", direction, (network.W1, network.W2))


def _normal(network: Linearization, direction: Pair) -> Pair:
    return network.adjoint(network.solve(network.output_change(direction)))


def singular_values(problem: Problem, state: Pair) -> Array:
    """Singular values of the stacked outputs' Jacobian J, largest first; min(n·d_out, d) of them.

    J is formed: small networks only. Assumption 4.1 of the paper, rank J = n·d_out, asks for n·d_out positive ones.
    """
    jacobian = without_overflow("the Jacobian", linearize(problem, state).jacobian())
    return without_overflow("a singular value", np.linalg.svd(jacobian, compute_uv=False))
