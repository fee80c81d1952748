"""Runge–Kutta–Legendre steps: their length, their stability, and what makes a step to be made again."""

import numpy as np
import pytest
from numpy.polynomial import legendre

from reduced import IntegrationError, integrate

SHARE = 0.02
LEGENDRE = {"method": "relative_legendre", "step": SHARE}


def moves(trajectory):
    """‖Δy‖/‖y‖ of every step."""
    states = trajectory.y.reshape(len(trajectory.t), -1)
    return np.linalg.norm(np.diff(states, axis=0), axis=1) / np.linalg.norm(states[:-1], axis=1)


def test_a_step_moves_the_state_by_about_its_share_and_the_last_ends_exactly():
    trajectory = integrate(lambda t, W: -(W**3), [[3.0, 1.0]], (0, 2), **LEGENDRE)
    assert trajectory.t[-1] == 2
    assert moves(trajectory)[:-1] == pytest.approx(SHARE, rel=0.1)


def test_one_step_is_three_stages_of_the_shifted_legendre_polynomial():
    """y′ = −y over one step of length 1 ends at P₃(1 − 2/12)."""
    trajectory = integrate(lambda t, y: -y, [1.0], (0, 1), method="relative_legendre", step=1.0)
    assert trajectory.steps == 1
    assert trajectory.y[-1, 0] == pytest.approx(legendre.legval(5 / 6, [0, 0, 0, 1]), rel=1e-14)


def test_stages_are_taken_at_their_own_times():
    """y′ = t from 1: RKL1 is exact to first order, its nodes are 1/6 and 1/2 of the step."""
    seen = []
    integrate(lambda t, y: seen.append(t) or np.zeros(1), [1.0], (0, 1), **LEGENDRE)
    looked_ahead, taken = seen[:2], seen[2:]
    assert looked_ahead == [0, 1]  # whether the flow depends on time
    assert taken == pytest.approx([0, 1 / 6, 1 / 2, 1])


def test_steps_lengthen_gradually_and_end_at_the_last_bit():
    """After a fast start the flow slows down a million times; 0.1 + 0.7 is not 0.8 in binary."""
    trajectory = integrate(lambda t, y: np.where(y < 2, 1e6, 1.0) * np.ones(1), [1.0], (0.1, 0.8), **LEGENDRE)
    lengths = np.diff(trajectory.t)
    assert (lengths[1:] <= 2 * lengths[:-1] * (1 + 1e-9)).all()
    assert trajectory.t[-1] == 0.8


def test_states_within_a_step_lie_on_its_chord():
    steps = integrate(lambda t, y: -y, [1.0], (0, 1), **LEGENDRE)
    middles = (steps.t[1:] + steps.t[:-1]) / 2
    between = integrate(lambda t, y: -y, [1.0], (0, 1), t_eval=middles, **LEGENDRE)
    assert between.y == pytest.approx((steps.y[1:] + steps.y[:-1]) / 2, rel=1e-12)


@pytest.mark.parametrize("spike", [1e3, 1e6, 1e20, np.inf, np.nan])
def test_one_violent_stage_is_forgotten(spike):
    """As next to a singular point: the step is made again, and the rest goes on as before."""
    calls = []

    def flow(t, y):
        calls.append(t)
        return -y * (spike if len(calls) == 20 else 1.0)

    trajectory = integrate(flow, [1.0], (0, 1), **LEGENDRE)
    assert trajectory.y[-1, 0] == pytest.approx(np.exp(-1), rel=0.02)
    assert trajectory.nfev < 300


def test_steps_of_a_homogeneous_flow_do_not_depend_on_its_scale():
    """W' = −W³ from αW₀ takes the same steps in time scaled by α⁻²."""
    small, large = (
        integrate(lambda t, W: -(W**3), [scale], (0, 2 / scale**2), **LEGENDRE) for scale in (0.1, 10.0)
    )
    assert small.steps == large.steps
    assert small.y[-1] == pytest.approx(0.01 * large.y[-1], rel=1e-9)


@pytest.mark.parametrize("rate", [1e4, 1e5])
def test_stiff_decay_takes_far_fewer_evaluations_than_euler(rate):
    """Euler is stable up to steps of 2/rate; the stiff part follows a moving target."""

    def flow(t, y):
        return np.array([-y[0], rate * (np.cos(t) - y[1])])

    trajectory = integrate(flow, [1.0, 1.0], (0, 5), **LEGENDRE)
    assert trajectory.y[-1] == pytest.approx([np.exp(-5), np.cos(5)], abs=0.002)
    assert trajectory.nfev < 0.4 * rate * 5 / 2


def test_a_step_that_moves_too_far_is_made_again():
    """Where y passes 1.2 the speed jumps by a hundred, and the steps are a tenth long."""
    trajectory = integrate(lambda t, y: np.where(y < 1.2, 0.2, 20.0) * y, [1.0], (0, 1.0), **LEGENDRE)
    assert 0.2 * np.diff(trajectory.t)[0] == pytest.approx(SHARE, rel=0.05)
    assert moves(trajectory).max() <= 2 * SHARE


def test_a_trial_step_beyond_what_the_flow_can_evaluate_is_shortened():
    """A field that ends at y = 2 and turns there: steps shrink until no stage lies beyond."""
    trajectory = integrate(
        lambda t, y: np.where(y < 2, 5.0 * (1.99 - y), np.nan),
        [1.0],
        (0, 4),
        method="relative_legendre",
        step=0.9,
    )
    assert trajectory.y[-1, 0] == pytest.approx(1.99, abs=0.01)


def test_a_flow_at_rest_takes_one_step():
    trajectory = integrate(lambda t, W: 0 * W, [1.0], (0, 5), **LEGENDRE)
    assert (trajectory.t[-1], trajectory.steps) == (5, 1)


def test_steps_cannot_leave_zero():
    with pytest.raises(IntegrationError, match="step size is less than spacing"):
        integrate(lambda t, W: W + 1, [0.0], (0, 1), **LEGENDRE)


def test_sliding_along_a_kink_stays_within_a_step_of_it():
    """y₀ falls onto the kink of 10|y₀| and stays, while y₁ drifts on."""
    trajectory = integrate(lambda t, y: np.array([-10 * np.sign(y[0]), 1.0]), [0.1, 1.0], (0, 2), **LEGENDRE)
    assert trajectory.y[-1, 1] == pytest.approx(3, abs=1e-9)
    slid = trajectory.y[trajectory.t > 0.5]
    assert (abs(slid[:, 0]) < 2 * SHARE * slid[:, 1]).all()
