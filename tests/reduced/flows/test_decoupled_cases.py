"""Losses that once gave a wrong number, a false verdict or no answer, with the right one."""

import threading
import time

import numpy as np
import pytest
import sympy as sp

from derivations import decouple
from derivations.bounded import Budget, OutOfTime
from reduced.decoupled import fast_values, jacobian, jumps, vector_field
from reduced.integration.solve import integrate

a, b, c, d = sp.symbols("a b c d")
decay = sp.Symbol("lambda", positive=True)
positive = sp.Symbol("b", positive=True)


def at(function, *slow):
    return function(np.array(slow, dtype=float))


def test_symbols_of_one_name_stay_apart():
    real = sp.Symbol("a", real=True)
    model = decouple((a * b - real) ** 2 + decay * (a**2 + b**2), a, b)
    assert model.fast_optimum == {b: a * real / (a**2 + decay)}
    readout = 2.1 / 0.59
    field = vector_field(model, {real: 3.0, decay: 0.1})
    assert field(0.0, np.array([0.7])) == pytest.approx([-2 * (0.7 * readout - 3) * readout - 0.14])
    first, second = sp.Dummy("w"), sp.Dummy("w")
    model = decouple((first * second - 1) ** 2 + decay * (first**2 + second**2), first, second)
    assert at(fast_values(model, {decay: 0.1}), 0.7) == pytest.approx([0.7 / 0.59])
    one, other = sp.symbols("lambda lambda_")
    model = decouple((a * b - other) ** 2 + one * b**2, a, b)
    assert at(fast_values(model, {one: 0.1, other: 2.0}), 0.7) == pytest.approx([1.4 / 0.59])


@pytest.mark.parametrize(
    ("loss", "fast", "message"),
    [
        ((a * b * c - 1) ** 2 + decay * b**2, (b, c), "weight decay on c is missing"),
        (b**2 + c**2 - b**2 * c**2 + a * b * c + a**2, (b, c), "falls without bound"),
        (b**4 + c**4 - 3 * b**2 * c**2 + a * (b**2 + c**2) + a**2, (b, c), "falls without bound"),
        (b**2 + c**4 - 3 * b * c**2 + a * b, (b, c), "falls without bound"),
        (sp.exp(-b) + sp.exp(-c) + a**2 * sp.exp(-b - c), (b, c), "no real zero"),
        (sp.Abs(b) - b**2 + a * b, b, "falls without bound"),
        (sp.sign(b) * a + b**2, b, "may jump"),
        (sp.Heaviside(a) + (a - b) ** 2, b, "may jump"),
        (sp.Piecewise((b**2, b > 0), (1, True)) + a * b**2, b, "jumps"),
        (a * b**2 + sp.I * b, b, "real"),
        (sp.Function("f")(b) + a * b**2, b, "no value"),
        ("(a*b - 1)**2 + b**2", b, "must be a scalar SymPy expression"),
    ],
)
def test_a_missing_minimum_or_a_jump_is_refused_in_one_line(loss, fast, message):
    with pytest.raises(ValueError, match=rf"^[^\n]*{message}[^\n]*$"):
        decouple(loss, a, fast)


@pytest.mark.parametrize("assumption", ["integer", "rational", "imaginary"])
def test_parameters_that_cannot_move_are_refused(assumption):
    symbol = sp.Symbol("b", **{assumption: True})
    with pytest.raises(ValueError, match="declared"):
        decouple((a * symbol - 1) ** 2 + decay * symbol**2, a, symbol)


CASES = {
    "no root in radicals": (
        b**4 + c**4 + b * c + a * b + c + a**2,
        (b, c),
        {},
        1.0,
        [-0.5, -0.5],
        "numerical",
    ),
    "logarithm": (a * b - sp.log(b) + decay * a**2, (b,), {decay: 0.1}, 2.5, [0.4], "global"),
    "cancelling cubic": (
        (a * b - 1) ** 2 + decay * (a**2 + b**4 + b**2),
        (b,),
        {decay: 1e-3},
        1e8,
        [1e-8],
        "global",
    ),
    "L1 decay of the slow": (
        (a * b - 1) ** 2 + decay * (sp.Abs(a) + b**2),
        (b,),
        {decay: 0.1},
        -1.0,
        [-1 / 1.1],
        "global",
    ),
    "soft threshold": ((a * b - 1) ** 2 + decay * sp.Abs(b), (b,), {decay: 0.1}, 1.0, [0.95], "global"),
    "under the threshold": ((a * b - 1) ** 2 + decay * sp.Abs(b), (b,), {decay: 0.1}, 0.03, [0.0], "global"),
    "rectified": ((a * sp.Max(b, 0) - 1) ** 2 + decay * b**2, (b,), {decay: 0.1}, -1.0, [0.0], "global"),
    "positive symbol": (
        (a * positive - 1) ** 2 + decay * positive**2,
        (positive,),
        {decay: 0.1},
        -1.0,
        [0.0],
        "global",
    ),
    "kink that moves": (
        sp.Abs(a * b - 1) + decay * (b**2 + sp.tanh(b) ** 2),
        (b,),
        {decay: 0.1},
        0.5,
        [2.0],
        "numerical",
    ),
    "entropy": (b * sp.log(b) + a * b, (b,), {}, 0.5, [np.exp(-1.5)], "numerical"),
    "quotient": ((a * b - 1) ** 2 / (1 + a**2) + b**2 / 2, (b,), {}, 1.0, [0.5], "global"),
    "decimals": ((0.3 * a * b - 1.7) ** 2 + 0.01 * b**2, (b,), {}, 1.0, [0.51 / 0.1], "global"),
}


