"""Conditioning of the ridge Gram matrix."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.lapack import dpocon

from reduced.codegen.kernels import Kernels
from reduced.inputs.arrays import without_overflow
from reduced.network.activations import Activation
from reduced.network.problem import Problem, bind, first_layer

Array = NDArray[np.float64]
#: Columns of a Gram matrix that are summed at a time.
COLUMNS = 128


def gram_condition(
    X: Any, Y: Any, activation: str | Activation = "relu", ridge: float = 0.0
) -> Callable[[Array], float]:
    """Condition number of HHᵀ + ridge·I in the 1-norm, estimated from its Cholesky factor (LAPACK ``pocon``).

    Parameters as in :func:`reduced.flows.two_layer.first_layer_flow`; returns ``condition(W1) -> float``. With
    ridge > 0 and more samples than hidden units it is the condition number of the smaller matrix
    HᵀH + ridge·I. Eight digits are kept.

    Examples
    --------
    >>> gram_condition(np.eye(2), np.eye(2), "linear")(np.diag([1.0, 10.0]))
    100.0
    """
    return partial(_condition, bind(X, Y, activation, ridge))


def _condition(problem: Problem, W1: Array) -> float:
    H = problem.activation.value(problem.X @ first_layer(problem, W1))
    rows = H if problem.ridge == 0 or H.shape[0] <= H.shape[1] else np.ascontiguousarray(H.T)
    return factored_gram(rows, problem.ridge)[1]


def factored_gram(rows: Array, ridge: float) -> tuple[Array, float]:
    """Lower Cholesky factor of A Aᵀ + ridge·I, and the matrix's condition number in the 1-norm.

    Raises
    ------
    SingularGramError
        As :meth:`reduced.codegen.kernels.Kernels.cholesky` does.
    """
    kernels = Kernels()
    gram = kernels.gram(rows, ridge)
    with np.errstate(over="ignore", invalid="ignore"):
        norm = float(without_overflow("the norm of the Gram matrix", _one_norm(gram)))
    factor = kernels.cholesky(gram)
    reciprocal, _ = dpocon(factor, norm, uplo="L")
    if not reciprocal > 0:  # the estimate of the inverse has underflowed
        reciprocal, _ = dpocon(factor / np.sqrt(norm), 1.0, uplo="L")
    return factor, float(f"{1 / reciprocal:.8g}")  # LAPACK's last bit depends on where its work arrays lie


def _one_norm(lower_triangle: Array) -> float:
    sums = np.zeros(len(lower_triangle))
    for start in range(0, len(sums), COLUMNS):
        sizes = np.abs(np.tril(lower_triangle[start:, start : start + COLUMNS]))
        sums[start : start + COLUMNS] += sizes.sum(0)
        sums[start:] += sizes.sum(1)
    return float((sums - np.abs(lower_triangle.diagonal())).max())
