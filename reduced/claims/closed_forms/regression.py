"""Linear regression with weight decay, and the two weights of Fig. 1, in flow time t."""

from collections.abc import Callable

import numpy as np

from derivations.exact import addition
from derivations.exact import linear_regression as derived
from derivations.toy_models import leaky_loss, regularized, w
from reduced import solutions
from reduced.claims.claim import Claim
from reduced.claims.closed_forms.comparison import TIMES, Array, exact, gap, held, numeric
from reduced.flows.scalar import flow_of, gradient_flow
from reduced.integration.solve import integrate

DECAY = 0.1
START = np.array([-1.0, 1.0])


def claims() -> list[Claim]:
    """Weights, losses and gradient descent of linear models."""
    return [
        held(
            "linear regression, λ = 0.1: three weights on two samples", _regression, "its matrix exponential"
        ),
        held(
            "linear regression, λ → 0: the same without weight decay",
            lambda: _regression(0.0),
            "its matrix exponential",
        ),
        held("two weights of Fig. 1, λ = 0.1", _weights, "Fig. 1"),
        held("training and expected test loss of Fig. 1, λ = 0.1", _losses, "Fig. 1"),
        held("leaky ReLU of two weights, λ = 0.1, through its kink", _leaky, "Fig. 3"),
        exact("gradient descent of Fig. 1, 300 steps of 0.05, is (1 − 2ηa)^k", _descent, "Fig. 1"),
    ]


def _regression(decay: float = DECAY) -> float:
    X, y, start = (
        np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]]),
        np.array([1.5, -0.5]),
        np.array([1.0, -2.0, 0.3]),
    )
    case = derived.MATRIX
    flow = flow_of(case.velocity, case.state, case.time, **{"lambda": decay, "y_1": y[0], "y_2": y[1]})
    return gap(solutions.linear_regression(X, y, decay)(TIMES, start), numeric(flow, start))


def _fig_1() -> Callable[[float, Array], Array]:
    case = addition.ONE_SAMPLE
    return flow_of(case.velocity, case.state, case.time, **{"lambda": DECAY})


def _weights() -> float:
    return gap(solutions.two_weights(DECAY)(TIMES), numeric(_fig_1(), START))


def _losses() -> float:
    path = numeric(_fig_1(), START)
    expected = np.stack([(path.sum(axis=1) - 2) ** 2, np.square(path - 1).sum(axis=1)], axis=1)
    return gap(np.stack(solutions.two_weights_losses(DECAY)(TIMES), axis=1), expected)


def _descent() -> float:
    path = integrate(_fig_1(), START, (0, 15.0), method="euler", step=0.05)
    return gap(solutions.two_weights_descent(DECAY, 0.05)(np.arange(len(path.t))), path.y)


def _leaky() -> float:
    start = np.array([0.2, -0.4])
    flow = gradient_flow(regularized(leaky_loss()), w[:2], **{"lambda": DECAY})
    return gap(solutions.leaky_weights(DECAY)(TIMES, start), numeric(flow, start))
