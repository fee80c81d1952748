import numpy as np
import pytest

from reduced.studies.convex_losses import vanishing_ridge
from reduced.studies.hard_margin import hard_margin


def separable(seed):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((6, 4)), np.eye(3)[[0, 1, 2, 0, 1, 2]], rng.standard_normal((4, 12))


@pytest.mark.parametrize("seed", range(3))
def test_the_bounds_are_close_and_no_readout_beats_them(seed):
    X, Y, W1 = separable(seed)
    lower, upper = hard_margin(X, Y, W1)
    assert 0 < lower <= upper * (1 + 1e-12)
    assert upper - lower < 1e-3 * upper
    margins = vanishing_ridge(X, Y, W1, [1e-2, 1e-4, 1e-6], "cross_entropy")["margin"]
    assert (np.diff(margins) > 0).all()
    assert 0.9 * lower < margins[-1] <= upper


def test_two_classes_have_the_distance_of_a_segment_from_the_origin():
    """W2 = (w, −w) has a difference of 2 w·h and the norm √2 ‖w‖: √2 times the distance of the hull of ± h from 0."""
    X, Y = np.array([[3.0, 0.0], [4.0, 1.0], [0.0, 2.0], [-1.0, 3.0]]), np.eye(2)[[0, 0, 1, 1]]
    expected = np.sqrt(2) * 8 / 5  # the segment from (4, 1) to (0, −2)
    assert np.abs(np.array(hard_margin(X, Y, np.eye(2), "linear")) - expected).max() < 1e-6


def test_what_cannot_be_separated_has_no_margin():
    lower, _ = hard_margin(np.ones((2, 2)), np.eye(2), np.eye(2))
    assert lower <= 0
    assert hard_margin(-np.ones((2, 2)), np.eye(2), np.eye(2)) == (0.0, 0.0)
