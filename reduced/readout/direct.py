"""Quantities that need the optimal readout, through the smaller of the two linear systems, factored anew."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.errors import IllConditionedError
from reduced.network.equations import Quantity, generated
from reduced.network.problem import Problem, first_layer
from reduced.readout.orthogonal import PIVOTS, Interpolation, interpolate

Array = NDArray[np.float64]


def solve_directly(
    dual: Quantity, primal: Quantity, problem: Problem, W1: Array, otherwise: Callable[[Interpolation], Any]
) -> Any:
    """Evaluate through the smaller of the linear systems that the ridge allows, at a W1 that is :func:`solvable`.

    Without a ridge, and where the pivots show that the Gram matrix loses too many digits, the result is that of
    ``otherwise``, from the interpolation of :mod:`reduced.readout.orthogonal`.
    """
    quantity = dual if problem.ridge == 0 or problem.samples <= W1.shape[1] else primal
    worst = PIVOTS if problem.ridge == 0 else np.inf
    try:
        return generated(quantity, problem.activation).within(worst, W1, problem.X, problem.Y, problem.ridge)
    except IllConditionedError:
        if problem.ridge > 0:
            raise
        return otherwise(interpolate(problem, W1))


def solvable(problem: Problem, W1: Array) -> Array:
    """A first layer that fits the data and, without a ridge, has a unit for every sample."""
    W1 = first_layer(problem, W1)
    n, d_h = problem.samples, W1.shape[1]
    if problem.ridge == 0 and d_h < n:
        raise ValueError(
            f"hidden width d_h = {d_h} is less than the {n} training samples and ridge = 0: the Gram matrix "
            f"cannot be inverted; take d_h >= {n} or ridge > 0"
        )
    return W1
