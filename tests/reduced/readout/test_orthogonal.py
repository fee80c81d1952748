"""Readouts that interpolate where the Gram matrix has lost the digits."""

import warnings

import mpmath
import numpy as np
import pytest

from reduced import SingularGramError, first_layer_flow, optimal_readout, reduced_cost
from reduced.flows.first_layer import FirstLayerFlow
from reduced.network.problem import bind
from reduced.readout.orthogonal import IllConditionedWarning, interpolate

SPECTRA = {
    "graded": lambda n, condition: np.logspace(0, -np.log10(condition) / 2, n),
    "one small": lambda n, condition: np.append(np.ones(n - 1), condition**-0.5),
    "half small": lambda n, condition: np.where(np.arange(n) < n // 2, 1.0, condition**-0.5),
}


def network(condition, spectrum="graded", n=12, d_h=16, seed=0):
    """Linear network whose HHᵀ has a given condition number: X = 1, so that W1 = H."""
    rng = np.random.default_rng(seed)
    left, right = (np.linalg.qr(rng.normal(size=(size, n)))[0] for size in (n, d_h))
    return np.eye(n), rng.normal(size=(n, 3)), left * SPECTRA[spectrum](n, condition) @ right.T


def exactly(H, Y):
    """Flow of the linear network, readout and ‖W2‖² at 60 digits."""
    with mpmath.workdps(60):
        h, y = mpmath.matrix(H.tolist()), mpmath.matrix(Y.tolist())
        dual = (h * h.T) ** -1 * y
        readout = h.T * dual
        flow = dual * readout.T - h
        squares = sum(entry**2 for entry in readout)
        return [np.array(m.tolist(), dtype=float) for m in (flow, readout)] + [float(squares)]


@pytest.mark.parametrize("condition", [1e2, 1e5, 1e7, 1e9, 1e11, 1e13, 5e13])
@pytest.mark.parametrize("spectrum", SPECTRA)
def test_up_to_a_condition_of_1e14_the_readout_interpolates(spectrum, condition):
    X, Y, H = network(condition, spectrum)
    flow, readout, squares = exactly(H, Y)
    bound = 1e-14 * np.sqrt(condition) + 1e-16 * min(condition, 1e8)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", IllConditionedWarning)  # the estimate may be above what is asked for
        first = first_layer_flow(X, Y, "linear")
        found, at = first(0.0, H), first.at(H)
        readouts = [optimal_readout(X, Y, "linear")(H), first.readout(H), at.readout]
        cost = reduced_cost(X, Y, "linear")(H)
    for W2 in readouts:
        assert np.linalg.norm(H @ W2 - Y) <= 1e-9 * np.linalg.norm(Y)
        assert np.linalg.norm(W2 - readout) <= bound * np.linalg.norm(readout)
    for velocity in (found, at.velocity):
        assert np.linalg.norm(velocity - flow) <= 10 * bound * np.linalg.norm(flow)
    assert cost == pytest.approx(np.sum(H**2) + squares, rel=10 * bound)


def test_the_iterated_flow_interpolates_too():
    X, Y, H = network(1e12)
    iterated = FirstLayerFlow(bind(X, Y, "linear"), 1e-8, rule=lambda *_: True)
    for scale in (1.0, 1.0 + 1e-6):
        velocity = iterated(0.0, scale * H)
        expected = exactly(scale * H, Y)[0]
        assert np.linalg.norm(velocity - expected) <= 1e-7 * np.linalg.norm(expected)
        assert np.linalg.norm(scale * H @ iterated.readout(scale * H) - Y) <= 1e-9 * np.linalg.norm(Y)


@pytest.mark.parametrize("condition", [1e16, 1e18, 1e20])
def test_beyond_it_a_warning_gives_the_estimate(condition):
    X, Y, H = network(condition)
    calls = (
        lambda: first_layer_flow(X, Y, "linear")(0.0, H),
        lambda: optimal_readout(X, Y, "linear")(H),
        lambda: reduced_cost(X, Y, "linear")(H),
        lambda: first_layer_flow(X, Y, "linear").at(H),
    )
    for call in calls:
        with pytest.warns(IllConditionedWarning, match=r"condition number of about \d\.\de\+\d\d") as warned:
            call()
        said = str(warned[0].message)
        assert "\n" not in said
        estimate = float(said.split("about ")[1].split(":")[0])
        assert condition / 100 < estimate < 1000 * condition


def test_what_is_singular_in_the_activations_is_still_named():
    X, Y, H = network(1e40)
    with pytest.raises(SingularGramError, match="singular to working precision"):
        optimal_readout(X, Y, "linear")(H)
    with pytest.raises(SingularGramError, match="not finite"):
        optimal_readout(X, Y, "linear")(1e200 * H)


def test_at_ordinary_conditions_nothing_is_factored_twice(monkeypatch):
    X, Y, H = network(1e4)
    monkeypatch.setattr("scipy.linalg.qr", None)
    assert np.isfinite(first_layer_flow(X, Y, "linear")(0.0, H)).all()
    with pytest.raises(TypeError):
        interpolate(bind(X, Y, "linear"), H)


def test_with_a_ridge_the_gram_matrix_is_kept():
    X, Y, H = network(1e18)
    ridge = 1e-6
    expected = H.T @ np.linalg.solve(H @ H.T + ridge * np.eye(12), Y)
    assert optimal_readout(X, Y, "linear", ridge)(H) == pytest.approx(expected, rel=1e-6, abs=1e-6)
