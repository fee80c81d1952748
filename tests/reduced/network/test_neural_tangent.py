import pickle

import numpy as np
import pytest

from reduced.errors import SingularGramError
from reduced.flows.two_layer import optimal_readout
from reduced.network.activations import get_activation
from reduced.network.neural_tangent import generated, linearize
from reduced.network.parameters import inner, moved
from reduced.network.problem import bind
from reduced.tasks.modular import modular_addition

ACTIVATIONS = ["relu", "leaky_relu", "quadratic", "gelu", "tanh"]


def network(activation, n=5, d_in=4, d_h=12, d_out=3, rate_ratio=1.0, seed=0):
    rng = np.random.default_rng(seed)
    draw = rng.standard_normal
    problem = bind(draw((n, d_in)), draw((n, d_out)), activation)
    return linearize(problem, (draw((d_in, d_h)), draw((d_h, d_out))), rate_ratio), rng


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_output_change_is_the_derivative_of_the_outputs(activation):
    at, rng = network(activation)
    direction = rng.standard_normal(at.W1.shape), rng.standard_normal(at.W2.shape)
    step = 1e-6
    ahead, behind = (
        linearize(at.problem, moved((at.W1, at.W2), direction, by=by)).residual for by in (step, -step)
    )
    # Central differences: rounding 1e-16/step, truncation step² times a third derivative of order one.
    assert at.output_change(direction) == pytest.approx((ahead - behind) / (2 * step), abs=1e-7)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_adjoint_and_kernel_belong_to_output_change(activation):
    at, rng = network(activation, rate_ratio=0.3)
    M, direction = rng.standard_normal(at.problem.Y.shape), (at.W1 + 1, at.W2 - 2)
    first, second = at.adjoint(M)
    assert np.vdot(M, at.output_change(direction)) == pytest.approx(
        inner((first, second), direction), rel=1e-12
    )
    assert at.kernel(M) == pytest.approx(at.output_change((0.3 * first, second)), rel=1e-12)


@pytest.mark.parametrize("rate_ratio", [1.0, 1e-3])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_solve_inverts_the_dense_kernel(activation, rate_ratio):
    at, rng = network(activation, rate_ratio=rate_ratio)
    J = at.jacobian()
    rates = np.repeat([rate_ratio, 1.0], [at.W1.size, at.W2.size])
    right = rng.standard_normal(at.problem.Y.shape)
    dense = np.linalg.solve(J * rates @ J.T, right.ravel()).reshape(right.shape)
    assert at.solve(right, 1e-12) == pytest.approx(dense, rel=1e-8, abs=1e-10)


def test_fewer_hidden_units_than_samples_are_enough_for_the_kernel():
    at, rng = network("quadratic", n=6, d_h=5, d_in=8)
    right = rng.standard_normal(at.problem.Y.shape)
    assert at.kernel(at.solve(right)) == pytest.approx(right, abs=1e-9)


def test_preconditioned_iterations_stay_few_near_the_interpolation_threshold(monkeypatch):
    train, _ = modular_addition(13, 0.7, 0)
    W1 = np.random.default_rng(0).standard_normal((13, 96)) / 13**0.5
    at = linearize(bind(train.X, train.Y), (W1, optimal_readout(train.X, train.Y)(W1)))
    applied = []
    whole = type(at).kernel
    monkeypatch.setattr(type(at), "kernel", lambda self, M: (applied.append(1), whole(self, M))[1])
    at.solve(train.Y, 1e-8)
    # 55 as measured; 196 with the first term of the preconditioner alone, 698 with none.
    assert len(applied) < 80


def test_the_kernel_of_the_paper_s_network_is_solved_without_being_formed():
    train, _ = modular_addition(37, 0.7, 0)
    W1 = np.random.default_rng(0).standard_normal((37, 512)) / 37**0.25
    at = linearize(bind(train.X, train.Y), (W1, optimal_readout(train.X, train.Y)(W1)))
    solution = at.solve(train.Y, 1e-8)
    assert np.linalg.norm(at.kernel(solution) - train.Y) < 1.01e-8 * np.linalg.norm(train.Y)


def test_a_repeated_sample_is_refused():
    at, _ = network("relu")
    X, Y = at.problem.X[[0, 0, 1]], at.problem.Y[:3]
    with pytest.raises(SingularGramError, match=r"repeated training samples|nearly rank-deficient"):
        linearize(bind(X, Y), (at.W1, at.W2)).solve(Y)


def test_a_readout_that_does_not_fit_is_refused():
    at, _ = network("relu")
    with pytest.raises(ValueError, match=r"W2 has shape \(12, 2\): must be \(12, 3\)"):
        linearize(at.problem, (at.W1, at.W2[:, :2]))


@pytest.mark.parametrize("quantity", ["output_change", "adjoint", "kernel"])
def test_generated_maps_survive_pickling(quantity):
    function = generated(quantity, get_activation("tanh"))
    assert pickle.loads(pickle.dumps(function)) == function
