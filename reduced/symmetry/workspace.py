"""The kernels of the frequency-space reduction, written by hand and held to the dense flow by tests.

Everything is real. The hidden activations of class d, h_j^d(s) = σ(f_j(s + d) + f_j(s − d)), have the spectrum
T[k] of shape (2|D|, m), real parts above imaginary parts, at the frequencies k = 0 … (p − 1)/2. With dual variables
γ̂_d(k) = a_d + i b_d put P[k] = [[a, b], [b, −a]] of shape (2, 2|D|). Then

    P[k] T[k]          is the readout Hᵀ M: real and imaginary part of conj ω̂_j(k), and
    P[k]ᵀ U[k]         is the spectrum γ̂_d(k) ω̂_j(k) of M W2ᵀ, from a readout U of this form.

Classes are taken in blocks that stay in cache; the spectrum is the only large array.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.network.activations import Activation
from reduced.network.loss import Loss
from reduced.network.losses import LOSSES
from reduced.symmetry.group import Group
from reduced.symmetry.pair_sums import PairSums
from reduced.symmetry.transforms import transform

Array = NDArray[np.float64]
Complex = NDArray[np.complex128]
#: Numbers a block of classes holds at most: 512 KB.
BLOCK = 65_536


@dataclass(frozen=True)
class Translation:
    """What an equivariant flow is bound to, checked once."""

    group: Group
    classes: tuple[int, ...]
    activation: Activation
    ridge: float
    loss: Loss = LOSSES["squared"]

    @property
    def in_closed_form(self) -> bool:
        """Whether linear systems give the readout; at ridge 0 they do for every loss that is allowed there."""
        return self.ridge == 0 or self.loss == LOSSES["squared"]

    @property
    def facts(self) -> dict[str, str]:
        """What flows say of their data, in words."""
        sizes = {"p": str(self.p), "classes": str(len(self.classes))}
        return sizes | {
            "activation": self.activation.name,
            "ridge": f"{self.ridge:g}",
            "loss": self.loss.name,
        }

    @property
    def p(self) -> int:
        """Order of the group, the modulus of a cyclic one."""
        return self.group.order

    @property
    def frequencies(self) -> int:
        """Number of frequencies k = 0 … (p − 1)/2 that real functions need."""
        return self.group.half


class Workspace:
    """Buffers for m templates; one evaluation at a time.

    Parameters
    ----------
    given : Translation
        Modulus, classes, activation.
    m : int
        Number of templates.

    Attributes
    ----------
    spectrum : (frequencies, 2, |D|, m) array
        Of the hidden activations, filled by :meth:`features`; frequencies in the order of the transform.
    """

    def __init__(self, given: Translation, m: int) -> None:
        self.given, self.m = given, m
        self._transform = transform(given.group)
        stored = self._transform.frequencies
        self._stored: Any = stored if (np.diff(stored) < 0).any() else slice(None)
        self._sorted: Any = np.argsort(stored) if (np.diff(stored) < 0).any() else slice(None)
        self._value, self._slope = given.activation.functions()
        self.spectrum = np.empty((given.frequencies, 2, len(given.classes), m))
        width = min(len(given.classes), max(1, BLOCK // (given.p * m)))
        self._blocks = [
            PairSums(self._transform.order, given.group, given.classes, slice(i, i + width))
            for i in range(0, len(given.classes), width)
        ]
        self._buffers = np.empty((2, given.p * width, m))
        self._pulled = np.empty(given.p * width * m)
        self._force = np.empty((given.frequencies, 2 * width, m))

    def by_frequency(self, rows: Any) -> Any:
        """Rows that belong to those of the spectrum, in the order of the frequencies."""
        return rows[self._sorted]

    def features(self, f: Array) -> None:
        """Fill the spectrum with that of the hidden activations σ(Xf) at templates f (p, m)."""
        self._fill(f, self._value)

    def slopes(self, f: Array) -> None:
        """Fill the spectrum with that of σ′(Xf)."""
        self._fill(f, self._slope)

    def _fill(self, f: Array, function: Callable[[Array], Any]) -> None:
        for block in self._blocks:
            Z = block.inputs(f, self._buffers)
            values = function(Z)
            if not (isinstance(values, np.ndarray) and values.dtype == float):
                values = np.broadcast_to(values, Z.shape).astype(float)
            part = self.spectrum[:, :, block.classes]
            self._transform.forward(values.reshape(self.given.p, -1), part.reshape(*part.shape[:2], -1))

    def change(self, f: Array, direction: Array, readout: Array) -> Complex:
        """Spectrum of the outputs' change along a direction of f, at a readout."""
        readout = readout[self._stored]
        changes = np.empty((len(readout), len(self.given.classes)), complex)
        for block in self._blocks:
            slopes = np.array(
                self._slope(block.inputs(f, self._buffers))
            )  # a copy: it may be the buffer itself
            moved = slopes * block.inputs(direction, self._buffers)
            part = np.empty((len(readout), 2, moved.size // self.given.p))
            self._transform.forward(moved.reshape(self.given.p, -1), part)
            changes[:, block.classes] = _correlated(part.reshape(len(readout), 2, -1, self.m), readout)
        return np.asarray(self.by_frequency(changes))

    def pull(self, f: Array, gamma: Complex, readout: Array) -> Array:
        """Xᵀ[(M W2ᵀ) ⊙ σ′(Xf)] of shape (p, m), for the dual form of M and of W2."""
        total = np.zeros_like(f)
        P, readout = _paired(gamma[self._stored]), readout[self._stored]
        for block in self._blocks:
            dual = P[:, :, :, block.classes].reshape(len(P), 2, -1).transpose(0, 2, 1)
            spectrum = np.matmul(dual, readout, out=self._force[:, : dual.shape[1]])
            columns = dual.shape[1] // 2 * self.m
            G = self._pulled[: self.given.p * columns].reshape(self.given.p, columns)
            self._transform.inverse(spectrum.reshape(len(P), 2, -1), G)
            G = G.reshape(-1, self.m)
            G *= self._slope(block.inputs(f, self._buffers))
            total += np.asarray(block.transposed @ G)
        return total

    def readout(self, gamma: Complex) -> Array:
        """Real and imaginary part of conj ω̂_j(k) = Σ_d conj ĥ_j^d(k) γ̂_d(k), shape (frequencies, 2, m)."""
        K = len(self.spectrum)
        P = _paired(gamma[self._stored]).reshape(K, 2, -1)
        return np.asarray(self.by_frequency(np.matmul(P, self.spectrum.reshape(K, -1, self.m))))

    def outputs(self, readout: Array) -> Complex:
        """Σ_j conj ĥ_j^d(k) ω̂_j(k), from real and imaginary part of conj ω̂; shape (frequencies, |D|)."""
        return np.asarray(self.by_frequency(_correlated(self.spectrum, readout[self._stored])))


def _correlated(spectrum: Array, readout: Array) -> Complex:
    """Σ_j conj ĥ ω̂ from real and imaginary part of conj ω̂ = u + iv: (R u − I v) − i(R v + I u)."""
    K, _, classes, m = spectrum.shape
    products = np.matmul(spectrum.reshape(K, 2 * classes, m), readout.transpose(0, 2, 1))
    found = np.empty((K, classes), complex)
    np.subtract(products[:, :classes, 0], products[:, classes:, 1], out=found.real)
    np.add(products[:, :classes, 1], products[:, classes:, 0], out=found.imag)
    np.conj(found, out=found)
    return found


def _paired(gamma: Complex) -> Array:
    """P[k] = [[a, b], [b, −a]] from γ̂ = a + ib, shape (frequencies, 2, 2, |D|)."""
    P = np.empty((len(gamma), 2, 2, gamma.shape[1]))
    P[:, 0, 0] = gamma.real
    P[:, 0, 1] = P[:, 1, 0] = gamma.imag
    np.negative(gamma.real, out=P[:, 1, 1])
    return P


def conjugate_spectrum(group: Group, omega: Array) -> Array:
    """Real and imaginary part of conj ω̂_j(k), shape (frequencies, 2, m)."""
    spectrum = group.analyze(omega).T
    return np.stack([spectrum.real, -spectrum.imag], axis=1)


def from_conjugate(group: Group, spectrum: Array) -> Array:
    """The readout ω (m, p) that has this conjugate spectrum."""
    u, v = spectrum.transpose(1, 2, 0)
    return group.synthesize(u - 1j * v)
