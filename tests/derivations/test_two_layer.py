import pytest
import sympy as sp

from derivations import two_layer as eq
from derivations.evaluate import evaluate
from derivations.steps import run_checks
from derivations.two_layer_meaning import WITH_DECAY, ZERO_LOSS, activation, meaning
from derivations.two_layer_steps import steps


@pytest.mark.parametrize("step", steps(), ids=lambda step: step.name)
def test_every_step_holds(step):
    assert [check for check in run_checks(step) if not check.passed] == []


@pytest.mark.parametrize(
    "name", ["reduced_cost", "first_layer_flow", "first_layer_flow_given_dual", "dual_readout"]
)
def test_an_altered_formula_is_caught(name, monkeypatch):
    derived = getattr(eq, name)()
    monkeypatch.setattr(eq, name, lambda: derived + sp.Rational(1, 100) * derived)
    verdicts = [check.passed for step in steps() for check in run_checks(step)]
    assert not all(verdicts)


def test_the_derivative_of_a_sum_of_traces_is_complete():
    """SymPy 1.14 alone returns 0 here, silently."""
    H, Y = eq.H, eq.Y
    K_inverse = sp.Inverse(H * H.T)
    cost = eq.squared_norm(H) + sp.Trace(Y.T * K_inverse * Y)
    assert eq.differentiate(cost, H) == 2 * H - 2 * K_inverse * Y * Y.T * K_inverse * H


def test_a_nonlinear_fast_layer_is_refused():
    with pytest.raises(ValueError, match="does not enter linearly"):
        eq.solve_stationary(eq.W2 * eq.W2.T * eq.W2, eq.W2)


def test_the_interpreter_refuses_what_it_has_no_rule_for():
    A = sp.MatrixSymbol("A", 2, 2)
    with pytest.raises(TypeError, match="no rule for Determinant"):
        evaluate(sp.Determinant(A), {A: sp.eye(2)})


@pytest.mark.parametrize("example", [WITH_DECAY[0], ZERO_LOSS[0]], ids=str)
def test_permuting_hidden_units_permutes_the_flow(example):
    values = meaning(example)
    order = [2, 0, 1]
    moved = {**values, eq.W1: values[eq.W1][:, order]}
    flow, permuted = (evaluate(eq.first_layer_flow(), v, activation(example.power)) for v in (values, moved))
    assert permuted == flow[:, order]
