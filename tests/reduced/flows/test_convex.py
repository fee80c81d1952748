"""Flows of every convex loss against differences of costs that SciPy minimizes, from formulas written by hand."""

import pickle

import numpy as np
import pytest
import scipy.optimize
import scipy.special
from scipy import sparse

from reduced.flows.convex import ConvexFlow
from reduced.flows.two_layer import first_layer_flow, full_flow, optimal_readout, reduced_cost
from reduced.network.activations import ACTIVATIONS
from reduced.network.loss import Loss
from reduced.network.losses import LOSSES
from reduced.network.problem import bind

RIDGE = 0.03


def _softmax_gradient(Z, Y):
    return scipy.special.softmax(Z, axis=1) - Y


#: Value and gradient of every loss, by hand.
BY_HAND = {
    "squared": (lambda Z, Y: np.sum((Z - Y) ** 2), lambda Z, Y: 2 * (Z - Y)),
    "cross_entropy": (
        lambda Z, Y: np.sum(scipy.special.logsumexp(Z, axis=1)) - np.sum(Y * Z),
        _softmax_gradient,
    ),
    "logistic": (
        lambda Z, Y: np.sum(np.logaddexp(0, -Y * Z)),
        lambda Z, Y: -Y * scipy.special.expit(-Y * Z),
    ),
    "pseudo_huber": (
        lambda Z, Y: 2 * np.sum(np.sqrt(1 + (Z - Y) ** 2) - 1),
        lambda Z, Y: 2 * (Z - Y) / np.sqrt(1 + (Z - Y) ** 2),
    ),
    "squared_hinge": (
        lambda Z, Y: np.sum(np.maximum(0, 1 - Y * Z) ** 2),
        lambda Z, Y: -2 * Y * np.maximum(0, 1 - Y * Z),
    ),
}
CONVEX = [name for name in LOSSES if name != "squared"]


def _data(loss, n=6, d_h=9, d_in=4, d_out=3, is_sparse=False):
    rng = np.random.default_rng(3)
    X = rng.standard_normal((n, d_in))
    if is_sparse:
        X[rng.random(X.shape) < 0.5] = 0
        X[0] = 1.0
        X = sparse.csr_array(X)
    labels = LOSSES[loss].from_one_hot(np.eye(d_out)[rng.integers(0, d_out, n)])
    return X, labels, rng.standard_normal((d_in, d_h))


def _minimum(loss, X, Y, W1, activation, ridge=RIDGE):
    """(ℓ + λ‖W2‖²)/λ + ‖W1‖² at its minimum over W2, by SciPy's BFGS."""
    value, gradient = BY_HAND[loss]
    H = ACTIVATIONS[activation].value(X @ W1)
    shape = H.shape[1], Y.shape[1]

    def cost(w):
        W2 = w.reshape(shape)
        Z = H @ W2
        return value(Z, Y) + ridge * np.sum(W2**2), (H.T @ gradient(Z, Y) + 2 * ridge * W2).ravel()

    found = scipy.optimize.minimize(
        cost, np.zeros(shape).ravel(), jac=True, method="BFGS", options={"gtol": 1e-9, "maxiter": 3000}
    )
    return found.fun / ridge + np.sum(W1**2), found.x.reshape(shape)


def _slope(loss, X, Y, W1, activation, direction, h=1e-5):
    ahead, behind = (_minimum(loss, X, Y, W1 + s * h * direction, activation)[0] for s in (1, -1))
    return (ahead - behind) / (2 * h)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("loss", CONVEX)
@pytest.mark.parametrize(("d_h", "is_sparse"), [(9, False), (4, True)])
def test_the_flow_is_minus_half_the_gradient_of_the_minimized_cost(loss, activation, d_h, is_sparse):
    X, Y, W1 = _data(loss, d_h=d_h, is_sparse=is_sparse)
    direction = np.random.default_rng(d_h).standard_normal(W1.shape)
    velocity = first_layer_flow(X, Y, activation, RIDGE, loss=loss)(0.0, W1)
    along = -2 * np.sum(velocity * direction)
    slope = _slope(loss, X, Y, W1, activation, direction)
    scale = np.linalg.norm(velocity) * np.linalg.norm(direction)
    assert abs(along - slope) < 1e-6 * scale
    cost, W2 = _minimum(loss, X, Y, W1, activation)
    assert reduced_cost(X, Y, activation, RIDGE, loss=loss)(W1) == pytest.approx(cost, rel=1e-9)
    np.testing.assert_allclose(
        optimal_readout(X, Y, activation, RIDGE, loss=loss)(W1), W2, atol=1e-5 * np.abs(W2).max()
    )


