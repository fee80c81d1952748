"""The product of two weights in every flow: zero-loss, first-layer with any ridge, two rates, full."""

from functools import partial

import numpy as np

from derivations.exact import product as derived
from derivations.exact import product_rates
from derivations.exact.case import SolvableCase
from reduced import solutions
from reduced.claims.claim import Claim
from reduced.claims.closed_forms.comparison import GROUP, TIMES, Array, gap, held, numeric
from reduced.flows.scalar import flow_of
from reduced.flows.two_layer import first_layer_flow, full_flow
from reduced.integration.solve import integrate

#: Three samples of ŷ = w_1w_2x with a = Σx² = 2.25 and s = Σxy/a = 2.
X, Y = np.array([[1.0], [-0.5], [1.0]]), np.array([[2.5], [0.0], [2.0]])
CURVATURE, TARGET = 2.25, 2.0


def claims() -> list[Claim]:
    """Both weights, or the first with the readout where its flow puts it."""
    ridges = ((1.125, "below"), (4.5, "at"), (9.0, "above"))
    return [
        held(
            "product of two weights, zero-loss flow in τ",
            _zero_loss,
            "descent of ‖θ‖² within the zero-loss set",
        ),
        held(
            "product of two weights, first-layer flow in τ, λ → 0", _first_layer, "(20) with one hidden unit"
        ),
        *(
            held(
                f"product of two weights, first-layer flow in τ, λ = {ridge:g}: {where} the threshold λ = as",
                partial(_ridge, ridge),
                "(17) with one hidden unit, three samples",
            )
            for ridge, where in ridges
        ),
        *(
            held(
                f"product of two weights in τ, readout faster by 1/ε, ε = {epsilon:g}",
                partial(_two_rates, epsilon),
                "decay held to w_1 w_2 = s at two rates",
            )
            for epsilon in (0.1, 2.0)
        ),
        *(
            held(
                f"product of two weights, full flow in t, λ = 0.25, from {start}",
                partial(_full, start),
                "gradient flow (3), Bessel functions",
            )
            for start in ((2.0, -0.5), (0.3, 1.5), (0.5, 0.5))
        ),
        *(
            held(
                f"product of two weights with target 0, full flow in t, λ = 0.25, from {start}",
                partial(_cross, start),
                "(3)",
            )
            for start in ((2.0, -0.5), (0.3, 1.5), (0.5, -0.5))
        ),
        Claim(
            GROUP,
            "product of two weights, stiff full flow in t, λ = 0.01, as = 100, against an implicit method",
            "gradient flow (3), Bessel functions",
            _stiff,
            0.0,
            1e-9,
            "Radau keeps local errors below 1e-10 of the state; the flow contracts and forgets all but the last ten",
            method="closed form against the flow integrated by the implicit Radau method to t = 30",
        ),
    ]


def _w_1(case: SolvableCase, start: float, **values: float) -> Array:
    """w_1 along the flow that a case reduces."""
    assert case.reduction is not None
    flow = flow_of(case.reduction.velocity, case.reduction.variables, case.time, **values)
    return np.asarray(numeric(flow, np.array([start])))


def _zero_loss() -> float:
    w1 = _w_1(derived.ZERO_LOSS, 3.0, s=TARGET)
    closed = solutions.product_zero_loss()(TIMES, (3.0, TARGET / 3.0))
    return gap(np.stack(closed, axis=1), np.hstack([w1, TARGET / w1]))


def _first_layer() -> float:
    path = numeric(
        first_layer_flow(np.array([[1.5]]), np.array([[1.5 * TARGET]]), "linear"), np.array([[0.4]])
    )
    return gap(solutions.product_first_layer(TARGET)(TIMES, 0.4), path[:, 0, 0])


def _ridge(ridge: float) -> float:
    path = numeric(first_layer_flow(X, Y, "linear", ridge), np.array([[0.4]]))
    return gap(solutions.product_first_layer(TARGET, ridge / CURVATURE)(TIMES, 0.4), path[:, 0, 0])


def _two_rates(epsilon: float) -> float:
    expected = _w_1(product_rates.TWO_RATES, 0.5, s=TARGET, epsilon=epsilon)[:, 0]
    return gap(solutions.product_two_rates(TARGET, epsilon)(TIMES, 0.5), expected)


def _full(start: tuple[float, float]) -> float:
    w1, w2 = numeric(full_flow(X, Y, "linear", ridge=0.25), tuple(np.full((1, 1), w) for w in start))
    closed = solutions.product_full(CURVATURE, TARGET, 0.25)(TIMES, start)
    return gap(np.stack(closed, axis=1), np.hstack([w1[:, 0], w2[:, 0]]))


def _cross(start: tuple[float, float]) -> float:
    flow = full_flow(X, 0 * Y, "linear", ridge=0.25)
    w1, w2 = numeric(flow, tuple(np.full((1, 1), w) for w in start))
    closed = solutions.product_cross(CURVATURE, 0.25)(TIMES, start)
    return gap(np.stack(closed, axis=1), np.hstack([w1[:, 0], w2[:, 0]]))


def _stiff() -> float:
    a, s, decay, times = 25.0, 4.0, 0.01, np.array([0.0, 0.1, 1.0, 30.0])
    flow = full_flow(np.array([[5.0]]), np.array([[5.0 * s]]), "linear", ridge=decay)
    start = (np.full((1, 1), 5.0), np.full((1, 1), 0.1))
    path = integrate(flow, start, (0, 30.0), method="Radau", t_eval=times, rtol=1e-10, atol=1e-12).y
    closed = solutions.product_full(a, s, decay)(times, (5.0, 0.1))
    return gap(np.stack(closed, axis=1), np.hstack([path[0][:, 0], path[1][:, 0]]))
