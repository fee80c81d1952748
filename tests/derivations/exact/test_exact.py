from dataclasses import replace

import mpmath
import pytest
import sympy as sp

from derivations.exact import CASES, addition, bessel, product_rates, product_ridge, steps, toy_parabola
from derivations.exact.case import Matrix, explicit_case, vanishes
from derivations.steps import run_checks, run_line

WRONG = sp.Rational(101, 100)
STEPS = steps()


@pytest.mark.parametrize("step", STEPS, ids=[step.title for step in STEPS])
def test_every_statement_holds(step):
    assert [check for check in run_checks(step) if not check.passed] == []


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_solution_wrong_by_one_percent_is_refused(case):
    altered = replace(case, solution=WRONG * case.solution).step()
    assert not all(check.passed for check in run_checks(altered))


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.parameter != case.time], ids=lambda c: c.name
)
def test_a_clock_wrong_by_one_percent_is_refused(case):
    altered = replace(case, clock=WRONG * case.clock).step()
    assert not all(check.passed for check in run_checks(altered))


@pytest.mark.parametrize("case", [case for case in CASES if case.reduction], ids=lambda c: c.name)
def test_an_equation_that_is_not_the_one_of_the_flow_is_refused(case):
    equation, *_ = replace(case, velocity=WRONG * case.velocity).step().lines
    assert not any(check.passed for check in run_line(equation))


@pytest.mark.parametrize("case", [case for case in CASES if case.limits], ids=lambda c: c.name)
def test_a_limit_wrong_by_one_percent_is_refused(case):
    altered = [replace(limit, value=WRONG * limit.value) for limit in case.limits]
    limits = replace(case, limits=tuple(altered)).step().lines[-len(altered) :]
    assert not any(check.passed for line in limits for check in run_line(line))


@pytest.mark.parametrize("case", [case for case in CASES if case.substitution], ids=lambda c: c.name)
def test_a_substitution_wrong_by_one_percent_is_refused(case):
    altered = tuple((quantity, WRONG * rate, constant) for quantity, rate, constant in case.substitution)
    _, *lines = replace(case, substitution=altered).step().lines
    assert not any(check.passed for line in lines[: len(altered)] for check in run_line(line))


@pytest.mark.parametrize(
    ("topic", "formula", "right"),
    [
        (addition, "training_loss", addition.TRAINING_LOSS),
        (addition, "test_loss", addition.TEST_LOSS),
        (addition, "descent", addition.DESCENT),
        (bessel, "ends", bessel.ENDS),
        (product_rates, "two_rates", product_rates.TWO_RATES_INTEGRAL),
        (product_ridge, "ridge", product_ridge.RIDGE_INTEGRAL),
        (toy_parabola, "point", toy_parabola.POINT),
        (toy_parabola, "foot_equation", toy_parabola.FOOT_EQUATION),
        (toy_parabola, "cosine", toy_parabola.COSINE),
        (toy_parabola, "reach", toy_parabola.REACH),
    ],
)
def test_a_formula_wrong_by_one_percent_is_refused(topic, formula, right):
    names = {step.title for step in topic.steps()} - {case.name for case in CASES}
    derived = [step for step in topic.steps(**{formula: WRONG * right}) if step.title in names]
    assert not all(check.passed for step in derived for check in run_checks(step))


@pytest.mark.parametrize(("order", "y"), [(19.5, 20.3), (30, 30), (0.1, 100), (0, 21), (3, 25), (25.5, 1e-3)])
def test_the_trapezoidal_macdonald_function_has_all_its_digits(order, y):
    with mpmath.workdps(40):
        exact = mpmath.besselk(order, y)
        assert abs(bessel.macdonald(mpmath.mpf(order), mpmath.mpf(y)) / exact - 1) < 1e-35


def test_what_is_zero_only_at_one_point_is_not_proved():
    z = sp.Symbol("z", positive=True)
    probe = sp.Rational(11, 7)
    assert not vanishes("accident", Matrix([z - probe])).passed


def test_points_see_a_difference_that_symbols_would():
    t = sp.Symbol("t")
    case = explicit_case(
        name="decay",
        assumption="none",
        time=t,
        state=Matrix([sp.Symbol("w")]),
        velocity=Matrix([-sp.Symbol("w")]),
        initial=Matrix([1]),
        solution=Matrix([sp.exp(-t) + sp.Rational(1, 10**30)]),
        points=({t: 1},),
    )
    assert [check.passed for check in run_checks(case.step())] == [False, False]
