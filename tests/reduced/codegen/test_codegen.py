import pickle

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from reduced import ACTIVATIONS
from reduced.codegen.functions import matrix_function, scalar_function
from reduced.network.equations import generated

QUANTITIES = [
    "first_layer_flow",
    "first_layer_flow_primal",
    "reduced_cost",
    "reduced_cost_primal",
    "dual_readout",
    "readout",
    "full_flow",
]


@pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=ACTIVATIONS)
@pytest.mark.parametrize("quantity", QUANTITIES)
def test_no_source_inverts_a_matrix(quantity, activation):
    source = generated(quantity, activation).source
    assert "inv" not in source
    assert source.count("cholesky(") == (quantity != "full_flow")


def test_a_subexpression_and_its_transpose_are_computed_once():
    A, B = sp.MatrixSymbol("A", 4, 5), sp.MatrixSymbol("B", 5, 3)
    function = matrix_function("f", {"A": A, "B": B}, (A * B, B.T * A.T))
    assert function.source.count("product(") == 1
    a, b = np.random.default_rng(0).normal(size=(4, 5)), np.ones((5, 3))
    forward, backward = function(a, b)
    assert np.array_equal(forward.T, backward)


def test_products_are_associated_the_cheap_way():
    n, d = sp.symbols("n d_in", integer=True, positive=True)
    A, B, v = sp.MatrixSymbol("A", n, n), sp.MatrixSymbol("B", n, n), sp.MatrixSymbol("v", n, d)
    assert "product(B, v)" in matrix_function("f", {"A": A, "B": B, "v": v}, A * B * v).source


@pytest.mark.parametrize("bad", ["determinant", "inverse"])
def test_what_no_kernel_computes_is_refused(bad):
    A = sp.MatrixSymbol("A", 3, 3)
    expression = {"determinant": sp.Inverse(A) * A.T, "inverse": sp.Inverse(A + A.T) * A}[bad]
    with pytest.raises(TypeError, match="no kernel"):
        matrix_function("f", {"A": A}, expression)


def test_scalar_functions_broadcast_share_subexpressions_and_pickle():
    x, lam = sp.symbols("x lambda", positive=True)
    function = scalar_function("f", [x, lam], (sp.sqrt(1 + lam * x), 1 / sp.sqrt(1 + lam * x)))
    assert function.source.startswith("def f(x, lambda_):")
    assert function.source.count("sqrt") == 1
    root, inverse = pickle.loads(pickle.dumps(function))(np.linspace(0, 1, 5), 2.0)
    assert root * inverse == pytest.approx(np.ones(5), rel=1e-15)


@pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=ACTIVATIONS)
def test_slope_is_the_derivative_and_homogeneity_holds(activation):
    z = np.array([-2.0, -0.3, 0.4, 3.0])
    step = 1e-6
    slope = (activation.value(z + step) - activation.value(z - step)) / (2 * step)
    assert activation.derivative(z) == pytest.approx(slope, rel=1e-8, abs=1e-8)
    if activation.degree is not None:
        assert activation.value(3 * z) == pytest.approx(3**activation.degree * activation.value(z), rel=1e-14)


@pytest.mark.parametrize("activation", ["relu", "gelu", "softplus", "tanh", "leaky_relu"])
def test_activations_do_not_overflow(activation):
    z = np.array([-1e4, 0.0, 1e4])
    assert np.isfinite(ACTIVATIONS[activation].value(z)).all()
    assert np.isfinite(ACTIVATIONS[activation].derivative(z)).all()


def test_the_slope_at_a_kink_is_the_one_from_the_left():
    assert [ACTIVATIONS[name].derivative(np.zeros(1))[0] for name in ("relu", "leaky_relu")] == [0.0, 0.1]


Z = sp.Symbol("z", real=True)
KINKED = {
    "sum of steps": sp.Max(Z, 0) + sp.Max(Z - 1, 0),
    "minus a step": -sp.Max(Z, 0),
    "difference": sp.Max(Z, 0) - sp.Max(-Z, 0) - sp.Min(Z, 1),
    "product": sp.Max(Z, 0) * sp.Max(2 - Z, 0),
    "power": sp.Max(Z, 0) ** 2 + sp.Min(Z, 0) ** 3,
    "nested": sp.Max(sp.Max(Z, 0) - 1, sp.Min(Z, -1), Z / 3),
    "of a sum": sp.Abs(sp.Max(Z, 0) + sp.Max(-Z - 1, 0) - 1),
    "quotient": 1 / (1 + sp.Max(Z, 0) + sp.Max(Z + 1, 0)),
    "in a function": sp.tanh(sp.Max(Z, 0) + sp.Max(Z - 1, 0)),
}


@pytest.mark.parametrize("formula", KINKED.values(), ids=KINKED)
def test_slopes_of_kinks_add_and_multiply_as_numbers(formula):
    value, slope = (scalar_function("f", [Z], e) for e in (formula, sp.diff(formula, Z)))
    at, step = np.linspace(-3.03, 3.07, 41), 1e-6
    difference = (value(at + step) - value(at - step)) / (2 * step)
    assert np.broadcast_to(slope(at), at.shape) == pytest.approx(difference, abs=1e-8)
    assert [float(slope(z)) for z in at] == pytest.approx(difference, abs=1e-8)


@settings(max_examples=100, derandomize=True, deadline=None)
@given(st.data())
def test_slopes_of_random_kinked_formulas(data):
    """Sums, products and nestings of kinks, against a central difference away from every kink."""
    leaf = st.integers(-2, 2).map(lambda k: Z - sp.Rational(k, 3))
    node = st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.tuples(inner, inner).map(lambda p: sp.Max(*p)),
            st.tuples(inner, inner).map(lambda p: sp.Min(*p)),
            inner.map(sp.Abs),
            inner.map(lambda e: -e),
            st.tuples(inner, inner).map(lambda p: p[0] + p[1]),
            st.tuples(inner, inner).map(lambda p: p[0] * p[1]),
        ),
        max_leaves=6,
    )
    formula = data.draw(node)
    slope = scalar_function("f", [Z], sp.diff(formula, Z))
    at = data.draw(st.floats(-2, 2))
    below, here, above = (float(formula.subs(Z, at + shift)) for shift in (-1e-5, 0, 1e-5))
    smooth = abs(above - 2 * here + below) < 1e-7
    if smooth:
        assert float(slope(at)) == pytest.approx((above - below) / 2e-5, rel=1e-5, abs=1e-4)


def test_names_that_clash_or_are_taken_stay_apart():
    plain, real, dummies = sp.Symbol("a"), sp.Symbol("a", real=True), [sp.Dummy("w"), sp.Dummy("w")]
    others = [
        sp.Symbol(name) for name in ("lambda", "lambda_", "numpy", "scipy", "f", "gram", "w 1", "x0", "t")
    ]
    symbols = [plain, real, *dummies, *others]
    weights = np.arange(1, len(symbols) + 1) / 7
    shared = sp.exp(sp.Add(*symbols) / 10)
    function = scalar_function("f", symbols, (shared + sum(k * s for k, s in enumerate(symbols)), shared**2))
    expected = np.exp(weights.sum() / 10) + (np.arange(len(symbols)) * weights).sum()
    assert function(*weights)[0] == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize(
    "what", [sp.DiracDelta(Z), sp.Function("g")(Z), sp.Integral(sp.exp(Z**2) ** Z, (Z, 0, Z))]
)
def test_what_has_no_value_is_refused_when_generated(what):
    with pytest.raises(ValueError, match=r"^f holds [^\n]+ no value [^\n]+$"):
        scalar_function("f", [Z], 1 + what)
