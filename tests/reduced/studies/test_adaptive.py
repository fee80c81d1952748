"""AdamW by hand: its first steps, and directions that are silent until the network has memorized."""

import numpy as np
import pytest

from reduced.network.problem import bind
from reduced.studies.adaptive import EPSILON, AdamW, directions
from reduced.tasks.modular import modular_addition


def test_the_first_step_is_the_sign_of_the_gradient_and_the_decay():
    problem = bind(np.eye(1), np.array([[0.5]]), "linear")
    optimizer = AdamW(problem, (np.array([[2.0]]), np.array([[1.0]])), 0.1, 0.3)
    first, second = optimizer.take(1)  # gradients 2(2 − 0.5)·1 and 2(2 − 0.5)·2, both positive
    assert first[0, 0] == pytest.approx(2 - 0.1 * (1 + 0.3 * 2), abs=10 * EPSILON)
    assert second[0, 0] == pytest.approx(1 - 0.1 * (1 + 0.3 * 1), abs=10 * EPSILON)


def test_the_second_step_by_hand():
    problem = bind(np.eye(1), np.array([[0.5]]), "linear")
    optimizer = AdamW(problem, (np.array([[2.0]]), np.array([[1.0]])), 0.1, 0.3)
    w = np.array([part[0, 0] for part in optimizer.take(1)])
    old, new = np.array([3.0, 6.0]), 2 * (w[0] * w[1] - 0.5) * w[::-1]
    mean = (0.9 * 0.1 * old + 0.1 * new) / (1 - 0.9**2)
    square = (0.999 * 0.001 * old**2 + 0.001 * new**2) / (1 - 0.999**2)
    expected = w - 0.1 * (mean / np.sqrt(square) + 0.3 * w)
    assert [part[0, 0] for part in optimizer.take(1)] == pytest.approx(list(expected), abs=1e-7)


def test_directions_are_silent_until_memorization():
    pairs, test = modular_addition(5, 0.8, 0)
    how = {"hidden": 40, "activation": "tanh", "learning_rate": 1e-3, "weight_decay": 0.1, "seed": 0}
    seen = directions(pairs, test, steps=1500, looks=50, **how)
    memorized = seen["train"] == 1
    assert memorized[-1]
    assert not memorized[0]
    assert np.isnan(seen["zero_loss"][~memorized]).all()
    assert (np.abs(seen["zero_loss"][memorized]) <= 1).all()
