"""The numerical kernels that generated code calls: each writes into a buffer that the next evaluation reuses.

At paper size an evaluation's arrays are 2 MB each; when they are fresh, the operating system maps their
pages anew, which costs more than the arithmetic. All dense products, Gram matrices and solves go through
SciPy's BLAS and LAPACK: NumPy's wheel carries another copy with threads of its own, and the two wait for each
other.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.blas import dgemm, dsyrk
from scipy.linalg.lapack import dpotrf, dpotrs

from reduced.errors import IllConditionedError, SingularGramError

Array = NDArray[np.float64]
#: Elements per block of an elementwise function: 128 KB of float64, which stays in cache.
BLOCK = 16_384


class Kernels:
    """Kernels sharing one set of buffers, handed out in the order of the calls.

    A generated function asks for its buffers in the same order at every evaluation, so position is identity.
    Results are overwritten by the next evaluation: copy what is to stay. Not for concurrent use.
    """

    def __init__(self) -> None:
        self._buffers: list[Array] = []
        self._next = 0
        self._worst = np.inf

    def begin(self, worst: float = np.inf) -> None:
        """Start a new evaluation: the first buffer is the next to be handed out.

        Gram matrices are refused whose squared ratio of Cholesky pivots, a lower bound of the condition number, exceeds
        ``worst``.
        """
        self._next, self._worst = 0, worst

    def _buffer(self, rows: int, columns: int) -> Array:
        """Fortran-ordered buffer; the transpose of a (columns, rows) request is C-ordered."""
        position, self._next = self._next, self._next + 1
        if position == len(self._buffers):
            self._buffers.append(np.empty((rows, columns), order="F"))
        elif self._buffers[position].shape != (rows, columns):
            self._buffers[position] = np.empty((rows, columns), order="F")
        return self._buffers[position]

    def product(self, a: Any, b: Array) -> Array:
        """A B, C-ordered; A may be a SciPy sparse array."""
        if not isinstance(a, np.ndarray):
            return np.asarray(a @ b)
        out = self._buffer(b.shape[1], a.shape[0])
        (left, flip_left), (right, flip_right) = _fortran(b.T), _fortran(a.T)
        dgemm(1.0, left, right, trans_a=flip_left, trans_b=flip_right, c=out, overwrite_c=1)
        return out.T

    def gram(self, a: Array, ridge: float) -> Array:
        """A Aᵀ + ridge·I; only the lower triangle is filled."""
        out = self._buffer(a.shape[0], a.shape[0])
        factor, flip = _fortran(a)
        dsyrk(1.0, factor, trans=flip, lower=1, c=out, overwrite_c=1)
        if ridge:
            diagonal = np.einsum("ii->i", out)
            diagonal += ridge
        return out

    def cholesky(self, gram: Array) -> Array:
        """Lower Cholesky factor, in place of the Gram matrix.

        Raises
        ------
        SingularGramError
            If the matrix is not finite.
        IllConditionedError
            If it is not positive definite, or singular to working precision, or worse than this evaluation takes.
        """
        factor, info = dpotrf(gram, lower=1, clean=0, overwrite_a=1)
        pivots = np.einsum("ii->i", factor)
        if info == 0 and pivots.max() > np.sqrt(self._worst) * pivots.min():
            raise IllConditionedError("the Gram matrix of the hidden activations is ill-conditioned")
        if info == 0 and pivots.min() > np.sqrt(len(pivots) * np.finfo(float).eps) * pivots.max():
            return np.asarray(factor)
        if not np.isfinite(pivots).all():
            raise SingularGramError(
                "the hidden activations are not finite: the state has diverged; take smaller steps"
            )
        raise IllConditionedError(
            f"the {len(pivots)} x {len(pivots)} Gram matrix of the hidden activations is singular to working "
            "precision: widen the hidden layer, set ridge > 0, or remove repeated training samples"
        )

    def solve(self, factor: Array, right: Array) -> Array:
        """K⁻¹ right, with the Cholesky factor of K."""
        out = self._buffer(*right.shape)
        out[...] = right
        return np.asarray(dpotrs(factor, out, lower=1, overwrite_b=1)[0])

    def apply(self, function: Callable[[Array], Array], z: Array) -> Array:
        """Elementwise function of z, block by block so that its temporaries stay in cache."""
        out = self._buffer(z.shape[1], z.shape[0]).T
        for rows in _row_blocks(z):
            out[rows] = function(z[rows])
        return out

    def hadamard(self, a: Array, function: Callable[[Array], Array], z: Array) -> Array:
        """A ⊙ function(z), elementwise."""
        out = self._buffer(z.shape[1], z.shape[0]).T
        for rows in _row_blocks(z):
            np.multiply(a[rows], function(z[rows]), out=out[rows])
        return out

    def inner(self, a: Array, b: Array) -> float:
        """Frobenius inner product Tr(AᵀB)."""
        return float(np.einsum("ij,ij->", a, b))

    def logsumexp(self, a: Array) -> Array:
        """Log Σ exp over the last axis, kept; SciPy's takes several times as long on a few hundred rows."""
        largest = a.max(axis=-1, keepdims=True)
        return np.asarray(largest + np.log(np.exp(a - largest).sum(axis=-1, keepdims=True)))


def _row_blocks(z: Array) -> list[slice]:
    rows = max(1, BLOCK // max(1, z.shape[1]))
    return [slice(start, start + rows) for start in range(0, z.shape[0], rows)]


def _fortran(a: Array) -> tuple[Array, int]:
    """The matrix as a Fortran-ordered array and whether BLAS must transpose it; copies only strided input."""
    if a.flags.f_contiguous:
        return a, 0
    return np.ascontiguousarray(a).T, 1
