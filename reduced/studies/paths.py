"""The paths that are compared: zero-loss flow, first-layer flow and training from one start on the zero-loss set.

Smooth activations are integrated to errors far below those compared. With a kink no high order is to be had: fixed
steps of ``KINK_STEP`` in slow time, whose error the caller should keep in mind.
"""

import numpy as np
from numpy.typing import NDArray

from reduced.flows.two_layer import first_layer_flow, full_flow
from reduced.flows.zero_loss import retracted, zero_loss_flow
from reduced.inputs.scalars import positive
from reduced.integration.solve import integrate
from reduced.network.parameters import Pair
from reduced.network.problem import Problem, both_layers
from reduced.training.curvature import descend

Array = NDArray[np.float64]
RTOL, ATOL = 1e-8, 1e-10
KINK_STEP = 2e-3
#: Gradient descent takes this step in flow time on kinked activations: far below 2 over the largest curvature.
DESCENT_STEP = 2e-3
COMPARISONS = 10


def zero_loss_path(
    problem: Problem, state: Pair, slow_time: float, rate_ratio: float = 1.0, euclidean: bool = False
) -> tuple[Array, ...]:
    """Both layers of the zero-loss flow at the times of comparison, each (10, ...).

    At kinks the way back to the set takes part in the motion: in the metric of the learning rates, or, to see
    what that changes, the ``euclidean`` one.
    """
    state, times = both_layers(problem, state), times_of_comparison(slow_time)
    slow_time, rate_ratio = positive(slow_time=slow_time, rate_ratio=rate_ratio)
    flow = zero_loss_flow(problem.X, problem.Y, problem.activation, rate_ratio=rate_ratio)
    if kinked(problem):
        step = KINK_STEP * min(1.0, 10 * rate_ratio)
        sliding = retracted(problem, flow, step, rate_ratio=1.0 if euclidean else rate_ratio)
        run = integrate(sliding, state, (0, slow_time), method="euler", step=step, t_eval=times)
    else:
        run = integrate(flow, state, (0, slow_time), method="RK45", rtol=RTOL, atol=ATOL, t_eval=times)
    return tuple(run.y)


def first_layer_path(problem: Problem, state: Pair, slow_time: float) -> tuple[Array]:
    """The first layer of the first-layer flow at the times of comparison."""
    flow = first_layer_flow(problem.X, problem.Y, problem.activation)
    times = times_of_comparison(slow_time)
    span = 0.0, times[-1]
    W1, _ = both_layers(problem, state)
    if kinked(problem):
        return (integrate(flow, W1, span, method="euler", step=KINK_STEP / 10, t_eval=times).y,)
    return (integrate(flow, W1, span, method="RK45", rtol=RTOL, atol=ATOL, t_eval=times).y,)


def training_path(
    problem: Problem, state: Pair, slow_time: float, ridge: float, rate_ratio: float = 1.0
) -> tuple[Array, ...]:
    """Both layers of training with weight decay λ at the times of comparison."""
    slow_time, ridge, rate_ratio = positive(slow_time=slow_time, ridge=ridge, rate_ratio=rate_ratio)
    state = both_layers(problem, state)
    if kinked(problem):
        return _descent_path(problem, state, slow_time, ridge, rate_ratio)
    gradient = full_flow(problem.X, problem.Y, problem.activation, ridge=ridge)

    def flow(t: float, at: Pair) -> Pair:
        first, second = gradient(t, at)
        return first, second / rate_ratio

    span = slow_time / (2 * ridge)
    return tuple(integrate(flow, state, (0, span), rtol=RTOL, atol=ATOL, t_eval=times_of_comparison(span)).y)


def _descent_path(
    problem: Problem, state: Pair, slow_time: float, ridge: float, rate_ratio: float
) -> tuple[Array, ...]:
    observed = descend(
        problem,
        state,
        slow_time,
        ridge,
        DESCENT_STEP * min(1.0, rate_ratio),
        rate_ratio=rate_ratio,
        observe=lambda step, at: {"W1": at[0], "W2": at[1]},
        looks=COMPARISONS,
    )
    return tuple(observed[name][1 : COMPARISONS + 1] for name in ("W1", "W2"))


def times_of_comparison(slow_time: float) -> Array:
    """Ten equidistant times up to the last."""
    (slow_time,) = positive(slow_time=slow_time)
    return np.linspace(slow_time / COMPARISONS, slow_time, COMPARISONS)


def kinked(problem: Problem) -> bool:
    """Whether the activation has a kink."""
    return problem.activation.kinked
