"""Both layers of an equivariant network against both layers of the dense network that it stands for."""

import numpy as np
import pytest

from reduced import (
    ACTIVATIONS,
    IntegrationError,
    SingularGramError,
    equivariant_full_flow,
    equivariant_readout,
    equivariant_train,
    equivariant_zero_loss_flow,
    expand_readout,
    expand_templates,
    full_flow,
    train,
    zero_loss_flow,
)
from reduced.symmetry.classes import class_pairs
from reduced.symmetry.evaluation import bind_classes
from reduced.symmetry.tangent import Tangent

SMOOTH = [name for name in sorted(ACTIVATIONS) if name not in ("relu", "leaky_relu", "linear")]


def draw(p, m, seed=0):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((m, p)), rng.standard_normal((m, p))


def expanded(state):
    return expand_templates(state[0]), expand_readout(state[1])


def relative(pair, other):
    return max(np.abs(a - b).max() / np.abs(b).max() for a, b in zip(pair, other, strict=True))


@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
@pytest.mark.parametrize(("p", "classes"), [(3, (0,)), (5, (1, 2)), (9, (0, 2, 3)), (13, (1, 4, 5))])
def test_the_full_flow_is_that_of_the_dense_network(p, classes, activation):
    state, data = draw(p, 2), class_pairs(p, classes)
    ours = equivariant_full_flow(p, classes, activation, ridge=0.2)(0.0, state)
    dense = full_flow(data.X, data.Y, activation, ridge=0.2)(0.0, expanded(state))
    assert relative(expanded(ours), dense) < 1e-13


@pytest.mark.parametrize("rate_ratio", [1.0, 0.3])
@pytest.mark.parametrize("activation", [*SMOOTH, "relu"])
@pytest.mark.parametrize(("p", "classes"), [(5, (1, 2)), (9, (0, 2, 3))])
def test_the_zero_loss_flow_is_that_of_the_dense_network(p, classes, activation, rate_ratio):
    state, data = draw(p, len(classes) + 4), class_pairs(p, classes)
    ours = equivariant_zero_loss_flow(p, classes, activation, rate_ratio=rate_ratio)(0.0, state)
    dense = zero_loss_flow(data.X, data.Y, activation, rate_ratio=rate_ratio)(0.0, expanded(state))
    assert relative(expanded(ours), dense) < 1e-7


def test_the_zero_loss_flow_keeps_the_outputs():
    p, classes = 11, (0, 2, 5)
    f = draw(p, 6)[0]
    state = f, equivariant_readout(p, classes, "tanh")(f)
    velocity = equivariant_zero_loss_flow(p, classes, "tanh")(0.0, state)
    tangent = Tangent(bind_classes(p, classes, "tanh"), state, 1.0)
    assert np.abs(tangent.residual).max() < 1e-12
    assert np.abs(tangent.output_change(velocity)).max() < 1e-8


@pytest.mark.parametrize("activation", ["gelu", "relu"])
def test_the_jacobian_and_its_adjoint_are_transposes(activation):
    p, classes = 7, (0, 3)
    state, direction = draw(p, 3), draw(p, 3, seed=1)
    M = np.random.default_rng(2).standard_normal((2, p))
    tangent = Tangent(bind_classes(p, classes, activation), state, 0.7)
    first, second = tangent.adjoint(M)
    paired = np.sum(first * direction[0]) + np.sum(second * direction[1])
    assert np.sum(M * tangent.output_change(direction)) == pytest.approx(paired, rel=1e-12)


def test_output_change_is_the_difference_quotient_of_the_outputs():
    bound, h = bind_classes(7, (0, 3), "tanh"), 1e-6
    state, direction = draw(7, 3), draw(7, 3, seed=1)
    ahead, behind = (
        Tangent(bound, tuple(a + sign * h * b for a, b in zip(state, direction, strict=True)), 1.0).residual
        for sign in (1, -1)
    )
    change = Tangent(bound, state, 1.0).output_change(direction)
    assert np.abs((ahead - behind) / (2 * h) - change).max() < 1e-7 * np.abs(change).max()


def test_the_preconditioner_is_exact_where_one_template_has_all_the_readout():
    """A constant one: then all units with a readout have the same output direction, as the preconditioner assumes."""
    p, classes = 7, (1, 3)
    f = draw(p, 4)[0]
    omega = np.zeros((4, p))
    omega[0] = 1.5
    tangent = Tangent(bind_classes(p, classes, "tanh"), (f, omega), 0.7)
    M = np.random.default_rng(2).standard_normal((2, p))
    assert np.abs(tangent._precondition(tangent.kernel(M)) / M - 1).max() < 1e-8


@pytest.mark.parametrize(
    "options", [{"reduction": "mean"}, {"reduction": "sum", "momentum": 0.9, "rate_ratio": 0.5}]
)
def test_training_is_that_of_the_dense_network(options):
    p, classes = 7, (0, 2, 3)
    state, data = tuple(0.3 * part for part in draw(p, 4)), class_pairs(p, classes)
    how = {"steps": 30, "learning_rate": 0.01, "weight_decay": 0.05, "activation": "tanh"} | options
    ours = equivariant_train(p, classes, state, **how)
    dense = train(data.X, data.Y, expanded(state), **how)
    assert relative(expanded([layer[0] for layer in ours.y]), [layer[0] for layer in dense.y]) < 1e-11


def test_training_is_observed_and_its_divergence_reported():
    state = draw(7, 4)
    how = {"weight_decay": 0.1, "observe": lambda step, at: {"norm": np.sum(at[0] ** 2)}, "observe_every": 2}
    run = equivariant_train(7, (0, 2), state, steps=5, learning_rate=0.01, **how)
    assert run.observed["t"].tolist() == [0, 2, 4, 5]
    with pytest.raises(IntegrationError, match="lower the learning rate"):
        equivariant_train(7, (0, 2), state, steps=200, learning_rate=1e4, **how)


def test_a_readout_of_nothing_has_a_singular_kernel():
    f, omega = draw(5, 1)
    with pytest.raises(SingularGramError):
        equivariant_zero_loss_flow(5, (0, 1, 2), "linear")(0.0, (f, 0 * omega))


@pytest.mark.parametrize(
    ("state", "message"),
    [
        (np.ones((2, 7)).tolist()[0], "not a pair"),
        ((np.ones((2, 7)), np.ones((3, 7))), r"omega has shape \(3, 7\): must be \(2, 7\)"),
        ((np.ones((2, 6)), np.ones((2, 6))), r"f has shape \(2, 6\): must be \(m, 7\)"),
        ((np.broadcast_to(1.0, (10**11, 7)),) * 2, "2 classes with 100000000000 templates in state.*GiB"),
    ],
)
def test_states_that_do_not_fit_are_refused(state, message):
    for flow in (
        equivariant_full_flow(7, (0, 2), ridge=0.1),
        equivariant_zero_loss_flow(7, (0, 2)),
        lambda _, state: equivariant_train(7, (0, 2), state, steps=1, learning_rate=1.0, weight_decay=0.1),
    ):
        with pytest.raises(ValueError, match=message):
            flow(0.0, state)
