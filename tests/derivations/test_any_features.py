"""Every line of the chain of a feature map holds, and fails when one entry of it is altered."""

import random

import pytest
import sympy as sp

from derivations import decouple_readout
from derivations import two_layer as eq
from derivations.any_features_steps import steps
from derivations.pullback import pullback
from derivations.steps import Line, run_line
from tests.derivations.networks import NETWORKS, A, V, X, act


@pytest.mark.parametrize("loss", ["squared", "convex"])
@pytest.mark.parametrize("name", NETWORKS)
def test_every_line_holds(name, loss):
    written = decouple_readout(*NETWORKS[name], loss).document()
    assert written.failures == ()
    decided = [line for c in written.judged for v in c.verdicts for line in v.lines if line.checks]
    assert len(decided) == (4 if loss == "squared" else 2)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_line_with_one_altered_entry_fails(name):
    little = sp.Rational(1, 1000)
    rng = random.Random(0)
    for step in steps(decouple_readout(*NETWORKS[name])):
        for line in filter(lambda one: one.checks, step.lines):
            right = line.statement.rhs
            if isinstance(right, sp.MatrixExpr):
                i, j = sp.symbols("i j", integer=True)
                at = sp.KroneckerDelta(i, 0) * sp.KroneckerDelta(j, rng.randrange(2))
                wrong = sp.MatAdd(right, sp.FunctionMatrix(*right.shape, sp.Lambda((i, j), little * at)))
            else:
                wrong = right + little
            altered = sp.Eq(line.statement.lhs, wrong, evaluate=False)
            assert not all(check.passed for check in run_line(Line(altered, line.rule, line.checks))), (
                step.title
            )


def test_the_two_layer_network_is_the_derived_one():
    model = decouple_readout(eq.HIDDEN, [eq.W1])
    assert sp.simplify(model.cost - eq.reduced_cost().xreplace({eq.H: eq.HIDDEN}).doit()) == 0
    assert eq.readable(model.flow[eq.W1]) == eq.readable(eq.first_layer_flow())


def test_a_layer_that_occurs_twice_gets_both_gradients():
    G = sp.MatrixSymbol("G", *X.shape)
    W = sp.MatrixSymbol("W", X.shape[1], X.shape[1])
    assert pullback(X * W + X * W.T, G, [W])[W] == X.T * G + G.T * X


@pytest.mark.parametrize(
    ("features", "layers", "loss", "message"),
    [
        (sp.Symbol("a"), [A], "squared", "must be a matrix expression"),
        (act(X * A), [], "squared", "one at least"),
        (act(X * A), [V], "squared", "different matrix symbols of the features"),
        (act(X * A), [A, A], "squared", "different matrix symbols of the features"),
        (act(X * A), [A], "hinge", "must be one of squared, convex"),
        (X * (A * A.T + sp.Identity(A.shape[0])).I, [A], "squared", "through which no layer may enter"),
        (
            act(X * sp.MatrixSymbol("Y", *A.shape)),
            [sp.MatrixSymbol("Y", *A.shape)],
            "squared",
            "names must differ",
        ),
    ],
)
def test_what_cannot_be_decoupled_is_refused_in_one_line(features, layers, loss, message):
    with pytest.raises(ValueError, match=message) as refused:
        decouple_readout(features, layers, loss)
    assert "\n" not in str(refused.value)
