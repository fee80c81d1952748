"""Single numbers from what a caller brings: each check names the parameter, its value and what is allowed."""

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.inputs.arrays import finite_array, real_array


def finite(**parameters: Any) -> None:
    """Refuse what is not a finite real number.

    Raises
    ------
    ValueError
        Naming the parameter, its value and what is allowed; so do the other checks here.
    """
    _refuse_unless(np.isfinite, "a finite number", parameters)


def positive(**parameters: Any) -> None:
    """Refuse what is not a positive, finite number.

    Examples
    --------
    >>> positive(ridge=-1.0)
    Traceback (most recent call last):
    ...
    ValueError: ridge = -1.0: must be a positive number
    """
    _refuse_unless(lambda value: 0 < value < np.inf, "a positive number", parameters)


def non_negative(**parameters: Any) -> None:
    """Refuse what is not a finite number >= 0."""
    _refuse_unless(lambda value: 0 <= value < np.inf, "a finite number >= 0", parameters)


def positive_entries(name: str, values: Any, *shape: Any) -> NDArray[np.float64]:
    """An array of positive, finite numbers, of a shape as in :func:`reduced.inputs.arrays.finite_array`.

    Raises
    ------
    ValueError
        If it is anything else.

    Examples
    --------
    >>> positive_entries("ridges", [0.1, 0.0], "m")
    Traceback (most recent call last):
    ...
    ValueError: ridges holds 0.0: all entries must be positive
    """
    array = finite_array(name, values, *shape)
    if not (array > 0).all():
        raise ValueError(f"{name} holds {array[~(array > 0)][0]}: all entries must be positive")
    return array


def whole(least: int, **parameters: Any) -> None:
    """Refuse what is not an integer of at least this size.

    Examples
    --------
    >>> whole(1, steps=2.5)
    Traceback (most recent call last):
    ...
    ValueError: steps = 2.5: must be an integer >= 1
    """
    for name, value in parameters.items():
        try:
            allowed = not isinstance(value, bool) and operator.index(value) >= least
        except TypeError:
            allowed = False
        if not allowed:
            raise ValueError(f"{name} = {value!r}: must be an integer >= {least}")


def generator(rng: Any) -> np.random.Generator:
    """Random generator from a seed, or the generator itself.

    Raises
    ------
    ValueError
        If it is neither a generator nor an integer >= 0.
    """
    if isinstance(rng, np.random.Generator):
        return rng
    whole(0, rng=rng)
    return np.random.default_rng(rng)


def _refuse_unless(allowed: Callable[[Any], Any], what: str, parameters: dict[str, Any]) -> None:
    for name, value in parameters.items():
        number = real_array(name, value)
        if number.ndim > 0:
            raise ValueError(f"{name} has shape {number.shape}: must be {what}")
        if not allowed(number):
            raise ValueError(f"{name} = {value}: must be {what}")
