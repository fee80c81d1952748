"""What one looks at besides accuracy: Fourier features of the embedding, how circular they are, grokking time."""

import numpy as np
from numpy.typing import NDArray

from reduced.inputs.arrays import finite_array, real_array, without_overflow
from reduced.inputs.scalars import finite, whole
from reduced.network.measures import accuracy, class_labels, predictions, relative_error

__all__ = [
    "accuracy",
    "circularity",
    "class_labels",
    "first_crossing",
    "fourier_features",
    "predictions",
    "relative_error",
    "rings",
]

Array = NDArray[np.float64]
#: A plane whose smaller axis is below this share of the larger one is a line: rounding alone gives 1e-16.
FLAT = 1e-12


def fourier_features(E: Array) -> NDArray[np.complex128]:
    """Fourier features F_k = (1/p) Σ_j exp(−2πi jk/p) E_j of an embedding, k = 1 … p // 2.

    Parameters
    ----------
    E : (p, d_h) array
        Embedding, one row a residue; for side-by-side operands pass one half of W1.

    Returns
    -------
    (p // 2, d_h) complex array
        Row k − 1 holds F_k.

    References
    ----------
    arXiv:2511.01938, Section 7.2.

    Examples
    --------
    >>> angles = 2 * np.pi * np.arange(5) / 5
    >>> np.abs(fourier_features(np.cos(2 * angles)[:, None])).round(12)
    array([[0. ],
           [0.5]])
    """
    E = finite_array("E", E, "p", "d_h")
    p = len(E)
    return np.asarray(np.fft.fft(E, axis=0)[1 : p // 2 + 1] / p)


def circularity(F: NDArray[np.complex128]) -> dict[str, Array]:
    """The comparisons of Figure 6 that say how circular a Fourier representation is.

    Parameters
    ----------
    F : (K, d_h) complex array
        Fourier features, see :func:`fourier_features`.

    Returns
    -------
    dict of arrays
        ``real_norm``, ``imag_norm`` (K,): ‖Re F_k‖ and ‖Im F_k‖, equal on a circle;
        ``within`` (K,): absolute cosine of the angle between Re F_k and Im F_k, 0 on a circle;
        ``between`` (K, K): largest cosine of a principal angle between the planes of two frequencies, 0 where they are
        orthogonal, and a plane is a line where a feature has one direction only, as for k = p/2;
        ``overlap`` (K, K): cosine between the moduli of F_k and F_l, 0 where two frequencies use different units.

    References
    ----------
    arXiv:2511.01938, Figure 6.
    """
    F = np.asarray(F)
    F = F.astype(complex) if F.dtype.kind in "biufc" else F
    real, imag = finite_array("F", F.real, "K", "d_h"), finite_array("F", F.imag, *F.shape)
    size = np.abs(F)
    real_norm, imag_norm = np.linalg.norm(real, axis=1), np.linalg.norm(imag, axis=1)
    within = np.abs(np.sum(real * imag, axis=1)) / _nonzero(real_norm * imag_norm)
    units = size / _nonzero(np.linalg.norm(size, axis=1))[:, None]
    _, axes, bases = np.linalg.svd(np.stack([real, imag], axis=1), full_matrices=False)
    bases = bases * (axes > FLAT * axes[:, :1])[..., None]
    cosines = np.linalg.svd(np.einsum("kid,ljd->klij", bases, bases), compute_uv=False)
    compared = {
        "real_norm": real_norm,
        "imag_norm": imag_norm,
        "within": within,
        "between": cosines[..., 0],
        "overlap": units @ units.T,
    }
    return {name: without_overflow(name, values) for name, values in compared.items()}


def rings(W1: Array, frequencies: int) -> Array:
    """Coordinates of the residues in the planes of the frequencies 1 … K.

        x_a = W1[a] · Re F_k / ‖Re F_k‖,  y_a = W1[a] · Im F_k / ‖Im F_k‖

    Once Re F_k and Im F_k are orthogonal and equally long these are points of a circle, in the order of a·k mod p.

    Parameters
    ----------
    W1 : (p, d_h) array
    frequencies : int
        K, at most (p − 1)/2.

    Returns
    -------
    (K, 2, p) array

    Examples
    --------
    >>> angle = 2 * np.pi * np.arange(5) / 5
    >>> ring = rings(np.stack([np.cos(angle), np.sin(angle)], axis=1), 1)[0]
    >>> bool(np.allclose(np.hypot(*ring), 1))
    True
    """
    W1 = finite_array("W1", W1, "p", "d_h")
    (frequencies,) = whole(1, frequencies=frequencies)
    F = fourier_features(W1)[:frequencies]
    axes = np.stack([F.real, F.imag], axis=1)
    lengths = np.linalg.norm(axes, axis=-1, keepdims=True)
    return without_overflow("the rings", (axes / np.where(lengths > 0, lengths, 1.0)) @ W1.T)


def first_crossing(times: Array, values: Array, level: float) -> float:
    """First time at which a sampled curve reaches a level, interpolated linearly; NaN if it never does.

    With test accuracy and level 0.95 this is the grokking time; with training accuracy, the memorization time.

    Parameters
    ----------
    times : (m,) array
        Increasing.
    values : (m,) array
    level : float

    Raises
    ------
    ValueError
        If times and values differ in number, the times do not increase, or a value is not finite.

    Examples
    --------
    >>> first_crossing(np.array([0.0, 1.0, 2.0]), np.array([0.0, 0.5, 1.0]), 0.75)
    1.5
    """
    values = real_array("values", values)
    values = finite_array("values", values, values.size)
    times = finite_array("times", times, len(values))
    (level,) = finite(level=level)
    if (np.diff(times) <= 0).any():
        raise ValueError("times do not increase: sort them, with their values, and take each once")
    reached = np.flatnonzero(values >= level)
    if len(reached) == 0:
        return float("nan")
    i = int(reached[0])
    if i == 0:
        return float(times[0])
    return float(
        times[i - 1] + (times[i] - times[i - 1]) * (level - values[i - 1]) / (values[i] - values[i - 1])
    )


def _nonzero(norms: Array) -> Array:
    """Norms with zeros replaced by one, so that a dead frequency gives cosine 0."""
    return np.where(norms > 0, norms, 1.0)
