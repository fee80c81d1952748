import numpy as np
import pytest

from reduced.tasks.targets import quadratic_addition


def all_pairs(p):
    a, b = np.triu_indices(p)
    return np.eye(p)[a] + np.eye(p)[b], np.eye(p)[(a + b) % p]


@pytest.mark.parametrize("p", [3, 5, 11])
def test_the_network_adds_every_pair(p):
    X, Y = all_pairs(p)
    W1, W2 = quadratic_addition(p)
    assert W1.shape == (p, 5 * (p - 1) // 2 + 1)
    assert pytest.approx(Y, abs=1e-13) == (X @ W1) ** 2 @ W2


def test_its_layers_are_balanced_as_at_a_fixed_point():
    W1, W2 = quadratic_addition(7)
    assert np.sum(W1**2) == pytest.approx(2 * np.sum(W2**2), rel=1e-13)


@pytest.mark.parametrize("p", [2, 1, 8])
def test_even_moduli_are_refused(p):
    with pytest.raises(ValueError, match=r"must be odd|must be an integer >= 3"):
        quadratic_addition(p)
