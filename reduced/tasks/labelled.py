"""Targets from a file: which are classes and which are numbers."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.inputs.arrays import finite_array
from reduced.network.dataset import classes_of, one_hot

Array = NDArray[np.float64]
#: What targets may be said to be.
KINDS = ("classes", "numbers")


@dataclass(frozen=True)
class Targets:
    """Targets of all samples.

    Parameters
    ----------
    Y : (n, d_out) array
        One-hot rows, or numbers.
    classes : tuple of str
        Names of the classes; empty where the targets are numbers.
    """

    Y: Array
    classes: tuple[str, ...]


def understood(what: str, given: Any, kind: str | None, classes: tuple[str, ...] = ()) -> Targets:
    """Text and integers as classes, other numbers as numbers, unless ``kind`` says otherwise.

    Parameters
    ----------
    what : str
        What messages call the targets.
    given : array_like
        Text, integers or numbers, one a sample, or a matrix of numbers.
    kind : str or None
        One of ``KINDS``.
    classes : tuple of str
        The classes that there are; empty where the targets say it.

    Raises
    ------
    ValueError
        If there is one class alone, or a class that is not among those given; if text stands for numbers; or if
        integers may be either.

    Examples
    --------
    >>> understood("target", ["b", "a", "b"], None)
    Targets(Y=array([[0., 1.],
           [1., 0.],
           [0., 1.]]), classes=('a', 'b'))
    >>> understood("target", ["0.5", "2"], None).Y.tolist()
    [[0.5], [2.0]]
    """
    values = _typed(np.asarray(given))
    if values.ndim == 2 and values.shape[1] > 1:
        Y = finite_array(what, values, "n", "d_out")
        labels = classes_of(Y) if kind != "numbers" else None
        if labels is not None:
            return _of_classes(what, labels, classes)
        if kind == "classes":
            raise ValueError(f"{what} holds numbers in {Y.shape[1]} columns, and no one-hot rows")
        return Targets(Y, ())
    values = values.ravel()
    distinct = len(np.unique(values))
    if kind is None and values.dtype.kind == "i" and not classes and distinct > max(2, len(values) / 2):
        raise ValueError(
            f"{what} holds {distinct} different integers in {len(values)} rows: say with target_kind whether they are "
            "classes or numbers"
        )
    if kind == "classes" or (kind is None and values.dtype.kind in "iU"):
        return _of_classes(what, values, classes)
    if values.dtype.kind == "U":
        wrong = next(value for value in values if not _is_number(value))
        raise ValueError(f"{what} holds text ({str(wrong)[:20]!r}), and target_kind = 'numbers'")
    Y = finite_array(what, values[:, None], "n", 1)
    if len(Y) > 1 and np.ptp(Y) == 0 and not classes:
        raise ValueError(f"{what} is {Y[0, 0]:g} in every row: there is nothing to learn")
    return Targets(Y, ())


def _of_classes(what: str, values: Any, classes: tuple[str, ...]) -> Targets:
    found = np.unique(values if values.dtype.kind in "iU" else finite_array(what, values, ...))
    names = tuple(map(str, found))
    known = classes or names
    if len(known) < 2:
        raise ValueError(f"{what} has one class alone, {known[0]!r}: there is nothing to learn")
    unknown = [name for name in names if name not in known]
    if unknown:
        raise ValueError(f"{what} has the class {unknown[0]!r}, which no training sample has")
    number = {name: i for i, name in enumerate(known)}
    return Targets(one_hot(np.array([number[str(value)] for value in values]), len(known)), known)


def _typed(values: Any) -> Any:
    """Text that is integers, or numbers, throughout as such; other kinds as integers, numbers or text."""
    if values.dtype.kind in "ui" or values.dtype.kind == "b":
        return values.astype(np.int64)
    if values.dtype.kind in "US":
        text = np.char.decode(values, "utf-8", "replace") if values.dtype.kind == "S" else values
        for kind in (np.int64, float):
            try:
                return text.astype(kind)
            except (ValueError, OverflowError):
                continue
        return text
    return values


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
