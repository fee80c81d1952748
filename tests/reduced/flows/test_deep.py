from itertools import pairwise

import mpmath
import numpy as np
import pytest

from reduced.flows.deep import generated, hidden_cost, hidden_flow
from reduced.flows.two_layer import first_layer_flow, reduced_cost
from reduced.integration.solve import integrate
from reduced.network.activations import get_activation
from reduced.readout.orthogonal import IllConditionedWarning
from reduced.tasks.modular import modular_addition


def problem(widths, seed=0, n=5):
    rng = np.random.default_rng(seed)
    sizes = (3, *widths)
    layers = tuple(rng.normal(size=(a, b)) / np.sqrt(a) for a, b in pairwise(sizes))
    return rng.normal(size=(n, 3)), rng.normal(size=(n, 2)), layers


@pytest.mark.parametrize("activation", ["tanh", "softplus", "quadratic", "gelu"])
@pytest.mark.parametrize(("widths", "ridge"), [((4, 8), 0.0), ((4, 8), 0.3), ((6, 3), 0.3), ((4, 5, 7), 0.1)])
def test_flow_is_minus_half_the_gradient_of_its_cost(activation, widths, ridge):
    X, Y, layers = problem(widths)
    cost, flow = hidden_cost(X, Y, activation, ridge), hidden_flow(X, Y, activation, ridge)
    h = 1e-3
    for i, velocity in enumerate(flow(0.0, layers)):
        scale = 1 + abs(velocity).max()
        for index in np.ndindex(velocity.shape):

            def shifted(k, i=i, index=index):
                moved = [W.copy() for W in layers]
                moved[i][index] += k * h
                return cost(tuple(moved))

            slope = (
                45 * (shifted(1) - shifted(-1)) - 9 * (shifted(2) - shifted(-2)) + shifted(3) - shifted(-3)
            ) / (60 * h)
            assert velocity[index] == pytest.approx(-slope / 2, abs=1e-7 * scale)


def test_one_hidden_layer_is_the_first_layer_flow():
    X, Y, (W1,) = problem((8,))
    np.testing.assert_allclose(
        hidden_flow(X, Y, "relu", 0.1)(0.0, (W1,))[0],
        first_layer_flow(X, Y, "relu", 0.1)(0.0, W1),
        rtol=1e-12,
    )
    assert hidden_cost(X, Y)((W1,)) == pytest.approx(reduced_cost(X, Y)(W1), rel=1e-12)


@pytest.mark.parametrize(("activation", "q"), [("relu", 1), ("quadratic", 2)])
def test_norm_law(activation, q):
    """⟨W_i, dW_i/dτ⟩ = q^(3−i)‖W3‖² − ‖W_i‖², the readout recovered from the cost at ridge 0."""
    X, Y, layers = problem((8, 16), n=4)
    squares = [float(np.sum(W**2)) for W in layers]
    readout = hidden_cost(X, Y, activation)(layers) - sum(squares)
    for i, velocity in enumerate(hidden_flow(X, Y, activation)(0.0, layers)):
        expected = q ** (2 - i) * readout - squares[i]
        assert float(np.sum(layers[i] * velocity)) == pytest.approx(expected, rel=1e-9)


def ill_conditioned(condition):
    """Two linear hidden layers whose last Gram matrix has the condition, and their flow and cost to 60 digits."""
    rng = np.random.default_rng(3)
    left, right = (np.linalg.qr(rng.normal(size=(n, 4)))[0] for n in (4, 9))
    W1, Y = rng.normal(size=(4, 4)), rng.normal(size=(4, 2))
    W2 = np.linalg.solve(W1, left * np.geomspace(1, condition**-0.5, 4) @ right.T)
    with mpmath.workdps(60):
        first, second, target = (mpmath.matrix(one.tolist()) for one in (W1, W2, Y))
        H = first * second
        B = mpmath.inverse(H * H.T) * target
        push = B * (H.T * B).T
        flow = push * second.T - first, first.T * push - second
        squares = sum(one**2 for layer in (first, second, H.T * B) for one in layer)
        exact = tuple(np.array(one.tolist(), dtype=float) for one in flow), float(squares)
    return Y, (W1, W2), *exact


@pytest.mark.parametrize("condition", [1e4, 1e9, 1e12])
def test_an_ill_conditioned_gram_matrix_costs_half_the_digits(condition):
    Y, layers, velocities, squares = ill_conditioned(condition)
    allowed = 100 * np.finfo(float).eps * max(condition**0.5, 1e4)
    for found, exact in zip(hidden_flow(np.eye(4), Y, "linear")(0.0, layers), velocities, strict=True):
        assert np.linalg.norm(found - exact) < allowed * np.linalg.norm(exact)
    assert hidden_cost(np.eye(4), Y, "linear")(layers) == pytest.approx(squares, rel=allowed)
    if condition == 1e12:  # and what the Gram matrix itself gives is not within it
        plain = generated("hidden_flow", 2, get_activation("linear"))(*layers, np.eye(4), Y, 0.0)
        assert np.linalg.norm(plain[0] - velocities[0]) > allowed * np.linalg.norm(velocities[0])


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_the_flow_with_the_readout_given_is_the_flow(activation):
    X, Y, layers = problem((4, 7, 8))
    H = X
    for W in layers:
        H = get_activation(activation).value(H @ W)
    B = np.linalg.solve(H @ H.T + 0.3 * np.eye(5), Y)
    flow = generated("hidden_flow_given_readout", 3, get_activation(activation))
    given = flow(*layers, B, H.T @ B, X, Y, 0.3)
    for found, expected in zip(given, hidden_flow(X, Y, activation, 0.3)(0.0, layers), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


def test_what_cannot_be_saved_is_said():
    Y, layers, _, _ = ill_conditioned(1e16)
    with pytest.warns(IllConditionedWarning, match="condition number of about"):
        hidden_flow(np.eye(4), Y, "linear")(0.0, layers)


def test_three_layers_run_on_modular_addition():
    train, _ = modular_addition(5, 0.8, 0)
    rng = np.random.default_rng(1)
    layers = (rng.normal(size=(5, 16)) / 5**0.5, rng.normal(size=(16, 24)) / 4)
    cost, flow = hidden_cost(train.X, train.Y, "tanh", 1e-2), hidden_flow(train.X, train.Y, "tanh", 1e-2)
    run = integrate(flow, layers, (0, 2), rtol=1e-8, atol=1e-10)
    costs = [cost((run.y[0][k], run.y[1][k])) for k in range(len(run.t))]
    assert np.all(np.diff(costs) < 0)
    assert costs[-1] < costs[0] / 2


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ((np.ones((2, 4)), np.ones((4, 8))), "W1 has shape"),
        ((np.ones((3, 4)), np.ones((5, 8))), "W2 has shape"),
        ((np.ones((3, 4)), np.ones((4, 2))), "widen it to 5"),
    ],
)
def test_layers_that_do_not_fit_are_refused(layers, message):
    X, Y, _ = problem((4, 8))
    with pytest.raises(ValueError, match=message):
        hidden_flow(X, Y)(0.0, layers)
