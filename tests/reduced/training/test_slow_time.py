"""Momentum and minibatches against plain loops, and the slow time of both against the law of the imbalance.

In the product model L = (w1 w2 - 1)² + λ(w1² + w2²) the gradient flow has d(w1² - w2²)/dτ = -2(w1² - w2²) with τ = 2λt,
whatever the loss does.
"""

import numpy as np
import pytest

from reduced.training.gradient_descent import slow_time, train

TAU, DECAY = 0.08, 0.1
START = np.array([[2.0]]), np.array([[0.5]])
LAW = (2.0**2 - 0.5**2) * np.exp(-2 * TAU)


def imbalance(rate, momentum=0.0, **batches):
    """w1² - w2² after the steps that take the slow time TAU, on two samples that the same weights fit."""
    X = np.array([[1.0], [0.5]])
    steps = round(TAU * (1 - momentum) / (rate * DECAY))
    assert slow_time(steps, rate, DECAY, momentum) == pytest.approx(TAU, rel=1e-9)
    how = {"steps": steps, "learning_rate": rate, "weight_decay": DECAY, "momentum": momentum}
    (W1,), (W2,) = train(X, X.copy(), START, activation="linear", **how, **batches).y
    return float(W1[0, 0] ** 2 - W2[0, 0] ** 2)


def test_the_law_is_the_number_that_others_measure():
    assert pytest.approx(3.1955, abs=1e-4) == LAW


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_momentum_takes_the_slow_time_that_is_derived(momentum):
    """The error is of first order in the learning rate; without 1/(1 - momentum) it would not fall at all."""
    coarse, fine = (
        imbalance(rate, momentum) - LAW for rate in (4e-3 * (1 - momentum), 2e-3 * (1 - momentum))
    )
    assert abs(fine) < 0.02
    assert coarse / fine == pytest.approx(2, rel=0.15)


def test_steps_counted_without_the_momentum_miss_the_law():
    X = np.array([[1.0], [0.5]])
    how = {
        "steps": round(TAU / (2e-3 * DECAY)),
        "learning_rate": 2e-3,
        "weight_decay": DECAY,
        "momentum": 0.5,
    }
    (W1,), (W2,) = train(X, X.copy(), START, activation="linear", **how).y
    assert abs(float(W1[0, 0] ** 2 - W2[0, 0] ** 2) - LAW) > 0.3


@pytest.mark.parametrize("seed", range(3))
def test_minibatches_take_the_slow_time_of_plain_steps(seed):
    coarse, fine = (imbalance(rate, batch_size=1, rng=seed) - LAW for rate in (4e-3, 1e-3))
    assert abs(fine) < 0.005
    assert abs(fine) < abs(coarse) / 2


def data(n=7, d_in=3, hidden=4, d_out=2):
    draw = np.random.default_rng(0).standard_normal
    return draw((n, d_in)), draw((n, d_out)), (draw((d_in, hidden)), draw((hidden, d_out)))


def library_gradient(X, Y, W1, W2, decay, divided_by):
    """Of the squared errors, summed and divided, written out for tanh; decay adds itself times the weights."""
    H = np.tanh(X @ W1)
    errors = 2 * (H @ W2 - Y) / divided_by
    return X.T @ ((errors @ W2.T) * (1 - H**2)) + decay * W1, H.T @ errors + decay * W2


def test_heavy_ball_is_the_plain_loop():
    X, Y, (W1, W2) = data()
    run = train(
        X, Y, (W1, W2), steps=25, learning_rate=0.05, weight_decay=0.1, activation="tanh", momentum=0.9
    )
    v1, v2 = np.zeros_like(W1), np.zeros_like(W2)
    for _ in range(25):
        g1, g2 = library_gradient(X, Y, W1, W2, 0.1, Y.size)
        v1, v2 = 0.9 * v1 + g1, 0.9 * v2 + g2
        W1, W2 = W1 - 0.05 * v1, W2 - 0.05 * v2
    assert run.y[0][-1] == pytest.approx(W1, rel=1e-12)
    assert run.y[1][-1] == pytest.approx(W2, rel=1e-12)


@pytest.mark.parametrize("size", [1, 3, 7])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_minibatches_are_the_plain_loop(size, reduction):
    """A mean over each batch, the last of an epoch smaller; or a sum that is scaled up to all samples."""
    X, Y, (W1, W2) = data()
    rate = 0.05 if reduction == "mean" else 0.005
    how = {"learning_rate": rate, "weight_decay": 0.1, "activation": "tanh", "reduction": reduction}
    run = train(X, Y, (W1, W2), steps=20, batch_size=size, rng=5, **how)
    shuffles, taken = np.random.default_rng(5), 0
    while taken < 20:
        order = shuffles.permutation(7)
        for first in range(0, 7, size):
            rows = order[first : first + size]
            divided_by = 2 * len(rows) if reduction == "mean" else len(rows) / 7
            g1, g2 = library_gradient(X[rows], Y[rows], W1, W2, 0.1, divided_by)
            if taken < 20:
                W1, W2, taken = W1 - rate * g1, W2 - rate * g2, taken + 1
    assert run.y[0][-1] == pytest.approx(W1, rel=1e-11)
    assert run.y[1][-1] == pytest.approx(W2, rel=1e-11)


def test_the_seed_decides_the_batches():
    X, Y, state = data()
    how = {"steps": 4, "learning_rate": 0.05, "weight_decay": 0.1, "batch_size": 2}
    one, again, other = (train(X, Y, state, rng=seed, **how).y[0] for seed in (0, 0, 1))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


@pytest.mark.parametrize("loss", ["cross_entropy", "logistic"])
def test_a_batch_of_all_samples_is_full_descent_for_any_loss(loss):
    from reduced.network.losses import LOSSES

    X, _, state = data()
    Y = LOSSES[loss].from_one_hot(np.eye(2)[[0, 1, 0, 1, 1, 0, 0]])
    how = {"steps": 5, "learning_rate": 0.05, "weight_decay": 0.1, "loss": loss}
    full, batch = train(X, Y, state, **how), train(X, Y, state, batch_size=7, **how)
    assert batch.y[0] == pytest.approx(full.y[0], rel=1e-12)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"batch_size": 0}, "batch_size = 0: must be an integer >= 1"),
        ({"batch_size": 8}, "batch_size = 8: must be at most the 7 samples"),
        ({"batch_size": 2.5}, "batch_size = 2.5: must be an integer"),
        ({"batch_size": 2, "momentum": 0.9}, "no slow time is derived for minibatches with momentum"),
        ({"batch_size": 2, "rng": -1}, "rng = -1"),
    ],
)
def test_what_has_no_meaning_is_refused(change, message):
    X, Y, state = data()
    with pytest.raises(ValueError, match=message):
        train(X, Y, state, **({"steps": 1, "learning_rate": 0.1, "weight_decay": 0.1} | change))
