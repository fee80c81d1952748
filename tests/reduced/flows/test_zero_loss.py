import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reduced.flows.two_layer import first_layer_flow, optimal_readout
from reduced.flows.zero_loss import OffTheSetWarning, retracted, tangent_flow, zero_loss_flow
from reduced.flows.zero_loss_set import retract
from reduced.integration.solve import integrate
from reduced.network.neural_tangent import linearize
from reduced.network.problem import bind
from reduced.studies.ladder import start_on_set
from reduced.tasks.modular import modular_addition


def on_the_set(activation, seed=0, n=5, d_in=4, d_h=12, d_out=3):
    rng = np.random.default_rng(seed)
    X, Y, W1 = (rng.standard_normal(shape) for shape in ((n, d_in), (n, d_out), (d_in, d_h)))
    return X, Y, (W1, optimal_readout(X, Y, activation)(W1))


def flat(pair):
    return np.concatenate([part.ravel() for part in pair])


@pytest.mark.parametrize("activation", ["relu", "quadratic", "cubic", "tanh", "gelu", "softplus"])
@settings(deadline=None, derandomize=True, max_examples=10)
@given(seed=st.integers(0, 10_000))
def test_flow_is_minus_the_projected_parameters(activation, seed):
    X, Y, state = on_the_set(activation, seed)
    J = linearize(bind(X, Y, activation), state).jacobian()
    dense = -(flat(state) - np.linalg.pinv(J) @ (J @ flat(state)))
    velocity = flat(zero_loss_flow(X, Y, activation)(0.0, state))
    assert np.linalg.norm(velocity - dense) < 1e-10 * np.linalg.norm(flat(state))


@pytest.mark.parametrize(("activation", "degree"), [("relu", 1), ("quadratic", 2), ("cubic", 3)])
def test_homogeneous_flow_has_the_closed_form_even_off_the_set(activation, degree):
    X, Y, (W1, W2) = on_the_set(activation)
    state = W1, W2 + 0.1
    at = linearize(bind(X, Y, activation), state)
    first, second = at.adjoint(at.solve((1 + degree) * Y, 1e-13))
    velocity = zero_loss_flow(X, Y, activation)(0.0, state)
    assert flat(velocity) == pytest.approx(flat((first - W1, second - state[1])), abs=1e-8)


@pytest.mark.parametrize("activation", ["quadratic", "tanh"])
def test_smooth_trajectory_stays_on_the_set(activation):
    train, _ = modular_addition(5, 0.7, 0)
    W1 = np.random.default_rng(0).standard_normal((5, 16)) / 5**0.5
    start = W1, optimal_readout(train.X, train.Y, activation)(W1)
    problem = bind(train.X, train.Y, activation)
    run = integrate(
        zero_loss_flow(train.X, train.Y, activation),
        start,
        (0, 5),
        rtol=1e-9,
        atol=1e-11,
        t_eval=[5.0],
        observe=lambda tau, state: {"drift": np.linalg.norm(linearize(problem, state).residual)},
    )
    assert run.observed["drift"].max() < 1e-8


def test_retracted_relu_trajectory_stays_on_the_set_and_descends():
    train, _ = modular_addition(5, 0.7, 0)
    problem = bind(train.X, train.Y)
    W1 = np.random.default_rng(0).standard_normal((5, 16)) / 5**0.5
    start = W1, optimal_readout(train.X, train.Y)(W1)
    run = integrate(
        retracted(problem, zero_loss_flow(train.X, train.Y), step=0.02),
        start,
        (0, 5),
        method="euler",
        step=0.02,
        observe=lambda tau, state: {
            "drift": np.linalg.norm(linearize(problem, state).residual),
            "norm": np.linalg.norm(flat(state)),
        },
    )
    assert run.observed["drift"].max() < 1e-8
    assert np.all(np.diff(run.observed["norm"][:100]) < 0)


