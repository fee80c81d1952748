import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reduced.solutions import (
    product_cross,
    product_first_layer,
    product_full,
    product_two_rates,
    product_zero_loss,
)

TIMES = np.array([0.0, 1e-9, 1e-3, 0.1, 0.7, 3.0])
RELATIVE = 1e-10

targets = st.floats(-3, 3).map(lambda exponent: 10**exponent)
weights = st.floats(-1.5, 1.5).map(lambda exponent: 10**exponent)
coarse = st.floats(-3, 3).map(lambda weight: round(weight, 6))
signs = st.sampled_from([-1.0, 1.0])


@given(s=targets, w1=weights, sign=signs, turn=signs)
def test_the_zero_loss_flow_slides_along_the_hyperbola(referee, s, w1, sign, turn):
    w1, w2 = turn * w1, sign * turn * s / w1

    def flow(_, w):
        return -w + 2 * sign * s / (w @ w) * w[::-1]

    measured = np.stack(product_zero_loss()(TIMES, (w1, w2)), axis=-1)
    np.testing.assert_allclose(measured, referee(flow, [w1, w2], TIMES), rtol=RELATIVE)
    np.testing.assert_allclose(measured.prod(axis=1), sign * s, rtol=1e-14)


@given(s=targets, w1=weights, ridge=st.one_of(st.just(0.0), targets), sign=signs)
def test_the_first_layer_flow_with_any_ridge(referee, s, w1, ridge, sign):
    def flow(_, w):
        return -w + s**2 * w / (w**2 + ridge) ** 2

    expected = referee(flow, [w1], TIMES)[:, 0]
    np.testing.assert_allclose(product_first_layer(sign * s, ridge)(TIMES, w1), expected, rtol=RELATIVE)


@pytest.mark.parametrize(
    ("s", "ridge", "w1"),
    [(100.0, 1e-6, 1e-4), (1e3, 1e-9, 1e-6), (2.0, 0.5, 0.3), (1.0, 0.999, 1e-3), (3.0, 1e-3, 1.7)],
)
@pytest.mark.parametrize("tau", [1e-16, 1e-14, 1e-10, 1e-8, 1e-4, 0.1, 1.0])
def test_growth_with_a_ridge_keeps_all_digits_at_any_time(s, ridge, w1, tau):
    """The time that dm/dτ needs to reach the answer, by quadrature at 40 digits: start times of 1e-16 included."""
    w = float(product_first_layer(s, ridge)(tau, w1))
    with mpmath.workdps(40):
        square, kappa = mpmath.mpf(s) ** 2, mpmath.mpf(ridge)

        def pace(log_m):
            reached = (mpmath.e**log_m + kappa) ** 2
            return reached / (2 * (square - reached))

        ends = [2 * mpmath.log(mpmath.mpf(weight)) for weight in (w1, w)]
        needed = mpmath.quad(pace, mpmath.linspace(*ends, 12))
        error = float(abs(needed - tau) / (2 * pace(ends[1])))
    assert error < 1e-13


@given(s=targets, w1=weights, epsilon=st.floats(-4, 2).map(lambda exponent: 10**exponent))
def test_the_two_rates_flow_at_any_ratio(referee, s, w1, epsilon):
    def flow(_, w):
        return -w * (w**4 - s**2) / (w**4 + epsilon * s**2)

    expected = referee(flow, [w1], TIMES)[:, 0]
    np.testing.assert_allclose(product_two_rates(s, epsilon)(TIMES, w1), expected, rtol=RELATIVE)


@settings(max_examples=15)
@given(a=st.floats(0.1, 3), s=st.floats(0.01, 3), ridge=st.floats(0.05, 3), start=st.tuples(coarse, coarse))
def test_the_full_flow_from_any_start(referee, a, s, ridge, start):
    def flow(_, w):
        return -2 * a * (w[0] * w[1] - s) * w[::-1] - 2 * ridge * w

    expected = referee(flow, start, TIMES)
    measured = np.stack(product_full(a, s, ridge)(TIMES, start), axis=-1)
    np.testing.assert_allclose(measured, expected, rtol=RELATIVE, atol=RELATIVE * abs(expected).max())


@given(a=st.floats(0.1, 3), ridge=st.floats(1e-6, 3), start=st.tuples(coarse, coarse), tie=st.booleans())
def test_the_full_flow_to_a_cross(referee, a, ridge, start, tie):
    start = (start[0], -start[0]) if tie else start

    def flow(_, w):
        return -2 * a * w[0] * w[1] * w[::-1] - 2 * ridge * w

    expected = referee(flow, start, TIMES)
    measured = np.stack(product_cross(a, ridge)(TIMES, start), axis=-1)
    np.testing.assert_allclose(measured, expected, rtol=RELATIVE, atol=RELATIVE * abs(expected).max())


