"""Every loss in frequency space, against the dense flow and without it."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reduced import (
    draw_classes,
    equivariant_cost,
    equivariant_flow,
    equivariant_full_flow,
    equivariant_readout,
    expand_readout,
    expand_templates,
    first_layer_flow,
    full_flow,
    integrate,
    optimal_readout,
    reduced_cost,
)
from reduced.network.losses import LOSSES
from reduced.symmetry.classes import class_pairs

OTHERS = [name for name in LOSSES if name != "squared"]


def draw(p, m, seed=0):
    rng = np.random.default_rng([p, seed])
    return draw_classes(p, 0.6, rng), rng.standard_normal((m, p))


def relative(a, b):
    return np.abs(a - b).max() / np.abs(b).max()


@pytest.mark.parametrize("m", [2, 7])
@pytest.mark.parametrize("activation", ["relu", "tanh"])
@pytest.mark.parametrize("loss", OTHERS)
@pytest.mark.parametrize("p", [5, 9, 11])
def test_flow_readout_and_cost_are_those_of_the_dense_network(p, loss, activation, m):
    """Through multipliers where templates are at least as many as classes, and through templates where fewer."""
    classes, f = draw(p, m)
    data, W1 = class_pairs(p, classes), expand_templates(f)
    dense = data.X, LOSSES[loss].from_one_hot(data.Y), activation, 0.05
    ours = p, classes, activation, 0.05, loss
    assert equivariant_cost(*ours)(f) == pytest.approx(reduced_cost(*dense, loss=loss)(W1), rel=1e-12)
    readout = expand_readout(equivariant_readout(*ours)(f))
    assert relative(readout, optimal_readout(*dense, loss=loss)(W1)) < 1e-6
    velocity = expand_templates(equivariant_flow(*ours)(0.0, f))
    assert relative(velocity, first_layer_flow(*dense, loss=loss)(0.0, W1)) < 1e-6


@pytest.mark.parametrize("loss", OTHERS)
def test_the_full_flow_is_that_of_the_dense_network(loss):
    classes, f = draw(7, 3)
    state, data = (f, draw(7, 3, seed=1)[1]), class_pairs(7, classes)
    ours = equivariant_full_flow(7, classes, "tanh", 0.2, loss=loss)(0.0, state)
    expanded = expand_templates(state[0]), expand_readout(state[1])
    targets = LOSSES[loss].from_one_hot(data.Y)
    dense = full_flow(data.X, targets, "tanh", ridge=0.2, loss=loss)(0.0, expanded)
    assert relative(expand_templates(ours[0]), dense[0]) < 1e-12
    assert relative(expand_readout(ours[1]), dense[1]) < 1e-12


@given(seed=st.integers(0, 10**6), loss=st.sampled_from(OTHERS), m=st.sampled_from([2, 6]))
def test_the_flow_is_half_the_gradient_of_the_cost_downhill(seed, loss, m):
    classes, f = draw(7, m, seed)
    direction = np.random.default_rng(seed).standard_normal(f.shape)
    cost, h = equivariant_cost(7, classes, "tanh", 0.1, loss), 1e-5
    slope = (cost(f + h * direction) - cost(f - h * direction)) / (2 * h)
    velocity = equivariant_flow(7, classes, "tanh", 0.1, loss)(0.0, f)
    scale = 7 * np.linalg.norm(velocity) * np.linalg.norm(direction)
    assert abs(slope + 14 * np.sum(velocity * direction)) < 1e-4 * scale


def test_the_gap_is_stated_and_bounds_the_cost():
    classes, f = draw(9, 6)
    rough = equivariant_flow(9, classes, "relu", 0.05, "cross_entropy", tolerance=1e-2)
    rough(0.0, f)
    assert 0 < rough.at(1.01 * f).duality_gap <= 1e-4
    assert np.isnan(equivariant_flow(9, classes, "relu", 0.05).at(f).duality_gap)


@pytest.mark.parametrize("loss", ["cross_entropy", "squared_hinge"])
def test_a_path_does_not_depend_on_earlier_calls(loss):
    classes, f = draw(9, 6)
    how = {"method": "relative_euler", "step": 0.05, "t_eval": [0.2]}
    flow = equivariant_flow(9, classes, "tanh", 0.05, loss)
    first = integrate(flow, f, (0, 0.2), **how).y
    flow(0.0, 2 * f)
    assert flow.saved()["start"].shape == (len(classes), 9)
    assert np.array_equal(integrate(flow, f, (0, 0.2), **how).y, first)
    assert np.array_equal(integrate(pickle.loads(pickle.dumps(flow)), f, (0, 0.2), **how).y, first)


def test_at_ridge_zero_a_loss_interpolates_or_is_refused():
    classes, f = draw(9, 6)
    same = equivariant_flow(9, classes, "tanh", loss="pseudo_huber")(0.0, f)
    assert np.array_equal(same, equivariant_flow(9, classes, "tanh")(0.0, f))
    for loss in ("cross_entropy", "logistic", "squared_hinge"):
        with pytest.raises(ValueError, match=f"ridge = 0: with loss '{loss}', .*set ridge > 0"):
            equivariant_flow(9, classes, loss=loss)


@pytest.mark.parametrize("tolerance", [0, 1, np.nan, -1])
def test_a_tolerance_is_a_share(tolerance):
    with pytest.raises(ValueError, match=r"tolerance = .*(strictly between 0 and 1|must be a finite number)"):
        equivariant_flow(7, [0], tolerance=tolerance)
