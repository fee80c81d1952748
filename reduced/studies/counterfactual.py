"""Other ways to move on the zero-loss set, at the speed of steepest norm descent."""

from collections.abc import Callable
from typing import Any

import numpy as np

from reduced.flows.zero_loss import retracted, tangent_flow, zero_loss_flow
from reduced.inputs.arrays import real_array
from reduced.inputs.scalars import generator, positive
from reduced.integration.solve import integrate
from reduced.network.activations import Activation
from reduced.network.observables import accuracy
from reduced.network.parameters import Pair, norm, pair, rescaled_norm
from reduced.network.problem import bind
from reduced.studies.ladder import start_on_set
from reduced.tasks.modular import modular_addition


def _shrink(state: Pair) -> Pair:
    return -state[0], -state[1]


def _grow(state: Pair) -> Pair:
    return state


def _shrink_first(state: Pair) -> Pair:
    return -state[0], np.zeros_like(state[1])


def _shrink_second(state: Pair) -> Pair:
    return np.zeros_like(state[0]), -state[1]


def _absolute(state: Pair) -> Pair:
    return -np.sign(state[0]), -np.sign(state[1])


def _nuclear(state: Pair) -> Pair:
    first, second = (np.linalg.svd(layer, full_matrices=False) for layer in state)
    return -first.U @ first.Vh, -second.U @ second.Vh


#: Directions by what they descend; each is projected on the tangent space before use.
DIRECTIONS: dict[str, Callable[[Pair], Pair]] = {
    "norm descent": _shrink,
    "W1 alone": _shrink_first,
    "W2 alone": _shrink_second,
    "ℓ1 descent": _absolute,
    "nuclear-norm descent": _nuclear,
    "norm increase": _grow,
}
#: Every path that :func:`follow` knows.
PATHS = (*DIRECTIONS, "random direction", "no motion")


def matched_flow(
    X: Any,
    Y: Any,
    direction: Callable[[Pair], Pair],
    activation: str | Activation = "relu",
) -> Callable[[float, Pair], Pair]:
    """Motion along a projected direction, rescaled to the speed ‖Pθ‖ that steepest norm descent has there.

    Time is then slow time for every direction, and only the direction differs. For states on the zero-loss set.

    Parameters
    ----------
    X, Y, activation
        As in :func:`reduced.flows.zero_loss.zero_loss_flow`.
    direction : callable
        ``direction((W1, W2)) -> (V1, V2)``.
    """
    moving, descending = tangent_flow(X, Y, direction, activation), zero_loss_flow(X, Y, activation)

    def flow(tau: float, state: Pair) -> Pair:
        velocity = moving(tau, state)
        scale = norm(descending(tau, state)) / norm(velocity)
        return scale * velocity[0], scale * velocity[1]

    return flow


def constant_direction(state: Pair, rng: int | np.random.Generator) -> Callable[[Pair], Pair]:
    """One random direction of the state's shapes, the same everywhere."""
    draw, (W1, W2) = generator(rng).standard_normal, pair("state", state)
    direction = draw(real_array("state", W1).shape), draw(real_array("state", W2).shape)
    return lambda _: direction


def follow(case: tuple[int, str], p: int, hidden: int, slow_time: float, step: float) -> dict[str, Any]:
    """Follow one path from a random start on the zero-loss set, addition modulo p with nine tenths of the pairs.

    Parameters
    ----------
    case : (int, str)
        Seed of split and start, and one of ``PATHS``.
    p, hidden : int
        Modulus and hidden width of a ReLU network.
    slow_time, step : float
        Length of the path and of a retracted Euler step, in slow time.

    Returns
    -------
    dict of arrays
        ``t``; ``norm`` ‖θ‖; ``rescaled_norm``, see :func:`reduced.network.parameters.rescaled_norm`; ``test`` accuracy.
    """
    (seed, name), (slow_time, step) = case, positive(slow_time=slow_time, step=step)
    train, test = modular_addition(p, 0.9, seed)
    problem = bind(train.X, train.Y)
    start = start_on_set(problem, hidden, seed)

    def look(tau: float, state: Pair) -> dict[str, float]:
        return {"norm": norm(state), "rescaled_norm": rescaled_norm(state), "test": accuracy(*state, test)}

    if name == "no motion":
        return {"t": np.array([0.0, slow_time])} | {
            key: np.full(2, value) for key, value in look(0, start).items()
        }
    direction = DIRECTIONS.get(name) or constant_direction(start, seed)
    flow = retracted(problem, matched_flow(train.X, train.Y, direction), step)
    return integrate(
        flow, start, (0, slow_time), method="euler", step=step, t_eval=[slow_time], observe=look
    ).observed