@pytest.mark.parametrize("name", CASES)
def test_the_minimum_and_its_verdict(name):
    loss, fast, numbers, slow, expected, kind = CASES[name]
    model = decouple(loss, a, fast)
    given = {symbol: numbers[symbol] for symbol in numbers if symbol in model.loss.free_symbols}
    assert at(fast_values(model, given), slow) == pytest.approx(expected, rel=1e-13, abs=1e-13)
    assert model.optimum.kind == kind
    assert kind in str(model)
    assert kind in repr(model)


@pytest.mark.parametrize("slow", [0.5, -2.0, 1e3, 1e6, 1e8])
def test_the_root_of_a_cubic_keeps_its_digits(slow):
    model = decouple((a * b - 1) ** 2 + decay * (a**2 + b**4 + b**2), a, b)
    value = at(fast_values(model, {decay: 1e-3}), slow)[0]
    ridge, exact = sp.Rational(1, 1000), sp.Rational(slow)
    polynomial = sp.Poly(4 * ridge * b**3 + (2 * exact**2 + 2 * ridge) * b - 2 * exact, b)
    root = float(next(r for r in polynomial.nroots(n=40) if r.is_real))
    assert value == pytest.approx(root, rel=1e-14)


def test_a_softplus_loss_has_its_minimum_everywhere_and_integrates():
    model = decouple(sp.log(1 + sp.exp(-a * b)) + decay * (a**2 + b**2), a, b)
    assert model.optimum.kind == "global"
    values, field = fast_values(model, {decay: 0.01}), vector_field(model, {decay: 0.01})
    for slow in np.linspace(0.2, 4, 60):
        found = at(values, slow)[0]
        assert 0.02 * found == pytest.approx(slow / (1 + np.exp(slow * found)), rel=1e-12)
    run = integrate(field, np.array([0.3]), (0, 5), rtol=1e-8, atol=1e-10)
    assert np.isfinite(run.y).all()


def test_symbols_that_declare_a_sign_hold_their_numbers_to_it():
    model = decouple((a * b - 1) ** 2 + decay * (a**2 + b**2), a, b)
    with pytest.raises(ValueError, match="contradicts the sign"):
        vector_field(model, {decay: -0.1})
    logarithm = decouple(a * b - sp.log(b) + decay * a**2, a, b)
    with pytest.raises(ArithmeticError, match="needs a > 0"):
        vector_field(logarithm, {decay: 0.1})(0.0, np.array([-1.0]))


def test_a_circle_of_minima_has_a_flow_and_is_not_told_to_add_decay():
    model = decouple((b**2 + c**2 - a) ** 2 + decay * (b**2 + c**2), a, (b, c))
    assert "continuum" in model.optimum.reason
    assert vector_field(model, {decay: 0.1})(0.0, np.array([1.0])) == pytest.approx([-0.1])


def test_limits_on_the_zero_loss_set():
    limit = decouple((b**2 + b - a) ** 2 + decay * (a**2 + b**2), a, b).limit(decay)
    assert float(limit.fast_optimum[b].subs(a, 2)) == pytest.approx(1.0)
    assert float(limit.flow[a].subs(a, 2)) == pytest.approx(-2 - 1 / 3)
    cubic = decouple((a * b**3 - 1) ** 2 + decay * (a**2 + b**2), a, b).limit(decay)
    assert float(cubic.fast_optimum[b].subs(a, -8)) == pytest.approx(-0.5)
    lasso = decouple((a * b - 1) ** 2 + decay * (sp.Abs(a) + sp.Abs(b)), a, b).limit(decay)
    assert float(lasso.cost.subs(a, -2)) == pytest.approx(2.5)


def test_an_implicit_optimum_prints_as_such():
    model = decouple((sp.tanh(a * b) - 1) ** 2 + decay * (a**2 + b**2), a, b)
    assert str(model.fast_optimum) == "{b: argmin_b(a, lambda)}"
    assert "numerical" in str(model)


def relu_pair():
    w, v = sp.symbols("w1 w2"), sp.symbols("v1 v2")
    residuals = [
        sp.Max(w[0] * p, 0) * v[0] + sp.Max(w[1] * q, 0) * v[1] - y for p, q, y in ((1, 2, 1), (3, -1, 2))
    ]
    return sp.Add(*[r**2 for r in residuals]) + decay * sum(s**2 for s in w + v), w, v


