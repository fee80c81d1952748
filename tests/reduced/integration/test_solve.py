import pickle

import numpy as np
import pytest

from reduced import IntegrationError, first_layer_flow, integrate, optimal_readout
from reduced.integration.methods import METHODS
from reduced.tasks.modular import modular_addition

STEPPED = [name for name, one in METHODS.items() if one.step]
ADAPTIVE = [name for name in METHODS if name not in STEPPED]


def decay(t, W):
    return -W


@pytest.mark.parametrize("method", ADAPTIVE)
def test_matrices_decay_within_tolerance(method):
    start = np.arange(6.0).reshape(2, 3)
    trajectory = integrate(decay, start, (0, 2), method=method, rtol=1e-8, atol=1e-10, t_eval=[0, 1, 2])
    expected = np.exp(-trajectory.t)[:, None, None] * start
    in_tolerances = np.abs(trajectory.y - expected) / (1e-10 + 1e-8 * np.abs(expected))
    assert trajectory.y.shape == (3, 2, 3)
    assert in_tolerances.max() < 100


@pytest.mark.parametrize("method", STEPPED)
def test_euler_converges_at_first_order(method):
    steps = np.array([0.1, 0.05, 0.025, 0.0125])
    ends = [integrate(decay, [1.0], (0, 1), method=method, step=h).y[-1][0] for h in steps]
    errors = np.abs(np.array(ends) - np.exp(-1))
    order = np.polyfit(np.log(steps), np.log(errors), 1)[0]
    assert order == pytest.approx(1, abs=0.1)


def test_euler_takes_equal_steps_and_ends_exactly():
    trajectory = integrate(decay, [1.0], (0, 0.35), method="euler", step=0.1)
    assert trajectory.t == pytest.approx([0, 0.1, 0.2, 0.3, 0.35], abs=1e-15)
    assert trajectory.t[-1] == 0.35
    assert (trajectory.steps, trajectory.nfev) == (4, 4)


def test_relative_steps_move_the_state_by_their_share_and_end_exactly():
    trajectory = integrate(lambda t, W: -(W**3), [[3.0, 1.0]], (0, 2), method="relative_euler", step=0.1)
    moves = np.linalg.norm(np.diff(trajectory.y, axis=0), axis=(1, 2))
    assert moves[:-1] == pytest.approx(0.1 * np.linalg.norm(trajectory.y[:-2], axis=(1, 2)), rel=1e-12)
    assert trajectory.t[-1] == 2
    assert trajectory.nfev == trajectory.steps


def test_relative_steps_of_a_homogeneous_flow_do_not_depend_on_its_scale():
    """W' = −W³ from αW₀ takes the same steps in time scaled by α⁻²."""
    small, large = (
        integrate(lambda t, W: -(W**3), [scale], (0, 2 / scale**2), method="relative_euler", step=0.01)
        for scale in (0.1, 10.0)
    )
    assert small.steps == large.steps
    assert small.y[-1] == pytest.approx(0.01 * large.y[-1], rel=1e-9)


def test_a_flow_at_rest_takes_one_relative_step():
    trajectory = integrate(lambda t, W: 0 * W, [1.0], (0, 5), method="relative_euler", step=0.1)
    assert (trajectory.t[-1], trajectory.steps) == (5, 1)


def test_relative_steps_cannot_leave_zero():
    with pytest.raises(IntegrationError, match="step size is less than spacing"):
        integrate(lambda t, W: W + 1, [0.0], (0, 1), method="relative_euler", step=0.1)


def test_a_pair_of_matrices_is_a_state():
    def rotate(t, state):
        return state[1].T, -state[0].T

    trajectory = integrate(rotate, (np.ones((2, 3)), np.zeros((3, 2))), (0, np.pi / 2), rtol=1e-9)
    first, second = (stack[-1] for stack in trajectory.y)
    assert first == pytest.approx(np.zeros((2, 3)), abs=1e-7)
    assert second == pytest.approx(-np.ones((3, 2)), abs=1e-7)


@pytest.mark.parametrize("options", [{"method": "euler", "step": 0.03}, {"method": "RK45", "rtol": 1e-9}])
def test_observations_fall_on_their_grid_whatever_the_steps(options):
    trajectory = integrate(
        decay, [1.0], (0, 1), t_eval=[1], observe=lambda t, y: {"y": y[0]}, observe_every=0.25, **options
    )
    assert trajectory.observed["t"] == pytest.approx([0, 0.25, 0.5, 0.75, 1], abs=1e-12)
    exact = np.exp(-trajectory.observed["t"])
    assert trajectory.observed["y"] == pytest.approx(
        exact, abs=0.02 if options["method"] == "euler" else 1e-7
    )


