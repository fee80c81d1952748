import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reduced.flows.two_layer import first_layer_flow
from reduced.solutions import one_neuron, orthogonal_samples, relu_neurons, winner_takes_all

TIMES = np.array([0.0, 1e-9, 1e-3, 0.1, 0.7, 3.0])
RELATIVE = 1e-10

strengths = st.floats(-3, 3).map(lambda exponent: 10**exponent)
starts = st.lists(st.floats(-1, 1).map(lambda exponent: 10**exponent), min_size=1, max_size=5).map(np.array)


def one_sample_flow(strength, degree):
    def flow(_, z):
        return strength * degree * z ** (2 * degree - 1) / np.sum(z ** (2 * degree)) ** 2 - z

    return flow


@given(strength=strengths, degree=st.sampled_from([1, 2, 3, 1.5]), z0=starts)
def test_one_neuron_of_any_degree(referee, strength, degree, z0):
    expected = referee(one_sample_flow(strength, degree), z0[:1], TIMES)[:, 0]
    np.testing.assert_allclose(one_neuron(strength, degree)(TIMES, z0[0]), expected, rtol=RELATIVE)


@given(strength=strengths, z0=starts)
def test_relu_neurons_share_a_sample(referee, strength, z0):
    expected = referee(one_sample_flow(strength, 1), z0, TIMES)
    np.testing.assert_allclose(relu_neurons(strength)(TIMES, z0), expected, rtol=RELATIVE)


def race(referee, strength, degree, z0):
    """The same flow in ln z of the largest and the others' ln(z_max/z), whose digits a near tie does not take."""
    largest = z0.max()
    behind = np.log1p((largest - z0) / z0)

    def flow(_, state):
        grown, gaps = np.exp((2 * degree - 2) * state[0]), state[1:]
        total = np.exp(2 * degree * (state[0] - gaps)).sum()
        rate = strength * degree * grown / total**2
        return np.append(rate - 1, -rate * np.expm1((2 - 2 * degree) * gaps))

    found = referee(flow, np.append(np.log(largest), behind), TIMES)
    return np.exp(found[:, :1] - found[:, 1:])


@given(
    strength=strengths,
    degree=st.sampled_from([2, 3, 1.5, 6]),
    z0=starts,
    gap=st.one_of(st.just(0.0), st.floats(-16, 0).map(lambda exponent: 10**exponent)),
)
def test_the_largest_neuron_takes_all(referee, strength, degree, z0, gap):
    """An exact tie stays one; the smallest gap decides late, and all digits of it count."""
    z0 = np.append(z0, (1 - gap / 2) * z0.max())
    measured = winner_takes_all(strength, degree)(TIMES, z0)
    np.testing.assert_allclose(measured, race(referee, strength, degree, z0), rtol=RELATIVE)


@given(strength=strengths, degree=st.sampled_from([2, 3, 1.5, 6]), z0=starts)
def test_the_referee_of_near_ties_integrates_the_same_flow(referee, strength, degree, z0):
    z0 = np.append(z0, 0.5 * z0.max())
    apart = np.unique(z0)[-2] < 0.99 * z0.max()
    expected = referee(one_sample_flow(strength, degree), z0, TIMES)
    measured = race(referee, strength, degree, z0)
    np.testing.assert_allclose(measured, expected, rtol=RELATIVE if apart else 1e-9)


def test_the_race_against_taylor_series_of_thirty_digits():
    with mpmath.workdps(30):

        def flow(_, z):
            total = sum(entry**4 for entry in z)
            return [4 * entry**3 / total**2 - entry for entry in z]

        exact = mpmath.odefun(flow, 0, [mpmath.mpf("0.75"), mpmath.mpf(1)])
        expected = [[float(entry) for entry in exact(time)] for time in (0.25, 1, 2)]
    measured = winner_takes_all(2.0, 2)([0.25, 1, 2], np.array([0.75, 1.0]))
    np.testing.assert_allclose(measured, expected, rtol=1e-13)


@pytest.mark.parametrize("degree", [1.1, 2, 3, 20])
def test_late_the_winner_alone_is_left(degree):
    late = winner_takes_all(3.0, degree)([100.0, 700.0], np.array([0.5, 2.0, 1.9]))
    alone = one_neuron(3.0, degree)(700.0, 2.0)
    np.testing.assert_allclose(late[:, 1], alone, rtol=1e-11)
    np.testing.assert_array_less(late[:, [0, 2]], 1e-30)


def test_tied_neurons_share_forever():
    late = winner_takes_all(3.0, 2)(700.0, np.array([1.0, 1.0]))
    np.testing.assert_allclose(late, (3.0 * 2 / 4) ** (1 / 6), rtol=1e-11)


def test_orthogonal_samples_move_on_their_own(referee):
    X = np.array([[3.0, 4.0, 0.0], [-4.0, 3.0, 0.0]])
    pre = np.array([[1.0, 2.0, -0.5, -1.0], [-0.3, -1.0, 2.0, -2.0], [0.5, 0.4, 0.3, 0.2]])
    W1 = np.linalg.solve(np.vstack([X, [0, 0, 1]]), pre)
    Y = np.array([[1.0, 2.0], [0.5, -1.0]])
    expected = referee(first_layer_flow(X, Y, "relu"), W1, TIMES)
    np.testing.assert_allclose(orthogonal_samples(X, Y)(TIMES, W1), expected, rtol=RELATIVE, atol=1e-14)


@pytest.mark.parametrize(
    ("call", "names"),
    [
        (lambda: one_neuron(-1.0, 1), "strength"),
        (lambda: one_neuron(1.0, 1)(1.0, [1.0, -1.0]), "z0"),
        (lambda: relu_neurons(1.0)(-1.0, np.ones(2)), "times"),
        (lambda: winner_takes_all(1.0, 1), "degree"),
        (lambda: orthogonal_samples(np.ones((2, 2)), np.ones((2, 1))), "orthogonal"),
        (lambda: orthogonal_samples(np.eye(2), np.ones((2, 1)))(0.0, np.ones((2, 2))), "one sample"),
    ],
)
def test_bad_input_is_named(call, names):
    with pytest.raises(ValueError, match=names):
        call()
