"""Arrays as they come: masked, narrow, in any layout, of other libraries; and the caller's own stay the caller's."""

import numpy as np
import pytest
from scipy import sparse

from reduced import (
    accuracy,
    first_crossing,
    first_layer_flow,
    full_flow,
    integrate,
    modular_addition,
    modular_operation,
    optimal_readout,
    reduced_cost,
    rescaled_time,
    solutions,
    train,
    zero_loss_flow,
)
from reduced.flows.deep import hidden_cost, hidden_flow
from reduced.inputs.arrays import finite_array, kept_matrix, real_array
from reduced.inputs.scalars import finite, positive, whole
from reduced.network.observables import fourier_features, predictions
from reduced.network.problem import bind
from reduced.readout.gram import gram_condition
from reduced.tasks.targets import quadratic_addition

draw = np.random.default_rng(0).standard_normal
X, Y, W1, W2 = draw((6, 25)), draw((6, 3)), draw((25, 20)) / 5, draw((20, 3))

LAYOUTS = {
    "Fortran": np.asfortranarray,
    "strided columns": lambda m: np.repeat(m, 2, axis=1)[:, ::2],
    "strided rows": lambda m: np.repeat(m, 3, axis=0)[::3],
    "negative strides": lambda m: m[::-1, ::-1].copy()[::-1, ::-1],
    "part of a larger one": lambda m: np.pad(m, 2)[2:-2, 2:-2],
    "unaligned": lambda m: np.frombuffer(b"x" + m.tobytes(), offset=1).reshape(m.shape),
    "big-endian": lambda m: m.astype(">f8"),
    "read-only": lambda m: np.broadcast_to(m, m.shape),
    "nested lists": lambda m: m.tolist(),
}
CALLS = {
    "first_layer_flow": lambda f: first_layer_flow(f(X), f(Y))(0.0, f(W1)),
    "first_layer_flow, ridge": lambda f: first_layer_flow(f(X), f(Y), ridge=0.1)(0.0, f(W1)),
    "first_layer_flow, tall": lambda f: first_layer_flow(f(X), f(Y), ridge=0.1)(0.0, f(W1[:, :4])),
    "its readout": lambda f: first_layer_flow(f(X), f(Y)).readout(f(W1)),
    "reduced_cost": lambda f: reduced_cost(f(X), f(Y))(f(W1)),
    "optimal_readout": lambda f: optimal_readout(f(X), f(Y))(f(W1)),
    "gram_condition": lambda f: gram_condition(f(X), f(Y))(f(W1)),
    "full_flow": lambda f: full_flow(f(X), f(Y), ridge=0.1)(0.0, (f(W1), f(W2))),
    "zero_loss_flow": lambda f: zero_loss_flow(f(X), f(Y), "tanh")(0.0, (f(W1), f(W2))),
    "hidden_flow": lambda f: hidden_flow(f(X), f(Y), "tanh", 0.1)(0.0, (f(W1), f(W1.T))),
    "hidden_cost": lambda f: hidden_cost(f(X), f(Y), "tanh", 0.1)((f(W1), f(W1.T))),
    "predictions": lambda f: predictions(f(W1), f(W2), f(X)),
    "fourier_features": lambda f: fourier_features(f(W1)),
    "train": lambda f: train(
        f(X), f(Y), (f(W1), f(W2)), steps=3, learning_rate=0.1, weight_decay=0.1
    ).y,
    "integrate": lambda f: integrate(first_layer_flow(f(X), f(Y)), f(W1), (0, 0.01), rtol=1e-3).y,
    "whitened": lambda f: solutions.whitened(f(X), f(Y), f(W1)),
    "isotropic_gram": lambda f: solutions.isotropic_gram(1.0)([0.1], f(X @ X.T)),
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_the_memory_layout_does_not_matter_to_the_bit(call, layout):
    plain, other = call(np.ascontiguousarray), call(layout)
    pairs = zip(plain, other, strict=True) if isinstance(plain, tuple) else [(plain, other)]
    assert all(np.array_equal(a, b) for a, b in pairs)


@pytest.mark.parametrize("kind", [sparse.csr_array, sparse.csc_array, sparse.coo_array, sparse.csr_matrix])
def test_neither_does_the_format_of_a_sparse_matrix(kind):
    one_hot = np.eye(25)[[3, 1, 4, 15, 9, 2]]
    expected = first_layer_flow(sparse.csr_array(one_hot), Y)(0.0, W1)
    assert np.array_equal(first_layer_flow(kind(one_hot), Y)(0.0, W1), expected)
    assert np.array_equal(first_layer_flow(one_hot, Y)(0.0, W1), expected)
    unsorted = sparse.csr_array(
        ([0.5, 0.0, 1.0, 0.5] + [1.0] * 5, [7, 2, 3, 7, 1, 4, 15, 9, 2], [0, 4, 5, 6, 7, 8, 9]), shape=(6, 25)
    )  # unsorted, with a duplicate and a stored zero
    found = kept_matrix("X", unsorted)
    assert found.nnz == 7
    assert found.has_canonical_format
    assert np.array_equal(found.toarray(), unsorted.toarray())


MASKED = {
    "X": lambda: first_layer_flow(masked(X), Y),
    "Y": lambda: first_layer_flow(X, masked(Y)),
    "W1": lambda: first_layer_flow(X, Y)(0.0, masked(W1)),
    "W2": lambda: full_flow(X, Y, ridge=0.1)(0.0, (W1, masked(W2))),
    "y0": lambda: integrate(lambda t, y: -y, masked(W1), (0, 1)),
    "flow": lambda: integrate(lambda t, y: masked(y), W1, (0, 1)),
    "t_eval": lambda: integrate(lambda t, y: -y, W1, (0, 1), t_eval=np.ma.masked_less([0, 0.5, 1], 0.2)),
    "times": lambda: first_crossing(np.ma.masked_less([0.0, 1.0, 2.0], 0.5), np.arange(3.0), 0.5),
    "rows": lambda: real_array("rows", [np.ma.masked_less([0.0, 1.0], 0.5), [1.0, 2.0]]),
    "ridge": lambda: first_layer_flow(X, Y, ridge=np.ma.masked),
}


def masked(array):
    return np.ma.array(np.where(array == array[0, 0], -9999.0, array), mask=array == array[0, 0])


@pytest.mark.parametrize("name", MASKED)
def test_masked_entries_are_not_computed_with(name):
    with pytest.raises(ValueError, match=rf"^{name} has masked entries: [^\n]*$"):
        MASKED[name]()


def test_a_mask_that_hides_nothing_is_no_matter():
    assert np.array_equal(real_array("X", np.ma.array(X)), X)


class Tensor:
    """As PyTorch's where a gradient is required."""

    def __array__(self, dtype=None, copy=None):
        raise RuntimeError(
            "Can't call numpy() on Tensor that requires grad.\nUse tensor.detach().numpy() instead."
        )


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (Tensor(), r"does not turn into an array: Can't call numpy\(\) on Tensor .* tensor.detach\(\)"),
        (np.array(["2020-01-01"], "M8[D]"), "is not an array of real numbers"),
        (np.array([1], "m8[s]"), "is not an array of real numbers"),
        ([10**400], "is not an array of real numbers"),
        (np.array([(1.0,)], dtype=[("a", float)]), "is not an array of real numbers"),
    ],
)
def test_what_is_no_array_of_numbers_is_refused_in_one_line(values, message):
    with pytest.raises(ValueError, match=message) as refused:
        finite_array("W1", values, ...)
    assert "\n" not in str(refused.value)


