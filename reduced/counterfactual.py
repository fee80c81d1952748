"""Other ways to move on the zero-loss set, at the speed of steepest norm descent."""

from collections.abc import Callable
from typing import Any

import numpy as np

from reduced.activations import Activation
from reduced.arrays import real_array
from reduced.parameters import Pair, norm, pair
from reduced.scalars import generator
from reduced.zero_loss_flow import tangent_flow, zero_loss_flow


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
        As in :func:`reduced.zero_loss_flow.zero_loss_flow`.
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
