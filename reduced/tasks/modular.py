"""Modular arithmetic data sets."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.inputs.choices import one_of
from reduced.inputs.scalars import whole
from reduced.network.dataset import Dataset, Sizes
from reduced.tasks.split import split, split_sizes

Array = NDArray[np.float64]
Integers = NDArray[np.int64]
#: What is computed modulo p from the operands a and b.
OPERATIONS: dict[str, Callable[[Integers, Integers, int], Any]] = {
    "add": lambda a, b, p: a + b,
    "subtract": lambda a, b, p: a - b,
    "multiply": lambda a, b, p: a * b,
    "divide": lambda a, b, p: a * np.array([0, *(pow(c, -1, p) for c in range(1, p))])[b],
}

#: The pairs that an operation keeps, where not all.
KEPT: dict[str, Callable[[Integers, Integers], Any]] = {
    "add": lambda a, b: a <= b,
    "divide": lambda a, b: b > 0,
}


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
    """Modular addition, subtraction, multiplication or division, split as :func:`modular_addition` splits.

    All but ``add`` take all p² ordered pairs with the two one-hot operands side by side, X of shape (n, 2p), since a
    sum of one-hots cannot carry order; ``divide`` leaves out b = 0, and p must be prime.

    Examples
    --------
    >>> train, test = modular_operation("subtract", 5, 0.8, 0)
    >>> train.X.shape, int((train.pairs[0, 0] - train.pairs[0, 1]) % 5 - train.labels[0])
    ((20, 10), 0)
    """
    sizes = modular_sizes(operation, p, train_fraction)
    p = sizes.outputs
    a, b = np.divmod(np.arange(p * p), p)
    pairs = np.stack([a, b], axis=1)
    if operation in KEPT:
        pairs = pairs[KEPT[operation](a, b)]
    labels = OPERATIONS[operation](pairs[:, 0], pairs[:, 1], p) % p
    return split(of_pairs(p, pairs, labels, summed=operation == "add"), sizes.train, rng)


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
    (p,) = whole(2, p=p)
    pairs = {"add": p * (p + 1) // 2, "divide": p * (p - 1)}
    inputs = p if operation == "add" else 2 * p
    size = split_sizes(pairs.get(operation, p * p), train_fraction, inputs, p, f"p = {p}")
    if operation == "divide" and any(p % divisor == 0 for divisor in range(2, math.isqrt(p) + 1)):
        raise ValueError(f"p = {p}: division modulo p needs a prime, so that every b but 0 has an inverse")
    return size


def of_pairs(n: int, pairs: Integers, labels: Integers, summed: bool = False) -> Dataset:
    """Pairs of numbers below n as one-hot codes, summed or side by side, with a label each.

    Examples
    --------
    >>> of_pairs(2, np.array([[0, 1]]), np.array([1])).X.tolist()
    [[1.0, 0.0, 0.0, 1.0]]
    """
    one_hot = np.eye(n)
    first, second = one_hot[pairs[:, 0]], one_hot[pairs[:, 1]]
    X = first + second if summed else np.hstack([first, second])
    return Dataset(X, one_hot[labels], pairs, labels)
