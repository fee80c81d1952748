"""Closed-form first-layer flow of a linear network, in the whitened Gram matrix of its hidden activations.

Σ = XXᵀ, G = Σ^{-½}HHᵀΣ^{-½}, Q = Σ^{-½}YYᵀΣ^{-½}; dG/dτ = G⁻¹Q + QG⁻¹ − 2G in slow time.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from derivations.exact import linear_network as exact
from reduced.inputs.arrays import finite_array, kept_array, without_overflow
from reduced.inputs.scalars import non_negative
from reduced.solutions.formula import Array, formula, read_clock, times, together

_mode = formula("mode", (exact.tau, exact.g_0, exact.q), exact.MODE.solution[0])
_drift = formula("drift", (exact.sigma, exact.k_0, exact.q), exact.DRIFT)
_overlap = formula("overlap", (exact.sigma, exact.b_0, exact.beta, exact.q), exact.OVERLAP)
_coupling = formula("coupling", (exact.sigma, exact.b_0, exact.beta, exact.q), exact.COUPLING)
#: Asymmetry that rounding explains, relative to the largest entry.
SYMMETRIC = 1e-10


def whitened(X: Array, Y: Array, W1: Array) -> tuple[Array, Array]:
    """G_0 and Q of a linear network.

    Parameters
    ----------
    X, Y, W1 : arrays (n, d_in), (n, d_out), (d_in, d_h)
        Inputs of full row rank, targets, first layer.

    Returns
    -------
    G, Q : arrays (n, n)
    """
    X = finite_array("X", X, "n", "d_in")
    Y, W1 = finite_array("Y", Y, len(X), "d_out"), finite_array("W1", W1, X.shape[1], "d_h")
    values, vectors = np.linalg.eigh(without_overflow("XXᵀ", X @ X.T))
    if values[0] <= values[-1] * len(X) * np.finfo(float).eps:
        raise ValueError(f"X of shape {X.shape} must have full row rank: whitening divides by (XXᵀ)^½")
    whiten = vectors / np.sqrt(values) @ vectors.T
    hidden, target = whiten @ X @ W1, whiten @ Y
    return without_overflow("G", hidden @ hidden.T), without_overflow("Q", target @ target.T)


def gram_mode(q: ArrayLike) -> Callable[[ArrayLike, ArrayLike], Array]:
    """g² = q + (g_0² − q)e^{−4τ} for every common eigenvector of commuting G_0 and Q: ``(tau, g0) -> g``.

    Examples
    --------
    >>> gram_mode([4.0, 0.0])([[0.0], [700.0]], [1.0, 1.0])
    array([[1., 1.],
           [2., 0.]])
    """
    q = _eigenvalues("q", q)

    def solution(tau: ArrayLike, g0: ArrayLike) -> Array:
        start = _eigenvalues("g0", g0)
        return without_overflow("the solution", _mode(*together(times=times(tau), g0=start, q=q)))

    return solution


def isotropic_gram(q: float) -> Callable[[ArrayLike, Array], Array]:
    """G² = qI + (G_0² − qI)e^{−4τ} for Q = qI and any G_0: ``(tau, G0) -> G`` of shape (..., n, n)."""
    (q,) = non_negative(q=q)
    mode = gram_mode(q)

    def solution(tau: ArrayLike, G0: Array) -> Array:
        values, vectors = _gram_spectrum("G0", G0)
        reached = mode(times(tau)[..., None], values)
        return np.asarray((vectors * reached[..., None, :]) @ vectors.T)

    return solution


def gram_trace(Q: Array) -> Callable[[ArrayLike, Array], Array]:
    """Tr G² = Tr Q + (Tr G_0² − Tr Q)e^{−4τ} for any G_0 and Q: ``(tau, G0) -> Tr G²``."""
    size, trace = len(_gram_spectrum("Q", Q)[0]), np.trace(finite_array("Q", Q, ...))
    mode = gram_mode(trace)

    def solution(tau: ArrayLike, G0: Array) -> Array:
        squares = np.square(mode(tau, np.linalg.norm(_gram_spectrum("G0", G0, size)[0])))
        return without_overflow("the trace", squares)

    return solution


def one_output_gram(y: Array) -> Callable[[ArrayLike, Array], Array]:
    """G for one output, Q = yyᵀ, commuting with G_0 or not: ``(tau, G0) -> G`` of shape (..., n, n).

    In the basis of e = y/‖y‖ and the eigenvectors of G_0 on its complement e^{2τ}G = [[k, bᵀ], [b, diag(β)]] with k
    linear and b exponential in a parameter σ, read off (e^{4τ} − 1)/4 = k_0σ + qσ² − Σ b_0²(1 − e^{−2qσ/β})/2q by
    root finding. All of it is scaled by e^{−2τ}, which leaves that form as it is and nothing to overflow.

    Parameters
    ----------
    y : array (n,)
        Whitened targets Σ^{-½}Y, not 0.
    """
    y = kept_array("y", y, "n")
    q = float(y @ y)
    if not 0 < q < np.inf:
        raise ValueError(f"y has squared norm {q}: must be positive and finite")
    basis = np.linalg.qr(y[:, None], mode="complete")[0]

    def solution(tau: ArrayLike, G0: Array) -> Array:
        elapsed, G0 = times(tau), _square("G0", G0, len(y))
        _gram_spectrum("G0", G0)
        beta, rotation = np.linalg.eigh(basis[:, 1:].T @ G0 @ basis[:, 1:])
        if not (beta > 0).all():
            raise ValueError("G0 must be positive definite")
        axes = np.hstack([basis[:, :1], basis[:, 1:] @ rotation])
        k_0, *b_0 = axes.T @ G0 @ axes[:, 0]
        shrunk = np.exp(-np.minimum(2 * elapsed, 600.0))
        stretched = -np.expm1(-4 * elapsed) / 4

        def clock(sigma: Array, scale: Array) -> Array:
            spread, shrink = sigma[..., None], scale[..., None]
            overlap = _overlap(spread, shrink * b_0, shrink * beta, q).sum(axis=-1)
            return np.asarray(_drift(sigma, scale * k_0, q) - overlap)

        sigma = read_clock(clock, stretched, np.sqrt(stretched / q) * (1 + 1e-12), shrunk)
        spread, shrink = sigma[..., None], shrunk[..., None]
        gram = np.zeros((*elapsed.shape, len(y), len(y)))
        gram[..., 0, 0] = shrunk * k_0 + 2 * q * sigma
        gram[..., 0, 1:] = gram[..., 1:, 0] = _coupling(spread, shrink * b_0, shrink * beta, q)
        gram[..., 1:, 1:] = np.exp(-2 * elapsed)[..., None, None] * np.diag(beta)
        return without_overflow("the solution", axes @ gram @ axes.T)

    return solution


def _eigenvalues(name: str, values: ArrayLike) -> Array:
    """Eigenvalues of a Gram matrix: not negative."""
    kept = kept_array(name, values, ...)
    if (kept < 0).any():
        raise ValueError(f"{name} holds {kept.min():g}: no eigenvalue of a Gram matrix is negative")
    return kept


def _gram_spectrum(name: str, matrix: Array, size: int | str = "n") -> tuple[Array, Array]:
    """Eigenvalues and eigenvectors of a positive semi-definite matrix; rounding below 0 counts as 0."""
    values, vectors = np.linalg.eigh(_square(name, matrix, size))
    if values[0] < -SYMMETRIC * abs(values).max():
        raise ValueError(f"{name} has the eigenvalue {values[0]:.3g}: a Gram matrix has none below 0")
    return np.maximum(values, 0), vectors


def _square(name: str, matrix: Array, size: int | str = "n") -> Array:
    """A finite symmetric matrix."""
    square = finite_array(name, matrix, size, size)
    if square.shape[0] != square.shape[1] or abs(square - square.T).max() > SYMMETRIC * abs(square).max():
        raise ValueError(f"{name} must be a symmetric matrix")
    return square
