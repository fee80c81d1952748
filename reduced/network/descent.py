"""Steepest descent of the regularized loss in both layers, for any loss."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.network.equations import Quantity, generated
from reduced.network.losses import LOSSES
from reduced.network.problem import Problem

Array = NDArray[np.float64]
Pair = tuple[Array, Array]


def descent(problem: Problem) -> Callable[[Array, Array], Pair]:
    """−∇(ℓ(HW2) + λ(‖W1‖² + ‖W2‖²)), a function (W1, W2) -> (dW1/dt, dW2/dt) that checks neither layers nor result."""
    X, Y, ridge, of = problem.X, problem.Y, problem.ridge, descent_on(problem)
    return lambda W1, W2: of(W1, W2, X, Y, ridge)


def descent_on(problem: Problem) -> Callable[[Array, Array, Any, Array, float], Pair]:
    """The same of (W1, W2, X, Y, λ), where the samples and the ridge change from call to call."""
    if problem.loss == LOSSES["squared"]:
        field: Callable[[Array, Array, Any, Array, float], Pair] = generated(
            Quantity.FULL_FLOW, problem.activation
        )
        return field
    given = generated(Quantity.FULL_FLOW_GIVEN_GRADIENT, problem.activation)

    def of_any_loss(W1: Array, W2: Array, X: Any, Y: Array, ridge: float) -> Pair:
        gradient = problem.loss.gradient(problem.activation.value(X @ W1) @ W2, Y)
        velocity: Pair = given(W1, W2, gradient, X, Y, ridge)
        return velocity

    return of_any_loss
