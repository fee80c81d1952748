"""The data a flow is bound to, checked once."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from reduced.inputs.arrays import finite_array, kept_matrix, real_array
from reduced.inputs.memory import evaluation_numbers, refuse_beyond_memory
from reduced.inputs.scalars import non_negative
from reduced.network.activations import Activation, get_activation
from reduced.network.loss import Loss
from reduced.network.losses import LOSSES, get_loss
from reduced.network.parameters import pair

Array = NDArray[np.float64]
#: A dense matrix with fewer non-zeros than this share is multiplied as a sparse one.
SPARSE_SHARE = 0.1


@dataclass(frozen=True)
class Problem:
    """Training data, activation, ridge and loss, checked once when a flow is bound, and its own from then on."""

    X: Any
    Y: Array
    activation: Activation
    ridge: float
    loss: Loss = LOSSES["squared"]

    @property
    def in_closed_form(self) -> bool:
        """Whether a system of equations gives the readout: squared loss, or ridge 0, where others have its readout."""
        return self.loss == LOSSES["squared"] or self.ridge == 0

    @property
    def facts(self) -> dict[str, str]:
        """What flows say of their data, in words."""
        (n, d_in), d_out = self.X.shape, self.Y.shape[1]
        facts = {
            "samples": str(n),
            "inputs": str(d_in),
            "outputs": str(d_out),
            "activation": self.activation.name,
        }
        loss = {} if self.loss == LOSSES["squared"] else {"loss": self.loss.name}
        return facts | {"ridge": f"{self.ridge:g}"} | loss

    @property
    def samples(self) -> int:
        """Number of training samples n."""
        return int(self.X.shape[0])


def bind(
    X: Any,
    Y: Any,
    activation: str | Activation = "relu",
    ridge: float = 0.0,
    loss: str | Loss = "squared",
) -> Problem:
    """Check the data of a problem and choose how X is stored.

    Raises
    ------
    ValueError
        If a shape, a value, the activation, the ridge or the loss is not usable; the message says what is.
    """
    (ridge,) = non_negative(ridge=ridge)
    X, Y = kept_matrix("X", X), _dense(kept_matrix("Y", Y))
    if X.shape[0] != Y.shape[0]:
        raise ValueError(f"X has {X.shape[0]} rows and Y has {Y.shape[0]}: both need one row a sample")
    stored = sparse.csr_array(X)
    is_sparse = stored.nnz < SPARSE_SHARE * X.shape[0] * X.shape[1]
    found = get_loss(loss)
    found.check_targets(Y)
    return Problem(stored if is_sparse else _dense(X), Y, get_activation(activation), ridge, found)


def interpolable(problem: Problem) -> Problem:
    """Pass a problem through if its samples leave a zero-loss set, or if it keeps a ridge.

    Raises
    ------
    ValueError
        If, at ridge 0, the loss is not least where outputs and targets agree, or two samples have the same input and
        different targets.
    """
    first: dict[bytes, int] = {}
    if problem.ridge == 0:
        problem.loss.refuse_zero_ridge()
        for i, row in enumerate(_rows(problem.X)):
            j = first.setdefault(row, i)
            if not np.array_equal(problem.Y[i], problem.Y[j]):
                raise ValueError(
                    f"training samples {j} and {i} have the same input and different targets: no network fits both, "
                    "so the zero-loss set is empty; remove one, or set ridge > 0"
                )
    return problem


def first_layer(problem: Problem, W1: Any) -> Array:
    """Check that a first layer fits the data.

    Raises
    ------
    ValueError
        If W1 is not a finite (d_in, d_h) matrix, or an evaluation takes more memory than there is.
    """
    layer = real_array("W1", W1)
    n, d_h = problem.samples, layer.shape[-1] if layer.ndim else 0
    gram = min(n, d_h) if problem.ridge > 0 else n
    refuse_beyond_memory(f"{n} training samples with d_h = {d_h}", evaluation_numbers(n, d_h, gram))
    return finite_array("W1", layer, problem.X.shape[1], "d_h")


def both_layers(problem: Problem, state: Any) -> tuple[Array, Array]:
    """Check that a network (W1, W2) fits the data.

    Raises
    ------
    ValueError
        If it is not a pair, or one of its layers does not fit.
    """
    W1, W2 = pair("state", state)
    W1 = first_layer(problem, W1)
    return W1, finite_array("W2", W2, W1.shape[1], problem.Y.shape[1])


def _rows(X: Any) -> Iterator[bytes]:
    """Each row as bytes, equal where the rows are."""
    if isinstance(X, np.ndarray):
        yield from (row.tobytes() for row in X + 0.0)  # turns -0 into 0
        return
    for start, end in pairwise(X.indptr):
        yield X.indices[start:end].tobytes() + X.data[start:end].tobytes()


def _dense(matrix: Any) -> Array:
    if not sparse.issparse(matrix):
        return np.asarray(matrix)
    dense = matrix.toarray()
    dense.setflags(write=False)
    return np.asarray(dense)
