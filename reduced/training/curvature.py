"""Gradient descent on the regularized loss L_λ = ‖F − Y‖² + λ‖θ‖², run for a given slow time τ = 2λt."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.linalg import LinearOperator, eigsh

from reduced.inputs.arrays import finite_array, without_overflow
from reduced.inputs.scalars import positive, whole
from reduced.network.neural_tangent import linearize
from reduced.network.parameters import Pair
from reduced.network.problem import Problem, both_layers
from reduced.training import gradient_descent
from reduced.training.gradient_descent import train
from reduced.training.units import below_1

Array = NDArray[np.float64]
#: Learning rate over the largest that is stable, where :func:`descend_with_the_curvature` chooses it.
STABLE_SHARE = 0.7


def descend(
    problem: Problem,
    state: Pair,
    slow_time: float,
    ridge: float,
    rate: float,
    *,
    rate_ratio: float = 1.0,
    observe: Callable[[int, Pair], Mapping[str, Any]],
    looks: int = 10,
) -> dict[str, Array]:
    """Observations of plain gradient descent at ``looks`` equidistant slow times up to ``slow_time``, and at the start.

    Parameters
    ----------
    problem : Problem
    state : (W1, W2)
        Where to start.
    slow_time : float
        Length in slow time.
    ridge, rate : float
        λ of L_λ and the learning rate in flow time t.
    rate_ratio, observe
        As in :func:`reduced.training.gradient_descent.train`.
    looks : int
        Observations after the start.
    """
    slow_time, ridge, rate = positive(slow_time=slow_time, ridge=ridge, rate=rate)
    (looks,) = whole(1, looks=looks)
    steps = round(slow_time / gradient_descent.slow_time(1, rate, 2 * ridge))
    if steps < 1:
        raise ValueError(
            f"slow_time = {slow_time}, ridge = {ridge}, rate = {rate}: not one step; take a smaller rate"
        )
    return train(
        problem.X,
        problem.Y,
        state,
        steps=steps,
        learning_rate=rate,
        weight_decay=2 * ridge,
        activation=problem.activation,
        reduction="sum",
        rate_ratio=rate_ratio,
        observe=observe,
        observe_every=max(1, steps // looks),
    ).observed


def descend_with_the_curvature(
    problem: Problem, start: Pair, times: Array, ridge: float, momentum: float = 0.9
) -> tuple[Array, Array]:
    """States of gradient descent at given slow times; its learning rate grows as the curvature falls.

    Between two times the rate is fixed, at 0.7 (1 + momentum)/σ: heavy-ball descent of L is stable up to
    (1 + momentum)/σ, σ the largest eigenvalue of the neural tangent kernel Θ, since ∇²L ≈ 2JᵀJ near the
    zero-loss set. Where W2 is large at the start, a rate that is stable there would be tens of times too small later.

    Parameters
    ----------
    problem : Problem
    start : (W1, W2)
    times : (m,) array
        Slow times, increasing from 0.
    ridge : float
        λ of L_λ.
    momentum : float
        In [0, 1). The velocity starts from zero in each interval; the steps that this costs are taken in addition.

    Returns
    -------
    (m, d_in, d_h) and (m, d_h, d_out) arrays
        Both layers at the times.

    Raises
    ------
    ValueError
        If λ, the momentum or a time is out of range.
    """
    (ridge,), momentum = positive(ridge=ridge), below_1(momentum)
    times = finite_array("times", times, "m")
    if (np.diff(times) <= 0).any():
        raise ValueError(f"times = {times}: must increase")
    states, lost = [both_layers(problem, start)], momentum / (1 - momentum)
    for length in np.diff(times):
        state = states[-1]
        rate = STABLE_SHARE * (1 + momentum) / largest_eigenvalue(problem, state)
        steps = int(np.ceil(length / gradient_descent.slow_time(1, rate, 2 * ridge, momentum) + lost))
        run = train(
            problem.X,
            problem.Y,
            state,
            steps=steps,
            learning_rate=length / gradient_descent.slow_time(steps - lost, 1.0, 2 * ridge, momentum),
            weight_decay=2 * ridge,
            activation=problem.activation,
            reduction="sum",
            momentum=momentum,
        )
        states.append((run.y[0][-1], run.y[1][-1]))
    first, second = zip(*states, strict=True)
    return np.array(first), np.array(second)


def largest_eigenvalue(problem: Problem, state: Pair) -> float:
    """Largest eigenvalue of the neural tangent kernel Θ, to one in a thousand.

    Examples
    --------
    >>> from reduced.network.problem import bind
    >>> problem = bind(np.eye(2), np.eye(2), "linear")
    >>> round(largest_eigenvalue(problem, (np.diag([3.0, 1.0]), np.diag([2.0, 1.0]))), 2)
    13.0
    """
    network, shape = linearize(problem, state), problem.Y.shape
    size = problem.Y.size

    def kernel_times(m: Array) -> Array:
        return without_overflow("the kernel", network.kernel(m.reshape(shape))).ravel()

    kernel = LinearOperator((size, size), kernel_times, dtype=float)
    (largest,) = eigsh(kernel, k=1, tol=1e-3, v0=problem.Y.ravel(), return_eigenvectors=False)
    return float(largest)
