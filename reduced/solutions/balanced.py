"""The full flow of a linear network with orthonormal inputs and balanced weights: a matrix Riccati equation."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import exprel

from reduced.inputs.arrays import finite_array, kept_array, without_overflow
from reduced.inputs.renamed import renamed
from reduced.inputs.scalars import non_negative
from reduced.network.parameters import pair
from reduced.solutions.formula import Array, times

State = tuple[Array, Array]


@renamed(decay="ridge")
def balanced_network(Y: Array, ridge: float = 0.0) -> Callable[[ArrayLike, State], Array]:
    """QQᵀ = e^{Bt}Q_0[I + 2Q_0ᵀ ∫₀ᵗe^{2Bu}du Q_0]⁻¹Q_0ᵀe^{Bt} for Q = [W1; W2ᵀ], B = 2[[0, Y], [Yᵀ, 0]] − 2λI.

    The full flow of ‖W1 W2 − Y‖² + λ(‖W1‖² + ‖W2‖²), from W1ᵀW1 = W2W2ᵀ, in flow time t. Evaluated in the eigenbasis
    of B, with every column of Q_0 triangularised and scaled by the growth of the fastest mode it holds, so that no
    exponential overflows however long the time.

    Parameters
    ----------
    Y : array (d_in, d_out)
        Targets, one sample an input (X = I).
    ridge : float
        Weight decay λ ≥ 0.

    Returns
    -------
    callable
        ``(t, (W1, W2)) -> QQᵀ`` of shape (..., d, d), d = d_in + d_out; its corner ``[:d_in, d_in:]`` is W1 W2.

    Raises
    ------
    ValueError
        If λ < 0, or the start is not balanced.

    Examples
    --------
    >>> grow = balanced_network(np.array([[2.0]]), ridge=0.5)
    >>> grow(700.0, (np.array([[1e-3]]), np.array([[1e-3]]))).round(12)
    array([[1.5, 1.5],
           [1.5, 1.5]])
    """
    (ridge,) = non_negative(ridge=ridge)
    Y = kept_array("Y", Y, "d_in", "d_out")
    inputs, outputs = Y.shape
    coupling = np.block([[np.zeros((inputs, inputs)), Y], [Y.T, np.zeros((outputs, outputs))]])
    eigenvalues, eigenvectors = np.linalg.eigh(coupling)
    rates, modes = 2 * eigenvalues[::-1] - 2 * ridge, eigenvectors[:, ::-1]

    def solution(t: ArrayLike, start: State) -> Array:
        W1, W2 = pair("start", start)
        W1 = finite_array("W1", W1, inputs, "d_h")
        W2 = finite_array("W2", W2, W1.shape[1], outputs)
        _require_balance(W1, W2)
        elapsed = times(t)
        overlap = _triangle((modes.T @ np.vstack([W1, W2.T])).T).T
        overlap = overlap[:, overlap.any(axis=0)]
        growth = np.maximum(rates * elapsed[..., None], 0)
        scale = growth[..., (overlap != 0).argmax(axis=0)]
        moved = _scaled(overlap, rates * elapsed[..., None], scale)
        pressed = _scaled(overlap, growth, scale)
        pressed *= np.sqrt(2 * elapsed[..., None] * exprel(-2 * abs(rates) * elapsed[..., None]))[..., None]
        identity = np.exp(-scale)[..., None] * np.eye(overlap.shape[1])
        factor = _triangle(np.concatenate([identity, pressed], axis=-2))
        root = modes @ np.swapaxes(np.linalg.solve(factor.mT, moved.mT), -1, -2)
        return without_overflow("the solution", root @ root.mT)

    return solution


def _triangle(matrix: ArrayLike) -> Array:
    """The factor R of QR."""
    return np.asarray(np.linalg.qr(np.asarray(matrix, dtype=float), mode="r"))


def _scaled(overlap: Array, exponents: Array, scale: Array) -> Array:
    """e^{exponent of the row − scale of the column} · overlap; the clipped entries are zeros of the triangle."""
    return np.asarray(np.exp(np.minimum(exponents[..., :, None] - scale[..., None, :], 0)) * overlap)


def _require_balance(W1: Array, W2: Array) -> None:
    imbalance = np.linalg.norm(W1.T @ W1 - W2 @ W2.T)
    if not imbalance <= 1e-10 * (np.linalg.norm(W1) ** 2 + np.linalg.norm(W2) ** 2):
        raise ValueError(
            f"the start must be balanced, W1ᵀW1 = W2W2ᵀ, but differs by {imbalance:.3g}: "
            "integrate reduced.flows.two_layer.full_flow for a general start"
        )
