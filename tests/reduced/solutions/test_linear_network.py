import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reduced.flows.two_layer import first_layer_flow, full_flow
from reduced.solutions import (
    balanced_network,
    gram_mode,
    gram_trace,
    isotropic_gram,
    one_output_gram,
    whitened,
)

TIMES = np.array([0.0, 1e-9, 1e-3, 0.1, 0.7, 3.0])
RELATIVE = 1e-10

seeds = st.integers(0, 2**32 - 1)


def gram_flow(Q):
    def flow(_, G):
        pull = np.linalg.solve(G, Q)
        return pull + pull.T - 2 * G

    return flow


def random_gram(rng, n, spread):
    vectors = np.linalg.qr(rng.normal(size=(n, n)))[0]
    return vectors * 10 ** rng.uniform(-spread, spread, size=n) @ vectors.T


def close(measured, expected):
    scale = abs(expected).max(axis=(-2, -1), keepdims=True)
    np.testing.assert_array_less(abs(measured - expected) / scale, RELATIVE)


@given(seed=seeds, n=st.integers(1, 5), spread=st.floats(0, 1.5))
def test_one_output_from_any_start(referee, seed, n, spread):
    rng = np.random.default_rng(seed)
    G0, y = random_gram(rng, n, spread), rng.normal(size=n) * 10 ** rng.uniform(-spread, spread)
    close(one_output_gram(y)(TIMES, G0), referee(gram_flow(np.outer(y, y)), G0, TIMES))


@given(seed=seeds, n=st.integers(1, 5), q=st.floats(-3, 3).map(lambda exponent: 10**exponent))
def test_isotropic_targets_from_any_start(referee, seed, n, q):
    G0 = random_gram(np.random.default_rng(seed), n, 1.0)
    close(isotropic_gram(q)(TIMES, G0), referee(gram_flow(q * np.eye(n)), G0, TIMES))


@given(seed=seeds, n=st.integers(1, 5))
def test_commuting_modes_and_the_trace(referee, seed, n):
    rng = np.random.default_rng(seed)
    vectors = np.linalg.qr(rng.normal(size=(n, n)))[0]
    g0, q = rng.uniform(0.1, 3, size=n), rng.uniform(0, 3, size=n)
    Q = vectors * q @ vectors.T
    expected = referee(gram_flow(Q), vectors * g0 @ vectors.T, TIMES)
    modes = gram_mode(q)(TIMES[:, None], g0)
    close((vectors * modes[:, None, :]) @ vectors.T, expected)
    G0 = random_gram(rng, n, 0.5)
    traces = np.square(referee(gram_flow(Q), G0, TIMES)).sum(axis=(1, 2))
    np.testing.assert_allclose(gram_trace(Q)(TIMES, G0), traces, rtol=RELATIVE)


def test_the_whitened_gram_is_that_of_the_first_layer_flow(referee):
    rng = np.random.default_rng(0)
    X, Y, W1 = rng.normal(size=(3, 5)), rng.normal(size=(3, 1)), rng.normal(size=(5, 6))
    layers = referee(first_layer_flow(X, Y, "linear"), W1, TIMES)
    values, vectors = np.linalg.eigh(X @ X.T)
    y = (vectors / np.sqrt(values) @ vectors.T @ Y)[:, 0]
    G0, Q = whitened(X, Y, W1)
    np.testing.assert_allclose(Q, np.outer(y, y), rtol=1e-12)
    close(one_output_gram(y)(TIMES, G0), np.array([whitened(X, Y, layer)[0] for layer in layers]))


@pytest.mark.parametrize("tau", [50.0, 299.0, 301.0, 700.0])
def test_one_output_ends_at_the_root_of_its_target(tau):
    y = np.array([3.0, 0.0, 4.0])
    G0 = random_gram(np.random.default_rng(1), 3, 2.0)
    np.testing.assert_allclose(one_output_gram(y)(tau, G0), np.outer(y, y) / 5, atol=1e-14)


