"""Gram matrix of a translation-equivariant network, block by block: one Hermitian |D| × |D| matrix a frequency.

Each block is one product of BLAS that fills a triangle, and LAPACK factors that triangle in its place.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.blas import zherk
from scipy.linalg.lapack import zpocon, zposv, zpotrf

from reduced.errors import SingularGramError

Array = NDArray[np.float64]
Complex = NDArray[np.complex128]
#: Complex numbers of a spectrum that are held beside it at once: 256 KB.
CHUNK = 16_384


def gram_blocks(spectrum: Array) -> Complex:
    """The blocks Σ_j ĥ_j^d(k) conj ĥ_j^e(k), shape (frequencies, |D|, |D|).

    Parameters
    ----------
    spectrum : (frequencies, 2, |D|, m) array
        Real parts, then imaginary parts.
    """
    blocks = np.empty((len(spectrum), spectrum.shape[2], spectrum.shape[2]), complex)
    for block, triangle in zip(blocks, _triangles(spectrum, 0.0), strict=True):
        upper = np.triu(triangle, 1)
        block[...] = upper + upper.conj().T
        np.einsum("ii->i", block)[...] = triangle.diagonal()
    return blocks


def _triangles(spectrum: Array, ridge: float) -> Iterator[Complex]:
    """Upper triangle of each ridge block, in Fortran order and in one buffer, which the caller may overwrite."""
    _, _, classes, m = spectrum.shape
    chunk = max(1, CHUNK // (classes * m))
    conjugates, triangle = np.empty((chunk, classes, m), complex), np.zeros((classes, classes), complex, "F")
    diagonal = np.einsum("ii->i", triangle)
    for start in range(0, len(spectrum), chunk):
        part = spectrum[start : start + chunk]
        here = conjugates[: len(part)]
        here.real = part[:, 0]
        np.negative(part[:, 1], out=here.imag)
        for one in here:
            zherk(1.0, one.T, trans=2, c=triangle, overwrite_c=1)
            if ridge:
                diagonal += ridge
            yield triangle


def solve_blocks(spectrum: Array, ridge: float) -> Complex:
    """Dual variables γ̂(k) = (B_k + ridge)⁻¹ 1, shape (frequencies, |D|).

    Raises
    ------
    SingularGramError
        If the spectrum is not finite, or a block is not positive definite to working precision.
    """
    frequencies, _, classes, _ = spectrum.shape
    gamma, pivots = np.ones((frequencies, classes), complex), np.empty((frequencies, classes))
    for right, pivot, block in zip(gamma, pivots, _triangles(spectrum, ridge), strict=True):
        factor, solution, info = zposv(block, right, overwrite_a=1, overwrite_b=1)
        if info:
            raise _singular(spectrum)
        right[...], pivot[...] = solution, factor.diagonal().real
    if not pivots.min() > np.sqrt(classes * np.finfo(float).eps) * pivots.max():
        raise _singular(spectrum)
    return gamma


def gram_condition(spectrum: Array, ridge: float) -> float:
    """Largest 1-norm of a ridge block times the largest of an inverse, estimated (LAPACK ``pocon``); eight digits.

    The 1-norm depends on the basis: this is not the number that :func:`reduced.readout.gram.gram_condition` gives of
    the expanded network, though both are within a factor of the dimension of the same ratio of eigenvalues.

    Raises
    ------
    SingularGramError
        If a block cannot be factored.
    """
    largest = inverse = 0.0
    for block in _triangles(spectrum, ridge):
        sizes = np.triu(np.abs(block))
        norm = float((sizes.sum(axis=0) + sizes.sum(axis=1) - sizes.diagonal()).max())
        factor, info = zpotrf(block, overwrite_a=1)
        if info:
            raise _singular(spectrum)
        reciprocal, _ = zpocon(factor, norm)
        largest, inverse = max(largest, norm), max(inverse, 1 / (float(reciprocal) * norm))
    return float(f"{largest * inverse:.8g}")


def _singular(spectrum: Array) -> SingularGramError:
    if not np.isfinite(spectrum).all():
        return SingularGramError(
            "the hidden activations are not finite: the state has diverged; take smaller steps"
        )
    classes = spectrum.shape[2]
    return SingularGramError(
        f"a {classes} x {classes} block of the Gram matrix of the hidden activations is singular to working "
        "precision: take more templates, or set ridge > 0"
    )
