"""Where the closed forms end: at late times each is at its fixed point."""

import numpy as np

from reduced import solutions
from reduced.claims.claim import Claim
from reduced.claims.closed_forms.comparison import exact, gap
from reduced.claims.closed_forms.linear_network import W1, WHITE

LATE = 700.0


def claims() -> list[Claim]:
    """One claim a closed form."""
    return [
        exact(
            "τ = 700: the zero-loss product is at w_1 = √s", _late_zero_loss, "balanced point of w_1 w_2 = s"
        ),
        exact(
            "τ = 700: the first-layer product is at √s, and with ridge at √(s − κ)",
            _late_ridge,
            "its fixed point",
        ),
        exact("t = 700/λ: the full product is at √(s − λ/a)", _late_full, "its fixed point"),
        exact("τ = 700: a one-output linear network is at yyᵀ/‖y‖", _late_one_output, "its fixed point"),
        exact(
            "t = 1e6: singular values of a balanced network are those of Y less λ, or 0",
            _late_balanced,
            "its fixed point",
        ),
        exact("τ = 700: the winner of a race is where it would be alone", _late_race, "its fixed point"),
        exact("τ = 700: Tr G² is Tr Q, and G of isotropic targets √q", _late_grams, "its fixed point"),
        exact("t → ∞: the training loss of Fig. 1 is (2λ/(2+λ))²", _late_loss, "its fixed point"),
    ]


def _late_zero_loss() -> float:
    w1, w2 = solutions.product_zero_loss()(LATE, (5.0, 0.4))
    return gap([w1, w2], np.sqrt([2.0, 2.0]))


def _late_ridge() -> float:
    measured = [solutions.product_first_layer(2.0, ridge)(LATE, 0.3) for ridge in (0.0, 0.5, 1.5)]
    return gap(measured, np.sqrt([2.0, 1.5, 0.5]))


def _late_full() -> float:
    return gap(np.stack(solutions.product_full(1.0, 2.0, 0.5)(LATE / 0.5, (2.0, 0.1))), np.sqrt([1.5, 1.5]))


def _late_one_output() -> float:
    y = WHITE[:, 0]
    return gap([solutions.one_output_gram(y)(LATE, W1 @ W1.T)], [np.outer(y, y) / np.linalg.norm(y)])


def _late_balanced() -> float:
    turn = np.linalg.qr(W1[:, :3])[0]
    start = turn * [0.1, 0.2, 0.3], (turn * [0.1, 0.2, 0.3]).T
    ended = solutions.balanced_network(turn * [3.0, 2.0, 0.5] @ turn.T, 1.0)(1e6, start)[:3, 3:]
    return gap([ended], [turn * [2.0, 1.0, 0.0] @ turn.T])


def _late_race() -> float:
    raced = solutions.winner_takes_all(3.0, 2)(LATE, np.array([0.5, 2.0, 1.9]))
    return gap([raced], [[0.0, float(solutions.one_neuron(3.0, 2)(LATE, 2.0)), 0.0]])


def _late_grams() -> float:
    trace = float(solutions.gram_trace(WHITE @ WHITE.T)(LATE, W1 @ W1.T)) / float(np.sum(WHITE**2))
    isotropic = solutions.isotropic_gram(0.7)(LATE, W1 @ W1.T)
    return max(abs(trace - 1), gap([isotropic], [np.sqrt(0.7) * np.eye(3)]))


def _late_loss() -> float:
    return float(solutions.two_weights_losses(0.1)(1e6)[0]) / (0.2 / 2.1) ** 2 - 1