@pytest.mark.parametrize("loss", CONVEX)
@pytest.mark.parametrize("d_h", [9, 4])
def test_a_wrong_gradient_and_a_dropped_factor_are_seen(loss, d_h, monkeypatch):
    X, Y, W1 = _data(loss, d_h=d_h)
    direction = np.random.default_rng(7).standard_normal(W1.shape)
    slope = _slope(loss, X, Y, W1, "tanh", direction)
    right = Loss.gradient

    def apart():
        velocity = first_layer_flow(X, Y, "tanh", RIDGE, loss=loss)(0.0, W1)
        return abs(-2 * np.sum(velocity * direction) - slope) / abs(slope)

    assert apart() < 1e-5
    tilted = 1 + 0.1 * np.random.default_rng(1).standard_normal(Y.shape)
    monkeypatch.setattr(Loss, "gradient", lambda self, Z, Y: tilted * right(self, Z, Y))
    assert apart() > 1e-4
    monkeypatch.setattr(Loss, "gradient", lambda self, Z, Y: 2 * right(self, Z, Y))
    assert apart() > 1e-2


@pytest.mark.parametrize("loss", CONVEX)
@pytest.mark.parametrize("d_h", [9, 4])
def test_the_error_of_the_field_goes_as_the_root_of_the_gap(loss, d_h):
    X, Y, W1 = _data(loss, d_h=d_h)
    exact = first_layer_flow(X, Y, "gelu", RIDGE, loss=loss)(0.0, W1)
    for tolerance in (1e-2, 1e-4, 1e-6):
        flow = first_layer_flow(X, Y, "gelu", RIDGE, loss=loss, tolerance=tolerance)
        assert np.linalg.norm(flow(0.0, W1) - exact) < 30 * tolerance * np.linalg.norm(exact)
        assert flow.at(W1).duality_gap <= tolerance**2


