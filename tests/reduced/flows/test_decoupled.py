import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from derivations import decouple
from reduced.flows.decoupled import fast_values, jacobian, vector_field
from reduced.integration.solve import integrate

a, b, c, x, y = sp.symbols("a b c x y")
decay = sp.Symbol("lambda", positive=True)
PRODUCT = (a * b * x - y) ** 2 + decay * (a**2 + b**2)
SATURATING = (sp.tanh(a * b) - y) ** 2 + decay * (a**2 + b**2)


def test_zero_loss_regime_follows_its_solution():
    """(w₁²)² = s² + (m₀² − s²)e^(−4τ) with s = y/x, in slow time."""
    flow = vector_field(decouple(PRODUCT, a, b).limit(decay), {x: 2.0, y: 3.0})
    run = integrate(flow, np.array([1.7]), (0, 2), method="DOP853", rtol=1e-12, atol=1e-13)
    m0, s = 1.7**2, 1.5
    np.testing.assert_allclose(run.y[:, 0] ** 4, s**2 + (m0**2 - s**2) * np.exp(-4 * run.t), rtol=1e-10)


@pytest.mark.parametrize("method", ["Radau", "LSODA"])
def test_stiff_solvers_use_the_exact_jacobian(method):
    model = decouple((a * b * c * x - y) ** 2 + decay * (a**2 + b**2 + c**2), (a, b), c)
    numbers = {x: 2.0, y: 3.0, decay: 1e-3}
    start = np.array([0.4, -1.5])
    runs = [
        integrate(vector_field(model, numbers), start, (0, 50), method=m, rtol=1e-9, atol=1e-11, **extra)
        for m, extra in ((method, {"jac": jacobian(model, numbers)}), ("DOP853", {}))
    ]
    np.testing.assert_allclose(runs[0].y[-1], runs[1].y[-1], rtol=1e-6)


@pytest.mark.parametrize("point", [[0.4], [-1.3], [2.5]])
def test_implicit_fast_optimum_flow_and_jacobian(point):
    model, numbers = decouple(SATURATING, a, b), {y: 0.8, decay: 0.1}

    def cost(w):
        best = minimize_scalar(
            lambda v: (np.tanh(w * v) - 0.8) ** 2 + 0.1 * (w**2 + v**2),
            bounds=(0, 10) if w > 0 else (-10, 0),
            method="bounded",
            options={"xatol": 1e-12},
        )
        return best.fun

    start = [np.sign(point[0])]
    w, h = point[0], 1e-3
    slope = (8 * (cost(w + h) - cost(w - h)) - (cost(w + 2 * h) - cost(w - 2 * h))) / (12 * h)
    field = vector_field(model, numbers, fast_start=start)
    assert field(0.0, np.array(point))[0] == pytest.approx(-slope, abs=1e-8)
    difference = (field(0.0, np.array([w + 1e-5])) - field(0.0, np.array([w - 1e-5]))) / 2e-5
    assert jacobian(model, numbers, fast_start=start)(0.0, np.array(point))[0, 0] == pytest.approx(
        difference[0], abs=1e-8
    )


def test_newton_agrees_with_the_closed_form():
    """The same quadratic loss, disguised so that SymPy does not recognise it."""
    hidden = decouple((sp.log(sp.cosh(a * b) + sp.sinh(a * b)) - 1) ** 2 + decay * (a**2 + b**2), a, b)
    plain = decouple((a * b - 1) ** 2 + decay * (a**2 + b**2), a, b)
    assert hidden.implicit
    assert not plain.implicit
    point, numbers = np.array([0.7]), {decay: 0.3}
    np.testing.assert_allclose(
        fast_values(hidden, numbers)(point), fast_values(plain, numbers)(point), rtol=1e-14
    )
    np.testing.assert_allclose(
        vector_field(hidden, numbers)(0, point), vector_field(plain, numbers)(0, point), rtol=1e-13
    )


def test_every_branch_is_evaluated_without_warnings():
    model = decouple((b**2 - 1) ** 2 + x * a * b + a**2, a, b)
    field = vector_field(model, {x: 1.0})
    for w in (-3.0, -0.1, 0.1, 3.0):
        assert np.isfinite(field(0.0, np.array([w]))).all()


def test_a_loss_without_minimum_is_reported_when_evaluated():
    model = decouple(sp.exp(-b) + sp.exp(-c) + a**2 * sp.tanh(b * c), a, (b, c))
    with pytest.raises(ArithmeticError, match="no minimum"):
        vector_field(model, {})(0.0, np.array([1.0]))


def test_a_missing_parameter_is_named():
    with pytest.raises(ValueError, match="lacks a number for lambda, y"):
        vector_field(decouple(PRODUCT, a, b), {x: 1.0})
    with pytest.raises(ValueError, match="fast_start has shape"):
        vector_field(decouple(SATURATING, a, b), {y: 0.5, decay: 0.1}, fast_start=[1.0, 2.0])


COEFFICIENTS = (*sp.symbols("c_1:4"), sp.Symbol("c_4", positive=True))
LOWEST_OF_A_QUARTIC = fast_values(
    decouple(sum(c_k * b ** (k + 1) for k, c_k in enumerate(COEFFICIENTS)), COEFFICIENTS, b), {}
)


powers_of_ten = st.tuples(st.sampled_from([-1, 1]), st.floats(-320, 0)).map(lambda c: c[0] * 10 ** c[1])


@settings(max_examples=300, derandomize=True, deadline=None)
@given(
    st.lists(st.one_of(st.floats(-100, 100), powers_of_ten), min_size=3, max_size=3),
    st.floats(0.01, 100),
    st.lists(st.floats(-1000, 1000), min_size=1, max_size=20),
)
def test_the_closed_form_of_a_quartic_is_below_every_other_point(lower, leading, others):
    """Rounding leaves an error of the square of 1e-8 root digits where wells merge, far below 1e-9 of the scale."""
    polynomial = np.polynomial.Polynomial([0.0, *lower, leading])
    small = [f"{symbol} = " for symbol, c in zip(COEFFICIENTS, lower, strict=False) if 0 < abs(c) < 1e-60]
    try:
        lowest = LOWEST_OF_A_QUARTIC(np.array([*lower, leading]))[0]
    except ArithmeticError as error:
        refused = str(error)
    else:
        refused = ""
    if refused:
        assert [part.split("=")[0] + "= " for part in refused.split(": ")[0].split(", ")] == small != []
        return
    scale = 1 + sum(abs(c_k) * abs(lowest) ** (k + 1) for k, c_k in enumerate([*lower, leading]))
    critical = polynomial.deriv().roots()
    candidates = [*others, *critical[abs(critical.imag) < 1e-6].real]
    assert polynomial(lowest) <= min(map(polynomial, candidates)) + 1e-9 * scale
