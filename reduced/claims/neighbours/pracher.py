"""Pracher et al. (arXiv:2609.26679): what residual weight decay leaves, and one mode of the tangent kernel.

Translation: for the loss ‖F − y‖² + λ‖θ‖², D the degree of F in all weights and Λ an eigenvalue of Θ = JJᵀ.
"""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from reduced import solutions
from reduced.claims.claim import Claim
from reduced.claims.neighbours.measuring import ours, printed
from reduced.flows.two_layer import full_flow
from reduced.integration.solve import integrate
from reduced.network.neural_tangent import linearize
from reduced.network.problem import bind

SOURCE = "Pracher et al., arXiv:2609.26679"
NOTES = ", as our notes have it: we did not find it in print"
X, Y, RIDGE = 1.3, 0.9, 0.3
PRODUCT = "ŷ = w1 w2 x with x = 1.3, y = 0.9, λ = 0.3, from w1 = w2"


def claims() -> list[Claim]:
    """Theorem 1 at stationary points, Theorem 2 on the product network."""
    found = [
        printed(
            f"Theorem 1: where training rests, the residual is −Dλ(Θ + Dλ)⁻¹y ({activation}, D = {degree})",
            f"{SOURCE}, Theorem 1{NOTES}; ours: exact for every homogeneous network, since Jθ = DF",
            partial(_residual_at_rest, activation, degree),
            0.0,
            1e-6,
            "how near rest the integration comes",
            "5 units, 3 samples, 2 outputs, λ = 0.05, full flow to t = 4000; difference relative to the residual",
        )
        for activation, degree in (("linear", 2), ("quadratic", 3))
    ]
    return [
        *found,
        printed(
            "Theorem 2 assumes a constant coupling a: on the product network, its largest value over its smallest",
            f"{SOURCE}, Theorem 2{NOTES}",
            _spread_of_the_coupling,
            1.0,
            0.01,
            "one in a hundred would be constant",
            f"{PRODUCT} = 0.2; a from dK/dt = 2(a r − 2λK) by central differences of the closed form",
        ),
        printed(
            "Theorem 2: Λ* = −λ + √(λ² + ay), with a of the start, is where the product network ends: the difference",
            f"{SOURCE}, Theorem 2{NOTES}",
            lambda: _end() - (-RIDGE + np.sqrt(RIDGE**2 + 2 * X * X**2 * 2 * 0.2**2 * Y)),
            0.0,
            1e-6,
            "rounding",
            f"{PRODUCT} = 0.2, closed form at t = 1000",
        ),
        ours(
            "instead the coupling is κΛ with κ = 2x: largest deviation of a/K from 2x along a run",
            "our derivation: dK/dt = 2(2xK r − 2λK) where w1 = w2",
            _deviation_of_the_ratio,
            0.0,
            1e-5,
            "central differences with step 1e-5",
            f"{PRODUCT} = 0.2",
        ),
        ours(
            "so the mode ends at Λ* = κy − 2λ = 1.74, for λ < κy/2 alone",
            "our derivation",
            _end,
            2 * X * Y - 2 * RIDGE,
            1e-9,
            "rounding",
            f"{PRODUCT} = 0.2, closed form at t = 1000",
        ),
        ours(
            "and at λ > κy/2 the mode dies: Λ at λ = 1.2",
            "our derivation",
            partial(_end, 1.2),
            0.0,
            1e-9,
            "rounding",
            "ŷ = w1 w2 x with x = 1.3, y = 0.9, closed form at t = 1000",
        ),
    ]


def _residual_at_rest(activation: str, degree: int, ridge: float = 0.05) -> float:
    rng = np.random.default_rng(3)
    inputs, targets = rng.standard_normal((3, 4)), rng.standard_normal((3, 2))
    start = rng.standard_normal((4, 5)) / 2, rng.standard_normal((5, 2)) / 2
    path = integrate(
        full_flow(inputs, targets, activation, ridge),
        start,
        (0, 4000.0),
        method="LSODA",
        t_eval=[4000.0],
        rtol=1e-10,
        atol=1e-12,
    )
    network = linearize(bind(inputs, targets, activation), (path.y[0][-1], path.y[1][-1]))
    J = network.jacobian()
    kernel = J @ J.T
    predicted = -degree * ridge * np.linalg.solve(kernel + degree * ridge * np.eye(6), targets.ravel())
    measured = network.residual.ravel()
    return float(np.linalg.norm(measured - predicted) / np.linalg.norm(measured))


def _mode(t: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """K = x²(w1² + w2²) and the residual y − ŷ along the closed form."""
    w1, w2 = solutions.product_full(X**2, Y / X, RIDGE)(t, (0.2, 0.2))
    return X**2 * (w1**2 + w2**2), Y - w1 * w2 * X


def _coupling() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The coupling a and K at fifty times of a run."""
    t, h = np.linspace(0.05, 4.0, 50), 1e-5
    slope = (_mode(t + h)[0] - _mode(t - h)[0]) / (2 * h)
    K, residual = _mode(t)
    return (slope + 4 * RIDGE * K) / (2 * residual), K


def _spread_of_the_coupling() -> float:
    a, _ = _coupling()
    return float(a.max() / a.min())


def _deviation_of_the_ratio() -> float:
    a, K = _coupling()
    return float(np.max(np.abs(a / K - 2 * X)))


def _end(ridge: float = RIDGE) -> float:
    w1, w2 = solutions.product_full(X**2, Y / X, ridge)(1000.0, (0.2, 0.2))
    return float(X**2 * (w1**2 + w2**2))
