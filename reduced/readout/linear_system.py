"""The linear system behind the readout at one first layer, multiplied without being formed."""

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.blas import dgemm

from reduced.network.problem import Problem
from reduced.readout.gram import factored_gram

Array = NDArray[np.float64]
#: Samples whose hidden activations are computed at a time, so that their temporaries stay in cache.
ROWS = 32


class System:
    """A U = C for the readout at one first layer: K B = Y, or (HᵀH + λI) W2 = HᵀY where that is smaller.

    Parameters
    ----------
    problem : Problem
        Data, activation and ridge.
    W1 : (d_in, d_h) array
        First layer.
    buffer : (n, d_h) array
        Receives H; it is the system's own while that lives.
    """

    def __init__(self, problem: Problem, W1: Array, buffer: Array) -> None:
        for start in range(0, problem.samples, ROWS):
            rows = slice(start, start + ROWS)
            buffer[rows] = problem.activation.value(problem.X[rows] @ W1)
        self._H, self._Y, self._ridge = buffer, problem.Y, problem.ridge
        self._primal = W1.shape[1] < problem.samples
        self.right = np.asfortranarray(self._Y)
        if self._primal:
            self.right = dgemm(1.0, self._H.T, self.right)

    def multiply(self, V: Array) -> Array:
        """A V, through H and Hᵀ."""
        inner = dgemm(1.0, self._H.T, V, trans_a=self._primal)
        return np.asarray(dgemm(1.0, self._H.T, inner, trans_a=not self._primal, beta=self._ridge, c=V))

    def factored(self) -> tuple[Array, float]:
        """Lower Cholesky factor and condition number of A."""
        return factored_gram(np.ascontiguousarray(self._H.T) if self._primal else self._H, self._ridge)

    def readout(self, U: Array) -> Array:
        """W2 of a solution: HᵀB, or the unknown itself."""
        return U if self._primal else np.asarray(dgemm(1.0, self._H.T, U))

    def scales(self, U: Array) -> tuple[float, float]:
        """What errors of U are held against, in the norms √Tr(VᵀAV) and Frobenius.

        They are those of the velocity's factors: √Tr(BᵀKB), which bounds ‖W2‖, and ‖B‖; or, with W2 the unknown,
        ‖Y − HW2‖ = λ‖B‖ and ‖W2‖.
        """
        energy, squares = float(np.sum(U * self.right)), float(np.sum(U**2))
        if self._primal:
            energy = float(np.sum(self._Y**2)) - energy - self._ridge * squares
        return np.sqrt(max(energy, 0.0)), np.sqrt(squares)
