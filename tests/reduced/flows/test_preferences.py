"""The obvious call does the right thing: every flow carries the method that suits it."""

import pickle

import numpy as np
import pytest
import sympy as sp

from derivations import decouple
from reduced import (
    accuracy,
    draw_classes,
    equivariant_flow,
    equivariant_full_flow,
    equivariant_readout,
    equivariant_zero_loss_flow,
    first_layer_flow,
    full_flow,
    integrate,
    modular_addition,
    optimal_readout,
    zero_loss_flow,
)
from reduced.errors import RetractionError, StartMovedWarning
from reduced.flows.decoupled import vector_field
from reduced.flows.deep import hidden_flow
from reduced.flows.scalar import gradient_flow
from reduced.flows.zero_loss import tangent_flow
from reduced.integration.preference import Preference, preference_of
from reduced.network.neural_tangent import linearize
from reduced.network.problem import bind
from reduced.symmetry.evaluation import bind_classes
from reduced.symmetry.tangent import Tangent

TRAIN, TEST = modular_addition(7, 0.8, 0)
W1 = np.random.default_rng(0).standard_normal((7, 40)) / 7**0.5
a, b = sp.symbols("a b")
decay = sp.Symbol("lambda", positive=True)
MODEL = decouple((a * b - 1) ** 2 + decay * (a**2 + b**2), slow=a, fast=b)
CLASSES = draw_classes(7, 0.5, 0)
F = np.random.default_rng(1).standard_normal((6, 7))


def on_set(activation="relu"):
    return W1, optimal_readout(TRAIN.X, TRAIN.Y, activation)(W1)


DATA = TRAIN.X, TRAIN.Y
#: Every kind of flow, a state, and the method it should prefer.
FLOWS = {
    "first layer": (first_layer_flow(*DATA), W1, "relative_legendre"),
    "first layer, cross-entropy": (
        first_layer_flow(*DATA, ridge=0.01, loss="cross_entropy"),
        W1,
        "relative_legendre",
    ),
    "full": (full_flow(*DATA, ridge=0.1), on_set(), "relative_legendre"),
    "zero-loss, kinked": (zero_loss_flow(*DATA), on_set(), "relative_legendre"),
    "zero-loss, smooth": (zero_loss_flow(*DATA, "gelu"), on_set("gelu"), "RK45"),
    "tangent": (tangent_flow(*DATA, lambda s: (-s[0], 0 * s[1])), on_set(), "relative_legendre"),
    "deep": (hidden_flow(*DATA, "tanh", 0.1), (W1, W1.T @ W1 / 7), "relative_legendre"),
    "templates": (equivariant_flow(7, CLASSES), F, "relative_legendre"),
    "templates, full": (equivariant_full_flow(7, CLASSES, ridge=0.1), (F, F), "relative_legendre"),
    "scalar": (gradient_flow((a * b - 1) ** 2, (a, b)), np.array([2.0, 1.0]), "LSODA"),
    "decoupled": (vector_field(MODEL, {decay: 0.1}), np.array([2.0]), "LSODA"),
    "decoupled, at zero loss": (vector_field(MODEL.limit(decay), {}), np.array([2.0]), "LSODA"),
}


@pytest.mark.parametrize("name", FLOWS)
def test_a_flow_is_integrated_as_it_prefers_and_says_how(name):
    flow, state, method = FLOWS[name]
    assert preference_of(flow).method == method
    path = integrate(flow, state, (0, 0.02))
    assert path.about["method"].startswith(method)
    assert path.t[-1] == 0.02
    assert flow.about.name in repr(flow)
    assert method in flow._repr_html_()


def test_a_plain_function_is_integrated_by_rk45():
    path = integrate(lambda t, y: -y, [1.0], (0, 1))
    assert path.about == {"flow": "a function", "method": "RK45, rtol 1e-06"}
    assert path.y[-1] == pytest.approx(np.exp(-1), abs=1e-6)


def test_the_obvious_call_resolves_a_violent_start():
    """Near d_h = n Euler overshoots by far; the flow's own method agrees with ten times finer steps."""
    train, _ = modular_addition(11, 0.7, 0)
    start = np.random.default_rng(0).standard_normal((11, len(train.X) + 4)) / 11**0.5
    flow = first_layer_flow(train.X, train.Y)
    assert np.linalg.norm(flow(0, start)) > 50 * np.linalg.norm(start)
    path = integrate(flow, start, (0, 0.02), t_eval=[0.02])
    fine = integrate(flow, start, (0, 0.02), t_eval=[0.02], step=1e-3)
    assert np.linalg.norm(path.y - fine.y) < 0.02 * np.linalg.norm(fine.y)
    euler = integrate(flow, start, (0, 0.02), t_eval=[0.02], method="euler", step=1e-3)
    assert np.linalg.norm(euler.y - fine.y) > 0.2 * np.linalg.norm(fine.y)


