"""A network's parameters θ = (W1, W2), and directions in their space, as pairs of matrices."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.inputs.arrays import finite_array

Array = NDArray[np.float64]
Pair = tuple[Array, Array]


def pair(name: str, value: Any) -> tuple[Any, Any]:
    """Both parts of a pair.

    Raises
    ------
    ValueError
        If it is no pair.

    Examples
    --------
    >>> pair("state", np.eye(2))
    Traceback (most recent call last):
        ...
    ValueError: state is not a pair of matrices (W1, W2)
    """
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise ValueError(f"{name} is not a pair of matrices (W1, W2)")
    first, second = value
    return first, second


def like(name: str, direction: Any, state: Pair) -> Pair:
    """Check that a direction is a pair of finite matrices of a state's shapes.

    Raises
    ------
    ValueError
        If it is not.
    """
    first, second = (
        finite_array(name, part, *layer.shape)
        for part, layer in zip(pair(name, direction), state, strict=True)
    )
    return first, second


def moved(state: Pair, direction: Pair, by: float) -> Pair:
    """State + by · direction.

    Examples
    --------
    >>> moved((np.eye(1), np.eye(1)), (np.eye(1), -np.eye(1)), by=0.5)
    (array([[1.5]]), array([[0.5]]))
    """
    return state[0] + by * direction[0], state[1] + by * direction[1]


def inner(left: Pair, right: Pair) -> float:
    """Inner product of two directions, summed over both layers."""
    return float(np.vdot(left[0], right[0]) + np.vdot(left[1], right[1]))


def norm(direction: Pair) -> float:
    """Euclidean norm over both layers; of a state, ‖θ‖."""
    return float(np.sqrt(inner(direction, direction)))


def rescaled_norm(state: Pair) -> float:
    """Least ‖θ‖ over rescalings w1_j → c_j w1_j, w2_j → w2_j/c_j of the hidden units, √(2 Σ_j ‖w1_j‖‖w2_j‖).

    They change no output where σ is homogeneous of degree 1, as ReLU is.

    Examples
    --------
    >>> rescaled_norm((np.array([[4.0]]), np.array([[0.5]])))
    2.0
    """
    return float(np.sqrt(2 * np.linalg.norm(state[0], axis=0) @ np.linalg.norm(state[1], axis=1)))


def cosine(left: Pair, right: Pair) -> float:
    """Cosine of the angle between two directions; 0 if one of them vanishes.

    Examples
    --------
    >>> cosine((np.eye(1), np.eye(1)), (np.eye(1), -np.eye(1)))
    0.0
    """
    size = norm(left) * norm(right)
    return inner(left, right) / size if size > 0 else 0.0
