"""Ridge regression: Xu, Vardi and Safran's bounds, and the rate of Notsawo et al., on the exact solution.

Translation: the loss is ‖Xw − y‖² + λ‖w‖² in flow time t; their learning rate × steps is t up to their own factors.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced import solutions
from reduced.claims.claim import Claim
from reduced.claims.neighbours.measuring import ours, printed
from reduced.predictors.laws.regression_bounds import regression_bounds
from reduced.studies.ladder import fitted_slope

XU = "Xu, Vardi, Safran, arXiv:2601.19791; abstract read, bounds ours"
NOTSAWO = "Notsawo et al., arXiv:2506.05718; abstract read, law from our notes"
EXACT = "closed form of linear regression, 4 samples of 9 weights"
SEEDS = 50


def claims() -> list[Claim]:
    """Bounds for every seed, then powers of the delay."""
    return [
        ours(
            f"{name}: how many of {SEEDS} seeds leave the bounds",
            XU,
            partial(_outside, which),
            0.0,
            0.0,
            "a count",
            f"{EXACT}, λ = 0.05, tolerance 10⁻³; the exact time by bisection",
        )
        for which, name in enumerate(("memorizing", "generalizing"))
    ] + [
        printed(
            "the delay goes as 1/λ: its power in λ",
            NOTSAWO,
            partial(_power, "ridge"),
            -1.0,
            0.05,
            "fitted over λ = 10⁻², 10⁻³, 10⁻⁴, less the time of memorizing",
            f"{EXACT}; time from memorizing to ‖w − w*‖² ≤ 10⁻³",
        ),
        printed(
            "the delay goes as the squared distance, read as an equality: its power in dist²",
            NOTSAWO,
            partial(_power, "distance"),
            1.0,
            0.1,
            "fitted over starts 3, 30 and 300 times as large",
            f"{EXACT}, λ = 10⁻³; an upper rate, and no more: ℓ2 descent takes ln(dist²/tol)/(4λ)",
        ),
        ours(
            "the delay with ℓ2 is ln(dist²/tol)/(4λ): measured over predicted",
            "our derivation, from e^(−2λt) on what no sample sees",
            _over_the_logarithm,
            1.0,
            1e-3,
            "e^(−2σ²t) of what the samples see is gone by then",
            f"{EXACT}, λ = 10⁻³, dist the unseen part of the start",
        ),
    ]


def _case(seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    rng = np.random.default_rng(seed)
    return rng.standard_normal((4, 9)), rng.standard_normal(4), 3 * rng.standard_normal(9)


def _times(seed: int, ridge: float, tolerance: float, scale: float = 1.0) -> tuple[float, float]:
    """Exact times of memorizing and of generalizing; both errors fall monotonically, so bisection finds them."""
    X, y, start = _case(seed)
    start = scale * start
    path = solutions.linear_regression(X, y, ridge)
    rest = np.linalg.solve(X.T @ X + ridge * np.eye(9), X.T @ y)

    def first(error: Callable[[Any], Any]) -> float:
        low, high = 0.0, 100.0 / ridge
        for _ in range(80):
            middle = (low + high) / 2
            low, high = (middle, high) if error(path(middle, start) - rest) > tolerance else (low, middle)
        return high

    return first(lambda gap: np.sum((X @ gap) ** 2)), first(lambda gap: np.sum(gap**2))


def _outside(which: int) -> float:
    count = 0
    for seed in range(SEEDS):
        bounds = regression_bounds(*_case(seed), 0.05, 1e-3)[which]
        count += not bounds.earliest - 1e-9 <= _times(seed, 0.05, 1e-3)[which] <= bounds.latest + 1e-9
    return float(count)


def _delay(ridge: float, scale: float = 1.0) -> float:
    memorized, generalized = _times(0, ridge, 1e-3, scale)
    return generalized - memorized


def _power(of: str) -> float:
    if of == "ridge":
        ridges = (1e-2, 1e-3, 1e-4)
        return fitted_slope(ridges, [_delay(ridge) for ridge in ridges])
    scales = (1.0, 10.0, 100.0)
    return fitted_slope([scale**2 for scale in scales], [_delay(1e-3, scale) for scale in scales])


def _over_the_logarithm(ridge: float = 1e-3) -> float:
    X, _, start = _case(0)
    unseen = start - np.linalg.pinv(X) @ X @ start
    return _times(0, ridge, 1e-3)[1] / float(np.log(np.sum(unseen**2) / 1e-3) / (4 * ridge))
