"""Any feature map as numbers: flow against its cost, the readout against least squares, the energy along a path."""

import numpy as np
import pytest

from derivations import decouple_readout
from reduced.flows.any_features import features_cost, features_flow, features_readout, generated
from reduced.flows.deep import hidden_cost, hidden_flow
from reduced.flows.two_layer import first_layer_flow
from reduced.integration.solve import integrate
from reduced.network.activations import get_activation
from tests.derivations.networks import NETWORKS, A, X, act

SIZES = {"n": 5, "p": 3, "q": 2, "k": 4, "d_h": 8}
MODELS = {name: decouple_readout(*network) for name, network in NETWORKS.items()}


def problem(model, sizes=SIZES, seed=0):
    rng = np.random.default_rng(seed)

    def drawn(symbol):
        return rng.normal(size=[sizes[str(d)] if d.is_Symbol else int(d) for d in symbol.shape]) / 2

    data = {symbol.name: drawn(symbol) for symbol in model.data}
    return data | {"Y": rng.normal(size=(sizes["n"], 2))}, tuple(map(drawn, model.layers))


@pytest.mark.parametrize(("ridge", "width"), [(0.0, 8), (0.3, 8), (0.3, 3)])
@pytest.mark.parametrize("name", NETWORKS)
def test_the_flow_is_minus_half_the_gradient_of_its_cost(name, ridge, width):
    model = MODELS[name]
    data, layers = problem(model, SIZES | {"d_h": width})
    cost, flow = (make(model, data, "tanh", ridge) for make in (features_cost, features_flow))
    velocities, h = flow(0.0, layers), 1e-3
    for i, velocity in enumerate(velocities):
        for index in np.ndindex(velocity.shape):

            def shifted(k, i=i, index=index):
                moved = [W.copy() for W in layers]
                moved[i][index] += k * h
                return cost(tuple(moved))

            slope = (
                45 * (shifted(1) - shifted(-1)) - 9 * (shifted(2) - shifted(-2)) + shifted(3) - shifted(-3)
            ) / (60 * h)
            assert velocity[index] == pytest.approx(-slope / 2, abs=1e-6 * (1 + abs(velocity).max()))


@pytest.mark.parametrize("name", NETWORKS)
def test_the_readout_is_the_ridge_regression_on_the_features(name):
    model = MODELS[name]
    data, layers = problem(model)
    W = features_readout(model, data, "tanh", 0.2)(layers)
    named = dict(zip((layer.name for layer in model.layers), layers, strict=True)) | data
    H = {
        "hidden bias": lambda s: np.tanh(s["X"] @ s["A"] + s["b"]),
        "two embeddings": lambda s: np.tanh(s["X"] @ s["A"] + s["V"] @ s["B"]),
        "three layers": lambda s: np.tanh(np.tanh(s["X"] @ s["W1"]) @ s["W2"]),
        "skip connection": lambda s: s["X"] @ s["E"] + np.tanh(s["X"] @ s["E"] @ s["U"]),
    }[name](named)
    stacked = np.vstack([H, np.sqrt(0.2) * np.eye(H.shape[1])])
    target = np.vstack([data["Y"], np.zeros((H.shape[1], 2))])
    np.testing.assert_allclose(W, np.linalg.lstsq(stacked, target, rcond=None)[0], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", NETWORKS)
def test_the_cost_falls_by_twice_the_squared_speed_along_a_path(name):
    """d(R/λ)/dτ = −2 Σ‖dW/dτ‖², so the cost at the end is that at the start less the integral."""
    model = MODELS[name]
    data, layers = problem(model)
    cost, flow = (make(model, data, "tanh", 0.1) for make in (features_cost, features_flow))

    def with_energy(tau, state):
        velocity = flow(tau, state[:-1])
        return (*velocity, np.array([2.0 * sum(float(np.sum(v * v)) for v in velocity)]))

    run = integrate(with_energy, (*layers, np.zeros(1)), (0, 1), method="DOP853", rtol=1e-9, atol=1e-11)
    end = tuple(matrices[-1] for matrices in run.y)
    assert cost(layers) - cost(end[:-1]) == pytest.approx(end[-1][0], rel=1e-6)


def test_two_and_three_layers_are_those_written_before():
    deep = MODELS["three layers"]
    data, layers = problem(deep)
    old = hidden_flow(data["X"], data["Y"], "relu", 0.1)(0.0, layers)
    for ours, theirs in zip(features_flow(deep, data, "relu", 0.1)(0.0, layers), old, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-11, atol=1e-13)
    assert features_cost(deep, data, "relu", 0.1)(layers) == pytest.approx(
        hidden_cost(data["X"], data["Y"], "relu", 0.1)(layers), rel=1e-12
    )
    two = decouple_readout(act(X * A), [A])
    data, (W,) = problem(two)
    flow = first_layer_flow(data["X"], data["Y"], "gelu", 0.0)(0.0, W)
    np.testing.assert_allclose(features_flow(two, data, "gelu")(0.0, (W,))[0], flow, rtol=1e-8)


def test_the_generated_source_shares_what_it_computes():
    text = str(generated(MODELS["skip connection"], "flow", get_activation("tanh")))
    assert text.count("cholesky(") == 1
    assert text.count("apply(") == 1
    assert text.count("product(X, E)") == 1


@pytest.mark.parametrize(
    ("change", "layers", "message"),
    [
        ({"X": np.ones((5, 4))}, None, "A has shape"),
        ({"V": np.ones((4, 2))}, None, "has shape"),
        ({"Z": np.ones((4, 2))}, None, "needs a matrix for each of V, X, Y"),
        ({}, (np.ones((3, 8)),), "tuple of 2 matrices"),
        ({}, (np.ones((3, 4)), np.ones((2, 4))), "widen them to 5"),
        ({"X": np.full((5, 3), np.nan)}, None, "X"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_line(change, layers, message):
    model = MODELS["two embeddings"]
    data, drawn = problem(model)
    with pytest.raises(ValueError, match=message) as refused:
        features_flow(model, data | change)(0.0, layers or drawn)
    assert "\n" not in str(refused.value)


def test_a_convex_loss_has_no_closed_multiplier():
    with pytest.raises(ValueError, match="not solved for"):
        features_flow(decouple_readout(act(X * A), [A], "convex"), {})
