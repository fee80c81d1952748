"""Activations that a caller brings: any name, any formula of the grammar, and the right slope or one line."""

import math

import numpy as np
import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reduced import ACTIVATIONS, Activation, first_layer_flow, full_flow, optimal_readout, zero_loss_flow
from reduced.flows.deep import hidden_flow
from reduced.inputs.formula import parse_formula
from reduced.network.activations import BUILT_IN, _check

draw = np.random.default_rng(0).standard_normal
X, Y, W1, W2 = draw((4, 5)), draw((4, 2)), draw((5, 9)), draw((9, 2))

NAMES = [
    *("cholesky", "product", "gram", "solve", "apply", "hadamard", "inner"),
    *("H", "Z", "K", "L", "B", "W2T", "X", "Y", "W1", "W2", "ridge", "T1", "x0", "z"),
    *("numpy", "scipy", "numpy.sin", "abs", "print", "lambda", "class", "None"),
    *("", "my act", "my_act", "1st", "σ", "ﬁ", "é'\"", "first_layer_flow", "relu_slope", "__import__('os')"),
]


@pytest.mark.parametrize("name", NAMES)
def test_any_name_works(name):
    own = Activation(name, "Max(z, 0)", 1)
    assert np.array_equal(own.derivative(X), X > 0)
    for make in (first_layer_flow, hidden_flow):
        state = W1 if make is first_layer_flow else (W1,)
        assert np.array_equal(make(X, Y, own)(0.0, state), make(X, Y, "relu")(0.0, state))
    for make in (lambda a: zero_loss_flow(X, Y, a), lambda a: full_flow(X, Y, a, ridge=0.1)):
        for found, expected in zip(make(own)(0.0, (W1, W2)), make("relu")(0.0, (W1, W2)), strict=True):
            assert np.array_equal(found, expected)


@pytest.mark.parametrize("name", ["re\nlu", 3, None, b"relu"])
def test_a_name_that_is_no_text_is_refused(name):
    with pytest.raises(ValueError, match="must be printable text"):
        Activation(name, "Max(z, 0)", 1)


def test_two_formulas_of_one_name_stay_apart():
    """No cache goes by the name alone, in whatever order they are used."""
    first, second = Activation("own", "tanh(z)", None), Activation("own", "z**3", 3)
    for mine, built_in in ((first, "tanh"), (second, "cubic"), (first, "tanh")):
        assert np.array_equal(mine.value(X), ACTIVATIONS[built_in].value(X))
        assert np.array_equal(mine.derivative(X), ACTIVATIONS[built_in].derivative(X))
        for make in (first_layer_flow, hidden_flow, optimal_readout):
            state = {first_layer_flow: (0.0, W1), hidden_flow: (0.0, (W1,)), optimal_readout: (W1,)}[make]
            assert np.array_equal(make(X, Y, mine)(*state), make(X, Y, built_in)(*state))
        pairs = zip(
            zero_loss_flow(X, Y, mine)(0.0, (W1, W2)),
            zero_loss_flow(X, Y, built_in)(0.0, (W1, W2)),
            strict=True,
        )
        # the built-in cubic knows its degree, and so does ours
        assert all(np.array_equal(a, b) for a, b in pairs)


REFUSED = {
    "code": ("__import__('os').getpid()*z", None, "is no function of it"),
    "another symbol": ("z*a", None, "'a' is no symbol of it"),
    "a constant": ("3", None, "is a constant"),
    "a jump": ("sign(z)", None, "it jumps"),
    "a jump that vanishes nowhere": ("Max(z, 0)/z", None, "no finite value at z = 0"),
    "a pole": ("1/z", None, "no finite value at z = 0"),
    "half a line": ("log(z)", None, "no finite value at z = -30"),
    "a vertical slope": ("sqrt(Abs(z))", None, "no finite slope at z = 0"),
    "degree of relu": ("Max(z, 0)", 2, "degree = 2: 'Max(z, 0)' is not homogeneous"),
    "degree of an affine function": ("z + 1", 1, "not homogeneous"),
    "degree of a sum": ("z + z**2", 2, "not homogeneous"),
    "no degree": ("Max(z, 0)", 0, "must be an integer >= 1"),
    "half a degree": ("Max(z, 0)", 1.5, "must be an integer >= 1"),
    "a truth": ("z", True, "must be an integer >= 1"),
    "no formula": (3, None, "must be text"),
}


