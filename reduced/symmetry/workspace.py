"""The kernels of the frequency-space reduction on buffers of their own: written by hand, held to the dense flow.

Everything is real. The hidden activations of class d, h_j^d(s) = σ(f_j(s + d) + f_j(s − d)), have the spectrum
T[k] of shape (2|D|, m), real parts above imaginary parts, at the frequencies k = 0 … (p − 1)/2. With the dual
variables γ̂_d(k) = a_d + i b_d put P[k] = [[a, b], [b, −a]] of shape (2, 2|D|). Then

    P[k] T[k]         is the readout, real and imaginary part of conj ω̂_j(k), and
    P[k]ᵀ (P[k] T[k])  is the spectrum γ̂_d(k) ω̂_j(k) of G_j^d, the counterpart of B Bᵀ H.

Classes are taken in blocks that stay in cache; the spectrum is the only large array.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.linalg.lapack import zposv

from reduced.errors import SingularGramError
from reduced.network.activations import Activation
from reduced.symmetry.transforms import transform

Array = NDArray[np.float64]
Complex = NDArray[np.complex128]
#: Numbers a block of classes holds at most: 256 KB.
BLOCK = 32_768


@dataclass(frozen=True)
class Translation:
    """What an equivariant flow is bound to, checked once."""

    p: int
    classes: tuple[int, ...]
    activation: Activation
    ridge: float

    @property
    def frequencies(self) -> int:
        """Number of frequencies k = 0 … (p − 1)/2 that real functions need."""
        return (self.p + 1) // 2


class Workspace:
    """Buffers for m templates; one evaluation at a time.

    Parameters
    ----------
    given : Translation
        Modulus, classes, activation, ridge.
    m : int
        Number of templates.
    """

    def __init__(self, given: Translation, m: int) -> None:
        self.given, self.m = given, m
        self._transform = transform(given.p)
        self.spectrum = np.empty((given.frequencies, 2, len(given.classes), m))
        width = min(len(given.classes), max(1, BLOCK // (given.p * m)))
        starts = range(0, len(given.classes), width)
        self._blocks = [(slice(i, i + width), *self._design(given.classes[i : i + width])) for i in starts]

    def _design(self, classes: tuple[int, ...]) -> tuple[Any, Any]:
        """X of a block of classes, rows (s, d), as a sparse matrix, and its transpose."""
        p, s = self.given.p, self._transform.order[:, None]
        columns = np.stack([s + np.array(classes), s - np.array(classes)], axis=-1) % p
        rows = columns.size // 2
        X = sparse.csr_array(
            (np.ones(2 * rows), columns.ravel(), np.arange(0, 2 * rows + 1, 2)), shape=(rows, p)
        )
        return X, X.T.tocsr()

    def features(self, f: Array) -> None:
        """Fill the spectrum of the hidden activations at templates f (p, m)."""
        for block, X, _ in self._blocks:
            hidden = self.given.activation.value(X @ f).reshape(self.given.p, -1)
            self._transform.forward(hidden, self._columns(block))

    def pull(self, f: Array) -> Array:
        """Xᵀ[G ⊙ σ′(Xf)] of shape (p, m), where the spectrum is that of G."""
        total = np.zeros_like(f)
        for block, X, XT in self._blocks:
            Z = X @ f
            G = np.empty((self.given.p, Z.size // self.given.p))
            self._transform.inverse(self._columns(block), G)
            G = G.reshape(Z.shape)
            G *= self.given.activation.derivative(Z)
            total += XT @ G
        return total

    def _columns(self, block: slice) -> Array:
        part = self.spectrum[:, :, block]
        return part.reshape(*part.shape[:2], -1)

    def dual(self) -> Complex:
        """γ̂(k) = (T T* + ridge)⁻¹ 1 of shape (frequencies, |D|), from the spectrum of the hidden activations.

        Raises
        ------
        SingularGramError
            If a block is not positive definite to working precision.
        """
        K, classes = self.spectrum.shape[0], len(self.given.classes)
        stacked = self.spectrum.reshape(K, 2 * classes, self.m)
        gamma, pivots = np.ones((K, classes), complex), np.empty((K, classes))
        chunk = max(1, BLOCK // (2 * classes) ** 2)
        for start in range(0, K, chunk):
            part = stacked[start : start + chunk]
            products = np.matmul(part, part.transpose(0, 2, 1))
            conjugate = np.empty((len(part), classes, classes), complex)
            np.add(products[:, :classes, :classes], products[:, classes:, classes:], out=conjugate.real)
            np.subtract(products[:, :classes, classes:], products[:, classes:, :classes], out=conjugate.imag)
            if self.given.ridge:
                np.einsum("kii->ki", conjugate)[...] += self.given.ridge
            for k, block in enumerate(conjugate, start):
                factor, solution, info = zposv(block.T, gamma[k], overwrite_a=1, overwrite_b=1)
                if info:
                    raise self._singular(pivots[:k])
                gamma[k], pivots[k] = solution.ravel(), factor.diagonal().real
        if not pivots.min() > np.sqrt(classes * np.finfo(float).eps) * pivots.max():
            raise self._singular(pivots)
        return gamma

    def _singular(self, pivots: Array) -> SingularGramError:
        if not np.isfinite(self.spectrum).all():
            return SingularGramError(
                "the hidden activations are not finite: the state has diverged; take smaller steps"
            )
        classes = len(self.given.classes)
        return SingularGramError(
            f"a {classes} x {classes} block of the Gram matrix of the hidden activations is singular to working "
            "precision: take more templates, or set ridge > 0"
        )

    def readout(self, gamma: Complex) -> Array:
        """Real and imaginary part of conj ω̂_j(k) = Σ_d conj ĥ_j^d(k) γ̂_d(k), shape (frequencies, 2, m)."""
        K = self.spectrum.shape[0]
        return np.asarray(np.matmul(_paired(gamma), self.spectrum.reshape(K, -1, self.m)))

    def outputs(self, omega: Complex) -> Complex:
        """Σ_j conj ĥ_j^d(k) ω̂_j(k) for a readout with spectrum ω̂ (frequencies, m); shape (frequencies, |D|)."""
        real = np.einsum("kdj,kj->kd", self.spectrum[:, 0], omega)
        return np.asarray(real - 1j * np.einsum("kdj,kj->kd", self.spectrum[:, 1], omega))

    def force(self, gamma: Complex, readout: Array) -> None:
        """Turn the spectrum into that of G, γ̂_d(k) ω̂_j(k)."""
        K = self.spectrum.shape[0]
        np.matmul(_paired(gamma).transpose(0, 2, 1), readout, out=self.spectrum.reshape(K, -1, self.m))


def _paired(gamma: Complex) -> Array:
    """P[k] = [[a, b], [b, −a]] from γ̂ = a + ib, shape (frequencies, 2, 2|D|)."""
    a, b = gamma.real, gamma.imag
    return np.stack([np.hstack([a, b]), np.hstack([b, -a])], axis=1)
