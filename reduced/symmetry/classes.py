"""Difference classes: the training and test sets of modular addition that a shift of the residues maps on themselves.

Class d holds the p unordered pairs {s + d, s − d}, with label 2s; ± d is one class, so d = 0 … (p − 1)/2.
"""

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

from reduced.inputs.memory import refuse_beyond_memory
from reduced.inputs.scalars import finite, generator, whole
from reduced.network.dataset import Dataset


def odd_modulus(p: Any) -> int:
    """The modulus, if it is odd and at least 3.

    Raises
    ------
    ValueError
        If it is not: for even p twice a residue takes even values only, and the labels 2s miss half of the residues.
    """
    (p,) = whole(3, p=p)
    if p % 2 == 0:
        raise ValueError(
            f"p = {p}: must be odd; multiplication by 2 is no bijection of the residues modulo an even number, so "
            "the labels 2s of a class (s + d, s − d) would miss half of them"
        )
    return operator.index(p)


def checked_classes(p: int, classes: Any) -> tuple[int, ...]:
    """Difference classes as a tuple of integers, each once and within 0 … (p − 1)/2.

    Raises
    ------
    ValueError
        If there is none, or one is out of range or repeated.
    """
    last = (odd_modulus(p) - 1) // 2
    try:
        listed = list(classes)
        if any(isinstance(d, bool) for d in listed):
            raise TypeError
        given = [operator.index(d) for d in listed]
    except TypeError:
        raise ValueError(f"classes = {classes!r}: must be a sequence of integers from 0 to {last}") from None
    if not given:
        raise ValueError(f"classes = {classes!r}: name at least one of 0 to {last}")
    seen: set[int] = set()
    for d in given:
        if not 0 <= d <= last:
            raise ValueError(f"classes holds {d}: must lie from 0 to {last}, since d and −d are one class")
        if d in seen:
            raise ValueError(f"classes holds {d} more than once: name each class once")
        seen.add(d)
    return tuple(given)


def held_out(p: int, classes: Any) -> tuple[int, ...]:
    """The other classes, which test; there may be none.

    Examples
    --------
    >>> held_out(7, [0, 2])
    (1, 3)
    """
    named = checked_classes(p, classes)
    refuse_beyond_memory(f"p = {p}", 8 * p)
    return tuple(sorted(set(range((p + 1) // 2)) - set(named)))


def draw_classes(p: int, share: float, rng: int | np.random.Generator) -> tuple[int, ...]:
    """Difference classes to train on, drawn at random and sorted.

    Parameters
    ----------
    p : int
        Modulus, odd and at least 3.
    share : float
        Share of the (p + 1)/2 classes, in (0, 1); the number is rounded to the nearest.
    rng : int or numpy.random.Generator
        Seed or generator.

    Raises
    ------
    ValueError
        If p or the share is out of range, or leaves no class to train or to test.

    Examples
    --------
    >>> draw_classes(11, 0.7, 0)
    (2, 3, 4, 5)
    """
    count = (odd_modulus(p) + 1) // 2
    refuse_beyond_memory(f"p = {p}", 2 * count)
    finite(share=share)
    number = round(share * count) if 0 < share < 1 else 0
    if not 0 < number < count:
        raise ValueError(
            f"share = {share}: must lie strictly between 0 and 1 and leave at least one of the {count} classes to "
            "train on and one to test"
        )
    return tuple(sorted(map(int, generator(rng).permutation(count)[:number])))


def class_pairs(p: int, classes: Sequence[int]) -> Dataset:
    """All pairs of some classes, class after class and s = 0 … p − 1 within each.

    Examples
    --------
    >>> class_pairs(5, [1]).pairs.tolist()
    [[1, 4], [0, 2], [1, 3], [2, 4], [0, 3]]
    """
    classes = checked_classes(p, classes)
    refuse_beyond_memory(f"p = {p} with {len(classes)} classes", 2 * p * len(classes) * p)
    d, s = np.repeat(classes, p), np.tile(np.arange(p), len(classes))
    pairs = np.sort(np.stack([(s + d) % p, (s - d) % p], axis=1), axis=1)
    labels, one_hot = 2 * s % p, np.eye(p)
    return Dataset(one_hot[pairs[:, 0]] + one_hot[pairs[:, 1]], one_hot[labels], pairs, labels)


def difference_classes(p: int, classes: Sequence[int]) -> tuple[Dataset, Dataset]:
    """All pairs of the named difference classes to train on, and all other pairs to test.

    Parameters
    ----------
    p : int
        Modulus, odd and at least 3.
    classes : sequence of int
        Classes d from 0 to (p − 1)/2, each the p pairs {s + d, s − d} with label 2s.

    Returns
    -------
    train, test : Dataset
        As of :func:`reduced.modular_addition`: pairs a ≤ b, X_i = e_a + e_b.

    Raises
    ------
    ValueError
        If p is even, a class is out of range or repeated, or all classes train and no test set is left.

    Examples
    --------
    >>> train, test = difference_classes(37, [0, 3, 5])
    >>> train.X.shape, test.X.shape
    ((111, 37), (592, 37))
    """
    classes = checked_classes(p, classes)
    rest = held_out(p, classes)
    if not rest:
        raise ValueError(f"classes holds all {(p + 1) // 2} classes of p = {p}: no test set is left")
    return class_pairs(p, classes), class_pairs(p, rest)