BOUND = {
    "first_layer_flow": (lambda Y: first_layer_flow(X, Y), lambda f: f(0.0, W1)),
    "reduced_cost": (lambda Y: reduced_cost(X, Y), lambda f: f(W1)),
    "optimal_readout": (lambda Y: optimal_readout(X, Y), lambda f: f(W1)),
    "full_flow": (lambda Y: full_flow(X, Y, ridge=0.1), lambda f: f(0.0, (W1, W2))[0]),
    "zero_loss_flow": (lambda Y: zero_loss_flow(X, Y, "tanh"), lambda f: f(0.0, (W1, W2))[0]),
    "hidden_flow": (lambda Y: hidden_flow(X, Y, "tanh"), lambda f: f(0.0, (W1,))[0]),
    "gram_condition": (lambda Y: gram_condition(Y.T, np.ones((3, 1)), "tanh", 1.0), lambda f: f(W1[:6])),
    "linear_regression": (lambda Y: solutions.linear_regression(Y, Y[:, 0]), lambda f: f(1.0, np.ones(3))),
    "gram_mode": (lambda Y: solutions.gram_mode(Y), lambda f: f(1.0, np.ones(3))),
    "gram_trace": (lambda Y: solutions.gram_trace(np.diag(Y[0])), lambda f: f(1.0, np.eye(3))),
    "one_output_gram": (lambda Y: solutions.one_output_gram(Y[0]), lambda f: f(1.0, np.eye(3))),
    "balanced_network": (
        lambda Y: solutions.balanced_network(Y, 0.1),
        lambda f: f(1.0, (np.eye(6)[:, :3], np.eye(3))),
    ),
    "orthogonal_samples": (
        lambda Y: solutions.orthogonal_samples(np.diag(Y[0]), Y[:3]),
        lambda f: f(1.0, np.eye(3)),
    ),
}


