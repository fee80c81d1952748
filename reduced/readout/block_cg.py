"""Block conjugate gradients: one symmetric positive definite system, several right-hand sides at once.

The columns share one Krylov space: where the matrix differs from the preconditioner in few directions, as after
some ReLU units switch, a block of p columns removes p of them in each iteration.
"""

from collections.abc import Callable

import numpy as np
import scipy.linalg
from numpy.typing import NDArray
from scipy.linalg.blas import dgemm, dtrsm
from scipy.linalg.lapack import dposv

Array = NDArray[np.float64]


def block_conjugate_gradients(
    multiply: Callable[[Array], Array],
    factor: Array,
    right: Array,
    start: Array,
    accurate: Callable[[Array, float, float], bool],
    limit: int,
) -> tuple[Array | None, int]:
    """Solve A U = C, preconditioned by the Cholesky factor of a matrix near A.

    The residual is kept as L⁻¹(C − AU) = QR with orthonormal Q, which stays well conditioned when some columns
    converge before others.

    Parameters
    ----------
    multiply : callable
        V → A V.
    factor : (m, m) array
        Lower Cholesky factor L of the nearby matrix M = LLᵀ, Fortran-ordered.
    right, start : (m, q) arrays
        C, and the first guess at U.
    accurate : callable
        ``accurate(U, energy, distance)`` says whether U will do, given ‖U − A⁻¹C‖ in the norm √Tr(VᵀAV) and in the
        Frobenius norm, both estimated with M in the place of A.
    limit : int
        Most iterations. Each multiplies once, with two triangular solves; so does the first residual.

    Returns
    -------
    solution : (m, q) array or None
        None where the limit was reached, or the matrix was not positive definite or not finite.
    iterations : int
        How many were made.

    References
    ----------
    A. A. Dubrulle, Retooling the method of block conjugate gradients, Electron. Trans. Numer. Anal. 12 (2001)
    216-233, algorithm BCGrQ.

    Examples
    --------
    >>> A = np.array([[2.0, 1.0], [1.0, 3.0]])
    >>> solution, iterations = block_conjugate_gradients(
    ...     lambda V: A @ V, np.eye(2), np.eye(2), np.zeros((2, 2)), lambda U, energy, distance: distance < 1e-12, 5
    ... )
    >>> bool(np.allclose(A @ solution, np.eye(2))), iterations
    (True, 1)
    """
    solution = np.asfortranarray(start)
    Q, R = _qr(dtrsm(1.0, factor, right - multiply(solution), lower=1))
    direction, identity = np.zeros_like(solution), np.eye(right.shape[1])
    turn = np.zeros_like(identity)
    for iteration in range(limit + 1):
        if not np.isfinite(R).all():
            return None, iteration
        lifted = dtrsm(1.0, factor, Q, lower=1, trans_a=1)
        if accurate(solution, float(np.linalg.norm(R)), float(np.linalg.norm(dgemm(1.0, lifted, R)))):
            return solution, iteration
        if iteration == limit:
            break
        direction = dgemm(1.0, direction, turn, beta=1.0, c=lifted, trans_b=1, overwrite_c=1)
        image = multiply(direction)
        _, step, info = dposv(dgemm(1.0, direction, image, trans_a=1), identity, lower=1)
        if info:
            return None, iteration
        solution = dgemm(1.0, direction, dgemm(1.0, step, R), beta=1.0, c=solution)
        Q, turn = _qr(Q - dtrsm(1.0, factor, dgemm(1.0, image, step), lower=1))
        R = turn @ R
    return None, limit


def _qr(matrix: Array) -> tuple[Array, Array]:
    Q, R = scipy.linalg.qr(matrix, mode="economic", check_finite=False, overwrite_a=True)
    return Q, R
