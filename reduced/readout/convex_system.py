"""The optimal readout of a convex loss at one first layer, as a minimization over the smaller unknown.

    minimize  ℓ(H W2) + λ‖W2‖²

With n ≤ d_h the unknown is U = M, with W2 = HᵀM, measured by ⟨A, B⟩ = Tr(AᵀHHᵀB); else it is U = W2 itself, measured by
Tr(AᵀB). In both, ⟨A, B⟩ is the scalar product of the readouts, so the same minimization serves both.
"""

import copy
from abc import ABC, abstractmethod
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.blas import dgemm, dsymm, dsyrk
from scipy.linalg.lapack import dpotrf, dpotrs

from reduced.errors import SingularGramError
from reduced.network.loss import Loss

Array = NDArray[np.float64]
#: The preconditioner takes no sample's curvature for less than this share of the mean.
LEAST_CURVATURE = 1e-3
#: The Newton equation in M is solved with K + δI, with this share of K's mean diagonal as δ.
SLACK = 1e-13


class ConvexSystem(ABC):
    """The minimization at one first layer.

    Parameters
    ----------
    H : (n, d_h) array
        Hidden activations.
    Y : (n, d_out) array
        Targets.
    loss : Loss
        ℓ.
    ridge : float
        λ > 0.

    Attributes
    ----------
    slack : float
        δ, added to the matrix of the scalar product while a Newton equation is solved, where its rounding may leave it
        singular. Conjugate gradients do not see a direction of length zero, and multiply what a residual has along it
        by any factor; with δ they see it. Costs and gaps are those without δ.
    """

    slack = 0.0

    def __init__(self, H: Array, Y: Array, loss: Loss, ridge: float) -> None:
        self.loss, self.ridge = loss, ridge
        self.Y = np.asfortranarray(Y)
        self._transposed = np.ascontiguousarray(H).T

    @property
    @abstractmethod
    def shape(self) -> tuple[int, int]:
        """Shape of the unknown."""

    @abstractmethod
    def outputs(self, U: Array) -> Array:
        """H times the readout of U."""

    @abstractmethod
    def pulled(self, G: Array) -> Array:
        """The unknown whose readout is HᵀG."""

    @abstractmethod
    def inner(self, A: Array, B: Array, outputs_of_B: Array) -> float:
        """Scalar product of the readouts of two unknowns."""

    @abstractmethod
    def readout(self, U: Array) -> Array:
        """W2 of an unknown."""

    @abstractmethod
    def preconditioner(self, weights: Array) -> "Preconditioner":
        """Solver of the Newton equation with one curvature a sample in the place of ∇²ℓ."""

    def with_ridge(self, ridge: float) -> Self:
        """The same minimization with another λ."""
        other = copy.copy(self)
        other.ridge = ridge
        return other

    @property
    def size(self) -> float:
        """Mean squared norm of a sample's hidden activations: a ridge of this size leaves the readout small."""
        return float(np.sum(self._transposed**2)) / len(self.Y)

    def multiplier(self, outputs: Array) -> Array:
        """M = −∇ℓ/(2λ) at given outputs."""
        return self.loss.gradient(outputs, self.Y) / (-2 * self.ridge)

    def cost(self, U: Array, outputs: Array) -> float:
        """ℓ + λ‖W2‖²."""
        return self.loss.value(outputs, self.Y) + self.ridge * self.inner(U, U, outputs)

    def residual(self, U: Array, outputs: Array) -> Array:
        """The unknown whose readout is W2 − HᵀM, half the gradient over λ."""
        return U - self.pulled(self.multiplier(outputs))

    def curvatures(self, outputs: Array) -> Array:
        """Mean curvature ∂²ℓ/∂z² of each sample, away from 0."""
        weights = self.loss.hessian_diagonal(outputs, self.Y).mean(axis=1)
        return np.asarray(np.maximum(weights, LEAST_CURVATURE * weights.mean() + np.finfo(float).tiny))


class Preconditioner:
    """U ↦ S (I + S K S)⁻¹ S⁻¹ U, or (I + HᵀS²H)⁻¹U, by a Cholesky factor."""

    def __init__(self, matrix: Array, scale: Array | float) -> None:
        np.einsum("ii->i", matrix)[...] += 1
        self._factor, info = dpotrf(matrix, lower=1, clean=0, overwrite_a=1)
        if info:
            raise SingularGramError(
                "the readout's equations are singular to working precision: the ridge is too small for these "
                "activations, or the state has diverged; set a larger ridge, or take smaller steps"
            )
        self._scale = scale

    def __call__(self, U: Array) -> Array:
        """An approximate solution of the Newton equation with this right-hand side."""
        return np.asfortranarray(self._scale * dpotrs(self._factor, U / self._scale, lower=1)[0])


class ThroughMultipliers(ConvexSystem):
    """The unknown is M, of shape (n, d_out), through K = HHᵀ."""

    def __init__(self, H: Array, Y: Array, loss: Loss, ridge: float) -> None:
        super().__init__(H, Y, loss, ridge)
        self._K = dsyrk(1.0, self._transposed, trans=1, lower=1)
        self.slack = SLACK * float(np.trace(self._K)) / len(self._K)

    @property
    def shape(self) -> tuple[int, int]:
        """(n, d_out)."""
        n, d_out = self.Y.shape
        return n, d_out

    def outputs(self, U: Array) -> Array:
        """K U."""
        return np.asarray(dsymm(1.0, self._K, U, lower=1))

    def pulled(self, G: Array) -> Array:
        """G itself."""
        return G

    def inner(self, A: Array, B: Array, outputs_of_B: Array) -> float:
        """Tr(AᵀKB)."""
        return float(np.vdot(A.T, outputs_of_B.T))

    def readout(self, U: Array) -> Array:
        """HᵀU."""
        return np.asarray(dgemm(1.0, self._transposed, U))

    def preconditioner(self, weights: Array) -> Preconditioner:
        """Through the n × n matrix I + S K S."""
        S = np.sqrt(weights / (2 * self.ridge))[:, None]
        return Preconditioner(np.multiply(self._K, S * S.T, order="F"), S)


class ThroughReadout(ConvexSystem):
    """The unknown is W2 itself, of shape (d_h, d_out)."""

    @property
    def shape(self) -> tuple[int, int]:
        """(d_h, d_out)."""
        return len(self._transposed), self.Y.shape[1]

    def outputs(self, U: Array) -> Array:
        """H W2."""
        return np.asarray(dgemm(1.0, self._transposed, U, trans_a=1))

    def pulled(self, G: Array) -> Array:
        """HᵀG."""
        return np.asarray(dgemm(1.0, self._transposed, G))

    def inner(self, A: Array, B: Array, outputs_of_B: Array) -> float:
        """Tr(AᵀB)."""
        return float(np.vdot(A.T, B.T))

    def readout(self, U: Array) -> Array:
        """W2 itself."""
        return U

    def preconditioner(self, weights: Array) -> Preconditioner:
        """Through the d_h × d_h matrix I + HᵀS²H."""
        scaled = self._transposed * np.sqrt(weights / (2 * self.ridge))
        return Preconditioner(dsyrk(1.0, scaled, lower=1), 1.0)


def convex_system(H: Array, Y: Array, loss: Loss, ridge: float) -> ConvexSystem:
    """The minimization over the smaller unknown."""
    smaller = ThroughMultipliers if H.shape[0] <= H.shape[1] else ThroughReadout
    return smaller(H, Y, loss, ridge)
