import numpy as np
import pytest

from reduced.errors import RetractionError, SingularGramError
from reduced.network.problem import bind
from reduced.studies.ladder import fitted_slope, start_on_set
from reduced.studies.theorems import distances_after_training, gradient_tilt, smallest_singular_value
from reduced.tasks.modular import modular_addition


def small(activation, p=3, hidden=24):
    train, _ = modular_addition(p, 0.7, 0)
    problem = bind(train.X, train.Y, activation)
    return problem, start_on_set(problem, hidden, 0)


@pytest.mark.parametrize("activation", ["gelu", "relu"])
def test_the_gradient_turns_orthogonal_in_proportion_to_the_distance(activation):
    problem, start = small(activation)
    distances = np.logspace(-5, -3, 3)
    tilts = gradient_tilt(problem, start, distances, 0)
    assert fitted_slope(distances, tilts) == pytest.approx(1, abs=0.01)


def test_training_stays_within_a_distance_proportional_to_lambda():
    problem, start = small("gelu")
    ridges = np.array([0.03, 0.01, 0.003])
    measured = distances_after_training(problem, start, ridges, learning_rate=5e-3, slow_time=0.3)
    assert fitted_slope(ridges, measured["distance"]) == pytest.approx(1, abs=0.1)
    assert fitted_slope(ridges, measured["loss"]) == pytest.approx(2, abs=0.1)
    # First order in λ: what is left is O(λ).
    assert abs(measured["ratio"][-1] - 1) < 0.03
    assert abs(measured["ratio"][-1] - 1) < abs(measured["ratio"][0] - 1)


def test_the_jacobian_keeps_full_rank_on_the_set():
    problem, _ = small("tanh")
    assert min(smallest_singular_value(problem, 24, seed) for seed in range(3)) > 1e-2


def test_too_few_parameters_reach_no_zero_loss():
    problem, _ = small("tanh")
    with pytest.raises((RetractionError, SingularGramError)):
        smallest_singular_value(problem, 1, 0)
