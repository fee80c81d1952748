import math
from itertools import product

import numpy as np
import pytest
import sympy as sp
from scipy.optimize import minimize

from derivations import decouple

a, b, c, d, x, y, z = sp.symbols("a b c d x y z")
decay = sp.Symbol("lambda", positive=True)


def squares(*weights):
    return sum(w * w for w in weights)


def three_weights(a, b, c, decay):
    return (a * b * c - 1) ** 2 + decay * squares(a, b, c)


def four_layer_chain(a, b, c, d, x, y, decay):
    return (a * b * c * d * x - y) ** 2 + decay * squares(a, b, c, d)


def tanh_unit(a, b, x, y, decay, lib=math):
    return (lib.tanh(a * x) * b - y) ** 2 + decay * squares(a, b)


def softplus_unit(a, b, x, y, decay, lib=math):
    return (lib.log(1 + lib.exp(a * x)) * b - y) ** 2 + decay * squares(a, b)


def ridge_with_two_outputs(a, b, c, d, x, y, decay):
    """Two inputs through weights (a, b) into one hidden unit, two readouts (c, d), two samples."""
    first = (a * c - 1) ** 2 + (a * d - x) ** 2
    second = (b * c - y) ** 2 + (b * d - 2) ** 2
    return first + second + decay * squares(a, b, c, d)


def shared_readout(a, b, c, d, x, y, decay):
    """Two hidden units, two samples: a fast Hessian that is not diagonal."""
    return (a * c + b * d - x) ** 2 + (a * c - b * d - a * d - y) ** 2 + decay * squares(a, b, c, d)


def tilted_double_well(a, b, x):
    return (b * b - 1) ** 2 + x * a * b + a * a


def squared_weight(a, b, x, y, decay):
    return (a * b * b + x * b - y) ** 2 + decay * squares(a, b)


def triple_well(a, b):
    return b**6 / 6 - a * b**4 / 4 + b**2 / 2


CASES = {
    "product of three, one fast": (three_weights(a, b, c, decay), (a, b), (c,)),
    "product of three, two fast": (three_weights(a, b, c, decay), (a,), (b, c)),
    "deep linear chain": (four_layer_chain(a, b, c, d, x, y, decay), (a, b, c), (d,)),
    "tanh": (tanh_unit(a, b, x, y, decay, sp), (a,), (b,)),
    "softplus": (softplus_unit(a, b, x, y, decay, sp), (a,), (b,)),
    "two outputs": (ridge_with_two_outputs(a, b, c, d, x, y, decay), (a, b), (c, d)),
    "two hidden units": (shared_readout(a, b, c, d, x, y, decay), (a, b), (c, d)),
    "two minima": (tilted_double_well(a, b, x), (a,), (b,)),
    "squared weight": (squared_weight(a, b, x, y, decay), (a,), (b,)),
    "three minima": (triple_well(a, b), (a,), (b,)),
}
FUNCTIONS = {
    "product of three, one fast": three_weights,
    "product of three, two fast": three_weights,
    "deep linear chain": four_layer_chain,
    "tanh": tanh_unit,
    "softplus": softplus_unit,
    "two outputs": ridge_with_two_outputs,
    "two hidden units": shared_readout,
    "two minima": tilted_double_well,
    "squared weight": squared_weight,
    "three minima": triple_well,
}


def brute_force_cost(name, fast, values):
    """Minimise the plain Python loss over the fast variables from a grid of starts."""
    function = FUNCTIONS[name]
    fast_names = [symbol.name for symbol in fast]
    known = {("decay" if s is decay else s.name): value for s, value in values.items() if s not in fast}

    def loss(fast_values):
        return function(**known, **dict(zip(fast_names, map(float, fast_values), strict=True)))

    starts = product((-2.0, -0.6, 0.7, 2.1), repeat=len(fast))
    return min(minimize(loss, start, method="BFGS", options={"gtol": 1e-9}).fun for start in starts)


def random_values(symbols, seed):
    rng = np.random.default_rng(seed)
    return {
        s: rng.uniform(0.05, 0.5) if s is decay else rng.choice([-1, 1]) * rng.uniform(0.5, 1.6)
        for s in sorted(symbols, key=str)
    }


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", CASES)
def test_cost_and_flow_agree_with_brute_force_minimisation(name, seed):
    loss, slow, fast = CASES[name]
    network = decouple(loss, slow, fast)
    values = random_values(loss.free_symbols - set(fast), seed)
    assert float(network.cost.subs(values)) == pytest.approx(brute_force_cost(name, fast, values), abs=1e-8)
    step = 1e-3
    for variable in slow:

        def shifted(k, variable=variable):
            return brute_force_cost(name, fast, {**values, variable: values[variable] + k * step})

        slope = (8 * (shifted(1) - shifted(-1)) - (shifted(2) - shifted(-2))) / (12 * step)
        assert float(network.flow[variable].subs(values)) == pytest.approx(-slope, abs=1e-8)


@pytest.mark.parametrize("name", CASES)
def test_jacobian_is_the_derivative_of_the_flow(name):
    loss, slow, fast = CASES[name]
    network = decouple(loss, slow, fast)
    values = random_values(loss.free_symbols - set(fast), 7)
    jacobian = network.jacobian.subs(values)
    for column, variable in enumerate(slow):
        for row, other in enumerate(slow):
            difference = [
                float(network.flow[other].subs({**values, variable: values[variable] + side * 1e-5}))
                for side in (1, -1)
            ]
            assert (difference[0] - difference[1]) / 2e-5 == pytest.approx(
                float(jacobian[row, column]), abs=2e-7
            )


