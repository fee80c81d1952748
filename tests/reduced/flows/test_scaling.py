import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reduced import first_layer_flow, full_flow, integrate, modular_addition
from reduced.flows.scaling import rescale, rescaled_time


@given(tau=st.floats(0, 700), alpha=st.floats(0.01, 100), degree=st.integers(1, 3))
def test_rescaling_back_is_the_identity(tau, alpha, degree):
    there_and_back = rescaled_time(rescaled_time(tau, alpha, degree), 1 / alpha, degree)
    assert there_and_back == pytest.approx(tau, rel=1e-9, abs=1e-7)


@pytest.mark.parametrize("alpha", [0.5, 2.0])
@pytest.mark.parametrize(("activation", "degree"), [("linear", 1), ("quadratic", 2), ("cubic", 3)])
def test_one_run_gives_every_initial_scale(activation, degree, alpha):
    train, _ = modular_addition(5, 0.2, 0)
    start = np.random.default_rng(0).normal(size=(5, 30))
    flow = first_layer_flow(train.X, train.Y, activation)
    options = {"rtol": 1e-10, "atol": 1e-12}
    predicted = rescale(integrate(flow, start, (0, 0.5), t_eval=[0.1, 0.5], **options), alpha, degree)
    direct = integrate(flow, alpha * start, (0, float(predicted.t[-1])), t_eval=predicted.t, **options)
    assert direct.y == pytest.approx(predicted.y, rel=1e-7, abs=1e-9)


@pytest.mark.parametrize(("alpha", "degree"), [(0.0, 1), (-1.0, 1), (1.0, 0), (float("nan"), 1)])
def test_unusable_factors_are_refused(alpha, degree):
    with pytest.raises(ValueError, match="must be a positive number"):
        rescaled_time(1.0, alpha, degree)


def test_only_a_first_layer_that_starts_at_zero_is_rescaled():
    """The stored times may begin later, the integration may not."""
    train, _ = modular_addition(5, 0.2, 0)
    draw = np.random.default_rng(0).normal
    flow, W1 = first_layer_flow(train.X, train.Y, "linear"), draw(size=(5, 30))
    late = integrate(flow, W1, (1, 1.5), t_eval=[1.5])
    with pytest.raises(ValueError, match="trajectory starts at 1: "):
        rescale(late, 2.0, 1)
    assert rescale(integrate(flow, W1, (0, 0.5), t_eval=[0.5]), 2.0, 1).t > 0
    both = integrate(full_flow(train.X, train.Y, "linear", ridge=0.1), (W1, draw(size=(30, 5))), (0, 1e-3))
    with pytest.raises(ValueError, match="not of a first layer alone"):
        rescale(both, 2.0, 1)
