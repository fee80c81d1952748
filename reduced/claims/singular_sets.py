"""How far training stays from a regular and from a singular zero-loss set, both w₁w₂ = 1."""

from functools import partial

import numpy as np
from scipy.integrate import solve_ivp

from reduced.claims.claim import Claim
from reduced.flows.scalar import gradient_flow
from reduced.studies.ladder import fitted_slope

GROUP = "laws along trajectories"
RIDGES = (1e-2, 1e-3, 1e-4)
START = (2.0, 0.5)
SLOW_TIME = 0.5


def claims() -> list[Claim]:
    """The fitted power of λ in the distance, for outputs w₁w₂ and (w₁w₂ − 1)²."""
    words = (
        (2, "F = w₁w₂, whose zero-loss set is regular: the distance of training from it is O(λ): slope", 1.0),
        (4, "F = (w₁w₂ − 1)², singular at every point of the set: the distance is O(λ^(1/3)): slope", 1 / 3),
    )
    return [
        Claim(
            GROUP,
            claim,
            "the point of rest, solved",
            partial(slope_of_distance, power),
            expected,
            0.01,
            "fitted over two decades; the next order bends it",
            method=f"from {START} until τ = {SLOW_TIME} by LSODA, λ = {', '.join(map(str, RIDGES))}",
        )
        for power, claim, expected in words
    ]


def slope_of_distance(power: int) -> float:
    """Fitted power of λ in the distance from w₁w₂ = 1 of training on (w₁w₂ − 1)^power."""
    return fitted_slope(RIDGES, [distance(_trained(power, ridge)) for ridge in RIDGES])


def _trained(power: int, ridge: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    import sympy as sp

    w1, w2, decay = sp.symbols("w_1 w_2 decay")
    flow = gradient_flow((w1 * w2 - 1) ** power + decay * (w1**2 + w2**2), (w1, w2), decay=ridge)
    span = (0.0, SLOW_TIME / (2 * ridge))
    path = solve_ivp(flow, span, START, method="LSODA", rtol=1e-9, atol=1e-11)
    return np.asarray(path.y[:, -1], dtype=np.float64)


def distance(point: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    """Distance of a point from w₁w₂ = 1: the nearest of the points where it is stationary.

    Examples
    --------
    >>> round(distance(np.array([2.0, 2.0])), 6)
    1.414214
    """
    a, b = point
    roots = np.roots([1.0, -a, 0.0, b, -1.0])
    real = roots[np.abs(roots.imag) < 1e-9].real
    return float(np.hypot(real - a, 1 / real - b).min())
