"""From training to the two reduced flows: errors against λ and against the ratio ε of the learning rates of the layers.

All runs of one comparison share a start on the zero-loss set and are compared at ten times up to the end, along the
paths of :mod:`reduced.studies.paths`.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.flows.two_layer import optimal_readout
from reduced.inputs.arrays import without_overflow
from reduced.inputs.memory import refuse_beyond_memory
from reduced.inputs.scalars import generator, positive_entries, whole
from reduced.network.parameters import Pair
from reduced.network.problem import Problem, bind
from reduced.studies.paths import first_layer_path, kinked, training_path, zero_loss_path
from reduced.tasks.modular import modular_addition

Array = NDArray[np.float64]


def start_on_set(problem: Problem, hidden: int, rng: int | np.random.Generator) -> Pair:
    """Random first layer, entries of variance 1/d_in, with the readout that interpolates."""
    d_in = problem.X.shape[1]
    (hidden,) = whole(1, hidden=hidden)
    refuse_beyond_memory(f"hidden = {hidden}", d_in * hidden)
    W1 = generator(rng).standard_normal((d_in, hidden)) / np.sqrt(d_in)
    return W1, optimal_readout(problem.X, problem.Y, problem.activation)(W1)


def fitted_slope(x: Any, y: Any) -> float:
    """Least-squares slope of ln y against ln x.

    Examples
    --------
    >>> round(fitted_slope([1.0, 10.0, 100.0], [3.0, 300.0, 30000.0]), 12)
    2.0
    >>> abs(fitted_slope([1.0, 2.0], [3.0, 3.0])) < 1e-12
    True
    """
    x = positive_entries("x", x, "m")
    y = positive_entries("y", y, len(x))
    if len(set(x)) < 2:
        raise ValueError(f"x = {x}: a slope needs two different abscissas")
    return float(np.polynomial.Polynomial.fit(np.log(x), np.log(y), 1).deriv()(0.0))


def rungs(
    case: tuple[str, Array, Array], *, crossed: Array, ridge: float, p: int, hidden: int, slow_time: float
) -> dict[str, Any]:
    """All errors of one activation from one start, addition modulo p with six tenths of the pairs.

    Parameters
    ----------
    case : (str, array, array)
        Activation; the λ of :func:`ridge_errors`; the ε of :func:`rate_ratio_errors`.
    crossed, ridge : array, float
        ε and λ of :func:`unequal_rates_errors`; with kinks, ε of :func:`rate_ratio_errors` after Euclidean retractions.
    p, hidden, slow_time
        Modulus, hidden width, last slow time.

    Returns
    -------
    dict
        ``"ridges"``, ``"rate_ratios"``, ``"crosses"``: scales and errors; ``"gap"``: the error at ε = 1.
    """
    activation, ridges, rate_ratios = case
    training, _ = modular_addition(p, 0.6, 0)
    problem = bind(training.X, training.Y, activation)
    start = start_on_set(problem, hidden, 0)
    if kinked(problem):
        crosses = rate_ratio_errors(problem, start, crossed, slow_time, euclidean=True)
    else:
        crosses = unequal_rates_errors(problem, start, crossed, ridge, slow_time)
    gap, *by_ratio = rate_ratio_errors(problem, start, [1.0, *rate_ratios], slow_time)
    return {
        "ridges": (ridges, ridge_errors(problem, start, ridges, slow_time)),
        "rate_ratios": (rate_ratios, np.array(by_ratio)),
        "crosses": (crossed, crosses),
        "gap": gap,
    }


def ridge_errors(problem: Problem, state: Pair, ridges: Any, slow_time: float = 1.0) -> Array:
    """Largest ‖θ_λ(τ) − θ(τ)‖ between training with λ and the zero-loss flow, for each λ.

    Parameters
    ----------
    problem : Problem
    state : (W1, W2)
        On the zero-loss set.
    ridges : sequence of float
        The λ > 0.
    slow_time : float
        Last slow time τ = 2λt compared.
    """
    ridges = positive_entries("ridges", ridges, "m")
    target = zero_loss_path(problem, state, slow_time)
    return np.array([_gap(training_path(problem, state, slow_time, ridge), target) for ridge in ridges])


def rate_ratio_errors(
    problem: Problem, state: Pair, rate_ratios: Any, slow_time: float = 1.0, *, euclidean: bool = False
) -> Array:
    """Largest ‖W1(τ) − W1*(τ)‖ between the zero-loss flow with ratio ε and the first-layer flow, for each ε.

    Lag 1 gives the gap between plain training at λ → 0 and the first-layer flow. Parameters as in
    :func:`ridge_errors` and :func:`zero_loss_path`.
    """
    rate_ratios = positive_entries("rate_ratios", rate_ratios, "m")
    target = first_layer_path(problem, state, slow_time)
    return np.array(
        [
            _gap(zero_loss_path(problem, state, slow_time, rate_ratio, euclidean)[:1], target)
            for rate_ratio in rate_ratios
        ]
    )


def unequal_rates_errors(
    problem: Problem, state: Pair, rate_ratios: Any, ridge: float, slow_time: float = 1.0
) -> Array:
    """As :func:`rate_ratio_errors`, for training at a λ > 0: the error levels off where O(λ) takes over."""
    rate_ratios = positive_entries("rate_ratios", rate_ratios, "m")
    target = first_layer_path(problem, state, slow_time)
    return np.array(
        [
            _gap(training_path(problem, state, slow_time, ridge, rate_ratio)[:1], target)
            for rate_ratio in rate_ratios
        ]
    )


def _gap(path: tuple[Array, ...], target: tuple[Array, ...]) -> float:
    """Largest distance over the times of comparison."""
    squares = [np.sum((a - b) ** 2, axis=(1, 2)) for a, b in zip(path, target, strict=True)]
    return float(without_overflow("the distance", np.sqrt(np.sum(squares, axis=0))).max())
