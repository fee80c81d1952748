"""What other losses do: the margin as the ridge vanishes, and both layers in training against the reduced flow."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.flows.convex import system_at
from reduced.flows.two_layer import first_layer_flow, full_flow
from reduced.inputs.arrays import finite_array
from reduced.inputs.scalars import positive
from reduced.integration.solve import integrate
from reduced.network.activations import Activation
from reduced.network.loss import Loss
from reduced.network.problem import bind, first_layer
from reduced.readout.convex import minimized_from_zero

Array = NDArray[np.float64]


def vanishing_ridge(
    X: Any, Y: Any, W1: Any, ridges: Sequence[float], loss: str | Loss, activation: str | Activation = "relu"
) -> dict[str, Array]:
    """Optimal readout of one first layer for ever smaller ridges: margin, size of the readout and of the multiplier.

    Parameters
    ----------
    X, Y, activation, loss
        As in :func:`reduced.first_layer_flow`; the target of a sample is its largest.
    W1 : (d_in, d_h) array
        First layer.
    ridges : sequence of float
        Positive.

    Returns
    -------
    dict of arrays
        One entry for each ridge. ``margin`` is the least of (output of the target − largest other output)/‖W2‖ over
        samples: at most the hard margin, which the readout reaches in the limit where it separates; ``norm_W2`` and
        ``norm_M``, not squared; ``outputs``, the least difference itself; ``duality_gap`` as a share of the cost.
    """
    rows = []
    for given in ridges:
        (ridge,) = positive(ridge=given)
        problem = bind(X, Y, activation, ridge, loss)
        layer = first_layer(problem, W1)
        found = minimized_from_zero(system_at(problem, layer), 1e-12)
        outputs = problem.activation.value(problem.X @ layer) @ found.readout
        target = problem.Y.argmax(axis=1)
        rest = outputs.copy()
        rest[np.arange(len(rest)), target] = -np.inf
        difference = float((outputs[np.arange(len(rest)), target] - rest.max(axis=1)).min())
        norm = float(np.linalg.norm(found.readout))
        multiplier = float(np.linalg.norm(found.multiplier))
        rows.append((difference / norm, norm, multiplier, difference, found.gap / found.cost))
    names = ("margin", "norm_W2", "norm_M", "outputs", "duality_gap")
    return dict(zip(names, np.array(rows).T, strict=True))


def fast_readout_errors(
    X: Any,
    Y: Any,
    W1: Any,
    rate_ratios: Sequence[float],
    *,
    ridge: float,
    loss: str | Loss,
    end: float,
    activation: str | Activation = "tanh",
) -> Array:
    """Relative distance of W1 in training of both layers from the reduced flow, at one slow time.

    The readout learns 1/ε times faster than the first layer, and both start from the same first layer with its optimal
    readout.

    Parameters
    ----------
    X, Y, W1, ridge, loss, activation
        As in :func:`reduced.first_layer_flow`, with ridge > 0.
    rate_ratios : sequence of float
        The ε, positive; 1 is training at equal rates.
    end : float
        Slow time τ = 2λt, positive.
    """
    ridge, end = positive(ridge=ridge, end=end)
    W1 = finite_array("W1", W1, "d_in", "d_h")
    how: dict[str, Any] = {"rtol": 1e-8, "atol": 1e-10, "t_eval": [end]}
    reduced = first_layer_flow(X, Y, activation, ridge, loss=loss, tolerance=1e-8)
    target = integrate(reduced, W1, (0.0, end), **how).y[-1]
    both = full_flow(X, Y, activation, ridge=ridge, loss=loss)
    start = W1, reduced.readout(W1)
    errors = []
    for given in rate_ratios:
        (ratio,) = positive(rate_ratio=given)

        def flow(tau: float, state: Any, ratio: float = ratio) -> Any:
            first, second = both(tau, state)
            return first / (2 * ridge), second / (2 * ridge * ratio)

        reached = integrate(flow, start, (0.0, end), method="RK45", **how).y[0][-1]
        errors.append(np.linalg.norm(reached - target) / np.linalg.norm(target))
    return np.array(errors)
