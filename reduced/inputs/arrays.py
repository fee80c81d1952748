"""Arrays from what a caller brings: in double precision, row after row, so that no result depends on their layout."""

from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Array = NDArray[np.float64]


def real_array(name: str, values: Any) -> Array:
    """An array in double precision.

    Raises
    ------
    ValueError
        If the values are not real numbers, or not an array's, or some of them are masked.

    Examples
    --------
    >>> real_array("W1", [[1, 2], [3]])
    Traceback (most recent call last):
        ...
    ValueError: W1 is not an array of real numbers
    """
    if _masks(values):
        raise ValueError(f"{name} has masked entries: fill them, or leave their samples out")
    try:
        given = np.asarray(values)
        if given.dtype.kind not in "biufO" or (
            given.dtype.kind == "O" and not all(isinstance(entry, Real) for entry in given.flat)
        ):
            raise TypeError
        return np.asarray(given, dtype=float)
    except RuntimeError as error:  # a tensor that refuses, as PyTorch's do where they require a gradient
        reason = " ".join(str(error).split())
        raise ValueError(f"{name} does not turn into an array: {reason}") from None
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{name} is not an array of real numbers") from None


def _masks(values: Any) -> bool:
    """Whether an array, or one in a list of them, has masked entries: NumPy computes with what is under the mask."""
    if isinstance(values, list | tuple):
        return any(isinstance(part, np.ma.MaskedArray | list | tuple) and _masks(part) for part in values)
    return isinstance(values, np.ma.MaskedArray) and bool(np.ma.is_masked(values))


def finite_array(name: str, values: Any, *shape: Any) -> Array:
    """An array in double precision of the given shape, without NaN or infinity, its rows one after another in memory.

    Parameters
    ----------
    name : str
        What messages call it.
    values : array_like
    *shape : int, str or ...
        Its sides; a name stands for any side of at least 1, ``...`` alone for any shape.

    Returns
    -------
    array
        The caller's own where that is of this kind: see :func:`kept_array` for what outlives the call.

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
    return np.require(array, requirements=["C_CONTIGUOUS", "ALIGNED"])


def kept_array(name: str, values: Any, *shape: Any) -> Array:
    """A read-only copy of an array as in :func:`finite_array`, for a function that outlives the call.

    Examples
    --------
    >>> given = np.ones(2)
    >>> kept = kept_array("y", given, 2)
    >>> given *= 2
    >>> kept
    array([1., 1.])
    """
    array = finite_array(name, values, *shape).copy()
    array.setflags(write=False)
    return array


def kept_matrix(name: str, values: Any) -> Any:
    """A read-only copy of a matrix with a row and a column at least, dense or sparse, as it comes.

    A sparse one is stored by rows, without zeros, each row in the order of its columns.

    Raises
    ------
    ValueError
        If it is anything else, or holds NaN or infinity.
    """
    if not sparse.issparse(values) or np.iscomplexobj(values):
        matrix: Any = real_array(name, values)
        entries = matrix
    else:
        matrix = sparse.csr_array(values, dtype=float, copy=True)
        matrix.sum_duplicates()
        matrix.eliminate_zeros()
        entries = matrix.data
    if matrix.ndim != 2 or 0 in matrix.shape:
        raise ValueError(
            f"{name} has shape {matrix.shape}: must be a matrix with a row and a column at least"
        )
    if not np.isfinite(entries).all():
        raise ValueError(f"{name} holds NaN or infinity: all entries must be finite")
    if isinstance(matrix, np.ndarray):
        return kept_array(name, matrix, ...)
    return matrix


def without_overflow(what: str, values: Any) -> Array:
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
