"""Laws of the grokking time: where a law must be right to rounding, it is; and it reads no more than it says."""

import math
from dataclasses import fields, replace
from functools import partial

import numpy as np
import pytest

from reduced import rescaled_time, solutions, train
from reduced.predictors.law import Law, Needs, declare, laws
from reduced.predictors.laws import first_passage, heavy_ball, initial_scale, one_mode, rate
from reduced.predictors.laws.regression_bounds import regression_bounds
from reduced.predictors.runs import Measured, Run, Setting

LAWS = laws()
RUN = Run(Setting(init_factor=2.0), Measured(90.0, 0.1, 80.0, 0.7, 1.5, 40.0, 30.0, 25.0, 1.0))
REFERENCE = Run(Setting(), Measured(60.0, 0.2, 50.0, 0.5, 1.2, 38.0, 31.0, 20.0, 1.0))
MEMORIZED = ("squared_norm_start", "memorized", "squared_norm_memorized", "contraction")
GRANTED = {
    Needs.NOTHING: (),
    Needs.START: ("squared_norm_start",),
    Needs.MEMORIZATION: MEMORIZED,
    Needs.RUN: (*MEMORIZED, "squared_norm_end", "squared_distance", "accuracy_end"),
}
#: Laws whose constant makes them pass through the reference.
THROUGH = (
    "decay elimination",
    "initial scale",
    "heavy-ball clock",
    "first passage, κ fitted",
    "squared distance",
)


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
def test_a_law_reads_no_more_than_it_says(law):
    hidden = {field.name: math.nan for field in fields(Measured) if field.name not in GRANTED[law.needs]}
    blind = replace(RUN, measured=replace(RUN.measured, **hidden))
    assert law(blind, REFERENCE) == pytest.approx(law(RUN, REFERENCE), nan_ok=True)


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
def test_a_law_says_where_it_is_from_and_when_it_is_silent(law):
    assert all((law.source, law.formula, law.scope, law.units))
    nowhere = replace(REFERENCE, measured=Measured(*[math.nan] * 9))
    assert math.isnan(law(RUN, nowhere))


@pytest.mark.parametrize("name", [*THROUGH, "norm separation"])
def test_calibrated_laws_pass_through_their_reference(name):
    assert LAWS[name](REFERENCE, REFERENCE) == pytest.approx(1.2, rel=1e-14)


def test_a_name_is_taken_once():
    with pytest.raises(ValueError, match="another law has it"):
        declare(replace(LAWS["squared distance"]))
    assert isinstance(LAWS["squared distance"], Law)


@pytest.mark.parametrize("tau", [1e-3, 0.3, 2.0])
@pytest.mark.parametrize("start", [(4.0, 0.5), (0.3, 2.5)])
def test_one_mode_is_exact_for_the_product_network(tau, start):
    w1, w2 = (float(w) for w in solutions.product_zero_loss()(tau, start))
    before, after, s = start[0] ** 2 + start[1] ** 2, w1**2 + w2**2, start[0] * start[1]
    found = one_mode.constant_coupling(before, after, coupling=4 * s**2, target=1.0)
    assert found == pytest.approx(tau, rel=1e-9)
    wrong = one_mode.proportional_coupling(before, after, ratio=2 * abs(s), target=1.0)
    assert abs(wrong - tau) > 1e-4 * tau
    m = float(solutions.product_first_layer(s)(tau, start[0])) ** 2
    found = one_mode.constant_coupling(start[0] ** 2, m, coupling=s**2, target=1.0)
    assert found == pytest.approx(tau, rel=1e-9)


def test_proportional_coupling_ends_where_the_balanced_product_network_does():
    x, y, ridge = 1.3, 0.9, 0.3
    w, _ = solutions.product_full(x**2, y / x, ridge)(1e3, (1.0, 1.0))
    assert x**2 * 2 * float(w) ** 2 == pytest.approx(2 * x * y - 2 * ridge, rel=1e-12)
    assert 2 * x * y - 2 * ridge == pytest.approx(1.74)


@pytest.mark.parametrize("form", ["constant", "proportional"])
@pytest.mark.parametrize("ridge", [0.0, 0.4])
def test_the_clocks_of_a_mode_solve_their_equations(form, ridge):
    """dτ/dΛ by central differences against the reciprocal of the velocity."""
    a, y, level, h = 1.7, 1.2, 3.0, 1e-5
    how = {"target": y, "ridge": ridge}
    if form == "constant":
        clock = partial(one_mode.constant_coupling, 5.0, coupling=a, **how)
        velocity = 2 * (a * y / (level + 2 * ridge) - level)
    else:
        clock = partial(one_mode.proportional_coupling, 5.0, ratio=a, **how)
        velocity = 2 * level * (a * y - 2 * ridge - level) / (level + 2 * ridge)
    slope = (clock(level + h) - clock(level - h)) / (2 * h)
    assert slope * velocity == pytest.approx(1, rel=1e-8)


