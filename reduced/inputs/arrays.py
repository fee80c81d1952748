"""Arrays from what a caller brings."""

from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray


def real_array(name: str, values: Any) -> NDArray[np.float64]:
    """An array in double precision.

    Raises
    ------
    ValueError
        If the values are not real numbers, or not an array's.

    Examples
    --------
    >>> real_array("W1", [[1, 2], [3]])
    Traceback (most recent call last):
        ...
    ValueError: W1 is not an array of real numbers
    """
    try:
        given = np.asarray(values)
        if given.dtype.kind not in "biuf" and not all(isinstance(entry, Real) for entry in given.flat):
            raise TypeError
        return np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} is not an array of real numbers") from None


def finite_array(name: str, values: Any, *shape: Any) -> NDArray[np.float64]:
    """An array in double precision of the given shape, without NaN or infinity.

    Parameters
    ----------
    name : str
        What messages call it.
    values : array_like
    *shape : int, str or ...
        Its sides; a name stands for any side of at least 1, ``...`` alone for any shape.

    Raises
    ------
    ValueError
        If it is anything else.

    Examples
    --------
    >>> finite_array("W2", [[1.0, 2.0]], 5, "d_out")
    Traceback (most recent call last):
        ...
    ValueError: W2 has shape (1, 2): must be (5, d_out)
    """
    array = real_array(name, values)
    fits = len(shape) == array.ndim and all(
        side == wanted if isinstance(wanted, int) else side > 0
        for side, wanted in zip(array.shape, shape, strict=True)
    )
    if shape != (...,) and not fits:
        raise ValueError(f"{name} has shape {array.shape}: must be ({', '.join(map(str, shape))})")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} holds NaN or infinity: all entries must be finite")
    return array


def without_overflow(what: str, values: Any) -> NDArray[np.float64]:
    """Pass a result through if it is finite.

    Raises
    ------
    OverflowError
        If it is not, though its arguments were.
    """
    result = np.asarray(values)
    if not np.isfinite(result).all():
        raise OverflowError(f"{what} is not finite here: it overflows, or is not defined")
    return result
