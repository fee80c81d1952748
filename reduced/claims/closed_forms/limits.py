"""Where the closed forms begin, and where they join each other: vanishing parameters, equal eigenvalues, ties."""

import numpy as np

from reduced import solutions
from reduced.claims.claim import Claim
from reduced.claims.closed_forms.comparison import GROUP, TIMES, Array, exact, gap
from reduced.claims.closed_forms.late import LATE

MOMENT = 1e-6


def claims() -> list[Claim]:
    """The start, then limits in the parameters."""
    return [
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