def test_a_mode_does_not_pass_its_fixed_point():
    with pytest.raises(ValueError, match="the end is not between them"):
        one_mode.constant_coupling(3.0, 1.0, coupling=2.0, target=2.0)
    with pytest.raises(ValueError, match="the mode dies"):
        one_mode.proportional_coupling(3.0, 1.0, ratio=1.0, target=1.0, ridge=0.5)


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_the_heavy_ball_clock_counts_steps_of_the_imbalance(momentum):
    """A product network trained until its imbalance has fallen to a fifth, to one part in a hundred."""
    rate, decay = 0.002 * (1 - momentum), 0.5
    start = np.array([[1.5]]), np.array([[0.4]])
    how = {"learning_rate": rate, "weight_decay": decay, "momentum": momentum, "reduction": "sum"}
    taken = round(heavy_ball.steps(5.0, learning_rate=rate, weight_decay=decay, momentum=momentum))
    run = train(np.eye(1), np.array([[0.8]]), start, steps=taken, activation="linear", **how)
    w1, w2 = (float(layer[-1, 0, 0]) for layer in run.y)
    assert (1.5**2 - 0.4**2) / (w1**2 - w2**2) == pytest.approx(5, rel=0.02)


def test_decay_elimination_is_exact_in_a_race_of_neurons():
    start, tau, alpha = np.array([0.5, 2.0, 1.9]), 0.4, 3.0
    later = float(rescaled_time(tau, alpha, degree=2))
    race = solutions.winner_takes_all(3.0, 2)
    expected = alpha * np.exp(tau - later) * race(tau, start)
    np.testing.assert_allclose(race(later, alpha * start), expected, rtol=1e-9)


def test_the_initial_scale_law_is_the_limit_of_decay_elimination():
    exact = [
        float(rescaled_time(1.3, alpha, degree=1)) - initial_scale.transition(alpha) for alpha in (1e2, 1e4)
    ]
    assert exact[0] == pytest.approx(exact[1], abs=1e-8)
    assert float(rescaled_time(1.3, 0.5, degree=1)) - initial_scale.transition(0.5) > exact[1] + 0.01


def test_the_contraction_of_the_product_network_is_what_first_passage_says():
    """κ = 1 − ‖P_N θ‖²/‖θ‖², from the projector by hand, against a difference quotient of the exact solution."""
    start, h = (4.0, 0.5), 1e-6
    theta, normal = np.array(start), np.array(start[::-1]) / np.linalg.norm(start)
    kappa = 1 - (theta @ normal) ** 2 / (theta @ theta)
    w1, w2 = solutions.product_zero_loss()(np.array([0.0, h]), start)
    squares = w1**2 + w2**2
    assert -np.diff(np.log(squares))[0] / (2 * h) == pytest.approx(kappa, rel=1e-5)
    assert first_passage.delay(squares[0], squares[1], kappa) == pytest.approx(h, rel=1e-5)
    assert first_passage.delay(squares[0], squares[1]) < h


@pytest.mark.parametrize("seed", range(20))
def test_linear_regression_lies_within_its_bounds(seed):
    rng = np.random.default_rng(seed)
    X, y, start = rng.standard_normal((4, 9)), rng.standard_normal(4), 3 * rng.standard_normal(9)
    ridge, tolerance = 0.05, 1e-3
    times = np.linspace(0, 150, 60_001)
    weights = solutions.linear_regression(X, y, ridge)(times, start)
    rest = np.linalg.solve(X.T @ X + ridge * np.eye(9), X.T @ y)
    seen = np.sum(((weights - rest) @ X.T) ** 2, axis=1), np.sum((weights - rest) ** 2, axis=1)
    for errors, bounds in zip(seen, regression_bounds(X, y, start, ridge, tolerance), strict=True):
        first = times[np.argmax(errors <= tolerance)]
        assert bounds.earliest - 0.0025 <= first <= bounds.latest + 0.0025
        assert bounds.earliest < bounds.latest


def test_the_bounds_meet_where_there_is_one_rate():
    X, start = np.array([[2.0, 0.0]]), np.array([1.0, 3.0])
    memorizing, forgetting = regression_bounds(X, np.zeros(1), start, 0.1, 0.01)
    assert memorizing.earliest == memorizing.latest == pytest.approx(math.log(400) / (4 * 4.1), rel=1e-14)
    assert forgetting.earliest == pytest.approx(math.log(900) / 0.4, rel=1e-14)


def test_bad_numbers_are_refused():
    with pytest.raises(ValueError, match=r"ratio = 0\.5"):
        heavy_ball.steps(0.5, learning_rate=1.0, weight_decay=1.0)
    with pytest.raises(ValueError, match=r"momentum = 1\.0"):
        heavy_ball.steps(2.0, learning_rate=1.0, weight_decay=1.0, momentum=1.0)
    with pytest.raises(ValueError, match="tolerance = 0"):
        rate.delay(1.0, 0)
    with pytest.raises(ValueError, match="X has no positive singular value"):
        regression_bounds(np.zeros((1, 2)), [0.0], [1.0, 1.0], 0.1, 0.1)
