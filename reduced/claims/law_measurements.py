"""Laws along trajectories as measurements: the largest violation of each along a run on addition modulo 7."""

from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.flows.scaling import rescale
from reduced.flows.two_layer import first_layer_flow, full_flow, optimal_readout, reduced_cost
from reduced.integration.solve import integrate
from reduced.network.activations import get_activation
from reduced.tasks.modular import modular_addition

Array = NDArray[np.float64]
P, HIDDEN = 7, 60
#: For smooth σ; and for ReLU, where units slide along their kinks and no tight tolerance makes progress.
SOLVERS: tuple[dict[str, Any], ...] = (
    {"method": "RK45", "rtol": 1e-9, "atol": 1e-11},
    {"method": "RK23", "rtol": 1e-4, "atol": 1e-6, "first_step": 1e-7, "max_steps": 20_000},
)
#: λ → 0, and one λ > 0.
RIDGES = (0.0, 1e-2)


@cache
def states(activation: str, ridge: float) -> Array:
    """States along a run on addition modulo 7, Euler steps of 0.01 from a random start to τ = 0.5."""
    train, _ = modular_addition(P, 0.7, 0)
    start = np.random.default_rng(1).normal(size=(P, HIDDEN)) / 2
    flow = first_layer_flow(train.X, train.Y, activation, ridge)
    return np.asarray(integrate(flow, start, (0, 0.5), method="euler", step=0.01).y)


def neuron_norm_law(activation: str, ridge: float) -> float:
    """Largest violation of the norm law of a neuron, relative to the norms."""
    flow, readout = _maps(activation, ridge)
    q, worst = _degree(activation), 0.0
    for W1 in states(activation, ridge)[::10]:
        first, second = np.sum(W1**2, axis=0), np.sum(readout(W1) ** 2, axis=1)
        violation = 2 * np.sum(W1 * flow(0.0, W1), axis=0) - 2 * (q * second - first)
        worst = max(worst, float(np.max(np.abs(violation)) / np.max(first + second)))
    return worst


def euler_norm_law(activation: str, ridge: float) -> float:
    """Largest violation of ‖W1⁺‖² = ‖W1‖² + 2η(q‖W2‖² − ‖W1‖²) + η²‖dW1/dτ‖², relative."""
    flow, readout = _maps(activation, ridge)
    path, eta, worst = states(activation, ridge), 0.01, 0.0
    for before, after in pairwise(path):
        norm = np.sum(before**2)
        change = 2 * eta * (_degree(activation) * np.sum(readout(before) ** 2) - norm)
        predicted = norm + change + eta**2 * np.sum(flow(0.0, before) ** 2)
        worst = max(worst, float(abs(np.sum(after**2) - predicted) / predicted))
    return worst


def cost_dissipation(activation: str, ridge: float) -> float:
    """Largest violation of d(R/λ)/dτ = −2‖dW1/dτ‖², relative."""
    flow, cost = _maps(activation, ridge)[0], reduced_cost(*_data(), activation, ridge)
    return max(
        _along(flow, lambda W1: cost(W1), W1, -2 * np.sum(flow(0.0, W1) ** 2))
        for W1 in states(activation, ridge)[::10]
    )


def invariant_decay(activation: str) -> float:
    """Largest violation of d ln(‖W1‖^{2q}‖W2‖²)/dτ = −2‖W1′⊥‖²/‖W2‖², relative."""
    (flow, readout), q = _maps(activation, 0.0), _degree(activation)

    def logarithm(W1: Array) -> float:
        return float(q * np.log(np.sum(W1**2)) + np.log(np.sum(readout(W1) ** 2)))

    def rate(W1: Array) -> float:
        velocity = flow(0.0, W1)
        radial = np.sum(velocity * W1) / np.sum(W1**2) * W1
        return float(-2 * np.sum((velocity - radial) ** 2) / np.sum(readout(W1) ** 2))

    return max(_along(flow, logarithm, W1, rate(W1)) for W1 in states(activation, 0.0)[::10])


def ridge_residual(activation: str) -> float:
    """Largest violation of HW2 − Y = −λK⁻¹Y, relative to the residual."""
    (X, Y), ridge = _data(), RIDGES[1]
    readout, worst = optimal_readout(X, Y, activation, ridge), 0.0
    for W1 in states(activation, ridge)[::10]:
        H = get_activation(activation).value(X @ W1)
        residual, predicted = (
            H @ readout(W1) - Y,
            -ridge * np.linalg.solve(H @ H.T + ridge * np.eye(len(X)), Y),
        )
        worst = max(worst, float(np.max(np.abs(residual - predicted)) / np.max(np.abs(predicted))))
    return worst


def rescaling_error(activation: str, alpha: float = 1.5) -> float:
    """Relative distance at the end between the integrated run from αE₀ and the rescaled run from E₀."""
    flow, start = _maps(activation, 0.0)[0], states(activation, 0.0)[0]
    options = SOLVERS[activation == "relu"]
    predicted = rescale(integrate(flow, start, (0, 0.3), **options), alpha, _degree(activation))
    direct = integrate(flow, alpha * start, (0, float(predicted.t[-1])), **options)
    return float(np.linalg.norm(direct.y[-1] - predicted.y[-1]) / np.linalg.norm(direct.y[-1]))


def balance_decay(activation: str, ridge: float = 0.1) -> float:
    """Largest deviation of a neuron's ‖w1‖² − q‖w2‖² from its exponential, relative to the largest at the start."""
    (X, Y), q = _data(), _degree(activation)
    rng = np.random.default_rng(2)
    start = rng.normal(size=(P, HIDDEN)) / 4, rng.normal(size=(HIDDEN, P)) / 8
    flow = full_flow(X, Y, activation, ridge=ridge)
    path = integrate(flow, start, (0, 1.0), **SOLVERS[activation == "relu"])
    balance = np.sum(path.y[0] ** 2, axis=1) - q * np.sum(path.y[1] ** 2, axis=2)
    predicted = np.exp(-4 * ridge * path.t)[:, None] * balance[0]
    return float(np.max(np.abs(balance - predicted)) / np.max(np.abs(balance[0])))


def _data() -> tuple[Array, Array]:
    train, _ = modular_addition(P, 0.7, 0)
    return train.X, train.Y


def _degree(activation: str) -> int:
    degree = get_activation(activation).degree
    if degree is None:
        raise ValueError(f"activation = {activation}: must be positively homogeneous for this law")
    return degree


def _maps(activation: str, ridge: float) -> tuple[Callable[[float, Array], Array], Callable[[Array], Array]]:
    return first_layer_flow(*_data(), activation, ridge), optimal_readout(*_data(), activation, ridge)


def _along(
    flow: Callable[[float, Array], Array], function: Callable[[Array], float], W1: Array, expected: float
) -> float:
    """Relative error of a predicted rate of change against a central difference along the flow."""
    velocity = flow(0.0, W1)
    h = 1e-6 * np.linalg.norm(W1) / np.linalg.norm(velocity)
    slope = (function(W1 + h * velocity) - function(W1 - h * velocity)) / (2 * h)
    return float(abs(slope - expected) / abs(expected))
