import pickle
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from reduced import (
    ACTIVATIONS,
    Activation,
    SingularGramError,
    first_layer_flow,
    full_flow,
    optimal_readout,
    reduced_cost,
)
from reduced.readout.gram import gram_condition

REGIMES = {"zero loss": (6, 20, 0.0), "ridge": (6, 20, 0.1), "more samples than units": (20, 6, 0.1)}
HOMOGENEOUS = [a for a in ACTIVATIONS.values() if a.degree]


def draw(n, d_h, seed=0, d_in=25, d_out=3):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, d_in)), rng.normal(size=(n, d_out)), rng.normal(size=(d_in, d_h)) / 5


def by_inverse(X, Y, W1, activation, ridge):
    """The printed formulas with an explicit inverse, typed independently of the derivation."""
    Z = X @ W1
    H = activation.value(Z)
    A = np.linalg.inv(H @ H.T + ridge * np.eye(len(X)))
    flow = X.T @ ((A @ Y @ Y.T @ A @ H) * activation.derivative(Z)) - W1
    return flow, np.sum(W1**2) + np.trace(Y.T @ A @ Y), H.T @ A @ Y


def relative(a, b):
    return np.max(np.abs(a - b)) / np.max(np.abs(b))


@pytest.mark.parametrize(("n", "d_h", "ridge"), REGIMES.values(), ids=REGIMES)
@pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=ACTIVATIONS)
def test_generated_code_agrees_with_an_explicit_inverse(activation, n, d_h, ridge):
    X, Y, W1 = draw(n, d_h)
    flow, cost, readout = by_inverse(X, Y, W1, activation, ridge)
    assert relative(first_layer_flow(X, Y, activation, ridge)(0.0, W1), flow) < 1e-11
    assert relative(reduced_cost(X, Y, activation, ridge)(W1), cost) < 1e-12
    assert relative(optimal_readout(X, Y, activation, ridge)(W1), readout) < 1e-12


@pytest.mark.parametrize(("n", "d_h", "ridge"), REGIMES.values(), ids=REGIMES)
@pytest.mark.parametrize("activation", ["relu", "gelu", "cubic"])
def test_the_flow_is_minus_half_the_gradient_of_the_cost(activation, n, d_h, ridge):
    X, Y, W1 = draw(n, d_h)
    cost, direction, h = reduced_cost(X, Y, activation, ridge), draw(n, d_h, seed=1)[2], 1e-6
    slope = (cost(W1 + h * direction) - cost(W1 - h * direction)) / (2 * h)
    flow = first_layer_flow(X, Y, activation, ridge)(0.0, W1)
    assert slope == pytest.approx(-2 * np.sum(flow * direction), rel=1e-6)


@pytest.mark.parametrize("ridge", [0.0, 0.3])
def test_the_full_flow_is_minus_the_gradient_of_the_regularized_loss(ridge):
    X, Y, W1 = draw(6, 9)
    W2, h = draw(9, 3, seed=2, d_in=3, d_out=3)[0], 1e-6

    def loss(W1, W2):
        return np.sum((np.tanh(X @ W1) @ W2 - Y) ** 2) + ridge * (np.sum(W1**2) + np.sum(W2**2))

    velocities = full_flow(X, Y, "tanh", ridge=ridge)(0.0, (W1, W2))
    for layer, velocity in enumerate(velocities):
        direction = np.random.default_rng(3).normal(size=velocity.shape)
        ahead, behind = (
            [m + sign * h * direction if i == layer else m for i, m in enumerate((W1, W2))]
            for sign in (1, -1)
        )
        assert (loss(*ahead) - loss(*behind)) / (2 * h) == pytest.approx(
            -np.sum(velocity * direction), rel=1e-6
        )


@settings(max_examples=20, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 10**6),
    ridge=st.sampled_from([0.0, 1e-3, 1.0]),
    activation=st.sampled_from(HOMOGENEOUS),
)
def test_every_neuron_obeys_its_norm_law(seed, ridge, activation):
    """Twice the inner product of w1_j with its velocity is 2(q‖w2_j‖² − ‖w1_j‖²)."""
    X, Y, W1 = draw(5, 12, seed)
    velocity = first_layer_flow(X, Y, activation, ridge)(0.0, W1)
    W2 = optimal_readout(X, Y, activation, ridge)(W1)
    first, second = np.sum(W1**2, axis=0), np.sum(W2**2, axis=1)
    residual = np.sum(W1 * velocity, axis=0) - (activation.degree * second - first)
    condition = gram_condition(X, Y, activation, ridge)(W1)
    assert np.max(np.abs(residual)) < 1e-14 * condition * np.max(second + first)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6), activation=st.sampled_from(sorted(ACTIVATIONS)))
def test_permuting_hidden_units_permutes_the_flow(seed, activation):
    X, Y, W1 = draw(5, 12, seed)
    order = np.random.default_rng(seed).permutation(12)
    flow = first_layer_flow(X, Y, activation, 0.1)
    assert relative(flow(0.0, W1[:, order]), flow(0.0, W1)[:, order]) < 1e-9


def test_at_zero_ridge_the_readout_interpolates():
    X, Y, W1 = draw(6, 20)
    assert np.max(np.abs(np.maximum(X @ W1, 0) @ optimal_readout(X, Y)(W1) - Y)) < 1e-12