HARD = {
    "sextic": ((a * b**3 - 1) ** 2 + decay * (a**2 + b**2), a, b),
    "rational": (1 / (1 + b**2) + a**2 * b**2 / (1 + b**4) + a**2, a, b),
    "decimal": ((0.3 * a * b - 1.7) ** 2 + 0.013 * (a**2 + b**4 + 0.7 * b**2 + 0.1 * b), a, b),
    "three quadratic": (
        (a * b + a**2 * c - d) ** 2 + (b - a * d) ** 2 + decay * (b**2 + c**2 + d**2),
        a,
        (b, c, d),
    ),
    "two ReLU": relu_pair(),
}


@pytest.mark.parametrize("name", HARD)
def test_hard_losses_are_decoupled_within_their_time(name):
    before = time.thread_time()
    model = decouple(*HARD[name], seconds=4.0)
    assert model.cost is not None
    if name in ("two ReLU", "sextic"):
        model.limit(decay, seconds=6.0)
    assert time.thread_time() - before < 12


def endless():
    while True:
        sp.Symbol("x").xreplace({})


def test_the_limit_of_processor_time_holds_in_any_thread():
    outcomes = []

    def search():
        before = time.thread_time()
        try:
            Budget(0.2).run(endless)
        except OutOfTime:
            outcomes.append(time.thread_time() - before)

    search()
    thread = threading.Thread(target=search)
    thread.start()
    thread.join()
    assert len(outcomes) == 2
    assert max(outcomes) < 1.0
    assert Budget(0.3).otherwise(endless, "else") == "else"


@pytest.mark.parametrize("seconds", [0, -1.0, np.nan, np.inf, "5", True])
def test_seconds_must_be_a_positive_number(seconds):
    with pytest.raises(ValueError, match=r"^seconds = .*positive number$"):
        decouple((a * b - 1) ** 2 + b**2, a, b, seconds=seconds)
    with pytest.raises(ValueError, match=r"^seconds = .*positive number$"):
        decouple((a * b - 1) ** 2 + decay * (a**2 + b**2), a, b).limit(decay, seconds=seconds)


def test_the_lower_well_is_followed_and_the_jump_is_marked():
    wells = (b**2 - 1) ** 2 - a * b + sp.cosh(b) / 100
    model = decouple(wells, a, b)
    field = vector_field(model, {})
    assert field(0.0, np.array([-0.1]))[0] < -0.9
    assert field(0.0, np.array([0.1]))[0] > 0.9
    kept = vector_field(model, {}, fast_start=[-1.0])
    assert kept(0.0, np.array([0.1]))[0] < -0.9
    [jump] = jumps(model, {}, [0.0, 1.0, 2.0, 3.0], [[-0.2], [-0.1], [0.1], [0.2]])
    assert (jump.start, jump.end) == (1.0, 2.0)
    with pytest.raises(ValueError, match="states has shape"):
        jumps(model, {}, [0.0, 1.0], [[1.0]])


@pytest.mark.parametrize("name", ["kink that moves", "soft threshold", "no root in radicals", "entropy"])
def test_flow_and_jacobian_are_derivatives_of_the_cost(name):
    loss, fast, numbers, slow, _, _ = CASES[name]
    model = decouple(loss, a, fast)
    given = {symbol: numbers[symbol] for symbol in numbers if symbol in model.loss.free_symbols}
    values, field = fast_values(model, given), vector_field(model, given)
    plain = sp.lambdify((a, *fast), model.loss.subs(given))
    cost = {k: plain(slow + k * 1e-4, *at(values, slow + k * 1e-4)) for k in (-2, -1, 1, 2)}
    slope = (8 * (cost[1] - cost[-1]) - (cost[2] - cost[-2])) / 12e-4
    assert field(0.0, np.array([slow]))[0] == pytest.approx(-slope, rel=1e-7, abs=1e-8)
    bend = (field(0.0, np.array([slow + 1e-5])) - field(0.0, np.array([slow - 1e-5])))[0] / 2e-5
    assert jacobian(model, given)(0.0, np.array([slow]))[0, 0] == pytest.approx(bend, rel=1e-6, abs=1e-7)


def test_a_valley_that_falls_for_ever_is_no_minimum():
    loss = 1.3 * a * c + 0.3 * (a**2 + b**2) + (a**2 * b * c + a * (2 * b - c) - 0.7) ** 2
    field = vector_field(decouple(loss, a, (b, c), seconds=3.0), {})
    with pytest.raises(ArithmeticError, match="no minimum"):
        field(0.0, np.array([-1.37]))


def test_a_symbol_of_other_assumptions_is_named_as_such():
    loss = (a * b - 1) ** 2 + decay * b**2
    with pytest.raises(ValueError, match="of one name but other assumptions"):
        decouple(loss, a, sp.Symbol("b", real=True))
    with pytest.raises(ValueError, match=r"which holds \{a, b, lambda\}$"):
        decouple(loss, a, (b, d))