@pytest.mark.parametrize(
    ("loss", "fast", "message"),
    [
        (a**2 * sp.exp(-b), b, "no real zero"),
        (-(b**2) * sp.exp(a), b, "no minimum"),
        (a + b**3 - 3 * b, b, "falls without bound"),
        (a * b - b**4, b, "falls without bound"),
        (a**2 - b**6, b, "falls without bound"),
        (a + b**2 * c - b, (b, c), "falls without bound"),
        (a * b, b, "does not bend"),
        ((a * (b + c) - 1) ** 2, (b, c), r"direction -b \+ c"),
        (b**2 + 4 * b * c + c**2 + a * b, (b, c), "no minimum"),
        ((a * b * c - 1) ** 2, (b, c), "continuum"),
    ],
)
def test_a_missing_or_degenerate_minimum_is_reported(loss, fast, message):
    with pytest.raises(ValueError, match=message):
        decouple(loss, a, fast)


@pytest.mark.parametrize(("slow", "fast"), [(a, a), (a, ()), (z, b), ((a, a), b)])
def test_a_wrong_split_is_refused_in_one_line(slow, fast):
    with pytest.raises(ValueError, match=r"^[^\n]+$"):
        decouple((a * b - 1) ** 2 + decay * squares(a, b), slow, fast)


def test_a_branch_change_is_reported():
    network = decouple(tilted_double_well(a, b, x), a, b)
    assert "jumps" in network.optimum.notes[0]
    left, right = (network.fast_optimum[b].subs({a: 1, x: tilt}) for tilt in (-0.01, 0.01))
    assert float(left) > 0.9
    assert float(right) < -0.9


def test_equal_minima_and_every_branch_are_listed():
    network = decouple(three_weights(a, b, c, decay), a, (b, c))
    assert len(network.optimum.branches) == 5
    assert sum("equal in value" in note for note in network.optimum.notes) == 2
    gradient = sp.Matrix(network.stationarity)
    for branch in network.optimum.branches:
        assert sp.simplify(gradient.subs(branch)) == sp.zeros(2, 1)


def test_conditions_are_stated_unless_proved():
    free = sp.Symbol("mu")
    assert decouple((a * b - 1) ** 2 + free * b**2, a, b).optimum.conditions == (2 * a**2 + 2 * free > 0,)
    real = sp.Symbol("r", real=True)
    assert decouple((real * b - 1) ** 2 + decay * b**2, real, b).optimum.conditions == ()


def test_a_transcendental_fast_loss_is_left_to_a_search_and_says_so():
    network = decouple((sp.tanh(a * b) - y) ** 2 + decay * squares(a, b), a, b)
    assert network.implicit
    assert "found by a numerical search" in network.optimum.verdict
    assert b in network.cost.free_symbols
    with pytest.raises(ValueError, match="no closed form"):
        network.limit(decay)


def test_the_zero_loss_limit_is_the_first_layer_flow_of_one_weight():
    limit = decouple((a * b * x - y) ** 2 + decay * squares(a, b), a, b).limit(decay)
    assert sp.simplify(limit.fast_optimum[b] - y / (a * x)) == 0
    assert sp.simplify(limit.cost - (a**2 + (y / (a * x)) ** 2)) == 0
    assert sp.simplify(limit.flow[a] - (y**2 / (x**2 * a**3) - a)) == 0


def test_the_zero_loss_limit_keeps_the_branches():
    limit = decouple(three_weights(a, b, c, decay), a, (b, c)).limit(decay)
    assert sp.simplify(limit.cost.subs(a, -3) - (9 + sp.Rational(2, 3))) == 0
    assert sp.simplify(limit.cost.subs(a, 3) - (9 + sp.Rational(2, 3))) == 0


def test_no_zero_loss_limit_without_a_zero_loss_solution():
    with pytest.raises(ValueError, match="diverges"):
        decouple((a * b - 1) ** 2 + (a * b - 2) ** 2 + decay * squares(a, b), a, b).limit(decay)
    with pytest.raises(ValueError, match="is not a symbol of the cost"):
        decouple((a * b - 1) ** 2 + decay * squares(a, b), a, b).limit(z)


def test_the_dropped_metric_turns_the_first_layer_flow_into_the_zero_loss_flow():
    """On w₂ = s/w₁, −(I + φ′ᵀφ′)⁻¹ ½∇(R/λ) keeps w₁² − w₂² decaying as e^(−2τ); (20) does not."""
    network = decouple((a * b * x - y) ** 2 + decay * squares(a, b), a, b)
    limit = network.limit(decay)
    metric = sp.simplify(network.metric[0].subs(decay, 0))
    w2 = limit.fast_optimum[b]
    balance = a**2 - w2**2
    within_the_set = limit.flow[a] / metric
    assert sp.simplify(sp.diff(balance, a) * within_the_set + 2 * balance) == 0
    assert sp.simplify(sp.diff(balance, a) * limit.flow[a] + 2 * balance) != 0
