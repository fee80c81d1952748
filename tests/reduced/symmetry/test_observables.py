import numpy as np
import pytest

from reduced import (
    circularity,
    equivariant_flow,
    equivariant_readout,
    expand_readout,
    expand_templates,
    fourier_features,
)
from reduced.network.observables import predictions
from reduced.runs.equivariant import class_observer, equivariant_start
from reduced.symmetry.classes import class_pairs, held_out
from reduced.symmetry.observables import fourier_shares, template_circles


@pytest.mark.parametrize("p", [5, 7, 9, 15])
def test_circles_are_those_of_the_expanded_embedding(p):
    f = np.random.default_rng(p).standard_normal((3, p))
    ours, dense = template_circles(f), circularity(fourier_features(expand_templates(f)))
    for name, values in dense.items():
        assert np.abs(ours[name] - values).max() < 1e-12, name


def test_a_wave_has_all_its_share_in_its_frequency():
    s = np.arange(11)
    shares = fourier_shares([3 + np.cos(2 * np.pi * k * s / 11 + k) for k in (1, 4)])
    assert np.abs(shares - np.eye(5)[[0, 3]]).max() < 1e-12


def test_what_a_run_observes_is_what_the_dense_network_does():
    p = 7
    classes, f = equivariant_start(p, 0.5, 4, 0.7, seed=3)
    flow = equivariant_flow(p, classes, "gelu", 0.01)
    row = class_observer(flow, 4)(0.0, f)
    omega = equivariant_readout(p, classes, "gelu", 0.01)(f)
    train, test = class_pairs(p, classes), class_pairs(p, held_out(p, classes))
    W1, W2 = expand_templates(f), expand_readout(omega)
    for name, data in (("train", train), ("test", test)):
        outputs = predictions(W1, W2, data.X, "gelu")
        right = outputs.argmax(axis=1) == data.labels
        assert row[f"{name}_accuracy"] == right.mean()
        at_label = np.take_along_axis(outputs, data.labels[:, None], axis=1)[:, 0]
        outputs[np.arange(len(outputs)), data.labels] = -np.inf
        assert np.allclose(np.repeat(row[f"{name}_margin"], p), at_label - outputs.max(axis=1))
    residual = predictions(W1, W2, train.X, "gelu") - train.Y
    expected = {
        "squared_norm_W1": np.sum(W1**2),
        "squared_norm_W2": np.sum(W2**2),
        "residual": np.linalg.norm(residual),
        "speed": np.linalg.norm(expand_templates(flow(0.0, f))),
    }
    for name, value in expected.items():
        assert row[name] == pytest.approx(value, rel=1e-9)


def test_the_condition_is_that_of_the_blocks_within_the_dimension():
    p, classes = 9, (0, 2, 3)
    f = np.random.default_rng(0).standard_normal((5, p))
    H = np.maximum(class_pairs(p, classes).X @ expand_templates(f), 0)
    exact = np.linalg.cond(H @ H.T + 0.01 * np.eye(len(H)))
    found = equivariant_flow(p, classes, ridge=0.01).at(f).gram_condition
    assert exact / 3 < found < 9 * exact


def test_a_run_on_all_classes_has_no_test_accuracy():
    flow = equivariant_flow(5, (0, 1, 2))
    row = class_observer(flow, 4)(0.0, np.random.default_rng(0).standard_normal((4, 5)))
    assert np.isnan(row["test_accuracy"])
    assert row["test_margin"].shape == (0,)
