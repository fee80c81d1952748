import pytest

from derivations import deep, deep_steps
from derivations import two_layer as eq
from derivations.steps import run_checks


@pytest.mark.parametrize("step", deep_steps.steps(), ids=lambda step: step.title)
def test_every_step_passes(step):
    assert all(check.passed for check in run_checks(step))


def test_one_hidden_layer_is_the_first_layer_flow():
    assert deep.hidden_flow(1) == (eq.first_layer_flow(),)
    assert deep.reduced_cost(1) == eq.reduced_cost().xreplace({eq.H: eq.HIDDEN})


def test_a_network_without_hidden_layers_is_refused():
    with pytest.raises(ValueError, match="one hidden layer"):
        deep.hidden_flow(0)


def test_the_push_is_that_of_the_readout():
    """−½ ∂Tr(YᵀK⁻¹Y)/∂H = BBᵀH, which is BVᵀ with V = HᵀB; and not with another V."""
    given = eq.B * deep.V.T
    assert given.xreplace({deep.V: eq.H.T * eq.B}).doit() == deep.push_given_dual()
    assert given.xreplace({deep.V: 2 * eq.H.T * eq.B}).doit() != deep.push_given_dual()
