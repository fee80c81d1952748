"""Products of cyclic groups, against the dense network on their elements."""

import numpy as np
import pytest

from reduced import (
    accuracy,
    difference_classes,
    draw_classes,
    equivariant_cost,
    equivariant_flow,
    equivariant_full_flow,
    equivariant_readout,
    equivariant_train,
    equivariant_zero_loss_flow,
    expand_readout,
    expand_templates,
    first_layer_flow,
    full_flow,
    optimal_readout,
    reduced_cost,
    train,
    zero_loss_flow,
)
from reduced.network.losses import LOSSES
from reduced.symmetry.accuracy import class_outputs, right_classes
from reduced.symmetry.classes import class_pairs, held_out
from reduced.symmetry.group import Group, odd_group
from reduced.symmetry.transforms import EvenOdd, Library

PRODUCTS = [(3, 3), (3, 5), (5, 3), (3, 3, 3)]


def draw(moduli, seed=0, extra=3):
    rng = np.random.default_rng([*moduli, seed])
    classes = draw_classes(moduli, 0.5, rng)
    return classes, rng.standard_normal((len(classes) + extra, Group(moduli).order))


def relative(a, b):
    return np.abs(a - b).max() / np.abs(b).max()


@pytest.mark.parametrize("moduli", [(7,), *PRODUCTS])
def test_transforms_are_those_of_the_library(moduli):
    group = Group(moduli)
    functions = np.random.default_rng(0).standard_normal((group.order, 4))
    axes = tuple(range(len(moduli)))
    expected = np.fft.fftn(functions.reshape(*moduli, 4), axes=axes).reshape(functions.shape)[
        group.representatives
    ]
    assert np.abs(group.analyze(functions.T).T - expected).max() < 1e-12
    assert np.abs(group.synthesize(expected.T).T - functions).max() < 1e-12
    for kind in (EvenOdd, Library):
        transform, out = kind(group), np.empty((group.half, 2, 4))
        transform.forward(functions[transform.order].copy(), out)
        assert np.abs(out[:, 0] + 1j * out[:, 1] - expected).max() < 1e-12
        back = np.empty_like(functions)
        transform.inverse(out, back)
        assert np.abs(back - functions[transform.order]).max() < 1e-12


@pytest.mark.parametrize("moduli", PRODUCTS)
def test_every_pair_is_in_one_class_and_labels_are_sums(moduli):
    group = Group(moduli)
    halves = difference_classes(moduli, draw(moduli)[0])
    pairs = np.vstack([half.pairs for half in halves])
    assert len(np.unique(pairs, axis=0)) == len(pairs) == group.order * (group.order + 1) // 2
    for half in halves:
        a, b = (np.unravel_index(half.pairs[:, i], moduli) for i in (0, 1))
        total = [(x + y) % p for x, y, p in zip(a, b, moduli, strict=True)]
        assert np.array_equal(np.ravel_multi_index(total, moduli), half.labels)
        assert np.array_equal(half.X.sum(axis=1), np.full(len(half.X), 2.0))


@pytest.mark.parametrize("ridge", [0.0, 0.1])
@pytest.mark.parametrize("activation", ["relu", "gelu", "quadratic"])
@pytest.mark.parametrize("moduli", PRODUCTS)
def test_flow_readout_and_cost_are_those_of_the_dense_network(moduli, activation, ridge):
    classes, f = draw(moduli)
    data, W1 = class_pairs(moduli, classes), expand_templates(f, moduli)
    dense, ours = (data.X, data.Y, activation, ridge), (moduli, classes, activation, ridge)
    flow = expand_templates(equivariant_flow(*ours)(0.0, f), moduli)
    assert relative(flow, first_layer_flow(*dense)(0.0, W1)) < 1e-8
    readout = expand_readout(equivariant_readout(*ours)(f), moduli)
    assert relative(readout, optimal_readout(*dense)(W1)) < 1e-8
    assert equivariant_cost(*ours)(f) == pytest.approx(reduced_cost(*dense)(W1), rel=1e-8)


@pytest.mark.parametrize("moduli", [(3, 3), (3, 5)])
def test_both_layers_and_training_are_those_of_the_dense_network(moduli):
    classes, f = draw(moduli)
    omega, data = draw(moduli, seed=1)[1], class_pairs(moduli, classes)

    def expanded(state):
        return expand_templates(state[0], moduli), expand_readout(state[1], moduli)

    state = f, omega
    pairs = [
        (
            equivariant_full_flow(moduli, classes, "tanh", 0.1, loss="cross_entropy")(0.0, state),
            full_flow(data.X, data.Y, "tanh", ridge=0.1, loss="cross_entropy")(0.0, expanded(state)),
        ),
        (
            equivariant_zero_loss_flow(moduli, classes, "tanh")(0.0, state),
            zero_loss_flow(data.X, data.Y, "tanh")(0.0, expanded(state)),
        ),
    ]
    how = {"steps": 10, "learning_rate": 0.01, "weight_decay": 0.1, "activation": "tanh"}
    runs = equivariant_train(moduli, classes, state, **how).y, train(data.X, data.Y, expanded(state), **how).y
    pairs.append(tuple([layer[0] for layer in run] for run in runs))
    for ours, dense in pairs:
        for a, b in zip(expanded(ours), dense, strict=True):
            assert relative(a, b) < 1e-7


@pytest.mark.parametrize("loss", ["cross_entropy", "logistic"])
def test_losses_and_accuracies_are_those_of_the_dense_network(loss):
    moduli = (3, 5)
    classes, f = draw(moduli)
    data, W1 = class_pairs(moduli, classes), expand_templates(f, moduli)
    dense = data.X, LOSSES[loss].from_one_hot(data.Y), "relu", 0.05
    velocity = expand_templates(equivariant_flow(moduli, classes, "relu", 0.05, loss)(0.0, f), moduli)
    assert relative(velocity, first_layer_flow(*dense, loss=loss)(0.0, W1)) < 1e-6
    omega = equivariant_readout(moduli, classes, "relu", 0.05, loss)(f)
    for which, half in zip(
        (classes, held_out(moduli, classes)), difference_classes(moduli, classes), strict=True
    ):
        right = right_classes(class_outputs(f, omega, which, "relu", moduli)).mean()
        assert right == accuracy(W1, expand_readout(omega, moduli), half, "relu")


def test_a_product_of_coprime_groups_is_a_cyclic_group_with_other_names():
    moduli, p = (3, 5), 15
    number = np.ravel_multi_index((np.arange(p) % 3, np.arange(p) % 5), moduli)  # of each residue modulo 15
    classes, f = draw((p,))
    product = Group(moduli)
    smaller = np.minimum(number, product.negative(number))
    named = [int(np.searchsorted(product.representatives, smaller[d])) for d in classes]
    moved = np.empty_like(f)
    moved[:, number] = f
    there = equivariant_flow(moduli, named, "gelu", 0.1)(0.0, moved)
    assert relative(there[:, number], equivariant_flow(p, classes, "gelu", 0.1)(0.0, f)) < 1e-12


@pytest.mark.parametrize(
    ("p", "message"),
    [
        ((3, 4), r"p = \(3, 4\): must be odd"),
        ((), "name at least one modulus"),
        ((3, 1), "p = 1: must be an integer >= 3"),
    ],
)
def test_other_groups_are_refused(p, message):
    with pytest.raises(ValueError, match=message):
        odd_group(p)


def test_templates_must_fit_the_group():
    with pytest.raises(ValueError, match=r"f has shape \(1, 9\): must be \(1?m?, 15\)"):
        expand_templates(np.ones((1, 9)), (3, 5))