def test_the_ridge_clock_against_taylor_series_of_thirty_digits():
    s, kappa = mpmath.mpf("1.25"), mpmath.mpf("0.5")
    with mpmath.workdps(30):
        exact = mpmath.odefun(lambda _, m: -2 * m + 2 * s**2 * m / (m + kappa) ** 2, 0, mpmath.mpf(4))
        expected = [float(mpmath.sqrt(exact(time))) for time in (0.25, 1, 2)]
    np.testing.assert_allclose(product_first_layer(1.25, 0.5)([0.25, 1, 2], 2.0), expected, rtol=1e-14)


def test_the_full_flow_against_taylor_series_of_thirty_digits():
    with mpmath.workdps(30):

        def flow(_, w):
            pull = -2 * (w[0] * w[1] - mpmath.mpf("0.75"))
            return [pull * w[1] - w[0] / 4, pull * w[0] - w[1] / 4]

        exact = mpmath.odefun(flow, 0, [mpmath.mpf(2), mpmath.mpf("-0.5")])
        expected = [[float(weight) for weight in exact(time)] for time in (0.25, 1, 2)]
    measured = np.stack(product_full(1.0, 0.75, 0.125)([0.25, 1, 2], (2.0, -0.5)), axis=-1)
    np.testing.assert_allclose(measured, expected, rtol=1e-14)


@pytest.mark.parametrize("ridge", [0.0, 1e-300, 0.5, 2.0 - 1e-15, 2.0, 2.0 + 1e-15, 3.0, 1e3])
def test_the_first_layer_ends_where_it_should_without_overflow(ridge):
    ended = product_first_layer(2.0, ridge)([700.0, 1e6], 0.3) ** 2
    algebraic = 2.0 / (4 * 700) if abs(ridge - 2.0) < 0.1 else 1e-200  # at κ = s: m ~ s/4τ
    np.testing.assert_allclose(ended, max(2.0 - ridge, 0.0), rtol=1e-14, atol=algebraic)


def test_at_equal_ridge_and_target_the_approach_is_algebraic():
    tau = 1e8
    np.testing.assert_allclose(product_first_layer(2.0, 2.0)(tau, 1.0) ** 2, 2.0 / (4 * tau), rtol=1e-6)


@pytest.mark.parametrize("near", [1e-8, 1e-12, 1e-16, 0.0])
def test_a_ridge_next_to_the_target_is_continuous(near):
    at = product_first_layer(2.0, 2.0)(TIMES, 0.5)
    np.testing.assert_allclose(
        product_first_layer(2.0, 2.0 * (1 + near))(TIMES, 0.5), at, rtol=10 * near + 1e-14
    )


def test_the_two_rates_flow_joins_its_two_limits():
    first, zero_loss = product_first_layer(2.0)(TIMES, 0.5), product_zero_loss()(TIMES, (0.5, 4.0))[0]
    np.testing.assert_allclose(product_two_rates(2.0, 1.0)(TIMES, 0.5), zero_loss, rtol=1e-14)
    np.testing.assert_allclose(product_two_rates(2.0, 1e-13)(TIMES, 0.5), first, rtol=1e-11)


@pytest.mark.parametrize("difference", [0.0, 1e-300, 1e-12])
def test_the_full_flow_from_nearly_balanced_weights(difference):
    w1, w2 = product_full(1.0, 2.0, 0.5)([0.3, 700.0], (1.0 + difference, 1.0))
    balanced = product_full(1.0, 2.0, 0.5)([0.3, 700.0], (1.0, 1.0))[0]
    np.testing.assert_allclose([w1, w2], [balanced, balanced], rtol=1e-11)
    np.testing.assert_allclose(w1[-1] ** 2, 1.5, rtol=1e-14)


def test_opposite_balanced_weights_decay_to_the_saddle():
    w1, w2 = product_full(1.0, 2.0, 0.5)([0.0, 700.0], (1.0, -1.0))
    np.testing.assert_allclose([w1[0], w2[0]], [1.0, -1.0], rtol=1e-14)
    np.testing.assert_allclose([w1[1], w2[1]], 0.0, atol=1e-300)


@pytest.mark.parametrize(
    ("call", "names"),
    [
        (lambda: product_first_layer(1.0, -0.1), "ridge"),
        (lambda: product_first_layer(1.0)([1.0, -1.0], 1.0), "times"),
        (lambda: product_first_layer(1.0)(1.0, 0.0), "w1"),
        (lambda: product_two_rates(1.0, 0.0), "epsilon"),
        (lambda: product_zero_loss()(1.0, (0.0, 1.0)), "cross"),
        (lambda: product_full(1.0, 1.0, 0.0), "ridge"),
        (lambda: product_full(1.0, 2.0, 1e-4)(1.0, (0.5, 4.0)), "ridge = 0.0001: the series"),
        (lambda: product_cross(1.0, 0.0), "ridge"),
        (lambda: product_full(1.0, 1.0, float("nan")), "ridge"),
    ],
)
def test_bad_input_is_named(call, names):
    with pytest.raises(ValueError, match=names):
        call()