@pytest.mark.parametrize("d_h", [9, 4])
def test_the_minimization_finds_the_closed_form_of_the_squared_loss(d_h):
    X, Y, W1 = _data("squared", d_h=d_h)
    minimized = ConvexFlow(bind(X, Y, "tanh", RIDGE), 1e-8)
    solved = first_layer_flow(X, Y, "tanh", RIDGE)
    np.testing.assert_allclose(minimized(0.0, W1), solved(0.0, W1), rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(minimized.readout(W1), solved.readout(W1), rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("q", [1, 2, 3])
@pytest.mark.parametrize("loss", CONVEX)
def test_the_norm_law_of_every_neuron_does_not_know_the_loss(loss, q):
    activation = {1: "relu", 2: "quadratic", 3: "cubic"}[q]
    X, Y, W1 = _data(loss)
    flow = first_layer_flow(X, Y, activation, RIDGE, loss=loss)
    velocity, W2 = flow(0.0, W1), flow.readout(W1)
    growth = 2 * np.sum(W1 * velocity, axis=0)
    law = 2 * (q * np.sum(W2**2, axis=1) - np.sum(W1**2, axis=0))
    np.testing.assert_allclose(growth, law, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("loss", LOSSES)
def test_the_full_flow_is_minus_the_gradient(loss):
    X, Y, W1 = _data(loss)
    W2 = np.random.default_rng(2).standard_normal((W1.shape[1], Y.shape[1]))
    first, second = full_flow(X, Y, "tanh", ridge=RIDGE, loss=loss)(0.0, (W1, W2))

    def cost(W1, W2):
        return BY_HAND[loss][0](np.tanh(X @ W1) @ W2, Y) + RIDGE * (np.sum(W1**2) + np.sum(W2**2))

    h = 1e-5
    for layer, velocity in enumerate((first, second)):
        for i, j in np.ndindex(velocity.shape):
            moved = [(W1.copy(), W2.copy()) for _ in range(2)]
            moved[0][layer][i, j] += h
            moved[1][layer][i, j] -= h
            slope = (cost(*moved[0]) - cost(*moved[1])) / (2 * h)
            assert slope == pytest.approx(-velocity[i, j], rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("q", [1, 2])
@pytest.mark.parametrize("loss", LOSSES)
def test_the_balance_of_both_layers_decays_for_every_loss(loss, q):
    """‖w1_j‖² − q‖w2_j‖² falls at the rate 4λ in flow time t."""
    X, Y, W1 = _data(loss)
    W2 = np.random.default_rng(2).standard_normal((W1.shape[1], Y.shape[1]))
    first, second = full_flow(X, Y, {1: "relu", 2: "quadratic"}[q], ridge=RIDGE, loss=loss)(0.0, (W1, W2))
    change = 2 * np.sum(W1 * first, axis=0) - 2 * q * np.sum(W2 * second, axis=1)
    balance = np.sum(W1**2, axis=0) - q * np.sum(W2**2, axis=1)
    np.testing.assert_allclose(change, -4 * RIDGE * balance, rtol=1e-9, atol=1e-11)


def test_pseudo_huber_without_a_ridge_is_the_squared_flow():
    X, Y, W1 = _data("pseudo_huber")
    huber, squared = (
        first_layer_flow(X, Y, "gelu", loss=loss)(0.0, W1) for loss in ("pseudo_huber", "squared")
    )
    assert np.array_equal(huber, squared)
    near = first_layer_flow(X, Y, "gelu", 1e-9, loss="pseudo_huber")(0.0, W1)
    np.testing.assert_allclose(near, squared, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("loss", ["cross_entropy", "logistic", "squared_hinge"])
@pytest.mark.parametrize("bound", [first_layer_flow, reduced_cost, optimal_readout])
def test_ridge_0_is_refused_where_there_is_nothing_to_compute(loss, bound):
    X, Y, _ = _data(loss)
    with pytest.raises(ValueError, match=f"ridge = 0: with loss '{loss}', .*; set ridge > 0") as caught:
        bound(X, Y, loss=loss)
    assert "\n" not in str(caught.value)


def test_a_users_loss_at_ridge_0_is_refused():
    X, Y, _ = _data("squared")
    with pytest.raises(ValueError, match="is not known; set ridge > 0"):
        first_layer_flow(X, Y, loss=Loss("own", lambda z, y, total: total((z - y) ** 4)))


@pytest.mark.parametrize("bound", [first_layer_flow, reduced_cost, optimal_readout])
@pytest.mark.parametrize("loss", ["hinge", 5, None, ("squared",)])
def test_what_is_no_loss_is_refused(bound, loss):
    with pytest.raises(ValueError, match="loss"):
        bound(np.eye(2), np.eye(2), ridge=0.1, loss=loss)


@pytest.mark.parametrize("bound", [first_layer_flow, reduced_cost, optimal_readout])
def test_targets_of_another_kind_are_refused(bound):
    with pytest.raises(ValueError, match="row 0 of Y sums to 2"):
        bound(np.eye(2), 2 * np.eye(2), ridge=0.1, loss="cross_entropy")


def test_a_call_goes_on_from_what_was_saved_bit_for_bit():
    X, Y, W1 = _data("cross_entropy")
    first, second = (
        first_layer_flow(X, Y, "tanh", RIDGE, loss="cross_entropy", tolerance=1e-3) for _ in range(2)
    )
    path = [W1 * (1 + 0.1 * i) for i in range(4)]
    for point in path[:3]:
        first(0.0, point)
    beside = first.at(1.3 * W1)
    second.recall(pickle.loads(pickle.dumps(first.saved())))
    assert np.array_equal(first(0.0, path[3]), second(0.0, path[3]))
    assert beside.readout.shape == (9, 3)
    second.recall({})
    fresh = first_layer_flow(X, Y, "tanh", RIDGE, loss="cross_entropy", tolerance=1e-3)
    assert np.array_equal(second(0.0, W1), fresh(0.0, W1))
    assert pickle.loads(pickle.dumps(first)).saved() == {}


def test_another_width_starts_anew():
    X, Y, W1 = _data("logistic")
    flow = first_layer_flow(X, Y, "tanh", RIDGE, loss="logistic")
    flow(0.0, W1)
    for width in (7, 3):
        fresh = first_layer_flow(X, Y, "tanh", RIDGE, loss="logistic")
        np.testing.assert_allclose(flow(0.0, W1[:, :width]), fresh(0.0, W1[:, :width]), rtol=1e-6, atol=1e-8)
