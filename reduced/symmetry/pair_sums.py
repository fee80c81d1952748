"""Inputs of the hidden units for whole classes: f(s + d) + f(s − d), by two gathers of rows and no product."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from reduced.symmetry.group import Group

Array = NDArray[np.float64]


class PairSums:
    """X for some of the classes, with rows (s, d), as indices and as a sparse matrix.

    Parameters
    ----------
    order : (p,) integer array
        The residues s in the order of the rows.
    group : Group
        Of the residues.
    named : sequence of int
        All classes.
    classes : slice
        Which of them.
    """

    def __init__(self, order: NDArray[np.int64], group: Group, named: Sequence[int], classes: slice) -> None:
        p, d = group.order, group.representatives[list(named[classes])]
        self.classes = classes
        self._first, self._second = (group.sum(order[:, None], by).ravel() for by in (d, group.negative(d)))
        rows = len(self._first)
        columns = np.stack([self._first, self._second], axis=1).ravel()
        X = sparse.csr_array((np.ones(2 * rows), columns, np.arange(0, 2 * rows + 1, 2)), shape=(rows, p))
        self.transposed = X.T.tocsr()

    def inputs(self, f: Array, buffers: Array) -> Array:
        """X f, in the first of two buffers."""
        found: Array = buffers[0, : len(self._first)]
        other = buffers[1, : len(self._first)]
        np.take(f, self._first, axis=0, out=found, mode="clip")
        np.take(f, self._second, axis=0, out=other, mode="clip")
        found += other
        return found
