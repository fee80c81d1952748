import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reduced.solutions import linear_regression, two_weights, two_weights_descent, two_weights_losses

TIMES = np.array([0.0, 1e-9, 1e-3, 0.1, 0.7, 3.0])


@given(seed=st.integers(0, 2**32 - 1), n=st.integers(1, 4), d=st.integers(1, 4), ridge=st.floats(0, 2))
def test_any_regression(referee, seed, n, d, ridge):
    rng = np.random.default_rng(seed)
    X, y, w0 = rng.normal(size=(n, d)), rng.normal(size=n), rng.normal(size=d)
    expected = referee(lambda _, w: -2 * X.T @ (X @ w - y) - 2 * ridge * w, w0, TIMES)
    np.testing.assert_allclose(linear_regression(X, y, ridge)(TIMES, w0), expected, rtol=1e-10, atol=1e-12)


def test_without_decay_a_rank_deficient_fit_keeps_what_no_sample_sees():
    X = np.outer([1.0, 2.0, 3.0], [1.0, 1.0, 1.0])
    fitted = linear_regression(X, np.array([3.0, 6.0, 9.0]))(1e3, [1.0, 0.0, -1.0])
    np.testing.assert_allclose(fitted, [2.0, 1.0, 0.0], atol=1e-13)


def test_the_slow_limit_and_its_first_correction():
    rng = np.random.default_rng(0)
    X, y, w0, tau = rng.normal(size=(2, 4)), rng.normal(size=2), rng.normal(size=4), 0.8
    inverse = np.linalg.pinv(X)
    slow = inverse @ y + np.exp(-tau) * (w0 - inverse @ X @ w0)
    correction = -np.linalg.pinv(X.T @ X) @ inverse @ y
    for ridge in (1e-3, 1e-5):
        off = linear_regression(X, y, ridge)(tau / (2 * ridge), w0) - slow
        np.testing.assert_allclose(off / ridge, correction, rtol=100 * ridge)


@pytest.mark.parametrize("ridge", [1e-12, 0.01, 0.2, 5.0])
def test_two_weights_are_a_regression(ridge):
    times = [0.0, 0.3, 10.0, 1e3, 1e15]
    general = linear_regression(np.array([[1.0, 1.0]]), np.array([2.0]), ridge)(times, [-1.0, 1.0])
    weights = two_weights(ridge)(times)
    np.testing.assert_allclose(weights, general, rtol=1e-13, atol=1e-14)
    train, test = two_weights_losses(ridge)(times)
    np.testing.assert_allclose(train, (weights.sum(axis=1) - 2) ** 2, rtol=1e-10, atol=1e-14)
    np.testing.assert_allclose(test, np.square(weights - 1).sum(axis=1), rtol=1e-10, atol=1e-14)
    np.testing.assert_allclose(train[-1], (2 * ridge / (2 + ridge)) ** 2, rtol=1e-13)


def test_descent_is_the_iteration_it_solves():
    ridge, step_size = 0.1, 0.05
    w = np.array([-1.0, 1.0])
    expected = [w]
    for _ in range(50):
        w = w - step_size * (2 * (w.sum() - 2) * np.ones(2) + 2 * ridge * w)
        expected.append(w)
    measured = two_weights_descent(ridge, step_size)(np.arange(51))
    np.testing.assert_allclose(measured, expected, rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize("ridge", [-0.1, float("nan")])
def test_a_decay_that_is_none_is_refused(ridge):
    with pytest.raises(ValueError, match="ridge"):
        linear_regression(np.eye(2), np.ones(2), ridge)