@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "gelu", "quadratic"])
@pytest.mark.parametrize("times", [None, [0.0, 0.123, 0.3]])
def test_every_returned_state_is_on_the_zero_loss_set(activation, times):
    problem = bind(*DATA, activation)
    seen = []
    path = integrate(
        zero_loss_flow(*DATA, activation),
        on_set(activation),
        (0, 0.3),
        t_eval=times,
        observe=lambda tau, state: seen.append(linearize(problem, state).missed) or {},
        observe_every=0.07,
    )
    missed = [linearize(problem, state).missed for state in zip(*path.y, strict=True)]
    assert max(missed + seen) <= 1e-8
    assert len(path.t) >= 3
    assert path.notes == ()
    norms = [np.sum(path.y[0][k] ** 2) + np.sum(path.y[1][k] ** 2) for k in range(len(path.t))]
    assert np.all(np.diff(norms) < 0)


def test_a_start_off_the_set_is_moved_onto_it_and_that_is_said():
    first, second = on_set()
    flow = zero_loss_flow(*DATA)
    with pytest.warns(
        StartMovedWarning, match=r"^y0 missed the zero-loss set by 0\.\d+ and was moved onto it"
    ):
        path = integrate(flow, (first, second + 0.02), (0, 0.1))
    problem = bind(*DATA)
    assert max(linearize(problem, state).missed for state in zip(*path.y, strict=True)) <= 1e-8
    assert path.notes[0].startswith("y0 missed the zero-loss set by")


def test_a_start_from_which_no_way_leads_to_the_set_is_named():
    with pytest.raises(
        RetractionError, match=r"^y0 misses the zero-loss set by 1, and its way to it ends: .*singular"
    ):
        integrate(zero_loss_flow(*DATA), (np.zeros((7, 40)), np.zeros((40, 7))), (0, 1))


def test_a_named_method_has_its_usual_meaning():
    """No retraction: the same Euler steps as by hand leave the set."""
    flow, (first, second) = zero_loss_flow(*DATA), on_set()
    path = integrate(flow, (first, second), (0, 0.04), method="euler", step=0.02)
    by_hand = first, second
    for _ in range(2):
        velocity = flow(0.0, by_hand)
        by_hand = by_hand[0] + 0.02 * velocity[0], by_hand[1] + 0.02 * velocity[1]
    assert np.array_equal(path.y[0][-1], by_hand[0])
    assert linearize(bind(*DATA), by_hand).missed > 1e-6


def test_tolerances_without_a_method_ask_for_error_control():
    flow = first_layer_flow(*DATA, "gelu", 0.1)
    path = integrate(flow, W1, (0, 0.1), rtol=1e-8)
    assert path.about["method"] == "RK45, rtol 1e-08"
    named = integrate(flow, W1, (0, 0.1), rtol=1e-8, method="RK45")
    assert np.array_equal(path.y[-1], named.y[-1])


def test_a_step_without_a_method_is_the_step_of_the_flows_own():
    path = integrate(first_layer_flow(*DATA), W1, (0, 0.02), step=5e-3)
    assert path.about["method"] == "relative_legendre, step 0.005"


@pytest.mark.parametrize("activation", ["relu", "gelu"])
def test_templates_stay_on_their_zero_loss_set(activation):
    flow = equivariant_zero_loss_flow(7, CLASSES, activation)
    start = F, equivariant_readout(7, CLASSES, activation)(F)
    path = integrate(flow, start, (0, 0.3), t_eval=[0.1, 0.3])
    given = bind_classes(7, CLASSES, activation)
    missed = [Tangent(given, state, 1.0).missed for state in zip(*path.y, strict=True)]
    assert max(missed) <= 1e-8
    assert "equivariant_zero_loss_flow" in repr(flow)


def test_bound_flows_cross_processes():
    for flow, state, _ in (FLOWS["full"], FLOWS["deep"], FLOWS["templates, full"]):
        received = pickle.loads(pickle.dumps(flow))
        assert received.prefers == flow.prefers
        assert np.array_equal(received(0.0, state)[0], flow(0.0, state)[0])


def test_a_preference_says_what_it_is():
    assert str(Preference("RK45", rtol=1e-6)) == "RK45, rtol 1e-06"
    assert "every state on the zero-loss set" in repr(zero_loss_flow(*DATA))


def test_the_zero_loss_flow_generalizes_in_seconds():
    """Smooth units on addition modulo 7: chance before, right after."""
    train, test = modular_addition(11, 0.8, 0)
    start = np.random.default_rng(0).standard_normal((11, 80)) / 11**0.5
    state = start, optimal_readout(train.X, train.Y, "quadratic")(start)
    path = integrate(zero_loss_flow(train.X, train.Y, "quadratic"), state, (0, 5), t_eval=[0, 5])
    before, after = (accuracy(*layers, test, "quadratic") for layers in zip(*path.y, strict=True))
    assert before < 0.3
    assert after == 1.0
