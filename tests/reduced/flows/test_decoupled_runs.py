"""A decoupled loss along time: trajectory, fast optimum, cost, and the closed form in time."""

from types import SimpleNamespace

import numpy as np
import pytest
import sympy as sp
from scipy.optimize import minimize_scalar

from derivations import decouple
from derivations.closed_form import closed_forms
from reduced.decoupled import closed_form, cost, simulate, vector_field

a, b, c, x, y = sp.symbols("a b c x y")
decay = sp.Symbol("lambda", positive=True)
PRODUCT = decouple((a * b * x - y) ** 2 + decay * (a**2 + b**2), a, b)
NUMBERS = {x: 2.0, y: 3.0, decay: 0.2}
SATURATING = decouple((sp.tanh(a * b) - y) ** 2 + decay * (a**2 + b**2), a, b)


def test_fast_optimum_and_cost_are_those_of_the_states():
    path = simulate(PRODUCT, [0.3], (0, 5), NUMBERS, times=[0, 1, 5])
    w = path.y[:, 0]
    best = 6 * w / (4 * w**2 + 0.2)
    np.testing.assert_allclose(path.observed["fast"][:, 0], best, rtol=1e-13)
    np.testing.assert_allclose(
        path.observed["cost"], (2 * w * best - 3) ** 2 + 0.2 * (w**2 + best**2), rtol=1e-12
    )
    np.testing.assert_array_equal(path.observed["t"], [0, 1, 5])


def test_an_implicit_optimum_is_the_lowest_minimum_along_the_path():
    path = simulate(SATURATING, [2.0], (0, 4), {y: 0.8, decay: 0.1}, times=[0, 2, 4])
    for w, fast, along in zip(path.y[:, 0], path.observed["fast"][:, 0], path.observed["cost"], strict=True):
        found = minimize_scalar(
            lambda v, w=w: (np.tanh(w * v) - 0.8) ** 2 + 0.1 * (w**2 + v**2), bounds=(0, 5), method="bounded"
        )
        assert along == pytest.approx(found.fun, abs=1e-9)
        assert fast == pytest.approx(found.x, abs=1e-4)
    assert np.all(np.diff(path.observed["cost"]) < 0)


@pytest.mark.parametrize("start", [0.3, 5.0, -0.3, -5.0])
@pytest.mark.parametrize("limit", [False, True])
def test_the_closed_form_in_time_is_the_integrated_path(limit, start):
    model = PRODUCT.limit(decay) if limit else PRODUCT
    path = simulate(model, [start], (0, 2), NUMBERS, times=[0, 0.1, 0.5, 2], rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(closed_form(model, [start], NUMBERS)(path.t), path.y, rtol=1e-8)


@pytest.mark.parametrize(
    ("velocity", "start"),
    [
        (1 / a**3 - a, 0.5),
        (-3 * a + 2, -1.0),
        (-(a**3), 2.0),
        (a - a**3, -0.1),
        (-a * (a - 1) * (a - 3), 1.5),
        (-(a**2) * (a - 2), 0.3),
        (1 - a**2, 0.0),
        (-2 * a + a / (a**2 + 1), 0.4),
    ],
)
def test_a_closed_form_obeys_its_equation(velocity, start):
    """Central differences of the solution in time are the velocity at it."""
    t = sp.Symbol("t")
    found = closed_forms({a: velocity}, t)[a]

    model = SimpleNamespace(flow={a: velocity}, closed_form=lambda: {a: found})
    h = 1e-4
    solution = closed_form(model, [start])
    at = np.array([0.0, 0.2, 0.7])
    state = solution(at + h)[:, 0]
    slopes = (solution(at + 2 * h) - solution(at))[:, 0] / (2 * h)
    expected = [float(velocity.subs(a, w)) for w in state]
    np.testing.assert_allclose(slopes, expected, rtol=1e-5, atol=1e-9)
    assert solution([0.0])[0, 0] == pytest.approx(start, rel=1e-15)


def test_a_fixed_point_stays_and_a_blow_up_is_not_a_number():
    model = decouple((b - a) ** 2 / 2 + b**2 - a**4, a, b)
    assert np.all(closed_form(model, [0.0])([0.0, 1.0, 50.0]) == 0)
    assert np.isnan(closed_form(model, [3.0])([5.0])).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: simulate(PRODUCT, [1.0, 2.0], (0, 1), NUMBERS), "start has shape"),
        (lambda: simulate(PRODUCT, [1.0], (0, 1), {x: 1.0}), "lacks a number for lambda, y"),
        (lambda: simulate(PRODUCT, [np.nan], (0, 1), NUMBERS), "start"),
        (lambda: closed_form(PRODUCT, [1.0], {x: 1.0}), "lacks a number for lambda, y"),
        (
            lambda: closed_form(SATURATING, [1.0], NUMBERS),
            "no closed form in time was found for a: use simulate",
        ),
        (lambda: closed_form(PRODUCT.limit(decay), [0.0], NUMBERS), "not finite at 0"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(call, message):
    with pytest.raises(ValueError, match=message) as refused:
        call()
    assert "\n" not in str(refused.value)


def test_the_cost_falls_at_the_squared_speed():
    """dR/dt = −‖dθ₁/dt‖² by central differences along the path, for two slow parameters."""
    model = decouple((a * b * c - 1) ** 2 + decay * (a**2 + b**2 + c**2), (a, b), c)
    h = 1e-4
    path = simulate(
        model, [0.7, -1.2], (0, 1), {decay: 0.3}, times=[0.5 - h, 0.5, 0.5 + h], rtol=1e-11, atol=1e-13
    )
    speed = vector_field(model, {decay: 0.3})(0.0, path.y[1])
    slope = (path.observed["cost"][2] - path.observed["cost"][0]) / (2 * h)
    assert slope == pytest.approx(-speed @ speed, rel=1e-5)
    assert cost(model, {decay: 0.3})(path.y[1]) == path.observed["cost"][1]


@pytest.mark.parametrize("model", [PRODUCT, PRODUCT.limit(decay), SATURATING])
def test_latex_holds_the_optimum_the_cost_and_the_flow(model):
    text = model.latex()
    assert text.count("&=") == 3
    assert model._repr_latex_() == f"$\\displaystyle {text}$"
    assert (r"{\mathrm{d} \tau} a" if "tau" in text else r"{\mathrm{d} t} a") in text