@pytest.mark.parametrize(("formula", "degree", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_activation_is_refused_where_it_is_made(formula, degree, message):
    with pytest.raises(ValueError, match="activation 'own': ") as refused:
        Activation("own", formula, degree)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("built_in", BUILT_IN, ids=lambda activation: activation[0])
def test_the_built_in_ones_would_be_accepted(built_in):
    _check(ACTIVATIONS[built_in[0]])


STABLE = {
    "swish": ("z/(1 + exp(-z))", [0, -800, 800], [0.5, 0, 1]),
    "mish": ("z*tanh(log(1 + exp(z)))", [0, -800, 800], [0.6, 0, 1]),
    "logistic": ("exp(z)/(1 + exp(z))", [0, -800, 800], [0.25, 0, 0]),
    "squared logistic": ("1/(1 + exp(-z))**2", [0, -800, 800], [0.25, 0, 0]),
    "falling logistic": ("exp(-z)/(1 + exp(-z))", [0, -800, 800], [-0.25, 0, 0]),
    "log cosh": ("log(exp(z) + exp(-z))", [0, -800, 800], [0, -1, 1]),
}


@pytest.mark.parametrize(("formula", "at", "slope"), STABLE.values(), ids=STABLE)
def test_slopes_do_not_overflow_where_they_are_finite(formula, at, slope):
    assert Activation("own", formula, None).derivative(np.array(at, float)) == pytest.approx(slope, abs=1e-15)


def test_steps_add_and_multiply_as_numbers():
    kinks = Activation("t", "Max(z,0)+Max(z-1,0)", None)
    assert kinks.derivative([2.0, 0.5, -1.0]).tolist() == [2.0, 1.0, 0.0]
    assert Activation("t", "-Max(z,0)", 1).derivative([2.0]) == -1
    assert Activation("t", "Max(z,0)*Max(z-1,0)", None).derivative([3.0]) == 5


def test_where_two_curves_meet_the_slope_is_that_of_one_of_them():
    met = Activation("t", "Max(z, z**2)", None).derivative([0.0, 1.0])
    assert met[0] in (0.0, 1.0)
    assert met[1] in (1.0, 2.0)
    assert Activation("t", "Min(z, z**3)", None).derivative([1.0])[0] in (1.0, 3.0)


class Dual:
    """Value and slope together, by the rules of differentiation; ``margin`` is the distance to a kink."""

    def __init__(self, value, slope, margin=math.inf):
        self.value, self.slope, self.margin = value, slope, margin


def along(f, slope_of):
    return lambda a: Dual(f(a.value), slope_of(a.value) * a.slope, a.margin)


def pick(choose):
    def apply(a, b):
        chosen = a if choose(a.value, b.value) == a.value else b
        return Dual(chosen.value, chosen.slope, min(a.margin, b.margin, abs(a.value - b.value)))

    return apply


def expit(a):
    return 1 / (1 + math.exp(-a))


ONE = {
    "tanh({})": along(math.tanh, lambda a: 1 - math.tanh(a) ** 2),
    "1/(1 + exp(-({})))": along(expit, lambda a: expit(a) * expit(-a)),
    "log(1 + exp({}))": along(lambda a: math.log1p(math.exp(a)), expit),
    "erf({})": along(math.erf, lambda a: 2 / math.sqrt(math.pi) * math.exp(-a * a)),
    "exp(-({})**2)": along(lambda a: math.exp(-a * a), lambda a: -2 * a * math.exp(-a * a)),
    "Abs({})": lambda a: Dual(abs(a.value), math.copysign(1, a.value) * a.slope, min(a.margin, abs(a.value))),
    "-({})": lambda a: Dual(-a.value, -a.slope, a.margin),
}
TWO = {
    "({}) + ({})": lambda a, b: Dual(a.value + b.value, a.slope + b.slope, min(a.margin, b.margin)),
    "({})*({})": lambda a, b: Dual(
        a.value * b.value, a.slope * b.value + a.value * b.slope, min(a.margin, b.margin)
    ),
    "Max({}, {})": pick(max),
    "Min({}, {})": pick(min),
}


def leaf(shift):
    return f"z - {shift}/3" if shift >= 0 else f"z + {-shift}/3", lambda z: Dual(z - shift / 3, 1.0)


def apply(template, rule, *parts):
    texts, functions = zip(*parts, strict=True)
    return template.format(*texts), lambda z: rule(*(function(z) for function in functions))


FORMULAS = st.recursive(
    st.integers(-2, 2).map(leaf),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(list(ONE.items())), inner).map(lambda drawn: apply(*drawn[0], drawn[1])),
        st.tuples(st.sampled_from(list(TWO.items())), inner, inner).map(lambda d: apply(*d[0], *d[1:])),
    ),
    max_leaves=6,
)


@settings(max_examples=60)
@given(drawn=FORMULAS, at=st.floats(-3, 3))
def test_slopes_are_those_of_automatic_differentiation(drawn, at):
    """Sums, products and nestings of kinks and smooth functions, away from the kinks themselves."""
    text, dual = drawn
    expected = dual(at)
    assume(expected.margin > 1e-9)
    if not parse_formula(text, [sp.Symbol("z", real=True)]).free_symbols:
        return
    own = Activation("own", text, None)
    assert float(own.value([at])[0]) == pytest.approx(expected.value, rel=1e-12, abs=1e-13)
    assert float(own.derivative([at])[0]) == pytest.approx(expected.slope, rel=1e-11, abs=1e-12)


SMOOTH = {
    "tanh(z)": np.tanh,
    "z**3": lambda z: z**3,
    "sin(z)*exp(-z**2)": lambda z: np.sin(z) * np.exp(-(z**2)),
    "z/(1 + z**2)": lambda z: z / (1 + z**2),
    "atan(z)": np.arctan,
    "log(1 + z**2)": lambda z: np.log(1 + z**2),
    "z*cos(2*z)": lambda z: z * np.cos(2 * z),
    "sinh(z)": np.sinh,
}


@pytest.mark.parametrize(("formula", "function"), SMOOTH.items(), ids=SMOOTH)
def test_smooth_slopes_are_those_of_the_complex_step(formula, function):
    """Im σ(z + ih)/h has no subtraction."""
    z, h = np.linspace(-2.5, 2.5, 11), 1e-30
    stepped = np.imag(function(z + 1j * h)) / h
    assert Activation("own", formula, None).derivative(z) == pytest.approx(stepped, rel=1e-13, abs=1e-15)