def test_sparse_and_dense_inputs_agree():
    X, Y, W1 = draw(8, 20)
    X[np.abs(X) < 2] = 0
    dense, stored = (first_layer_flow(x, Y, "tanh", 0.1)(0.0, W1) for x in (X, sparse.csr_array(X)))
    assert relative(stored, dense) < 1e-12


def test_results_are_not_overwritten_by_the_next_evaluation():
    X, Y, W1 = draw(6, 20)
    readout = optimal_readout(X, Y)
    first = readout(W1)
    kept = first.copy()
    readout(2 * W1)
    assert np.array_equal(first, kept)


def test_threads_may_share_a_flow():
    X, Y, _ = draw(6, 20)
    states = [draw(6, 20, seed)[2] for seed in range(40)]
    flow = first_layer_flow(X, Y)
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda W1: flow(0.0, W1), states))
    assert all(np.array_equal(a, flow(0.0, b)) for a, b in zip(together, states, strict=True))


def test_a_flow_pickles_and_survives_spawn():
    X, Y, W1 = draw(6, 20)
    flow = first_layer_flow(X, Y, "gelu", 0.1)
    expected = flow(0.0, W1)
    assert np.array_equal(pickle.loads(pickle.dumps(flow))(0.0, W1), expected)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert np.array_equal(pool.submit(flow, 0.0, W1).result(), expected)


def test_a_user_brings_an_activation():
    X, Y, W1 = draw(6, 20)
    swish = Activation("swish", "z/(1 + exp(-z))", None)
    assert relative(first_layer_flow(X, Y, swish)(0.0, W1), by_inverse(X, Y, W1, swish, 0.0)[0]) < 1e-10


def test_an_activation_of_two_variables_is_refused():
    with pytest.raises(ValueError, match="'a' is no symbol of it; use z"):
        Activation("bad", "z*a", None)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ridge": -1.0}, r"ridge = -1.0: must be a finite number >= 0"),
        ({"ridge": np.nan}, r"ridge = nan"),
        ({"activation": "rela"}, r"activation = 'rela': choose one of .*; did you mean 'relu'\?"),
        ({"Y": np.ones((5, 3))}, r"X has 6 rows and Y has 5"),
        ({"X": np.full((6, 25), np.inf)}, r"X holds NaN or infinity"),
        ({"X": np.ones(6)}, r"X has shape \(6,\)"),
        ({"Y": np.ones((6, 0))}, r"Y has shape \(6, 0\)"),
    ],
)
def test_unusable_data_are_refused_in_one_line(change, message):
    X, Y, _ = draw(6, 20)
    with pytest.raises(ValueError, match=message) as error:
        first_layer_flow(**{"X": X, "Y": Y, **change})
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("W1", "message"),
    [
        (np.ones((24, 20)), r"W1 has shape \(24, 20\): must be \(25, d_h\)"),
        (np.ones((25, 5)), r"d_h = 5 is less than the 6 training samples and ridge = 0"),
    ],
)
def test_a_first_layer_that_does_not_fit_is_refused(W1, message):
    X, Y, _ = draw(6, 20)
    with pytest.raises(ValueError, match=message):
        first_layer_flow(X, Y)(0.0, W1)


def test_a_readout_that_does_not_fit_is_refused():
    X, Y, W1 = draw(6, 20)
    with pytest.raises(ValueError, match=r"W2 has shape \(19, 3\): must be \(20, 3\)"):
        full_flow(X, Y, ridge=0.1)(0.0, (W1, np.ones((19, 3))))


@pytest.mark.parametrize(
    ("W1", "message"),
    [
        (np.zeros((25, 20)), "singular to working precision"),
        (np.outer(np.ones(25), np.ones(20)), "singular to working precision"),
        (np.full((25, 20), 1e200), "not finite"),
    ],
    ids=["all units dead", "rank one", "overflow"],
)
def test_a_singular_gram_matrix_is_named(W1, message):
    X, Y, _ = draw(6, 20)
    with pytest.raises(SingularGramError, match=message):
        first_layer_flow(np.abs(X), Y)(0.0, W1)


def test_repeated_samples_are_named():
    X, Y, W1 = draw(6, 20)
    X[1], Y[1] = X[0], Y[0]
    with pytest.raises(SingularGramError, match="remove repeated training samples"):
        first_layer_flow(X, Y)(0.0, W1)


def test_the_condition_does_not_depend_on_how_many_columns_are_summed_at_a_time(monkeypatch):
    X, Y, W1 = draw(6, 20)
    together = gram_condition(X, Y)(W1)
    monkeypatch.setattr("reduced.readout.gram.COLUMNS", 4)
    assert gram_condition(X, Y)(W1) == pytest.approx(together, rel=1e-7)


@pytest.mark.parametrize(("n", "d_h", "ridge"), REGIMES.values(), ids=REGIMES)
def test_the_condition_estimate_is_within_a_small_factor(n, d_h, ridge):
    X, Y, W1 = draw(n, d_h)
    H = np.tanh(X @ W1)
    H = H if n <= d_h else H.T
    exact = np.linalg.cond(H @ H.T + ridge * np.eye(len(H)), 1)
    assert exact / 3 <= gram_condition(X, Y, "tanh", ridge)(W1) <= exact * (1 + 1e-6)
