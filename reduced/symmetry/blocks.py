"""Gram matrix of a translation-equivariant network, block by block: one Hermitian |D| × |D| matrix a frequency.

A spectrum keeps real parts R above imaginary parts I, T = [R; I] of shape (2|D|, m), so that one real product T Tᵀ
holds all that the block R Rᵀ + I Iᵀ + i(I Rᵀ − R Iᵀ) needs.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.lapack import zpocon, zposv, zpotrf

from reduced.errors import SingularGramError

Array = NDArray[np.float64]
Complex = NDArray[np.complex128]
#: Numbers of the products T Tᵀ that are held at once: 256 KB.
CHUNK = 32_768


def gram_blocks(spectrum: Array) -> Iterator[tuple[slice, Complex]]:
    """Conjugates of the blocks Σ_j ĥ_j^d(k) conj ĥ_j^e(k), some frequencies at a time.

    Parameters
    ----------
    spectrum : (frequencies, 2, |D|, m) array
        Real parts, then imaginary parts.

    Yields
    ------
    frequencies : slice
    blocks : (…, |D|, |D|) complex array
        The caller may overwrite it. In C order it is the block itself in Fortran order.
    """
    frequencies, _, classes, m = spectrum.shape
    stacked = spectrum.reshape(frequencies, 2 * classes, m)
    chunk = max(1, CHUNK // (2 * classes) ** 2)
    for start in range(0, frequencies, chunk):
        part = stacked[start : start + chunk]
        products = np.matmul(part, part.transpose(0, 2, 1))
        conjugate = np.empty((len(part), classes, classes), complex)
        np.add(products[:, :classes, :classes], products[:, classes:, classes:], out=conjugate.real)
        np.subtract(products[:, :classes, classes:], products[:, classes:, :classes], out=conjugate.imag)
        yield slice(start, start + len(part)), conjugate


def solve_blocks(spectrum: Array, ridge: float) -> Complex:
    """Dual variables γ̂(k) = (B_k + ridge)⁻¹ 1, shape (frequencies, |D|).

    Raises
    ------
    SingularGramError
        If the spectrum is not finite, or a block is not positive definite to working precision.
    """
    frequencies, _, classes, _ = spectrum.shape
    gamma, pivots = np.ones((frequencies, classes), complex), np.empty((frequencies, classes))
    for where, blocks in gram_blocks(spectrum):
        diagonals = np.einsum("kii->ki", blocks)
        if ridge:
            diagonals += ridge
        for block, right in zip(blocks, gamma[where], strict=True):
            _, solution, info = zposv(block.T, right, overwrite_a=1, overwrite_b=1)
            if info:
                raise _singular(spectrum)
            right[...] = solution
        pivots[where] = diagonals.real
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
    for _, blocks in gram_blocks(spectrum):
        diagonals = np.einsum("kii->ki", blocks)
        diagonals += ridge
        for block, norm in zip(blocks, np.abs(blocks).sum(axis=1).max(axis=1), strict=True):
            factor, info = zpotrf(block.T, overwrite_a=1)
            if info:
                raise _singular(spectrum)
            reciprocal, _ = zpocon(factor, norm)
            largest, inverse = max(largest, float(norm)), max(inverse, 1 / (float(reciprocal) * float(norm)))
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
