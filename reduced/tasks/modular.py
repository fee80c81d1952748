"""Modular arithmetic data sets."""

import operator

import numpy as np
from numpy.typing import NDArray

from reduced.inputs.choices import one_of
from reduced.inputs.memory import SPLITS, refuse_beyond_memory
from reduced.inputs.scalars import finite, generator, whole
from reduced.network.dataset import Dataset, Sizes

Array = NDArray[np.float64]
Integers = NDArray[np.int64]
OPERATIONS = ("add", "subtract", "multiply")


def modular_addition(
    p: int, train_fraction: float, rng: int | np.random.Generator
) -> tuple[Dataset, Dataset]:
    """All pairs a ≤ b < p with label (a + b) mod p, split at random into training and test sets.

    Parameters
    ----------
    p : int
        Modulus, at least 2.
    train_fraction : float
        Share of the p(p+1)/2 pairs that trains, in (0, 1); the number of samples is rounded to the nearest.
    rng : int or numpy.random.Generator
        Seed or generator of the split.

    Returns
    -------
    train, test : Dataset
        X of shape (n, p): X_i = e_a + e_b.

    Raises
    ------
    ValueError
        If p or the fraction is out of range, leaves one of the two sets empty, or asks for more memory than there is.

    References
    ----------
    arXiv:2511.01938, Section 7.1.

    Examples
    --------
    >>> train, test = modular_addition(37, 0.7, 0)
    >>> train.X.shape, test.X.shape
    ((492, 37), (211, 37))
    """
    return modular_operation("add", p, train_fraction, rng)


def modular_operation(
    operation: str, p: int, train_fraction: float, rng: int | np.random.Generator
) -> tuple[Dataset, Dataset]:
    """Modular addition, subtraction or multiplication, split as :func:`modular_addition` splits.

    ``subtract`` and ``multiply`` take all p² ordered pairs with the two one-hot operands side by side, X of shape
    (n, 2p), since a sum of one-hots cannot carry order.

    Examples
    --------
    >>> train, test = modular_operation("subtract", 5, 0.8, 0)
    >>> train.X.shape, int((train.pairs[0, 0] - train.pairs[0, 1]) % 5 - train.labels[0])
    ((20, 10), 0)
    """
    sizes = modular_sizes(operation, p, train_fraction)
    p, samples = sizes.outputs, sizes.train + sizes.test
    refuse_beyond_memory(f"p = {p}", SPLITS * samples * (sizes.inputs + sizes.outputs))
    a, b = np.divmod(np.arange(p * p), p)
    pairs = np.stack([a, b], axis=1)
    if operation == "add":
        pairs = pairs[a <= b]
    results = {"add": operator.add, "subtract": operator.sub, "multiply": operator.mul}
    labels = results[operation](pairs[:, 0], pairs[:, 1]) % p
    one_hot = np.eye(p)
    first, second = one_hot[pairs[:, 0]], one_hot[pairs[:, 1]]
    X = first + second if operation == "add" else np.hstack([first, second])

    order = generator(rng).permutation(len(pairs))
    train, test = (
        Dataset(X[rows], one_hot[labels[rows]], pairs[rows], labels[rows])
        for rows in (order[: sizes.train], order[sizes.train :])
    )
    return train, test


def modular_sizes(operation: str, p: int, train_fraction: float) -> Sizes:
    """How large the two sets of :func:`modular_operation` are, without drawing them.

    Raises
    ------
    ValueError
        As :func:`modular_operation`.

    Examples
    --------
    >>> modular_sizes("add", 37, 0.7)
    Sizes(train=492, test=211, inputs=37, outputs=37)
    """
    one_of("operation", operation, OPERATIONS)
    (p,), (train_fraction,) = whole(2, p=p), finite(train_fraction=train_fraction)
    if not 0 < train_fraction < 1:
        raise ValueError(f"train_fraction = {train_fraction}: must lie strictly between 0 and 1")
    samples, inputs = (p * (p + 1) // 2, p) if operation == "add" else (p * p, 2 * p)
    train = round(train_fraction * samples)
    if not 0 < train < samples:
        raise ValueError(
            f"train_fraction = {train_fraction}: leaves {train} training and {samples - train} test "
            f"samples of {samples}; both need at least one"
        )
    return Sizes(train, samples - train, inputs, p)
