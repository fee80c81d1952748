"""Abelian groups of odd order, Z_p or a product Z_p × Z_q × …: their elements, characters and transforms.

Elements are numbered in C order, the last factor fastest; so are characters. Of each pair ± of elements other than 0
the smaller number represents both: these representatives, after 0, number the difference classes and the frequencies
that real functions need.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.inputs.memory import refuse_beyond_memory
from reduced.inputs.scalars import whole

Array = NDArray[np.float64]
Complex = NDArray[np.complex128]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Group:
    """A product of cyclic groups of odd order.

    Parameters
    ----------
    moduli : tuple of int
        Orders of the factors.

    Examples
    --------
    >>> Group((3, 3)).representatives
    array([0, 1, 3, 4, 5])
    """

    moduli: tuple[int, ...]

    @property
    def order(self) -> int:
        """Number of elements."""
        return math.prod(self.moduli)

    @property
    def half(self) -> int:
        """Number of difference classes, and of frequencies of real functions."""
        return (self.order + 1) // 2

    @property
    def cyclic(self) -> bool:
        """Whether there is one factor."""
        return len(self.moduli) == 1

    def sum(self, a: Any, b: Any) -> Integers:
        """Sum of elements, elementwise."""
        if self.cyclic:
            return np.asarray((np.asarray(a) + b) % self.order)
        pairs = zip(self._coordinates(a), self._coordinates(b), self.moduli, strict=True)
        return self._numbers([(x + y) % p for x, y, p in pairs])

    def negative(self, a: Any) -> Integers:
        """Negatives of elements."""
        return self._numbers([-x % p for x, p in zip(self._coordinates(a), self.moduli, strict=True)])

    @cached_property
    def representatives(self) -> Integers:
        """0 and the smaller of each other pair ±, ascending, shape (half,)."""
        elements = np.arange(self.order)
        return np.asarray(elements[elements <= self.negative(elements)])

    @cached_property
    def paired(self) -> Integers:
        """0, the other representatives, and their negatives in the same order, shape (order,)."""
        return np.concatenate([self.representatives, self.negative(self.representatives[1:])])

    def turns(self) -> Array:
        """⟨k, s⟩ modulo 1 of representatives k and s, shape (half, half)."""
        factors = zip(self._coordinates(self.representatives), self.moduli, strict=True)
        return np.asarray(sum(np.outer(x, x) % p / p for x, p in factors) % 1)

    def analyze(self, functions: Array) -> Complex:
        """Spectra Σ_s h(s) exp(−2πi⟨k, s⟩) of real functions along the last axis, at the representatives.

        Examples
        --------
        >>> Group((3, 3)).analyze(np.ones(9)).real.round(12) + 0.0
        array([9., 0., 0., 0., 0.])
        """
        if self.cyclic:
            return np.asarray(np.fft.rfft(functions, axis=-1))
        axes = tuple(range(-len(self.moduli), 0))
        spectra = np.fft.fftn(functions.reshape(*functions.shape[:-1], *self.moduli), axes=axes)
        return np.asarray(spectra.reshape(functions.shape)[..., self.representatives])

    def synthesize(self, spectra: Complex) -> Array:
        """Real functions from spectra along the last axis."""
        if self.cyclic:
            return np.asarray(np.fft.irfft(spectra, self.order, axis=-1))
        whole_spectra = np.empty((*spectra.shape[:-1], self.order), complex)
        whole_spectra[..., self.paired] = np.concatenate([spectra, spectra[..., 1:].conj()], axis=-1)
        shape = (*spectra.shape[:-1], *self.moduli)
        axes = tuple(range(-len(self.moduli), 0))
        functions = np.fft.ifftn(whole_spectra.reshape(shape), axes=axes).real
        return np.asarray(functions.reshape(whole_spectra.shape))

    def _coordinates(self, elements: Any) -> tuple[Integers, ...]:
        return np.unravel_index(np.asarray(elements), self.moduli)

    def _numbers(self, coordinates: list[Integers]) -> Integers:
        return np.asarray(np.ravel_multi_index(tuple(coordinates), self.moduli))


def odd_group(p: Any) -> Group:
    """The group of residues modulo p, or of a tuple of moduli.

    Raises
    ------
    ValueError
        If a modulus is not an odd integer of at least 3: twice a residue of an even one takes even values only, and the
        labels 2s miss half of the residues.
    """
    moduli = tuple(p) if isinstance(p, tuple | list) else (p,)
    if not moduli:
        raise ValueError(f"p = {p!r}: name at least one modulus")
    for modulus in moduli:
        whole(3, p=modulus)
        if modulus % 2 == 0:
            raise ValueError(
                f"p = {p}: must be odd; multiplication by 2 is no bijection of the residues modulo an even number, so "
                "the labels 2s of a class (s + d, s − d) would miss half of them"
            )
    group = Group(tuple(map(int, moduli)))
    refuse_beyond_memory(f"p = {p}", 2 * group.order)
    return group
