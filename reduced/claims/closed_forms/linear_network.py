"""Linear networks: the whitened Gram matrix in the first-layer flow, and balanced layers in the full flow.

X is symmetric and positive definite, hence its own (XXᵀ)^½, and the whitened hidden activations are W1.
"""

import numpy as np

from reduced import solutions
from reduced.claims.claim import Claim
from reduced.claims.closed_forms.comparison import TIMES, Array, exact, gap, held, numeric
from reduced.flows.two_layer import first_layer_flow, full_flow

X = np.array([[2.0, 1.0, 0.0], [1.0, 3.0, 0.5], [0.0, 0.5, 1.0]])
W1 = np.array([[1.0, 0.2, -0.4, 0.3], [-0.5, 0.8, 0.1, 0.6], [0.3, -0.7, 0.9, 0.2]])
WHITE = np.array([[1.0, -0.5], [2.0, 0.3], [0.1, 0.7]])


def claims() -> list[Claim]:
    """Solvable linear networks, commuting or not."""
    first_layer = "(20) with σ(z) = z"
    return [
        exact(
            "the whitened Gram matrix of X = (XXᵀ)^½ is W1W1ᵀ, and that of Y = XZ is ZZᵀ",
            _whitened,
            first_layer,
        ),
        held("linear network, first-layer flow in τ, one output, nothing commutes", _one_output, first_layer),
        held(
            "linear network, first-layer flow in τ, isotropic targets from any start", _isotropic, first_layer
        ),
        held("linear network, first-layer flow in τ, commuting start: each mode", _modes, first_layer),
        held("linear network, first-layer flow in τ: Tr G² for any start and targets", _trace, first_layer),
        held(
            "linear network, full flow in t, balanced start, λ = 0.2",
            _balanced,
            "gradient flow (3), a Riccati equation",
        ),
    ]


def _grams(start: Array, white: Array) -> Array:
    """W1W1ᵀ along the first-layer flow to targets Xwhite."""
    path = numeric(first_layer_flow(X, X @ white, "linear"), start)
    return np.asarray(path @ path.mT)


def _whitened() -> float:
    gram, target = solutions.whitened(X, X @ WHITE, W1)
    return gap(np.stack([gram, target]), np.stack([W1 @ W1.T, WHITE @ WHITE.T]))


def _one_output() -> float:
    y = WHITE[:, 0]
    return gap(solutions.one_output_gram(y)(TIMES, W1 @ W1.T), _grams(W1, y[:, None]))


def _isotropic() -> float:
    return gap(solutions.isotropic_gram(0.7)(TIMES, W1 @ W1.T), _grams(W1, np.sqrt(0.7) * np.eye(3)))


def _modes() -> float:
    vectors, g, q = np.linalg.qr(W1[:, :3])[0], np.array([0.3, 1.0, 2.5]), np.array([1.5, 0.0, 0.2])
    grams = _grams(vectors * np.sqrt(g), vectors * np.sqrt(q))
    return gap(solutions.gram_mode(q)(TIMES[:, None], g), np.einsum("ia,tij,ja->ta", vectors, grams, vectors))


def _trace() -> float:
    traces = np.square(_grams(W1, WHITE)).sum(axis=(1, 2))
    return gap(solutions.gram_trace(WHITE @ WHITE.T)(TIMES, W1 @ W1.T), traces)


def _balanced() -> float:
    inner, outer, sizes = np.linalg.qr(W1.T)[0], np.linalg.qr(WHITE[:2])[0], np.array([0.4, 1.1])
    start = np.eye(3)[:, :2] * sizes @ inner[:, :2].T, inner[:, :2] * sizes @ outer.T
    first, second = numeric(full_flow(np.eye(3), WHITE, "linear", ridge=0.2), start)
    stacks = np.concatenate([first, second.mT], axis=1)
    return gap(solutions.balanced_network(WHITE, 0.2)(TIMES, start), stacks @ stacks.mT)
