"""Boursier, Pesme and Dragomir (arXiv:2505.20172): training at small decay on the product network, in closed form.

Translation: their slow time λt is τ/2, with the loss L + λ‖θ‖² here and L + (λ/2)‖θ‖² there, λt is τ.
"""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from reduced import solutions
from reduced.claims.claim import Claim
from reduced.claims.neighbours.measuring import ours, printed
from reduced.flows.two_layer import full_flow
from reduced.integration.solve import integrate
from reduced.studies.ladder import fitted_slope

Array = NDArray[np.float64]
SOURCE = "Boursier, Pesme, Dragomir, arXiv:2505.20172; abstract read, joining time from our notes"
PRODUCT = "ŷ = w1 w2 with target 1.5, closed forms"
RIDGES = (1e-3, 3e-4, 1e-4)


def claims() -> list[Claim]:
    """The slow limit, where the phases join, and two limits that do not commute."""
    return [
        printed(
            "training in slow time tends to the zero-loss flow as λ → 0: power of the largest distance in λ",
            SOURCE,
            _power_of_the_distance,
            1.0,
            0.02,
            "fitted over λ = 10⁻³, 3·10⁻⁴ and 10⁻⁴",
            f"{PRODUCT}, from (2, 0.75) on the set, τ from 0.1 to 3",
        ),
        printed(
            "the phases join near τ = −λ ln λ: power in λ ln(1/λ) of the time at which the residual is the slow one",
            SOURCE,
            _power_of_the_joint,
            1.0,
            0.05,
            "a constant beside ln(1/λ)",
            f"{PRODUCT}, from (2, 0.2) off the set, integrated; time at which the residual is twice its slow value",
        ),
        ours(
            "the limits do not commute: λ → 0 before t → ∞ keeps the imbalance w1² − w2²",
            "our closed form",
            partial(_imbalance, 1e-4, 1.0),
            2.0**2 - 0.75**2,
            2e-3,
            "e^(−4λt) with λt = 10⁻⁴",
            f"{PRODUCT}, from (2, 0.75) on the set, λ = 10⁻⁴, t = 1",
        ),
        ours(
            "the limits do not commute: t → ∞ before λ → 0 leaves none",
            "our closed form",
            partial(_imbalance, 1e-3, 1e5),
            0.0,
            1e-6,
            "e^(−4λt) with λt = 100",
            f"{PRODUCT}, from (2, 0.75), λ = 10⁻³, t = 10⁵",
        ),
    ]


def _training(tau: Array, ridge: float, start: tuple[float, float]) -> Array:
    return np.stack(solutions.product_full(1.0, 1.5, ridge)(tau / (2 * ridge), start))


def _power_of_the_distance() -> float:
    tau, start = np.linspace(0.1, 3.0, 30), (2.0, 0.75)
    limit = np.stack(solutions.product_zero_loss()(tau, start))
    gaps = [np.max(np.linalg.norm(_training(tau, ridge, start) - limit, axis=0)) for ridge in RIDGES]
    return fitted_slope(RIDGES, gaps)


def _power_of_the_joint() -> float:
    """Power in λ ln(1/λ) of the first time at which |w1 w2 − s| is twice what the slow phase leaves."""
    times = []
    for ridge in RIDGES:
        flow = full_flow(np.eye(1), np.array([[1.5]]), "linear", ridge)
        t = np.linspace(0, 5 * np.log(1 / ridge), 8001)
        start = np.array([[2.0]]), np.array([[0.2]])
        path = integrate(flow, start, (0, t[-1]), method="DOP853", t_eval=t, rtol=1e-11, atol=1e-13)
        w1, w2 = (layer[:, 0, 0] for layer in path.y)
        slow = 2 * ridge * w1 * w2 / (w1**2 + w2**2)
        times.append(2 * ridge * float(t[np.argmax(np.abs(w1 * w2 - 1.5) < 2 * slow)]))
    return fitted_slope([ridge * np.log(1 / ridge) for ridge in RIDGES], times)


def _imbalance(ridge: float, t: float) -> float:
    w1, w2 = solutions.product_full(1.0, 1.5, ridge)(t, (2.0, 0.75))
    return float(w1**2 - w2**2)
