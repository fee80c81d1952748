import numpy as np
import pytest

from reduced import optimal_readout
from reduced.network.problem import bind
from reduced.readout.linear_system import System


def test_scales_with_the_readout_as_the_unknown():
    """More samples than units: the scales are ‖Y − HW2‖ and ‖W2‖, from their definitions."""
    rng = np.random.default_rng(0)
    X, Y, W1, ridge = rng.normal(size=(9, 3)), rng.normal(size=(9, 2)), rng.normal(size=(3, 4)), 0.7
    W2 = optimal_readout(X, Y, "tanh", ridge)(W1)
    system = System(bind(X, Y, "tanh", ridge), W1, np.empty((9, 4)))
    residual = np.linalg.norm(Y - np.tanh(X @ W1) @ W2)
    assert system.scales(W2) == pytest.approx((residual, np.linalg.norm(W2)), rel=1e-12)


@pytest.mark.parametrize("ridge", [0.0, 0.7])
def test_scales_with_the_dual_as_the_unknown(ridge):
    """More units than samples: √Tr(BᵀKB) and ‖B‖."""
    rng = np.random.default_rng(1)
    X, Y, W1 = rng.normal(size=(4, 3)), rng.normal(size=(4, 2)), rng.normal(size=(3, 9))
    H = np.tanh(X @ W1)
    K = H @ H.T + ridge * np.eye(4)
    B = np.linalg.solve(K, Y)
    system = System(bind(X, Y, "tanh", ridge), W1, np.empty((4, 9)))
    expected = np.sqrt(np.trace(B.T @ K @ B)), np.linalg.norm(B)
    assert system.scales(B) == pytest.approx(expected, rel=1e-10)
