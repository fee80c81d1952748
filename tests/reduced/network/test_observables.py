import numpy as np
import pytest

from reduced import (
    accuracy,
    circularity,
    first_crossing,
    fourier_features,
    modular_addition,
    optimal_readout,
)


@pytest.mark.parametrize("p", [2, 5, 6, 37])
def test_fourier_features_follow_their_definition(p):
    E = np.random.default_rng(0).normal(size=(p, 3))
    by_sum = [np.exp(-2j * np.pi * k * np.arange(p) / p) @ E / p for k in range(1, p // 2 + 1)]
    assert fourier_features(E) == pytest.approx(np.array(by_sum), abs=1e-14)


def test_a_circle_of_its_own_units_is_circular():
    """One frequency a pair of units: equal radii, orthogonal axes and planes, no shared units."""
    p = 7
    angles = 2 * np.pi * np.arange(p) / p
    E = np.column_stack([f(k * angles) for k in (1, 2, 3) for f in (np.cos, np.sin)])
    found = circularity(fourier_features(E))
    assert found["real_norm"] == pytest.approx(found["imag_norm"], rel=1e-12)
    assert found["within"] == pytest.approx(0, abs=1e-12)
    assert found["between"] == pytest.approx(np.eye(3), abs=1e-12)
    assert found["overlap"] == pytest.approx(np.eye(3), abs=1e-12)


def test_planes_that_share_one_direction_are_as_close_as_planes_get():
    """Their principal angles are 0 and 90 degrees; the comparison of Figure 6 takes the smaller angle."""
    real = np.array([[1.0, 0, 0], [1.0, 0, 0]])
    imag = np.array([[0, 1.0, 0], [0, 0, 1.0]])
    assert circularity(real + 1j * imag)["between"] == pytest.approx(np.ones((2, 2)), abs=1e-12)


def test_a_dead_embedding_has_no_angles():
    found = circularity(fourier_features(np.zeros((5, 4))))
    assert np.all(found["within"] == 0)
    assert np.all(found["overlap"] == 0)


@pytest.mark.parametrize(("shift", "expected"), [(0, 1.0), (1, 0.0)])
def test_accuracy_counts_the_largest_output(shift, expected):
    train, _ = modular_addition(5, 0.6, 0)
    W1 = np.random.default_rng(0).normal(size=(5, 60))
    shifted = optimal_readout(train.X, np.roll(train.Y, shift, axis=1))(W1)
    assert accuracy(W1, shifted, train) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [([0.0, 0.5, 1.0], 1.5), ([0.8, 0.9, 1.0], 0.0), ([0.0, 0.75, 0.0], 1.0), ([0.0, 0.1, 0.2], np.nan)],
)
def test_first_crossing(values, expected):
    assert first_crossing(np.arange(3.0), np.array(values), 0.75) == pytest.approx(expected, nan_ok=True)
