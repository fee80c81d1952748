"""Input that cannot be used is refused with a reason; input that looks odd but is usable gives right numbers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import sparse

from reduced import (
    ACTIVATIONS,
    IntegrationError,
    SingularGramError,
    circularity,
    first_crossing,
    first_layer_flow,
    fourier_features,
    full_flow,
    integrate,
    modular_operation,
    optimal_readout,
    reduced_cost,
)
from reduced.readout.gram import gram_condition
from reduced.runs.experiment import Experiment, draw, run

REDUCED = [first_layer_flow, reduced_cost, optimal_readout, gram_condition]
quick = settings(max_examples=25, deadline=None, derandomize=True)
odd_numbers = st.sampled_from([0.0, -0.0, 1.0, -1.0, 1e-310, 1e308, -1e308, np.inf, -np.inf, np.nan])
odd_matrices = st.one_of(
    arrays.arrays(float, arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4), elements=odd_numbers),
    arrays.arrays(st.sampled_from([bool, np.int8, np.float32, np.complex128, "U3"]), (3, 4)),
    arrays.arrays(object, (3, 4), elements=st.one_of(odd_numbers, st.none(), st.fractions(), st.decimals())),
    st.sampled_from([None, "matrix", 3, {}, [[1.0], [2.0, 3.0]], sparse.csr_array((3, 4))]),
    st.just(np.ones((1, 2)).view(np.matrix)),
)  # fmt: skip


def one_line(error):
    assert str(error)
    assert "\n" not in str(error)


def evaluate(make, X, Y, W1, **options):
    function = make(X, Y, **options)
    return function(0.0, W1) if make is first_layer_flow else function(W1)


@quick
@given(make=st.sampled_from(REDUCED), X=odd_matrices, Y=odd_matrices, W1=odd_matrices, ridge=odd_numbers)
def test_odd_matrices_are_refused_in_one_line_or_give_numbers(make, X, Y, W1, ridge):
    try:
        with np.errstate(all="ignore"):
            result = evaluate(make, X, Y, W1, activation="tanh", ridge=ridge)
    except (ValueError, SingularGramError) as refused:
        one_line(refused)
    else:
        assert np.isfinite(result).all()


@quick
@given(p=st.integers(2, 8), seed=st.integers(0, 99), data=st.data())
def test_runs_at_any_modulus_stay_in_range_or_are_refused(p, seed, data):
    """Prime, composite and even moduli, down to 2, with one training or one test sample."""
    experiment = Experiment(
        p=p,
        hidden=data.draw(st.integers(1, 40)),
        train_fraction=data.draw(st.floats(0.01, 0.99)),
        activation=data.draw(st.sampled_from(sorted(ACTIVATIONS))),
        ridge=data.draw(st.sampled_from([0.0, 1e-2])),
        task=data.draw(st.sampled_from(["add", "subtract", "multiply", "divide"])),
        integrator=data.draw(st.sampled_from(["paper-euler", "resolved"])),
        step=1e-2,
        slow_time=0.03,
        seed=seed,
    )
    try:
        observed = run(experiment).observed
    except (ValueError, IntegrationError) as refused:
        return one_line(refused)
    for name in ("train_accuracy", "test_accuracy", "within", "between", "overlap"):
        assert np.all(observed[name] >= 0)
        assert np.all(observed[name] <= 1 + 1e-12)
    assert all(np.isfinite(values).all() for values in observed.values())


@pytest.mark.parametrize("p", [2, 4, 6])
def test_the_last_frequency_of_an_even_modulus_is_a_line(p):
    """Its feature is real, so between it and any other frequency only one axis counts."""
    E = np.random.default_rng(p).normal(size=(p, 9))
    found = circularity(fourier_features(E))["between"]
    alternating = (-1.0) ** np.arange(p) @ E
    alternating /= np.linalg.norm(alternating)
    assert found[-1, -1] == pytest.approx(1, abs=1e-12)
    for k, feature in enumerate(fourier_features(E)[:-1]):
        axes = np.linalg.qr(np.stack([feature.real, feature.imag], axis=1))[0]
        assert found[-1, k] == pytest.approx(np.linalg.norm(axes.T @ alternating), abs=1e-12)


@pytest.mark.parametrize("storage", [np.asarray, sparse.csr_array])
@pytest.mark.parametrize("make", [first_layer_flow, reduced_cost, optimal_readout])
def test_contradictory_samples_are_named(make, storage):
    X, Y = np.eye(4)[[0, 1, 2, 1]], np.eye(4)
    with pytest.raises(ValueError, match=r"training samples 1 and 3 have the same .*zero-loss set is empty"):
        make(storage(X), Y)
    assert make(storage(X), Y, ridge=0.1)
    assert make(storage(X), Y[[0, 1, 2, 1]])


def test_signed_and_stored_zeros_do_not_hide_a_contradiction():
    with pytest.raises(ValueError, match="samples 0 and 1"):
        first_layer_flow(np.array([[1.0, 0.0], [1.0, -0.0]]), np.eye(2))
    stored = sparse.csr_array(
        (np.array([1.0, 0.0, 1.0]), np.array([0, 1, 0]), np.array([0, 2, 3])), shape=(2, 30)
    )
    with pytest.raises(ValueError, match="samples 0 and 1"):
        first_layer_flow(stored, np.eye(2))


def test_contradictory_samples_still_train():
    flow = full_flow(np.ones((2, 1)), np.eye(2), "linear", ridge=0.0)
    assert np.isfinite(flow(0.0, (np.ones((1, 3)), np.ones((3, 2))))[0]).all()


@pytest.mark.parametrize("make", REDUCED)
@pytest.mark.parametrize(
    ("X", "activation"),
    [(np.array([[1.0, 2.0], [2.0, 4.0]]), "relu"), (np.array([[1.0, 2.0], [-1.0, -2.0]]), "quadratic")],
    ids=["collinear rows", "opposite rows"],
)
def test_rows_that_the_activation_cannot_tell_apart_are_named(make, X, activation):
    W1 = np.random.default_rng(0).normal(size=(2, 10))
    with pytest.raises(SingularGramError, match="singular to working precision"):
        evaluate(make, X, np.eye(2), W1, activation=activation)
    assert np.isfinite(evaluate(make, X, np.eye(2), W1, activation="softplus")).all()


@pytest.mark.parametrize("make", REDUCED)
def test_dead_units_are_named_and_a_ridge_carries_on(make):
    dead = -np.ones((2, 10))
    with pytest.raises(SingularGramError, match="singular"):
        evaluate(make, np.eye(2), np.eye(2), dead)
    assert np.isfinite(evaluate(make, np.eye(2), np.eye(2), dead, ridge=0.1)).all()


def test_dead_units_decay():
    dead = -np.ones((2, 10))
    assert np.array_equal(first_layer_flow(np.eye(2), np.eye(2), ridge=0.1)(0.0, dead), -dead)


@pytest.mark.parametrize(
    ("allocate", "message"),
    [
        (lambda: modular_operation("add", 10**5, 0.5, 0), r"p = 100000: needs about .* GiB, and this machine has"),
        (lambda: modular_operation("multiply", 10**15, 0.5, 0), r"p = 1000000000000000: needs about"),
        (lambda: draw(Experiment(hidden=10**12)), r"p = 37 with hidden = 1000000000000: needs about"),
        (lambda: draw(Experiment(slow_time=1e12)), r"slow_time = 1000000000000.0: needs about"),
        (
            lambda: first_layer_flow(sparse.eye_array(10**6), sparse.csr_array(np.ones((10**6, 1))))(
                0.0, np.broadcast_to(1.0, (10**6, 10**6))
            ),
            r"1000000 training samples with d_h = 1000000: needs about",
        ),
    ],
    ids=["samples", "many samples", "width", "observations", "Gram matrix"],
)  # fmt: skip
def test_what_cannot_fit_is_refused_with_an_estimate(allocate, message):
    with pytest.raises(ValueError, match=message):
        allocate()


@quick
@given(y0=odd_matrices, step=odd_numbers, end=odd_numbers)
def test_integration_refuses_odd_starts_steps_and_times(y0, step, end):
    try:
        trajectory = integrate(lambda t, y: -y, y0, (0, end), method="euler", step=step, max_steps=5)
    except (ValueError, IntegrationError) as refused:
        one_line(refused)
    else:
        assert np.isfinite(trajectory.y).all()


@quick
@given(values=st.lists(st.floats(allow_nan=True), max_size=6), extra=st.integers(0, 1))
def test_a_crossing_lies_between_samples_or_is_refused(values, extra):
    times = np.arange(float(len(values) + extra))
    try:
        crossing = first_crossing(times, np.array(values), 0.5)
    except ValueError:
        assert extra or not np.isfinite(values).all()
        return
    assert np.isnan(crossing) == (not any(value >= 0.5 for value in values))


@quick
@given(E=odd_matrices)
def test_features_of_odd_embeddings_are_refused_or_sized(E):
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            features = fourier_features(E)
    except ValueError:
        return
    assert features.shape == (len(E) // 2, np.shape(E)[1])


@pytest.mark.parametrize("ridge", [1e-300, 1.0, 1e150, 1e307])
def test_the_condition_number_does_not_depend_on_the_scale(ridge):
    assert gram_condition(np.eye(2), np.eye(2), ridge=ridge)(
        np.full((2, 3), np.sqrt(ridge))
    ) == pytest.approx(7)
    # K / ridge = I + 3 (1 1; 1 1) has the eigenvalues 1 and 7, its norm is 7 and that of its inverse 1


def test_a_gram_matrix_whose_norm_overflows_is_refused():
    with pytest.raises(ArithmeticError, match="norm of the Gram matrix"):
        gram_condition(np.eye(2), np.eye(2), ridge=1.5e308)(np.full((2, 1), 1e154))
