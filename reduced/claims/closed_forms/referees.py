"""Closed forms against Taylor series at 30 digits: integration that shares nothing with ours."""

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np

from reduced import solutions
from reduced.claims.claim import Claim
from reduced.claims.closed_forms.comparison import Array, exact, gap

TIMES = (0.25, 1.0, 2.0)


def claims() -> list[Claim]:
    """Two toy models and a race of neurons."""
    source = "mpmath's Taylor series, 30 digits"
    return [
        exact("first-layer product with ridge κ = 0.5, s = 1.25, against 30 digits", _ridge, source),
        exact("full flow of the product, λ = 0.125, s = 0.75, against 30 digits", _full, source),
        exact("two neurons of degree 2 in a race, against 30 digits", _race, source),
    ]


def _taylor(flow: Callable[[Any, Any], Any], start: Any) -> Array:
    with mpmath.workdps(30):
        path = mpmath.odefun(flow, 0, [mpmath.mpf(entry) for entry in start])
        return np.array([[float(entry) for entry in path(time)] for time in TIMES])


def _ridge() -> float:
    expected = _taylor(
        lambda _, m: [-2 * m[0] + 2 * mpmath.mpf("1.5625") * m[0] / (m[0] + mpmath.mpf("0.5")) ** 2], [4]
    )
    return gap(solutions.product_first_layer(1.25, 0.5)(TIMES, 2.0) ** 2, expected[:, 0])


def _full() -> float:
    def flow(_: Any, w: Any) -> Any:
        pull = -2 * (w[0] * w[1] - mpmath.mpf("0.75"))
        return [pull * w[1] - w[0] / 4, pull * w[0] - w[1] / 4]

    closed = solutions.product_full(1.0, 0.75, 0.125)(TIMES, (2.0, -0.5))
    return gap(np.stack(closed, axis=1), _taylor(flow, ["2", "-0.5"]))


def _race() -> float:
    def flow(_: Any, z: Any) -> Any:
        total = sum(entry**4 for entry in z)
        return [4 * entry**3 / total**2 - entry for entry in z]

    closed = solutions.winner_takes_all(2.0, 2)(TIMES, np.array([0.75, 1.0]))
    return gap(closed, _taylor(flow, ["0.75", "1"]))
