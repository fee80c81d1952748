"""Real Fourier transforms over the residues, for many functions at once: by matrix products, or by the library.

A transform of prime length p has no factors to exploit. Split into their even and odd parts, p real numbers take two
products with matrices of half the size, p²/2 multiplications, and BLAS does these faster than the library transforms
up to p of several hundred; where p − 1 has factors, :mod:`reduced.symmetry.powers` takes less. Residues run along the
first axis, so that one product serves all functions; a spectrum keeps real and imaginary parts apart, which is what
real arithmetic wants, and one of each pair ± of frequencies.
"""

from typing import Any, Protocol

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from reduced.symmetry.group import Group
from reduced.symmetry.powers import ByPowers, best_period, prime_factors

Array = NDArray[np.float64]
#: Lengths up to which matrix products were faster than the library where measured (one thread, AVX-512): of lengths
#: with a large prime factor (499: 0.6 of the time, 751: equal), and of those without (243: equal, 315: 1.1, 625: 5).
LONGEST_PRODUCT, LONGEST_SMOOTH_PRODUCT, LARGEST_FACTOR = 750, 250, 11


class Transform(Protocol):
    """A transform of functions on p residues, and its inverse.

    Attributes
    ----------
    order : (p,) integer array
        The residues in the order in which functions hold them.
    frequencies : ((p + 1)/2,) integer array
        Numbers of the frequencies in the order in which spectra hold them; the first is 0.
    """

    order: NDArray[np.int64]
    frequencies: NDArray[np.int64]

    def forward(self, functions: Array, out: Array) -> None:
        """Spectra Σ_s h(s) exp(−2πi ks/p) of functions (p, c) into out (frequencies, 2, c), which may be strided."""

    def inverse(self, spectra: Array, out: Array) -> None:
        """Functions (p, c) from spectra (frequencies, 2, c); out is contiguous."""


class EvenOdd:
    """Transform by one matrix product of the even parts and one of the odd parts. Not for concurrent use.

    Examples
    --------
    >>> out = np.empty((3, 2, 1))
    >>> EvenOdd(Group((5,))).forward(np.eye(5)[:, :1], out)
    >>> out[:, 0, 0], out[:, 1, 0]
    (array([1., 1., 1.]), array([0., 0., 0.]))
    """

    def __init__(self, group: Group) -> None:
        p, half = group.order, group.half - 1
        self.order, self.frequencies = group.paired, np.arange(group.half)
        angles = 2 * np.pi * group.turns()
        weights = np.where(np.arange(half + 1) > 0, 2.0, 1.0) / p
        self._cosines, self._sines = np.cos(angles), -np.sin(angles)[:, 1:]
        self._from_real = np.ascontiguousarray(self._cosines * weights)
        self._from_imaginary = np.ascontiguousarray(2 / p * self._sines[1:].T)
        self._half = half

        self._scratch = np.empty((half, 0))

    def _odd(self, columns: int) -> Array:
        if self._scratch.shape[1] < columns:
            self._scratch = np.empty((self._half, columns))
        return self._scratch[:, :columns]

    def forward(self, functions: Array, out: Array) -> None:
        """As :meth:`Transform.forward`; overwrites the functions."""
        ahead, behind = functions[1 : self._half + 1], functions[self._half + 1 :]
        odd = np.subtract(ahead, behind, out=self._odd(functions.shape[1]))
        ahead += behind
        np.matmul(self._cosines, functions[: self._half + 1], out=out[:, 0])
        np.matmul(self._sines, odd, out=out[:, 1])

    def inverse(self, spectra: Array, out: Array) -> None:
        """As :meth:`Transform.inverse`."""
        half = self._half
        np.matmul(self._from_real, spectra[:, 0], out=out[: half + 1])
        odd = np.matmul(self._from_imaginary, spectra[1:, 1], out=self._odd(out.shape[1]))
        np.subtract(out[1 : half + 1], odd, out=out[half + 1 :])
        out[1 : half + 1] += odd


class Library:
    """Transform by ``scipy.fft``, for lengths with small factors and for very long ones."""

    def __init__(self, group: Group) -> None:
        self.order, self.frequencies = np.arange(group.order), np.arange(group.half)
        self._group = group

    def forward(self, functions: Array, out: Array) -> None:
        """As :meth:`Transform.forward`."""
        if self._group.cyclic:
            spectrum: Any = scipy.fft.rfft(functions, axis=0)
        else:
            several = functions.reshape(*self._group.moduli, -1)
            spectrum = scipy.fft.fftn(several, axes=range(several.ndim - 1)).reshape(functions.shape)
            spectrum = spectrum[self._group.representatives]
        out[:, 0], out[:, 1] = spectrum.real, spectrum.imag

    def inverse(self, spectra: Array, out: Array) -> None:
        """As :meth:`Transform.inverse`."""
        spectrum = np.empty(spectra[:, 0].shape, complex)
        spectrum.real, spectrum.imag = spectra[:, 0], spectra[:, 1]
        if self._group.cyclic:
            out[...] = scipy.fft.irfft(spectrum, self._group.order, axis=0)
        else:
            out[...] = self._group.synthesize(spectrum.T).T


def transform(group: Group) -> Transform:
    """The fastest, by the order of the group and its factors.

    Examples
    --------
    >>> [type(transform(Group((p,)))).__name__ for p in (37, 113, 225, 625, 997)]
    ['EvenOdd', 'ByPowers', 'EvenOdd', 'Library', 'ByPowers']
    """
    period = best_period(group)
    if period is not None:
        return ByPowers(group, period)
    smooth = max(prime_factors(group.order)) <= LARGEST_FACTOR
    return (Library if group.order > (LONGEST_SMOOTH_PRODUCT if smooth else LONGEST_PRODUCT) else EvenOdd)(
        group
    )