@pytest.mark.parametrize(("make", "evaluate"), BOUND.values(), ids=BOUND)
def test_bound_data_do_not_change_with_the_callers(make, evaluate):
    mine = np.abs(Y)
    bound = make(mine)
    before = np.array(evaluate(bound))
    mine *= 2
    assert np.array_equal(evaluate(bound), before)


def test_bound_data_cannot_be_written_to():
    problem = bind(X, Y)
    for array in (problem.X, problem.Y):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 1


@pytest.mark.parametrize("kind", [np.uint8, np.int8, np.int16, np.int64, int])
@pytest.mark.parametrize("operation", ["add", "subtract", "multiply"])
def test_narrow_moduli_give_all_pairs(operation, kind):
    narrow, plain = (modular_operation(operation, p, 0.3, 0) for p in (kind(97), 97))
    for found, expected in zip(narrow, plain, strict=True):
        assert np.array_equal(found.X, expected.X)
        assert np.array_equal(found.labels, expected.labels)
    assert sum(len(part.X) for part in narrow) == (97 * 98 // 2 if operation == "add" else 97**2)


def test_narrow_numbers_compute_like_wide_ones():
    assert np.array_equal(quadratic_addition(np.int8(101))[0], quadratic_addition(101)[0])
    assert rescaled_time(0.5, np.int8(10), np.int8(100)) == rescaled_time(0.5, 10, 100)
    assert solutions.product_first_layer(np.int8(100), np.float32(0.5))(0.1, np.int8(100)) == (
        solutions.product_first_layer(100, 0.5)(0.1, 100)
    )
    assert np.array_equal(
        solutions.product_two_rates(np.int8(100), np.int8(2))(0.1, np.int8(100)),
        solutions.product_two_rates(100, 2)(0.1, 100),
    )
    start = solutions.one_neuron(np.int8(100), np.int8(100))(0.1, np.int8(3))
    assert start == solutions.one_neuron(100, 100)(0.1, 3)


def test_checked_numbers_are_wide():
    for number in (*positive(a=np.int8(3), b=np.float16(2)), *finite(c=np.uint8(255))):
        assert type(number) is float
    assert type(whole(1, p=np.int8(100))[0]) is int


TRAIN = modular_addition(5, 0.6, 0)[0]


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (TRAIN.labels[:, None], r"labels has shape \(9, 1\): must be \(9,\), one label a sample"),
        (TRAIN.labels[:1], r"labels has shape \(1,\)"),
        (3, r"labels has shape \(\)"),
        (TRAIN.labels + 1, r"labels holds 5: must be integers from 0 to 4"),
        (TRAIN.labels + 0.5, r"labels holds \d.5: must be integers"),
        (TRAIN.Y, r"labels has shape \(9, 5\)"),
    ],
)
def test_labels_are_one_integer_a_sample(labels, message):
    W1 = draw((5, 60))
    W2 = optimal_readout(TRAIN.X, TRAIN.Y)(W1)
    assert accuracy(W1, W2, TRAIN) == 1
    with pytest.raises(ValueError, match=message):
        accuracy(W1, W2, type(TRAIN)(TRAIN.X, TRAIN.Y, TRAIN.pairs, labels))


@pytest.mark.parametrize("times", [[2, 0, 1], [2, 1, 0], [0, 1, 1]])
def test_a_crossing_needs_increasing_times(times):
    with pytest.raises(ValueError, match="times do not increase: sort them"):
        first_crossing(times, [1, 0, 0.5], 0.95)


def test_sparse_inputs_of_another_size_are_named():
    with pytest.raises(ValueError, match=r"X has shape \(6, 24\): must be \(n, 25\)"):
        predictions(W1, W2, sparse.csr_array(np.ones((6, 24))))
