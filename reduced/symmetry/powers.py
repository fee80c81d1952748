"""Real Fourier transforms of prime length p by powers of a primitive root: where p − 1 has factors, small products do.

With s = gᵃ and k = g⁻ᵇ the transform over the residues other than 0 is a convolution of powers,

    Σ_a h(gᵃ) κ(gᵃ⁻ᵇ),   κ(s) = cos(2πs/p) − sin(2πs/p),

whose even part in b ↦ b + (p − 1)/2 is the real part of the spectrum and whose odd part is the imaginary one. Write
p − 1 = q r and a = i + r j. A transform of length q in j leaves, for each of its characters, a product with a matrix of
size r: (2q − 2) r² + 3/2 q² r multiplications in place of (p − 1)²/2 (C. M. Rader, Proc. IEEE 56, 1107 (1968)).
"""

import numpy as np
from numpy.typing import NDArray

from reduced.symmetry.group import Group

Array = NDArray[np.float64]
#: The short transforms take as long as so many times the multiplications of the long products; and where (p − 1)/2 and
#: this cost are larger the library is faster. Measured on one thread with AVX-512.
SHORT, LARGEST_COST = 2.0, 375.0


class ByPowers:
    """Transform of functions that hold residue 0 and then the powers of g. Not for concurrent use.

    Parameters
    ----------
    group : Group
        Cyclic, of prime order.
    period : int
        q, an even divisor of p − 1.

    Examples
    --------
    >>> found, out = ByPowers(Group((5,)), 4), np.empty((3, 2, 1))
    >>> found.forward(np.eye(5)[:, :1], out)
    >>> out[:, 0, 0].round(12), out[:, 1, 0].round(12) + 0.0
    (array([1., 1., 1.]), array([0., 0., 0.]))
    """

    def __init__(self, group: Group, period: int) -> None:
        p, q, half = group.order, period, period // 2
        powers = _powers(p)
        self._p, self._q, self._r = p, q, (p - 1) // q
        backward = powers[-np.arange((p - 1) // 2)]
        self.order = np.concatenate([[0], powers])
        self.frequencies = np.concatenate([[0], np.minimum(backward, p - backward)])
        # Rows of the short transform: even characters, then odd ones, and the complex ones, of two rows each, together.
        pairs = [*range(2, half, 2), *range(1, half, 2)]
        singles = [half, 0] if half % 2 == 0 else [0, half]
        first = 2 if half % 2 == 0 else 1
        self._zero = singles.index(0)
        self._pairs = slice(first, first + 2 * len(pairs))
        self._singles = slice(0, 2) if half % 2 == 0 else slice(0, q, q - 1)
        angles = 2 * np.pi / q * np.outer(np.arange(half + 1), np.arange(q))
        self._short = np.empty((q, q))
        self._short[self._pairs] = np.stack([np.cos(angles), -np.sin(angles)], axis=1)[pairs].reshape(-1, q)
        self._short[self._singles] = np.cos(angles[singles])
        self._last = np.ascontiguousarray(2 / p * self._short.T)
        kernels = _kernels(powers, p, q, half)
        real, imaginary = kernels.real[pairs], kernels.imag[pairs]
        self._long = np.block([[real, -imaginary], [imaginary, real]]), kernels.real[singles]
        weights = np.full(q, 2.0 / q)
        weights[self._singles] = 1 / q
        back = np.tile((self._short * weights[:, None]).T[:half], (self._r, 1, 1))
        signs = np.where(backward > p // 2, -1.0, 1.0).reshape(half, self._r).T  # k there stands for −k
        self._back = back[:, :, :half].copy(), back[:, :, half:] * signs[:, :, None]
        self._scratch = np.empty((2, 0))

    def forward(self, functions: Array, out: Array) -> None:
        """As :meth:`Transform.forward`."""
        there, here = self._buffers(functions.shape[1])
        np.matmul(self._short, functions[1:].reshape(self._q, -1), out=there.reshape(self._q, -1))
        np.sum(there[self._zero], axis=0, out=out[0, 0])
        out[0, 0] += functions[0]
        out[0, 1] = 0
        self._convolve(there, here, 1.0)
        here[self._zero] += self._q * functions[0]
        for part, (back, rows) in enumerate(zip(self._back, self._halves(here), strict=True)):
            np.matmul(back, rows, out=self._split(out[1:, part]))

    def inverse(self, spectra: Array, out: Array) -> None:
        """As :meth:`Transform.inverse`."""
        there, here = self._buffers(out.shape[1])
        for part, (back, rows) in enumerate(zip(self._back, self._halves(there), strict=True)):
            np.matmul(back.transpose(0, 2, 1), self._split(spectra[1:, part]), out=rows)
        np.sum(there[self._zero], axis=0, out=out[0])
        out[0] *= 2 * self._q
        out[0] += spectra[0, 0]
        self._convolve(there, here, -1.0)
        here[self._zero] += spectra[0, 0] / 2
        np.matmul(self._last, here.reshape(self._q, -1), out=out[1:].reshape(self._q, -1))
        out[0] /= self._p

    def _convolve(self, there: Array, here: Array, direction: float) -> None:
        """Products with the matrices of all characters, or with their transposes."""
        pairs, singles = self._long
        joined = len(pairs), 2 * self._r, there.shape[2]
        if direction < 0:
            pairs, singles = pairs.transpose(0, 2, 1), singles.transpose(0, 2, 1)
        np.matmul(pairs, there[self._pairs].reshape(joined), out=here[self._pairs].reshape(joined))
        np.matmul(singles, there[self._singles], out=here[self._singles])

    def _split(self, rows: Array) -> Array:
        """Rows b = i + r j as [i, j]."""
        return rows.reshape(self._q // 2, self._r, -1).transpose(1, 0, 2)

    def _halves(self, buffer: Array) -> tuple[Array, Array]:
        """Even and odd characters of a buffer, as [i, character]."""
        half = self._q // 2
        return buffer[:half].transpose(1, 0, 2), buffer[half:].transpose(1, 0, 2)

    def _buffers(self, columns: int) -> Array:
        size = (self._p - 1) * columns
        if self._scratch.shape[1] < size:
            self._scratch = np.empty((2, size))
        return self._scratch[:, :size].reshape(2, self._q, self._r, columns)


def _kernels(powers: NDArray[np.int64], p: int, q: int, half: int) -> NDArray[np.complex128]:
    """Σ_i κ(g^(a − b + r i)) exp(2πi l i/q) for the characters l = 0 … q/2, at rows b and columns a."""
    r = (p - 1) // q
    angles = 2 * np.pi / p * powers
    kernel = np.cos(angles) - np.sin(angles)
    apart = np.arange(r) - np.arange(r)[:, None]
    turning = np.exp(2j * np.pi / q * np.outer(np.arange(half + 1), np.arange(q)))
    shifted = kernel[(apart + r * np.arange(q)[:, None, None]) % (p - 1)]
    return np.asarray(np.tensordot(turning, shifted, axes=1))


def _powers(p: int) -> NDArray[np.int64]:
    """Powers 0 … p − 2 of the least primitive root."""
    factors = prime_factors(p - 1)
    root = next(g for g in range(2, p) if all(pow(g, (p - 1) // f, p) != 1 for f in factors))
    powers = [1]
    for _ in range(p - 2):
        powers.append(powers[-1] * root % p)
    return np.array(powers)


def best_period(group: Group) -> int | None:
    """The period that costs least for a cyclic group of prime order; None where another transform is faster.

    Examples
    --------
    >>> [best_period(Group((p,))) for p in (37, 113, 225, 499, 997)]
    [None, 8, None, 6, 12]
    """
    p = group.order
    if not group.cyclic or prime_factors(p) != [p]:
        return None
    periods = [q for q in range(4, p, 2) if (p - 1) % q == 0]
    costs = [SHORT * q + 2 * (p - 1) / q for q in periods]
    if not costs or min(costs) >= min((p - 1) / 2, LARGEST_COST):
        return None
    return periods[int(np.argmin(costs))]


def prime_factors(n: int) -> list[int]:
    """Prime factors of n, ascending, each once.

    Examples
    --------
    >>> prime_factors(996)
    [2, 3, 83]
    """
    factors, candidate = [], 2
    while candidate * candidate <= n:
        if n % candidate == 0:
            factors.append(candidate)
            while n % candidate == 0:
                n //= candidate
        candidate += 1
    return [*factors, n] if n > 1 else factors
