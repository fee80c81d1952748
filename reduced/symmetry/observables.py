"""What one looks at in an equivariant network: shares of frequencies in the templates, and their circles."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.inputs.arrays import without_overflow
from reduced.network.observables import FLAT
from reduced.symmetry.templates import on_residues

Array = NDArray[np.float64]


def fourier_shares(f: Any) -> Array:
    """Share of each frequency k = 1 … (p − 1)/2 in the variance of each template, shape (m, (p − 1)/2).

    A constant template has none.

    Examples
    --------
    >>> s = np.arange(7)
    >>> fourier_shares([np.cos(2 * np.pi * 2 * s / 7), 5 + 0 * s]).round(12) + 0.0
    array([[0., 1., 0.],
           [0., 0., 0.]])
    """
    powers = np.abs(np.fft.rfft(on_residues("f", f)[0], axis=1)) ** 2
    varying = powers[:, 1:]
    total = without_overflow("the power of a template", varying.sum(axis=1, keepdims=True))
    still = total <= np.finfo(float).eps * powers[:, :1]
    return np.asarray(np.divide(varying, total, out=np.zeros_like(varying), where=~still))


def template_circles(f: Any) -> dict[str, Array]:
    """What :func:`reduced.circularity` says of the expanded embedding's Fourier features, without expanding it.

    Feature F_k has the entry exp(2πi kg/p) f̂_j(k)/p at unit (g, j). So at every time its real and imaginary part
    have equal norms and are orthogonal, and so are the planes of two frequencies: the symmetry makes all circles
    perfect. What the dynamics decide is which templates use which frequencies.

    Returns
    -------
    dict of arrays
        ``real_norm``, ``imag_norm``, ``within``, ``between``, ``overlap`` as of :func:`reduced.circularity`.

    Examples
    --------
    >>> s = np.arange(7)
    >>> circles = template_circles([np.cos(2 * np.pi * s / 7), np.cos(2 * np.pi * 3 * s / 7)])
    >>> circles["overlap"].round(12) + 0.0
    array([[1., 0., 0.],
           [0., 0., 0.],
           [0., 0., 1.]])
    """
    f, _ = on_residues("f", f)
    p = f.shape[1]
    sizes = np.abs(np.fft.rfft(f, axis=1))[:, 1:]
    norms = without_overflow("the norm of a Fourier feature", np.linalg.norm(sizes, axis=0))
    used = norms > FLAT * norms.max(initial=0)
    sizes = sizes * used / np.where(used, norms, 1)
    return {
        "real_norm": norms / np.sqrt(2 * p),
        "imag_norm": norms / np.sqrt(2 * p),
        "within": np.zeros(len(norms)),
        "between": np.diag(used.astype(float)),
        "overlap": np.asarray(sizes.T @ sizes),
    }
