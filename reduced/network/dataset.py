"""Samples to train or to test on."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from reduced.display import html_table
from reduced.inputs.arrays import finite_array, kept_matrix, real_array
from reduced.inputs.memory import refuse_beyond_memory

Array = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Dataset:
    """Inputs and targets, one sample a row.

    Parameters
    ----------
    X : (n, d_in) array, or sparse matrix
        Inputs.
    Y : (n, d_out) array, or n numbers
        Targets. Integers 0, 1, … in one dimension are classes, and become one-hot rows, as many as the largest says;
        +1 and -1 become one column; other numbers become one column too.
    pairs : (n, 2) integer array, optional
        The operands (a, b), where the inputs are pairs.
    labels : (n,) integer array, optional
        The class of each sample; by default read off the targets where they are classes, None where they are numbers.
        Of targets +1 and -1 these are 1 and 0.

    Raises
    ------
    ValueError
        If X and Y are not finite, or differ in the number of samples.

    Examples
    --------
    >>> data = Dataset([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 2, 1])
    >>> data.Y.astype(int).tolist(), data.labels.tolist()
    ([[1, 0, 0], [0, 0, 1], [0, 1, 0]], [0, 2, 1])
    >>> Dataset(np.eye(2), [1, -1]).labels.tolist(), Dataset(np.eye(2), [0.3, 2.0]).labels
    ([1, 0], None)
    """

    X: Any
    Y: Any
    pairs: Integers | None = None
    labels: Any = None

    def __post_init__(self) -> None:
        if self.labels is not None:
            return  # of a task, which has made them
        X = kept_matrix("X", self.X) if sparse.issparse(self.X) else finite_array("X", self.X, "n", "d_in")
        Y = targets(self.Y)
        if X.shape[0] != Y.shape[0]:
            raise ValueError(f"X has {X.shape[0]} rows and Y has {Y.shape[0]}: both need one row a sample")
        for name, value in (("X", X), ("Y", Y), ("labels", classes_of(Y))):
            object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        rows = self._rows()
        return f"<Dataset: {', '.join(f'{value} {name}' for name, value in rows.items())}>"

    def _repr_html_(self) -> str:
        return html_table("Dataset", self._rows())

    def _rows(self) -> dict[str, str]:
        """Sizes in words."""
        (n, d_in), d_out = np.shape(self.X), np.shape(self.Y)[-1]
        rows = {"samples": str(n), "inputs": str(d_in), "outputs": str(d_out)}
        return rows if self.labels is None else rows | {"classes": str(len(np.unique(self.labels)))}


def targets(given: Any) -> Array:
    """Targets as a matrix: classes become one-hot rows, other numbers in one dimension a column.

    Examples
    --------
    >>> targets([1, 0]).tolist(), targets([0.5, 2.0]).tolist()
    ([[0.0, 1.0], [1.0, 0.0]], [[0.5], [2.0]])
    """
    Y = real_array("Y", given)
    if Y.ndim == 1 and Y.size and np.asarray(given).dtype.kind in "iub" and Y.min() >= 0:
        return one_hot(Y.astype(np.int64))
    return finite_array("Y", Y[:, None] if Y.ndim == 1 else Y, "n", "d_out")


def one_hot(labels: Integers, classes: int | None = None) -> Array:
    """One row a label, with a one in its column; by default as many columns as the largest label says.

    Raises
    ------
    ValueError
        If that is beyond memory.
    """
    columns = int(labels.max()) + 1 if classes is None else classes
    refuse_beyond_memory(f"Y with classes up to {columns - 1}", float(len(labels)) * columns)
    rows = np.zeros((len(labels), columns))
    rows[np.arange(len(labels)), labels] = 1
    return rows


def classes_of(Y: Array) -> Integers | None:
    """The class of each row of one-hot targets, 1 and 0 for one column of +1 and -1; None of other numbers."""
    if Y.shape[1:] == (1,):
        return (Y[:, 0] > 0).astype(np.int64) if (np.abs(Y) == 1).all() else None
    if ((Y == 0) | (Y == 1)).all() and (Y.sum(axis=1) == 1).all():
        return np.asarray(Y.argmax(axis=1), dtype=np.int64)
    return None


@dataclass(frozen=True)
class Sizes:
    """How many training and test samples a task has, of how many inputs and outputs."""

    train: int
    test: int
    inputs: int
    outputs: int
