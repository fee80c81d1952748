import numpy as np
import pytest

from reduced.network.neural_tangent import linearize
from reduced.network.parameters import norm
from reduced.network.problem import bind
from reduced.studies.ladder import start_on_set
from reduced.tasks.modular import modular_addition
from reduced.training.curvature import descend, descend_with_the_curvature, largest_eigenvalue

TIMES = np.linspace(0, 0.4, 3)


def small(activation):
    train, _ = modular_addition(3, 0.7, 0)
    problem = bind(train.X, train.Y, activation)
    return problem, start_on_set(problem, 24, 0)


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_largest_eigenvalue_is_that_of_the_dense_kernel(activation):
    problem, start = small(activation)
    J = linearize(problem, start).jacobian()
    assert largest_eigenvalue(problem, start) == pytest.approx(np.linalg.norm(J, 2) ** 2, rel=1e-3)


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_a_rate_that_follows_the_curvature_trains_as_a_small_fixed_one(momentum):
    problem, start = small("gelu")
    ridge = 0.002
    fixed = descend(
        problem, start, 0.4, ridge, 4e-3, observe=lambda step, at: {"W1": at[0], "W2": at[1]}, looks=2
    )
    states = descend_with_the_curvature(problem, start, TIMES, ridge, momentum)
    for layer, name in zip(states, ("W1", "W2"), strict=True):
        # 0.0036 as measured with momentum, 0.014 at five times the λ: the ball remembers ten steps.
        assert layer == pytest.approx(fixed[name], abs=5e-3)


def test_the_first_state_is_the_start():
    problem, start = small("relu")
    states = descend_with_the_curvature(problem, start, TIMES[:2], 0.1)
    assert norm((states[0][0] - start[0], states[1][0] - start[1])) == 0


@pytest.mark.parametrize(("ridge", "momentum", "name"), [(0.0, 0.9, "ridge"), (0.1, 1.0, "momentum")])
def test_what_gives_no_slow_time_is_refused(ridge, momentum, name):
    problem, start = small("relu")
    with pytest.raises(ValueError, match=f"{name} = "):
        descend_with_the_curvature(problem, start, TIMES, ridge, momentum)
