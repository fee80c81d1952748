"""Where the closed forms end, and where they join each other: late times, vanishing parameters, equal eigenvalues."""

import numpy as np

from reduced import solutions
from reduced.claims.claim import Claim
from reduced.claims.closed_forms.comparison import GROUP, TIMES, Array, exact, gap
from reduced.claims.closed_forms.linear_network import W1, WHITE

LATE = 700.0
MOMENT = 1e-6


def claims() -> list[Claim]:
    """Limits in time, then in the parameters."""
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
        Claim(
            GROUP,
            "τ = 1e-6: the closed forms have left their start at the velocity of the flow",
            "difference quotients of five solutions",
            _velocity,
            0.0,
            1e-4,
            "the next order is the elapsed 1e-6 times second derivatives of some tens",
            method="difference quotient of each closed form at its start, against the flow's velocity there",
        ),
        exact(
            "D_0 → 0: a balanced zero-loss product stays, a nearly balanced one too",
            _balanced_product,
            "fixed point",
        ),
        exact(
            "D_0 → 0: the full product from nearly equal weights is that from equal ones",
            _equal_weights,
            "the same flow",
        ),
        exact("D_0 → 0: the same for target 0", _equal_weights_on_the_cross, "the same flow"),
        exact("κ → 0: the ridge of the first-layer product goes away at 1e-15", _no_ridge, "the same flow"),
        exact(
            "κ → s: the clock of the first-layer product passes its singularity", _threshold, "the same flow"
        ),
        exact(
            "ε = 1: two rates are the zero-loss flow", lambda: _rates(1.0, zero_loss=True), "the same flow"
        ),
        exact(
            "ε → 0: two rates are the first-layer flow at 1e-15",
            lambda: _rates(1e-15, zero_loss=False),
            "its limit",
        ),
        exact(
            "equal eigenvalues: a one-output network from G_0 = I moves along y alone",
            _equal_eigenvalues,
            "one mode",
        ),
        exact(
            "equal singular values: a balanced network with Y = 2I grows logistically",
            _equal_targets,
            "one mode",
        ),
        exact("one neuron in a race is alone; tied neurons share for ever", _ties, "the same flow"),
        exact(
            "λ → 0 in regression: w → X⁺y + e^{−τ}(I − X⁺X)w_0 at λ = 1e-15", _slow_regression, "slow limit"
        ),
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


def _velocity() -> float:
    """Largest relative error of (z(τ) − z(0))/τ against −z + (what pushes)."""
    quotients = {
        "first layer": (solutions.product_first_layer(2.0)(MOMENT, 0.9), 0.9, 4.0 / 0.9**3 - 0.9),
        "ridge": (solutions.product_first_layer(2.0, 0.5)(MOMENT, 0.9), 0.9, 4.0 * 0.9 / 1.31**2 - 0.9),
        "neuron": (solutions.one_neuron(3.0, 2)(MOMENT, 1.1), 1.1, 6.0 / 1.1**5 - 1.1),
        "two rates": (
            solutions.product_two_rates(2.0, 0.5)(MOMENT, 0.9),
            0.9,
            0.9 * (4 - 0.9**4) / (0.9**4 + 2),
        ),
        "mode": (solutions.gram_mode(2.0)(MOMENT, 0.5), 0.5, 4.0 / 0.5 - 1.0),
    }
    return max(abs((float(now) - then) / MOMENT / rate - 1) for now, then, rate in quotients.values())


def _balanced_product() -> float:
    root = np.sqrt(2.0)
    stays = solutions.product_zero_loss()(TIMES, (root, root))[0]
    nearly = solutions.product_zero_loss()(TIMES, (root * (1 + 1e-15), root / (1 + 1e-15)))[0]
    return gap(np.stack([stays, nearly]), np.full((2, len(TIMES)), root))


def _equal_weights() -> float:
    nearly, equal = (
        solutions.product_full(1.0, 2.0, 0.5)(TIMES, (0.3 * (1 + off), 0.3)) for off in (1e-14, 0.0)
    )
    return gap(np.stack(nearly, axis=1), np.stack(equal, axis=1))


def _equal_weights_on_the_cross() -> float:
    nearly, equal = (solutions.product_cross(1.0, 0.5)(TIMES, (0.3 * (1 + off), 0.3)) for off in (1e-14, 0.0))
    return gap(np.stack(nearly, axis=1), np.stack(equal, axis=1))


def _no_ridge() -> float:
    return gap(
        solutions.product_first_layer(2.0, 1e-15)(TIMES, 0.3), solutions.product_first_layer(2.0)(TIMES, 0.3)
    )


def _threshold() -> float:
    beside, at = (solutions.product_first_layer(2.0, ridge)(TIMES, 0.3) for ridge in (2.0 - 1e-15, 2.0))
    return gap(beside, at)


def _rates(epsilon: float, zero_loss: bool) -> float:
    limit = (
        solutions.product_zero_loss()(TIMES, (0.5, 4.0))[0]
        if zero_loss
        else solutions.product_first_layer(2.0)(TIMES, 0.5)
    )
    return gap(solutions.product_two_rates(2.0, epsilon)(TIMES, 0.5), limit)


def _equal_eigenvalues() -> float:
    y = np.array([0.6, 0.0, 0.8])
    expected = [np.exp(-2 * tau) * (np.eye(3) - np.outer(y, y)) for tau in TIMES]
    expected += solutions.gram_mode(1.0)(TIMES, 1.0)[:, None, None] * np.outer(y, y)
    return gap(solutions.one_output_gram(y)(TIMES, np.eye(3)), expected)


def _equal_targets() -> float:
    network = solutions.balanced_network(2 * np.eye(2), 0.5)(TIMES, (0.3 * np.eye(2), 0.3 * np.eye(2)))
    logistic = 1.5 / (1 + (1.5 / 0.3**2 - 1) * np.exp(-4 * 1.5 * TIMES))
    return gap(network, logistic[:, None, None] * np.kron(np.ones((2, 2)), np.eye(2)))


def _ties() -> float:
    alone = solutions.winner_takes_all(3.0, 2)(TIMES, np.array([0.7]))[:, 0]
    tied = solutions.winner_takes_all(3.0, 2)(LATE, np.array([1.0, 1.0]))
    shared = gap([tied], [np.full(2, (3.0 * 2 / 4) ** (1 / 6))])
    return max(shared, gap(alone, solutions.one_neuron(3.0, 2)(TIMES, 0.7)))


def _slow_regression() -> float:
    X, y, w0 = np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]]), np.array([1.5, -0.5]), np.array([1.0, -2.0, 0.3])
    decay, taus = 1e-15, np.array([0.1, 0.7, 3.0])
    inverse = np.linalg.pinv(X)
    unseen: Array = np.exp(-taus)[:, None] * (w0 - inverse @ X @ w0)
    return gap(solutions.linear_regression(X, y, decay)(taus / (2 * decay), w0), inverse @ y + unseen)
