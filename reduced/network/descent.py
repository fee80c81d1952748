"""Steepest descent of the regularized loss in both layers, for any loss."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from reduced.network.equations import Quantity, generated
from reduced.network.losses import LOSSES
from reduced.network.problem import Problem

Array = NDArray[np.float64]
Pair = tuple[Array, Array]


def descent(problem: Problem) -> Callable[[Array, Array], Pair]:
    """−∇(ℓ(HW2) + λ(‖W1‖² + ‖W2‖²)), a function (W1, W2) -> (dW1/dt, dW2/dt) that checks neither layers nor result."""
    X, Y, ridge = problem.X, problem.Y, problem.ridge
    if problem.loss == LOSSES["squared"]:
        field = generated(Quantity.FULL_FLOW, problem.activation)
        return lambda W1, W2: field(W1, W2, X, Y, ridge)
    given = generated(Quantity.FULL_FLOW_GIVEN_GRADIENT, problem.activation)

    def of_any_loss(W1: Array, W2: Array) -> Pair:
        gradient = problem.loss.gradient(problem.activation.value(X @ W1) @ W2, Y)
        velocity: Pair = given(W1, W2, gradient, X, Y, ridge)
        return velocity

    return of_any_loss