@pytest.mark.parametrize("start", [1.0, -0.3])
def test_the_grid_of_observations_begins_where_the_run_does(start):
    trajectory = integrate(
        decay, [1.0], (start, start + 1), method="euler", step=0.03, t_eval=[start + 1],
        observe=lambda t, y: {"y": y[0]}, observe_every=0.25,
    )  # fmt: skip
    assert trajectory.observed["t"] - start == pytest.approx([0, 0.25, 0.5, 0.75, 1], abs=1e-12)


def test_by_default_every_accepted_step_is_observed():
    trajectory = integrate(decay, [1.0], (0, 1), observe=lambda t, y: {"y": y[0]})
    assert np.array_equal(trajectory.observed["t"], trajectory.t)
    assert np.array_equal(trajectory.observed["y"], trajectory.y[:, 0])


@pytest.mark.parametrize(
    ("options", "reason"),
    [({"max_steps": 3}, "reached max_steps = 3"), ({"max_seconds": 0.0}, "reached max_seconds = 0")],
)
def test_caps_stop_with_what_was_reached(options, reason):
    with pytest.raises(IntegrationError, match=reason) as stopped:
        integrate(decay, [1.0], (0, 1), method="euler", step=0.1, observe=lambda t, y: {"y": y[0]}, **options)
    partial = stopped.value.trajectory
    assert partial.t[-1] == partial.observed["t"][-1] < 1
    assert partial.y[-1] == pytest.approx(0.9**partial.steps)


@pytest.mark.parametrize(
    "options", [{"max_steps": -1}, {"max_steps": 2.5}, {"max_seconds": -1.0}, {"max_seconds": "5"}]
)
def test_a_cap_that_is_none_is_refused(options):
    with pytest.raises(ValueError, match=rf"^{next(iter(options))} "):
        integrate(decay, [1.0], (0, 1), **options)


def test_a_stopped_integration_crosses_processes():
    with pytest.raises(IntegrationError) as stopped:
        integrate(decay, [1.0], (0, 1), max_steps=2)
    received = pickle.loads(pickle.dumps(stopped.value))
    assert str(received) == str(stopped.value)
    assert received.trajectory.steps == 2


def test_divergence_is_named():
    with pytest.raises(IntegrationError, match="no longer finite; take smaller steps"):
        integrate(lambda t, y: y**3, [10.0], (0, 10), method="euler", step=1.0)


def test_a_step_that_cannot_get_smaller_is_named():
    with pytest.raises(IntegrationError, match="step size is less than spacing"):
        integrate(lambda t, y: y**2, [1.0], (0, 2))


def test_a_singular_gram_matrix_stops_with_the_time():
    train, _ = modular_addition(5, 0.7, 0)
    flow = first_layer_flow(train.X, train.Y)
    with pytest.raises(IntegrationError, match=r"stopped at t = 0 after 0 steps: .*widen the hidden layer"):
        integrate(flow, np.zeros((5, 40)), (0, 1))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"method": "RK54"}, r"did you mean 'RK45'\?"),
        ({"method": "euler"}, "step = None: method 'euler' takes a step"),
        ({"step": 0.1}, "step = 0.1: only the methods euler, relative_euler, relative_legendre take a step"),
        ({"method": "euler", "step": 0.0}, r"step = 0.0: must be a positive number"),
        ({"method": "relative_euler", "step": 1.5}, "step = 1.5: .* a share of the state's norm, from 1e-14"),
        ({"first_step": 9.0}, r"first_step = 9.0: must be positive and at most"),
        ({"rtol": -1.0}, r"rtol = -1.0"),
        ({"rtol": float("inf")}, r"rtol = inf"),
        ({"t_span": (1, 0)}, r"t_span = \(1, 0\)"),
        ({"y0": [np.nan]}, "y0 holds NaN or infinity"),
        ({"flow": lambda t, y: np.ones(2)}, r"flow returned shapes \(2,\) for a state of shapes \(1,\)"),
    ],
)
def test_unusable_arguments_are_refused(arguments, message):
    usable = {"flow": decay, "y0": [1.0], "t_span": (0, 1)}
    with pytest.raises(ValueError, match=message):
        integrate(**{**usable, **arguments})


