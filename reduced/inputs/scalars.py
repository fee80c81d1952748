"""Single numbers from what a caller brings: each check names the parameter, its value and what is allowed."""

import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.inputs.arrays import finite_array, real_array


def finite(**parameters: Any) -> tuple[float, ...]:
    """The parameters in double precision, all of them finite; compute with these, not with what was given.

    A narrow number computes narrowly: ``2 * np.int8(100)`` is −56.

    Raises
    ------
    ValueError
        Naming the parameter, its value and what is allowed; so do the other checks here.
    """
    return _doubles(np.isfinite, "a finite number", parameters)


def positive(**parameters: Any) -> tuple[float, ...]:
    """The parameters in double precision, all of them positive and finite.

    Examples
    --------
    >>> positive(ridge=-1.0)
    Traceback (most recent call last):
    ...
    ValueError: ridge = -1.0: must be a positive number
    """
    return _doubles(lambda value: 0 < value < np.inf, "a positive number", parameters)


def non_negative(**parameters: Any) -> tuple[float, ...]:
    """The parameters in double precision, all of them finite and >= 0."""
    return _doubles(lambda value: 0 <= value < np.inf, "a finite number >= 0", parameters)


def between_0_and_1(**parameters: Any) -> tuple[float, ...]:
    """The parameters in double precision, all of them strictly between 0 and 1.

    Examples
    --------
    >>> between_0_and_1(tolerance=1)
    Traceback (most recent call last):
    ...
    ValueError: tolerance = 1: must lie strictly between 0 and 1
    """
    for name, value in parameters.items():
        (number,) = finite(**{name: value})
        if not 0 < number < 1:
            raise ValueError(f"{name} = {value}: must lie strictly between 0 and 1")
    return finite(**parameters)


def plain(value: Any) -> Any:
    """A NumPy number or a fraction as Python's integer or double; anything else as it is.

    Examples
    --------
    >>> plain(np.int8(100)) * 2, plain(np.float16(0.5)), plain("relu")
    (200, 0.5, 'relu')
    """
    if isinstance(value, np.integer):
        return int(value)
    return float(value) if isinstance(value, np.floating | Fraction) else value


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


def whole(least: int, **parameters: Any) -> tuple[int, ...]:
    """The parameters as Python's integers, which do not overflow, all of at least this size.

    Examples
    --------
    >>> whole(1, steps=np.int8(100))
    (100,)
    >>> whole(1, steps=2.5)
    Traceback (most recent call last):
    ...
    ValueError: steps = 2.5: must be an integer >= 1
    """
    found = []
    for name, value in parameters.items():
        try:
            number = least - 1 if isinstance(value, bool) else operator.index(value)
        except TypeError:
            number = least - 1
        if number < least:
            raise ValueError(f"{name} = {value!r}: must be an integer >= {least}")
        found.append(number)
    return tuple(found)


def generator(rng: Any) -> np.random.Generator:
    """Random generator from a seed, or the generator itself.

    Raises
    ------
    ValueError
        If it is neither a generator nor an integer >= 0.
    """
    if isinstance(rng, np.random.Generator):
        return rng
    return np.random.default_rng(*whole(0, rng=rng))


def _doubles(allowed: Callable[[Any], Any], what: str, parameters: dict[str, Any]) -> tuple[float, ...]:
    found = []
    for name, value in parameters.items():
        number = real_array(name, value)
        if number.ndim > 0:
            raise ValueError(f"{name} has shape {number.shape}: must be {what}")
        if not allowed(number):
            raise ValueError(f"{name} = {value}: must be {what}")
        found.append(float(number))
    return tuple(found)
