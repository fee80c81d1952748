"""Convergence orders, fitted on smooth flows with fixed steps; on ReLU they are reported, not judged."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.claims.claim import Claim
from reduced.flows.two_layer import first_layer_flow
from reduced.integration import methods
from reduced.integration.solve import integrate
from reduced.tasks.modular import modular_addition

Array = NDArray[np.float64]
GROUP = "convergence orders"
#: Order of each method, and the steps over which its error is above rounding and below saturation.
METHODS: dict[str, tuple[int, tuple[float, ...]]] = {
    "euler": (1, (1 / 200, 1 / 400, 1 / 800, 1 / 1600)),
    "relative_euler": (1, (1 / 200, 1 / 400, 1 / 800, 1 / 1600)),
    "relative_legendre": (1, (1 / 200, 1 / 400, 1 / 800, 1 / 1600)),
    "RK23": (3, (1 / 40, 1 / 80, 1 / 160, 1 / 320)),
    "RK45": (5, (1 / 32, 1 / 64, 1 / 128)),
    "DOP853": (8, (1 / 6, 1 / 8, 1 / 11, 1 / 16)),
    "Radau": (5, (1 / 32, 1 / 64, 1 / 128)),
}
#: Methods without a fixed order: their error against the tolerance they are given.
VARIABLE_ORDER = ("BDF", "LSODA")
TOLERANCES = (1e-5, 1e-7, 1e-9)
#: So large that the error control accepts every step of the fixed size, and Radau still solves for its stages.
UNCONTROLLED = 1e-3


def claims() -> list[Claim]:
    """Order of every method on a smooth scalar flow with a closed form; what remains of it on ReLU."""
    found = [
        Claim(
            GROUP,
            f"{method} converges at order {order} on a smooth flow (one linear weight, λ → 0, in τ)",
            "closed form of the product model, w⁴ = s² + (w₀⁴ − s²)e^(−4τ)",
            partial(smooth_order, method),
            order,
            0.1,
            "fitted over three or four step sizes",
            method="one linear weight and one target to τ = 1 at fixed steps; fitted power of the error at the end",
        )
        for method, (order, _) in METHODS.items()
    ]
    found += [
        Claim(
            GROUP,
            f"the error of {method} is proportional to its tolerance (smooth flow, in τ)",
            "closed form of the product model",
            partial(tolerance_slope, method),
            1.0,
            None,
            "variable order: the slope is reported",
            method="one linear weight and one target to τ = 1; fitted power of the error over rtol = 1e-5, 1e-7, 1e-9",
        )
        for method in VARIABLE_ORDER
    ]
    found += [
        Claim(
            GROUP,
            f"{method} on ReLU, across kinks: fitted order (addition modulo 7, in τ)",
            "no order is claimed where the field jumps",
            partial(relu_order, method),
            METHODS[method][0],
            None,
            "reported",
            method="60 ReLU units on addition modulo 7 to τ = 0.2, against Euler steps of 10⁻⁵",
        )
        for method in ("euler", "relative_euler", "relative_legendre", "RK23", "RK45")
    ]
    return found


def smooth_order(method: str) -> float:
    """Fitted order on w′ = y²/w³ − w, against its closed form at τ = 1."""
    start, target = 1.5, 0.8
    flow = first_layer_flow(np.eye(1), np.array([[target]]), "linear")
    exact = (target**2 + (start**4 - target**2) * np.exp(-4.0)) ** 0.25

    def error(step: float) -> float:
        end = _with_fixed_steps(flow, np.array([[start]]), 1.0, method, step)
        return float(abs(end[0, 0] - exact))

    return _slope(METHODS[method][1], error)


def tolerance_slope(method: str) -> float:
    """Slope of log error against log tolerance on the smooth flow."""
    flow = first_layer_flow(np.eye(1), np.array([[0.8]]), "linear")
    exact = (0.8**2 + (1.5**4 - 0.8**2) * np.exp(-4.0)) ** 0.25

    def error(tolerance: float) -> float:
        path = integrate(flow, np.array([[1.5]]), (0, 1), method=method, rtol=tolerance, atol=tolerance)
        return float(abs(path.y[-1, 0, 0] - exact))

    return _slope(TOLERANCES, error)


def relu_order(method: str) -> float:
    """Fitted order on the ReLU network over τ = 0.2, against Euler with steps of 10⁻⁵."""
    flow, start, reference = _relu_reference()

    def error(step: float) -> float:
        return float(np.linalg.norm(_with_fixed_steps(flow, start, 0.2, method, step) - reference))

    return _slope((1 / 100, 1 / 200, 1 / 400), error)


@cache
def _relu_reference() -> tuple[Callable[[float, Array], Array], Array, Array]:
    train, _ = modular_addition(7, 0.7, 0)
    start = np.random.default_rng(1).normal(size=(7, 60)) / 2
    flow = first_layer_flow(train.X, train.Y)
    return flow, start, _with_fixed_steps(flow, start, 0.2, "euler", 1e-5)


def _with_fixed_steps(flow: Any, start: Array, end: float, method: str, step: float) -> Array:
    if methods.METHODS[method].step:
        options: dict[str, Any] = {"step": step}
    else:
        options = {"first_step": step, "max_step": step, "rtol": UNCONTROLLED, "atol": UNCONTROLLED}
    return np.asarray(integrate(flow, start, (0, end), method=method, t_eval=[end], **options).y[-1])


def _slope(sizes: tuple[float, ...], error: Callable[[float], float]) -> float:
    return float(np.polyfit(np.log(sizes), np.log([error(size) for size in sizes]), 1)[0])
