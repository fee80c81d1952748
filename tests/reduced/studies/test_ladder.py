import numpy as np
import pytest

from reduced.network.neural_tangent import linearize
from reduced.network.problem import bind
from reduced.studies.ladder import (
    fitted_slope,
    rate_ratio_errors,
    ridge_errors,
    start_on_set,
    unequal_rates_errors,
)
from reduced.tasks.modular import modular_addition


def small(activation, p=3, hidden=24):
    train, _ = modular_addition(p, 0.7, 0)
    problem = bind(train.X, train.Y, activation)
    return problem, start_on_set(problem, hidden, 0)


@pytest.mark.parametrize("activation", ["gelu", "quadratic"])
def test_training_approaches_the_zero_loss_flow_in_proportion_to_lambda(activation):
    problem, start = small(activation)
    ridges = [0.03, 0.01, 0.003]
    assert fitted_slope(ridges, ridge_errors(problem, start, ridges, 0.5)) == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize("activation", ["gelu", "quadratic"])
def test_a_fast_readout_approaches_the_first_layer_flow_in_proportion_to_the_lag(activation):
    problem, start = small(activation)
    rate_ratios = [0.01, 0.003, 0.001]
    gap, *errors = rate_ratio_errors(problem, start, [1.0, *rate_ratios], 0.5)
    assert fitted_slope(rate_ratios, errors) == pytest.approx(1, abs=0.1)
    assert gap > 10 * errors[-1]


def test_relu_reaches_the_first_layer_flow_as_the_lag_vanishes():
    problem, start = small("relu")
    coarse, fine = rate_ratio_errors(problem, start, [1.0, 0.03], 0.3)
    assert fine < coarse / 5


def test_training_with_a_fast_readout_approaches_the_first_layer_flow():
    problem, start = small("gelu")
    slow, fast = unequal_rates_errors(problem, start, [1.0, 0.1], 0.01, 0.5)
    assert fast < slow / 3


def test_relu_training_approaches_the_zero_loss_flow():
    problem, start = small("relu")
    coarse, fine = ridge_errors(problem, start, [0.1, 0.01], 0.3)
    assert fine < coarse / 5


def test_the_start_lies_on_the_set():
    problem, start = small("relu")
    assert np.abs(linearize(problem, start).residual).max() < 1e-10
