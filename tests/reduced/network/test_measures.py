"""Samples as plain arrays, and what is measured of outputs on them."""

import numpy as np
import pytest
from scipy import sparse

from reduced import Dataset, accuracy, modular_addition, optimal_readout, relative_error

X = np.random.default_rng(0).normal(size=(6, 3))
W1 = np.random.default_rng(1).normal(size=(3, 8))
CLASSES = np.array([0, 2, 1, 1, 0, 2])
SIGNS = np.array([1, -1, 1, 1, -1, -1])


def outputs(W2):
    return np.maximum(X @ W1, 0) @ W2


@pytest.mark.parametrize(
    "y", [CLASSES, CLASSES.tolist(), np.eye(3)[CLASSES], CLASSES.astype(np.uint8)], ids=repr
)
def test_classes_are_integers_or_one_hot(y):
    W2 = np.random.default_rng(2).normal(size=(8, 3))
    expected = np.mean(outputs(W2).argmax(axis=1) == CLASSES)
    assert 0 < expected < 1
    assert accuracy(W1, W2, (X, y)) == accuracy(W1, W2, Dataset(X, y)) == expected


@pytest.mark.parametrize("y", [SIGNS, SIGNS[:, None].astype(float), SIGNS.tolist()], ids=repr)
def test_one_output_is_right_where_it_has_the_sign(y):
    W2 = np.random.default_rng(3).normal(size=(8, 1))
    expected = np.mean(np.sign(outputs(W2)[:, 0]) == SIGNS)
    assert 0 < expected < 1
    assert accuracy(W1, W2, (X, y)) == accuracy(W1, W2, Dataset(X, y)) == expected
    assert accuracy(W1, 0 * W2, (X, y)) == 0


def test_the_readout_of_a_plain_data_set_fits_it():
    data = Dataset(X, CLASSES)
    assert data.Y.shape == (6, 3)
    assert data.pairs is None
    assert accuracy(W1, optimal_readout(data.X, data.Y)(W1), data) == 1


def test_an_error_is_relative_to_the_targets():
    y = np.random.default_rng(4).normal(size=(6, 2))
    W2 = np.random.default_rng(5).normal(size=(8, 2))
    expected = np.sum((outputs(W2) - y) ** 2) / np.sum(y**2)
    assert relative_error(W1, W2, (X, y)) == pytest.approx(expected, rel=1e-14)
    assert relative_error(W1, W2, Dataset(X, y)) == pytest.approx(expected, rel=1e-14)
    assert relative_error(W1, 0 * W2, Dataset(X, y)) == 1


def test_inputs_may_be_sparse():
    assert sparse.issparse(Dataset(sparse.csr_array(X), CLASSES).X)


@pytest.mark.parametrize(
    ("y", "columns", "message"),
    [
        ([0, 1], 3, "labels has shape"),
        ([0, 2, 1, 1, 0, 3], 3, "labels holds 3: must be integers from 0 to 2"),
        ([0, 2, 1, 1, 0, 0.5], 3, "labels holds 0.5"),
        (CLASSES, 1, r"y must be \+1 or -1 for each of the 6 samples"),
        (np.ones((6, 3)), 3, "holds no classes"),
        (np.ones((6, 3, 1)), 3, "holds no classes"),
        ("abc", 3, "y is not an array of real numbers"),
    ],
    ids=repr,
)
def test_targets_that_do_not_fit_are_refused(y, columns, message):
    with pytest.raises(ValueError, match=message):
        accuracy(W1, np.ones((8, columns)), (X, y))


@pytest.mark.parametrize("samples", [None, X, (X,), (X, CLASSES, 3)], ids=repr)
def test_something_that_is_no_data_set_is_refused(samples):
    with pytest.raises(ValueError, match="must be a Dataset, or a pair"):
        accuracy(W1, np.ones((8, 3)), samples)


@pytest.mark.parametrize(
    ("inputs", "targets", "message"),
    [
        (X, [0, 1], "X has 6 rows and Y has 2"),
        (X, [np.nan] * 6, "Y holds NaN or infinity"),
        (np.full((6, 3), np.inf), CLASSES, "X holds NaN or infinity"),
        (X[0], CLASSES, "X has shape"),
        (X, [], "Y has shape"),
        (X, [0, 1, 2, 3, 4, 10**15], "needs about"),
        (X, ["a"] * 6, "Y is not an array of real numbers"),
    ],
)
def test_a_data_set_of_something_else_is_refused(inputs, targets, message):
    with pytest.raises(ValueError, match=message):
        Dataset(inputs, targets)


def test_numbers_have_an_error_and_no_accuracy():
    data = Dataset(X, X[:, 0])
    with pytest.raises(ValueError, match="take the relative_error"):
        accuracy(W1, np.ones((8, 2)), data)
    with pytest.raises(ValueError, match="Y holds 0 alone"):
        relative_error(W1, np.ones((8, 1)), (X, 0 * X[:, :1]))


def test_what_a_task_made_passes_as_it_is():
    train, _ = modular_addition(5, 0.6, 0)
    again = Dataset(train.X, train.Y)
    assert np.array_equal(again.labels, train.labels)