def balanced_start(rng, inputs, outputs, hidden):
    rank = min(inputs, outputs, hidden)
    left, middle, right = (np.linalg.qr(rng.normal(size=(n, rank)))[0] for n in (inputs, hidden, outputs))
    sizes = rng.uniform(0.01, 2, size=rank)
    return left * sizes @ middle.T, middle * sizes @ right.T


@given(
    seed=seeds,
    shape=st.tuples(*[st.integers(1, 3)] * 3),
    ridge=st.one_of(st.just(0.0), st.floats(0.01, 2)),
)
def test_balanced_weights_of_any_shape(referee, seed, shape, ridge):
    rng = np.random.default_rng(seed)
    inputs, outputs, hidden = shape
    Y = rng.normal(size=(inputs, outputs))
    W1, W2 = balanced_start(rng, inputs, outputs, hidden)

    def flow(_, stack):
        first, second = stack[:inputs], stack[inputs:]
        error = first @ second.T - Y
        return -2 * np.vstack([error @ second, error.T @ first]) - 2 * ridge * stack

    stacks = referee(flow, np.vstack([W1, W2.T]), TIMES)
    measured, expected = balanced_network(Y, ridge)(TIMES, (W1, W2)), stacks @ stacks.mT
    # On the way to a saddle the state shrinks and the rounding of the start does not.
    np.testing.assert_allclose(measured, expected, rtol=RELATIVE, atol=RELATIVE * abs(expected).max())


def test_balanced_weights_are_those_of_the_full_flow(referee):
    Y = np.array([[1.0, -0.5], [2.0, 0.3], [0.1, 0.2]])
    W1, W2 = balanced_start(np.random.default_rng(0), 3, 2, 4)
    network = full_flow(np.eye(3), Y, "linear", ridge=0.2)

    def flow(t, stack):
        dW1, dW2 = network(t, (stack[:3].copy(), stack[3:].T.copy()))
        return np.vstack([dW1, dW2.T])

    stacks = referee(flow, np.vstack([W1, W2.T]), TIMES)
    close(balanced_network(Y, 0.2)(TIMES, (W1, W2)), stacks @ stacks.mT)


@pytest.mark.parametrize("t", [700.0, 1e6, 1e12])
def test_balanced_weights_end_at_the_thresholded_target_without_overflow(t):
    rng = np.random.default_rng(0)
    left, right = (np.linalg.qr(rng.normal(size=(3, 3)))[0] for _ in range(2))
    Y = left * [3.0, 2.0, 0.5] @ right.T
    ended = balanced_network(Y, ridge=1.0)(t, balanced_start(rng, 3, 3, 4))[:3, 3:]
    np.testing.assert_allclose(ended, left * [2.0, 1.0, 0.0] @ right.T, atol=1e-13)


def test_a_start_on_a_saddle_stays_there():
    Y = np.diag([3.0, 1.0])
    start = np.array([[0.0], [0.5]]), np.array([[0.0, 0.5]])
    np.testing.assert_allclose(balanced_network(Y)(1e3, start)[:2, 2:], np.diag([0.0, 1.0]), atol=1e-14)


def test_unbalanced_weights_are_refused():
    with pytest.raises(ValueError, match="balanced"):
        balanced_network(np.eye(2))(1.0, (np.eye(2), 2 * np.eye(2)))


def test_inputs_without_full_row_rank_are_refused():
    with pytest.raises(ValueError, match="full row rank"):
        whitened(np.ones((2, 3)), np.ones((2, 1)), np.ones((3, 2)))


@pytest.mark.parametrize(
    "call",
    [
        lambda: gram_mode(1.0)(0.0, -2.0),
        lambda: isotropic_gram(1.0)(0.0, np.diag([-2.0, 2.0])),
        lambda: gram_trace(np.diag([-1.0, 1.0])),
        lambda: gram_trace(np.eye(2))(0.0, np.diag([-2.0, 2.0])),
        lambda: one_output_gram(np.array([0.0, 1.0]))(0.0, np.diag([1.0, -2.0])),
    ],
)
def test_what_is_no_gram_matrix_is_refused(call):
    with pytest.raises(ValueError, match=r"^\w+ (holds|has the eigenvalue) -\d[^\n]*Gram matrix[^\n]*$"):
        call()