@pytest.mark.parametrize(("activation", "degree"), [("relu", 1), ("quadratic", 2), ("cubic", 3)])
@pytest.mark.parametrize("ridge", [0.0, 1e-2])
def test_euler_obeys_its_own_norm_law_step_by_step(activation, degree, ridge):
    """‖W1⁺‖² = ‖W1‖² + 2η(q‖W2‖² − ‖W1‖²) + η²‖dW1/dτ‖², an identity of explicit Euler."""
    train, _ = modular_addition(7, 0.7, 0)
    flow, readout = (
        make(train.X, train.Y, activation, ridge) for make in (first_layer_flow, optimal_readout)
    )
    W1, eta = np.random.default_rng(1).normal(size=(7, 60)) / 2, 1e-3
    path = integrate(flow, W1, (0, 0.05), method="euler", step=eta).y
    norm = np.sum(path**2, axis=(1, 2))
    for k in range(len(path) - 1):
        speed, second = np.sum(flow(0.0, path[k]) ** 2), np.sum(readout(path[k]) ** 2)
        predicted = norm[k] + 2 * eta * (degree * second - norm[k]) + eta**2 * speed
        assert norm[k + 1] == pytest.approx(predicted, rel=1e-12)


@pytest.mark.parametrize("method", ["relative_euler", "relative_legendre"])
def test_a_state_that_rests_at_first_is_not_stepped_over(method):
    """y' = 2t from 1 has velocity 0 at first, so that its first relative step would end the run at 1."""
    path = integrate(lambda t, y: [2 * t], [1.0], (0, 1), method=method, step=0.01)
    assert path.y[-1, 0] == pytest.approx(2, abs=0.011)


def test_the_state_is_the_solvers():
    """A flow that writes into its argument is refused; an observer writes into a copy."""

    def spoils(t, y):
        y *= 2
        return -y

    with pytest.raises(ValueError, match="read-only"):
        integrate(spoils, [1.0], (0, 1))

    def normalizes(t, W):
        W /= np.linalg.norm(W)
        return {"W": W}

    path = integrate(lambda t, W: -W, [3.0, 4.0], (0, 1), observe=normalizes)
    assert path.y[-1] == pytest.approx(np.exp(-1) * np.array([3, 4]), rel=1e-5)
    assert path.observed["W"][-1] == pytest.approx([0.6, 0.8])


@pytest.mark.parametrize(
    ("observe", "message"),
    [
        (lambda t, y: {"t": t}, "'t'"),
        (lambda t, y: {"late" if t > 0.5 else "early": 1}, "must not change"),
    ],
)
def test_names_of_observations_are_checked(observe, message):
    with pytest.raises(ValueError, match=message):
        integrate(lambda t, y: -y, [1.0], (0, 1), observe=observe)


@pytest.mark.parametrize("y0", [3.0, (1.0, 2.0), np.float64(3), (np.eye(2), 1.0)])
def test_scalars_are_states(y0):
    flow = (lambda t, y: tuple(-part for part in y)) if isinstance(y0, tuple) else (lambda t, y: -y)
    path = integrate(flow, y0, (0, 1))
    first = path.y[0] if isinstance(y0, tuple) else path.y
    start = np.asarray(y0[0] if isinstance(y0, tuple) else y0)
    assert first[-1] == pytest.approx(np.exp(-1) * start, rel=1e-5)


@pytest.mark.parametrize("method", ["BDF", "Radau", "LSODA", "RK45"])
def test_a_flow_that_stops_being_finite_keeps_the_last_state(method):
    with pytest.raises(IntegrationError) as stopped:
        integrate(lambda t, y: -y if t < 0.5 else y * np.nan, [1.0], (0, 1), method=method)
    assert 0 < stopped.value.trajectory.t[-1] <= 0.5 + 1e-9


def test_observations_begin_with_the_time_span():
    path = integrate(lambda t, y: -y, [1.0], (1.0, 2.0), observe=lambda t, y: {}, observe_every=0.3)
    assert path.observed["t"] == pytest.approx([1.0, 1.3, 1.6, 1.9, 2.0])


@pytest.mark.parametrize(("method", "step"), [("euler", 1e-300), ("relative_euler", 1e-300)])
def test_steps_below_rounding_are_refused(method, step):
    with pytest.raises(ValueError, match="step = 1e-300"):
        integrate(lambda t, y: -y, [1.0], (0, 1), method=method, step=step)