def test_distance_off_the_set_decays_at_the_stated_rate():
    X, Y, (W1, W2) = on_the_set("tanh")
    problem, rate_ratio = bind(X, Y, "tanh"), 0.5
    state = W1, W2 + 0.01
    at = linearize(problem, state)
    velocity = zero_loss_flow(X, Y, "tanh", rate_ratio=rate_ratio)(0.0, state)
    assert at.output_change(velocity) == pytest.approx(-(1 / rate_ratio + 1) * at.residual, abs=1e-8)


@pytest.mark.parametrize("activation", ["relu", "quadratic", "tanh"])
def test_a_fast_readout_gives_the_first_layer_flow(activation):
    X, Y, state = on_the_set(activation)
    target = first_layer_flow(X, Y, activation)(0.0, state[0])
    errors = [
        np.linalg.norm(zero_loss_flow(X, Y, activation, rate_ratio=rate_ratio)(0.0, state)[0] - target)
        for rate_ratio in (1e-3, 1e-4)
    ]
    assert errors[1] == pytest.approx(errors[0] / 10, rel=0.1)


def test_a_tangent_flow_keeps_the_outputs():
    X, Y, state = on_the_set("tanh")
    velocity = tangent_flow(X, Y, lambda state: (np.sign(state[0]), np.sign(state[1])), "tanh")(0.0, state)
    assert linearize(bind(X, Y, "tanh"), state).output_change(velocity) == pytest.approx(
        np.zeros_like(Y), abs=1e-9
    )


def test_a_lag_that_is_not_positive_is_refused():
    with pytest.raises(ValueError, match=r"rate_ratio = 0\.0: must be a positive number"):
        zero_loss_flow(np.eye(2), np.eye(2), rate_ratio=0.0)


def test_retraction_of_a_state_on_the_set_is_the_state():
    X, Y, state = on_the_set("gelu")
    problem = bind(X, Y, "gelu")
    assert flat(retract(problem, state, 1e-10)) == pytest.approx(flat(state), abs=0)


# On ReLU any change, however small, decides anew on which side of a kink a step ends; the error stays what it was.
@pytest.mark.parametrize(("activation", "factor"), [("relu", 1.1), ("tanh", 1.001)])
def test_the_retraction_takes_out_the_error_of_a_loose_solve(activation, factor):
    train, _ = modular_addition(5, 0.7, 0)
    problem = bind(train.X, train.Y, activation)
    W1 = np.random.default_rng(0).standard_normal((5, 32)) / 5**0.5
    start = W1, optimal_readout(train.X, train.Y, activation)(W1)

    def end(tolerance, step):
        flow = retracted(problem, zero_loss_flow(train.X, train.Y, activation, tolerance=tolerance), step)
        W1, W2 = integrate(flow, start, (0, 0.5), method="euler", step=step, t_eval=[0.5]).y
        assert np.linalg.norm(linearize(problem, (W1[0], W2[0])).residual) < 1e-8
        return flat((W1, W2))

    reference, exact, loose = end(1e-11, 0.0025), end(1e-11, 0.02), end(1e-2, 0.02)
    assert np.linalg.norm(loose - reference) < factor * np.linalg.norm(exact - reference)


def test_steps_that_leave_the_set_are_not_silent():
    """ReLU's kinks push fixed steps off the set for good, without a retraction."""
    train, _ = modular_addition(7, 0.6, 0)
    start = start_on_set(bind(train.X, train.Y), 40, 0)
    flow = zero_loss_flow(train.X, train.Y)
    with pytest.warns(OffTheSetWarning, match=r"has left the zero-loss set, ‖F − Y‖/‖Y‖ = 0\.1\d*: "):
        integrate(flow, start, (0, 1), method="euler", step=0.02)
    held = retracted(bind(train.X, train.Y), flow, 0.02)
    W1, W2 = integrate(held, start, (0, 0.2), method="euler", step=0.02).y
    assert np.linalg.norm(np.maximum(train.X @ W1[-1], 0) @ W2[-1] - train.Y) < 1e-8
