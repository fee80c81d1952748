"""How well a network does on samples: its outputs, the share that is right, and the error of numbers."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from reduced.inputs.arrays import finite_array, kept_matrix, real_array, without_overflow
from reduced.network.activations import Activation, get_activation
from reduced.network.dataset import Dataset, classes_of

Array = NDArray[np.float64]


def predictions(W1: Array, W2: Array, X: Any, activation: str | Activation = "relu") -> Array:
    """Network outputs σ(XW1) W2, shape (n, d_out)."""
    sigma = get_activation(activation)
    W1 = finite_array("W1", W1, "d_in", "d_h")
    W2 = finite_array("W2", W2, W1.shape[1], "d_out")
    X = kept_matrix("X", X) if sparse.issparse(X) else finite_array("X", X, "n", W1.shape[0])
    if X.shape[1] != W1.shape[0]:
        raise ValueError(f"X has shape {X.shape}: must be (n, {W1.shape[0]})")
    return without_overflow("the outputs", sigma.value(X @ W1) @ W2)


def accuracy(W1: Array, W2: Array, dataset: Dataset | Any, activation: str | Activation = "relu") -> float:
    """Share of samples that the network gets right: the largest output is at the label, or the one output has its sign.

    Parameters
    ----------
    W1, W2 : (d_in, d_h) and (d_h, d_out) arrays
        The network.
    dataset : Dataset, or pair (X, y)
        The samples; y holds one integer a sample, or one-hot rows, or +1 and -1 for one output.
    activation : str or Activation
        σ.

    Raises
    ------
    ValueError
        If the samples have not one label each that names an output, or +1 and -1 for one output.

    Examples
    --------
    >>> X, y = np.eye(3), [2, 0, 1]
    >>> W2 = np.linalg.pinv(X) @ Dataset(X, y).Y
    >>> accuracy(np.eye(3), W2, (X, y), "linear")
    1.0
    >>> accuracy(np.eye(2), np.array([[0.5], [-2.0]]), (np.eye(2), [1, -1]), "linear")
    1.0
    """
    X, Y, labels = _samples(dataset)
    return share_right(predictions(W1, W2, X, activation), Y, labels)


def share_right(outputs: Array, Y: Any, labels: Any) -> float:
    """What :func:`accuracy` measures, of outputs at hand."""
    if outputs.shape[1] == 1:
        return float(np.mean(np.sign(outputs[:, 0]) == _signs(Y, len(outputs))))
    if labels is None:
        raise ValueError(
            "y holds no classes: give one integer a sample, one-hot rows, or +1 and -1 for one output; of numbers, "
            "take the relative_error"
        )
    return float(np.mean(outputs.argmax(axis=1) == class_labels(labels, *outputs.shape)))


def relative_error(
    W1: Array, W2: Array, dataset: Dataset | Any, activation: str | Activation = "relu"
) -> float:
    """Squared error of the outputs as a share of the squared targets, Σ(f(x) − y)²/Σy²; 1 is that of outputs 0.

    Parameters as of :func:`accuracy`, with numbers in place of classes.

    Raises
    ------
    ValueError
        If the targets do not fit the outputs, or are all 0.

    Examples
    --------
    >>> relative_error(np.eye(2), np.array([[1.0], [1.0]]), (np.eye(2), [1.0, 2.0]), "linear")
    0.2
    """
    X, Y, _ = _samples(dataset)
    return share_missed(predictions(W1, W2, X, activation), Y)


def share_missed(outputs: Array, Y: Any) -> float:
    """What :func:`relative_error` measures, of outputs at hand."""
    Y = finite_array("Y", Y, *outputs.shape)
    size = float(np.sum(Y**2))
    if size == 0:
        raise ValueError("Y holds 0 alone: an error relative to it is not defined")
    return float(np.sum((outputs - Y) ** 2)) / size


def _samples(dataset: Any) -> tuple[Any, Any, Any]:
    """Inputs, targets and labels of a data set, or of a pair."""
    if isinstance(dataset, Dataset):
        return dataset.X, dataset.Y, dataset.labels
    if not isinstance(dataset, tuple | list) or len(dataset) != 2:
        raise ValueError(f"dataset is a {type(dataset).__name__}: must be a Dataset, or a pair (X, y)")
    X, y = dataset
    given = real_array("y", y)
    if given.ndim == 1:
        return X, given[:, None], given
    return X, given, classes_of(given) if given.ndim == 2 else None


def _signs(Y: Any, samples: int) -> Array:
    """Targets +1 and -1, one a sample."""
    signs = real_array("y", Y)
    if signs.shape != (samples, 1) or not (np.abs(signs) == 1).all():
        raise ValueError(f"y must be +1 or -1 for each of the {samples} samples: the network has one output")
    return signs[:, 0]


def class_labels(labels: Any, samples: int, classes: int) -> NDArray[np.int64]:
    """Labels as one integer a sample, each in 0 … classes − 1.

    Raises
    ------
    ValueError
        If they are anything else: an array of another shape would be compared with all samples at once.

    Examples
    --------
    >>> class_labels([[1], [0]], 2, 3)
    Traceback (most recent call last):
        ...
    ValueError: labels has shape (2, 1): must be (2,), one label a sample
    """
    found = real_array("labels", labels)
    if found.shape != (samples,):
        raise ValueError(f"labels has shape {found.shape}: must be ({samples},), one label a sample")
    wrong = ~np.isin(found, np.arange(classes))
    if wrong.any():
        raise ValueError(f"labels holds {found[wrong][0]:g}: must be integers from 0 to {classes - 1}")
    return found.astype(np.int64)
