from itertools import pairwise

import numpy as np
import pytest

from reduced.flows.deep import hidden_cost, hidden_flow
from reduced.flows.two_layer import first_layer_flow, reduced_cost
from reduced.integration.solve import integrate
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
