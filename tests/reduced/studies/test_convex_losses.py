import numpy as np
import pytest
import scipy.optimize

from reduced.network.losses import LOSSES
from reduced.studies.convex_losses import fast_readout_errors, vanishing_ridge

rng = np.random.default_rng(1)
X, W1 = rng.standard_normal((5, 3)), rng.standard_normal((3, 8))
LABELS = np.array([0, 1, 2, 0, 1])
H = np.tanh(X @ W1)


def hard_margin():
    """1/‖W2‖ at the least ‖W2‖ whose output of the label leads every other by 1, by SciPy's SLSQP."""

    def leads(w):
        Z = H @ w.reshape(8, 3)
        right = Z[np.arange(5), LABELS][:, None] - Z
        return right[np.arange(3) != LABELS[:, None]] - 1

    found = scipy.optimize.minimize(
        lambda w: w @ w,
        rng.standard_normal(24),
        constraints={"type": "ineq", "fun": leads},
        options={"maxiter": 500, "ftol": 1e-12},
    )
    return 1 / np.sqrt(found.fun)


def test_the_margin_of_cross_entropy_grows_to_the_hard_margin_and_outputs_like_the_logarithm():
    ridges = 10.0 ** -np.arange(2, 11, 2)
    found = vanishing_ridge(X, np.eye(3)[LABELS], W1, ridges, "cross_entropy", "tanh")
    best = hard_margin()
    assert (np.diff(found["margin"]) > 0).all()
    assert (found["margin"] < best).all()
    assert found["margin"][-1] > 0.9 * best
    growth = np.diff(found["outputs"])
    assert growth == pytest.approx(growth[-1], rel=0.3)


def test_pseudo_huber_tends_to_the_readout_that_interpolates():
    found = vanishing_ridge(X, np.eye(3)[LABELS], W1, [1e-8], "pseudo_huber", "tanh")
    assert found["outputs"] == pytest.approx(1, abs=1e-4)
    assert found["norm_W2"] == pytest.approx(np.linalg.norm(np.linalg.pinv(H) @ np.eye(3)[LABELS]), rel=1e-4)


@pytest.mark.parametrize("loss", LOSSES)
def test_training_with_a_fast_readout_is_off_by_a_multiple_of_the_ratio(loss):
    Y = LOSSES[loss].from_one_hot(np.eye(3)[LABELS])
    first, second = fast_readout_errors(X, Y, W1, [0.02, 0.01], ridge=0.5, loss=loss, end=0.3)
    assert first / second == pytest.approx(2, abs=0.15)


@pytest.mark.parametrize("bad", [0.0, -1.0, np.nan, "x", None])
def test_hostile_arguments_are_named(bad):
    Y = np.eye(3)[LABELS]
    with pytest.raises(ValueError, match="ridge"):
        vanishing_ridge(X, Y, W1, [bad], "squared", "tanh")
    with pytest.raises(ValueError, match="end"):
        fast_readout_errors(X, Y, W1, [0.1], ridge=0.5, loss="squared", end=bad)
    with pytest.raises(ValueError, match="rate_ratio"):
        fast_readout_errors(X, Y, W1, [bad], ridge=0.5, loss="squared", end=0.1)
