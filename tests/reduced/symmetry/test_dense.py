"""The frequency-space reduction against the dense network that its templates stand for."""

from functools import cache

import numpy as np
import pytest

from reduced import (
    ACTIVATIONS,
    SingularGramError,
    accuracy,
    difference_classes,
    draw_classes,
    equivariant_cost,
    equivariant_flow,
    equivariant_readout,
    expand_readout,
    expand_templates,
    first_layer_flow,
    integrate,
    optimal_readout,
    reduced_cost,
)
from reduced.network.observables import predictions
from reduced.symmetry.accuracy import class_outputs, right_classes
from reduced.symmetry.classes import class_pairs, held_out

SMOOTH = [name for name in sorted(ACTIVATIONS) if name not in ("relu", "leaky_relu", "linear")]


@cache
def case(p, activation, ridge):
    """Classes, templates, dense first layer, and the problem's data."""
    rng = np.random.default_rng(p)
    classes = draw_classes(p, 0.6, rng)
    if activation == "linear" and ridge == 0:
        classes = classes[-1:]
    templates = max(1, len(classes) // 2) if ridge else len(classes) + 3
    f = rng.standard_normal((templates, p))
    train = class_pairs(p, classes)
    return classes, f, expand_templates(f), (train.X, train.Y, activation, ridge)


def condition(W1, X, Y, activation, ridge):
    """Of the n × n ridge Gram matrix, whose blocks are factored."""
    H = ACTIVATIONS[activation].value(X @ W1)
    return np.linalg.cond(H @ H.T + ridge * np.eye(len(X)))


def relative(a, b):
    return np.abs(a - b).max() / np.abs(b).max()


@pytest.mark.parametrize("ridge", [0.0, 0.3])
@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
@pytest.mark.parametrize("p", [5, 7, 9, 11, 13])
def test_flow_readout_and_cost_are_those_of_the_dense_network(p, activation, ridge):
    classes, f, W1, data = case(p, activation, ridge)
    bound = p, classes, activation, ridge
    errors = (
        relative(expand_templates(equivariant_flow(*bound)(0.0, f)), first_layer_flow(*data)(0.0, W1)),
        relative(expand_readout(equivariant_readout(*bound)(f)), optimal_readout(*data)(W1)),
        abs(equivariant_cost(*bound)(f) / reduced_cost(*data)(W1) - 1),
    )
    assert max(errors) < 1e-14 * condition(W1, *data)


@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
@pytest.mark.parametrize("p", [5, 7, 9, 11, 13])
def test_outputs_and_accuracies_are_those_of_the_dense_network(p, activation):
    classes, f, W1, _ = case(p, activation, 0.3)
    omega = equivariant_readout(p, classes, activation, 0.3)(f)
    rest = held_out(p, classes)
    train, test = difference_classes(p, classes)
    for named, dataset in ((classes, train), (rest, test)):
        outputs = class_outputs(f, omega, named, activation)
        dense = predictions(W1, expand_readout(omega), dataset.X, activation)
        s = np.arange(p)
        for d, row in enumerate(outputs):
            for r in range(p):
                assert np.allclose(
                    dense[d * p + s, 2 * (s + r) % p], row[r], rtol=0, atol=1e-11 * abs(dense).max()
                )
        assert right_classes(outputs).mean() == accuracy(W1, expand_readout(omega), dataset, activation)


def test_where_the_dense_gram_matrix_is_singular_so_is_a_block():
    """ReLU with p = 5, classes 1 and 2: two templates are enough by number, and singular for many draws."""
    singular = 0
    for seed in range(20):
        f = np.random.default_rng(seed).standard_normal((2, 5))
        train = class_pairs(5, [1, 2])
        try:
            first_layer_flow(train.X, train.Y)(0.0, expand_templates(f))
        except SingularGramError:
            singular += 1
            with pytest.raises(SingularGramError, match="singular to working precision"):
                equivariant_flow(5, [1, 2])(0.0, f)
        else:
            equivariant_flow(5, [1, 2])(0.0, f)
    assert singular > 0


def test_linear_templates_are_singular_on_two_classes():
    f = np.random.default_rng(0).standard_normal((6, 7))
    with pytest.raises(SingularGramError):
        equivariant_flow(7, [0, 2], "linear")(0.0, f)


@pytest.mark.parametrize("activation", SMOOTH)
def test_a_whole_run_is_that_of_the_dense_network(activation):
    p, classes = 11, (0, 2, 3, 5)
    f = 0.5 * np.random.default_rng(1).standard_normal((6, p))
    train = class_pairs(p, classes)
    how = {"rtol": 1e-10, "atol": 1e-12, "t_eval": [1.0]}
    ours = integrate(equivariant_flow(p, classes, activation, 0.05), f, (0, 1), **how).y[-1]
    dense = first_layer_flow(train.X, train.Y, activation, 0.05)
    theirs = integrate(dense, expand_templates(f), (0, 1), **how).y[-1]
    assert relative(expand_templates(ours), theirs) < 1e-6
