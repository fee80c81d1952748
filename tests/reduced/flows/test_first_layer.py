"""The readout that an evaluation of the first-layer flow leaves behind."""

import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from reduced import first_layer_flow, get_activation, optimal_readout
from reduced.network.equations import generated

REGIMES = {"zero loss": (8, 12, 0.0), "ridge": (8, 12, 0.1), "more samples than units": (12, 8, 0.1)}


@pytest.fixture(params=REGIMES.values(), ids=REGIMES)
def case(request):
    n, d_h, ridge = request.param
    rng = np.random.default_rng(0)
    data = rng.normal(size=(n, 5)), rng.normal(size=(n, 3)), "gelu", ridge
    return first_layer_flow(*data), optimal_readout(*data), rng.normal(size=(5, d_h))


def test_the_readout_is_the_optimal_one_before_and_after_an_evaluation(case):
    flow, readout, W1 = case
    assert flow.readout(W1) == pytest.approx(readout(W1), rel=1e-9)
    flow(0.0, W1)
    assert flow.readout(W1) == pytest.approx(readout(W1), rel=1e-9)
    assert flow.readout(2 * W1) == pytest.approx(readout(2 * W1), rel=1e-9)


def test_after_an_evaluation_nothing_is_solved_again(case, monkeypatch):
    flow, _, W1 = case
    flow(0.0, W1)
    monkeypatch.setattr("reduced.flows.first_layer.FirstLayerFlow.at", None)
    assert flow.readout(W1).shape == (W1.shape[1], 3)
    with pytest.raises(TypeError):
        flow.readout(W1 + 1e-15)


def test_what_the_caller_does_to_its_arrays_does_not_reach_the_flow(case):
    flow, readout, W1 = case
    flow(0.0, W1)
    flow.readout(W1)[...] = 0
    assert flow.readout(W1) == pytest.approx(readout(W1), rel=1e-9)
    W1[0, 0] += 1
    assert flow.readout(W1) == pytest.approx(readout(W1), rel=1e-9)


def test_forgetting_and_pickling_leave_no_readout_behind(case):
    flow, readout, W1 = case
    flow(0.0, W1)
    size = len(pickle.dumps(flow))
    flow.recall({})
    assert flow._last is None
    assert len(pickle.dumps(flow)) == size
    assert flow.readout(W1) == pytest.approx(readout(W1), rel=1e-9)


def test_threads_that_share_a_flow_get_the_readouts_of_their_own_first_layers(case):
    flow, readout, W1 = case
    layers = [W1 * scale for scale in (1.0, 1.5)] * 200
    expected = {scale: readout(W1 * scale) for scale in (1.0, 1.5)}

    def evaluated(layer):
        flow(0.0, layer)
        return flow.readout(layer)

    with ThreadPoolExecutor(2) as pool:
        for found, scale in zip(pool.map(evaluated, layers), (1.0, 1.5) * 200, strict=True):
            assert found == pytest.approx(expected[scale], rel=1e-9)


def test_the_readout_adds_no_kernel_call_to_the_flow():
    """The generated functions differ in what they return alone."""
    flow, both = (
        str(generated(f"first_layer_flow{suffix}", get_activation("relu"))) for suffix in ("", "_and_readout")
    )
    assert both.replace("_and_readout", "").replace("(T4, W2T.T)", "T4") == flow
