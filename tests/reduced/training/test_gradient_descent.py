import numpy as np
import pytest

from reduced.errors import IntegrationError
from reduced.flows.two_layer import full_flow
from reduced.integration.solve import integrate
from reduced.network.losses import LOSSES
from reduced.training.gradient_descent import ridge_of, slow_time, train


def network(seed=0, n=6, d_in=3, hidden=5, d_out=2):
    draw = np.random.default_rng(seed).standard_normal
    return draw((n, d_in)), draw((n, d_out)), (draw((d_in, hidden)) / 2, draw((hidden, d_out)) / 2)


def loss(X, Y, W1, W2, weight_decay):
    """Mean-squared error as deep-learning libraries write it; decay·‖θ‖²/2 has the gradient decay·θ."""
    decay = weight_decay / 2 * (np.sum(W1**2) + np.sum(W2**2))
    return np.mean((np.tanh(X @ W1) @ W2 - Y) ** 2) + decay


def test_one_step_is_the_library_gradient_of_the_mean_error():
    X, Y, (W1, W2) = network()
    run = train(X, Y, (W1, W2), steps=1, learning_rate=0.1, weight_decay=0.01, activation="tanh")
    for i, j, bump in [(0, 0, 1e-6), (2, 4, 1e-6)]:
        shift = np.zeros_like(W1)
        shift[i, j] = bump
        slope = (loss(X, Y, W1 + shift, W2, 0.01) - loss(X, Y, W1 - shift, W2, 0.01)) / (2 * bump)
        assert run.y[0][-1][i, j] == pytest.approx(W1[i, j] - 0.1 * slope, abs=1e-9)


@pytest.mark.parametrize(("reduction", "step"), [("mean", 0.01 / 12), ("sum", 0.01)])
def test_plain_descent_is_euler_on_the_full_flow(reduction, step):
    X, Y, state = network()
    run = train(
        X, Y, state, steps=50, learning_rate=0.01, weight_decay=0.1, activation="tanh", reduction=reduction
    )
    flow = full_flow(X, Y, "tanh", ridge=ridge_of(0.1, Y, reduction))
    euler = integrate(flow, state, (0, 50 * step), method="euler", step=step)
    assert run.y[0][-1] == pytest.approx(euler.y[0][-1], rel=1e-12)
    assert run.y[1][-1] == pytest.approx(euler.y[1][-1], rel=1e-12)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_slow_time_is_twice_lambda_flow_time(reduction):
    _, Y, _ = network()
    flow_time = 7 * 0.01 / (Y.size if reduction == "mean" else 1)
    assert slow_time(7, 0.01, 0.1) == pytest.approx(2 * ridge_of(0.1, Y, reduction) * flow_time, rel=1e-14)


def test_momentum_follows_the_heavy_ball():
    X, Y, state = network()
    settings = {"learning_rate": 0.01, "weight_decay": 0.1, "activation": "tanh"}
    one = train(X, Y, state, steps=1, **settings)
    after = one.y[0][-1], one.y[1][-1]
    plain = train(X, Y, after, steps=1, **settings)
    heavy = train(X, Y, state, steps=2, momentum=0.9, **settings)
    for layer in (0, 1):
        expected = plain.y[layer][-1] + 0.9 * (after[layer] - state[layer])
        assert heavy.y[layer][-1] == pytest.approx(expected, rel=1e-12)


def test_a_lag_speeds_up_the_readout_alone():
    X, Y, state = network()
    settings = {"steps": 1, "learning_rate": 0.01, "weight_decay": 0.1}
    plain, fast = train(X, Y, state, **settings), train(X, Y, state, rate_ratio=0.25, **settings)
    assert fast.y[0][-1] == pytest.approx(plain.y[0][-1], rel=1e-15)
    assert fast.y[1][-1] - state[1] == pytest.approx(4 * (plain.y[1][-1] - state[1]), rel=1e-9)


def test_observations_hold_the_first_and_the_last_step():
    X, Y, state = network()
    run = train(
        X,
        Y,
        state,
        steps=7,
        learning_rate=0.01,
        weight_decay=0.1,
        observe=lambda step, at: {"W1": at[0]},
        observe_every=3,
    )
    assert run.observed["t"].tolist() == [0, 3, 6, 7]
    assert np.array_equal(run.observed["W1"][0], state[0])
    assert np.array_equal(run.observed["W1"][-1], run.y[0][-1])


def test_the_start_is_left_alone():
    X, Y, state = network()
    before = state[0].copy()
    train(X, Y, state, steps=3, learning_rate=0.1, weight_decay=0.1)
    assert np.array_equal(state[0], before)


def test_divergence_is_reported():
    X, Y, state = network()
    with pytest.raises(IntegrationError, match="diverged before step 5: lower the learning rate"):
        train(X, Y, state, steps=200, learning_rate=1e6, weight_decay=0.1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"steps": 0}, "steps = 0: must be an integer >= 1"),
        ({"learning_rate": -1.0}, "learning_rate = -1.0: must be a positive number"),
        ({"momentum": 1.0}, r"momentum = 1.0: must lie in \[0, 1\)"),
        ({"rate_ratio": 0.0}, "rate_ratio = 0.0: must be a positive number"),
        ({"reduction": "huber"}, "reduction = 'huber': choose one of mean, sum"),
        ({"weight_decay": -1.0}, "weight_decay = -1.0: must be a finite number >= 0"),
    ],
)
def test_unusable_arguments_are_named(change, message):
    X, Y, state = network()
    with pytest.raises(ValueError, match=message):
        train(X, Y, state, **({"steps": 1, "learning_rate": 0.1, "weight_decay": 0.1} | change))


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_one_step_with_any_loss_follows_the_gradient_of_the_libraries_mean(loss, reduction):
    """Of log-softmax over samples, of the others over outputs too; decay adds weight_decay times the weights."""
    rng = np.random.default_rng(0)
    X, W1, W2 = rng.standard_normal((5, 4)), rng.standard_normal((4, 6)), rng.standard_normal((6, 3))
    Y = LOSSES[loss].from_one_hot(np.eye(3)[rng.integers(0, 3, 5)])
    averaged = {"sum": 1, "mean": 5 if loss == "cross_entropy" else 15}[reduction]

    def cost(first, second):
        decay = 0.1 * (np.sum(first**2) + np.sum(second**2)) / 2
        return LOSSES[loss].value(np.tanh(X @ first) @ second, Y) / averaged + decay

    run = train(
        X,
        Y,
        (W1, W2),
        steps=1,
        learning_rate=1e-3,
        weight_decay=0.1,
        activation="tanh",
        reduction=reduction,
        loss=loss,
    )
    h = 1e-5
    for layer, moved in enumerate(run.y):
        for i, j in [(0, 0), (1, 2), (3, 1)]:
            ahead, behind = ((W1.copy(), W2.copy()) for _ in range(2))
            ahead[layer][i, j] += h
            behind[layer][i, j] -= h
            slope = (cost(*ahead) - cost(*behind)) / (2 * h)
            assert moved[0][i, j] == pytest.approx((W1, W2)[layer][i, j] - 1e-3 * slope, rel=1e-9, abs=1e-10)
    assert ridge_of(0.1, Y, reduction, loss) == pytest.approx(0.05 * averaged)
