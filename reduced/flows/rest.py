"""A fixed point of the first-layer flow near the end of a run, by Newton's steps on products with its Jacobian."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.linalg import LinearOperator, minres

from reduced.flows.spectrum import hessian_product
from reduced.flows.two_layer import first_layer_flow
from reduced.inputs.arrays import finite_array
from reduced.inputs.scalars import positive
from reduced.network.activations import Activation

Array = NDArray[np.float64]

MOST_STEPS = 100
#: Shares of Newton's step that are tried, the largest first.
SHARES = tuple(0.5**k for k in range(20))


def resting_point(
    X: Any,
    Y: Any,
    W1: Any,
    activation: str | Activation = "relu",
    ridge: float = 0.0,
    *,
    tolerance: float = 1e-12,
) -> Array:
    """Fixed point of the first-layer flow near a first layer, such as the end of a run.

    Each step solves JV = −dW1/dτ by MINRES, which leaves flat directions alone, and is shortened until the speed falls.

    Parameters
    ----------
    X, Y, activation, ridge
        As in :func:`reduced.first_layer_flow`, with the squared loss; σ smooth, since steps do not see kinks.
    W1 : (d_in, d_h) array
    tolerance : float
        Speed ‖dW1/dτ‖ at rest, relative to ‖W1‖.

    Returns
    -------
    (d_in, d_h) array
        A fixed point. That it is stable is not asked: :func:`reduced.flows.spectrum.slowest_rates` tells.

    Raises
    ------
    ArithmeticError
        If the speed does not fall to the tolerance.

    Examples
    --------
    >>> resting_point(np.eye(1), np.eye(1), np.array([[1.3]]), "linear")
    array([[1.]])
    """
    positive(tolerance=tolerance)
    flow, product = first_layer_flow(X, Y, activation, ridge), hessian_product(X, Y, activation, ridge)
    W = finite_array("W1", W1, "inputs", "width")
    velocity = flow(0.0, W)
    for _ in range(MOST_STEPS):
        speed = float(np.linalg.norm(velocity))
        if speed <= tolerance * np.linalg.norm(W):
            return W
        step = _newton(product, W, velocity)
        for share in SHARES:
            trial = flow(0.0, W + share * step)
            if np.linalg.norm(trial) < (1 - 0.01 * share) * speed:
                break
        else:
            break
        W, velocity = W + share * step, trial
    raise ArithmeticError(
        f"no fixed point of the flow was found nearby: its speed stays at {np.linalg.norm(velocity):.1e}; run on first"
    )


def _newton(product: Any, W: Array, velocity: Array) -> Array:
    """Solution of A V = dW1/dτ, A = −J, by products alone."""
    operator = LinearOperator(
        (W.size, W.size), matvec=lambda v: product(W, v.reshape(W.shape)).ravel(), dtype=np.float64
    )
    found, _ = minres(operator, velocity.ravel(), rtol=1e-12, maxiter=20 * W.size)
    return np.asarray(found).reshape(W.shape)
