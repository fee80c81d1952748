"""Difference classes: the training and test sets of modular addition that a shift of the residues maps on themselves.

Class d holds the p unordered pairs {s + d, s − d}, with label 2s; ± d is one class, so d = 0 … (p − 1)/2.
"""

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

from reduced.inputs.memory import refuse_beyond_memory
from reduced.inputs.scalars import finite, generator
from reduced.network.dataset import Dataset
from reduced.symmetry.group import Group, odd_group

#: A modulus, or the moduli of a product of cyclic groups.
Moduli = int | tuple[int, ...]


def checked_classes(group: Group, classes: Any) -> tuple[int, ...]:
    """Difference classes as a tuple of integers, each once and within 0 … (order − 1)/2.

    Raises
    ------
    ValueError
        If there is none, or one is out of range or repeated.
    """
    last = group.half - 1
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


def held_out(p: Moduli, classes: Any) -> tuple[int, ...]:
    """The other classes, which test; there may be none.

    Examples
    --------
    >>> held_out(7, [0, 2])
    (1, 3)
    """
    group = odd_group(p)
    named = checked_classes(group, classes)
    refuse_beyond_memory(f"p = {p}", 8 * group.half)
    return tuple(sorted(set(range(group.half)) - set(named)))


def draw_classes(p: Moduli, share: float, rng: int | np.random.Generator) -> tuple[int, ...]:
    """Difference classes to train on, drawn at random and sorted.

    Parameters
    ----------
    p : int or tuple of int
        Modulus or moduli, odd and at least 3.
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
    count = odd_group(p).half
    (share,) = finite(share=share)
    number = round(share * count) if 0 < share < 1 else 0
    if not 0 < number < count:
        raise ValueError(
            f"share = {share}: must lie strictly between 0 and 1 and leave at least one of the {count} classes to "
            "train on and one to test"
        )
    return tuple(sorted(map(int, generator(rng).permutation(count)[:number])))


def class_pairs(p: Moduli, classes: Sequence[int]) -> Dataset:
    """All pairs of some classes, class after class and s = 0 … p − 1 within each.

    Examples
    --------
    >>> class_pairs(5, [1]).pairs.tolist()
    [[1, 4], [0, 2], [1, 3], [2, 4], [0, 3]]
    """
    group = odd_group(p)
    classes = checked_classes(group, classes)
    n = group.order
    refuse_beyond_memory(f"p = {p} with {len(classes)} classes", 2.0 * n * len(classes) * n)
    d, s = np.repeat(group.representatives[list(classes)], n), np.tile(np.arange(n), len(classes))
    pairs = np.sort(np.stack([group.sum(s, d), group.sum(s, group.negative(d))], axis=1), axis=1)
    labels, one_hot = group.sum(s, s), np.eye(n)
    return Dataset(one_hot[pairs[:, 0]] + one_hot[pairs[:, 1]], one_hot[labels], pairs, labels)


def difference_classes(p: Moduli, classes: Sequence[int]) -> tuple[Dataset, Dataset]:
    """All pairs of the named difference classes to train on, and all other pairs to test.

    Parameters
    ----------
    p : int or tuple of int
        Modulus, odd and at least 3; or several, for pairs of elements of Z_p × Z_q × …, numbered in C order.
    classes : sequence of int
        Classes d from 0 to (p − 1)/2, each the p pairs {s + d, s − d} with label 2s; of a product of groups, numbers of
        its difference classes, see :attr:`reduced.symmetry.group.Group.representatives`.

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
    group = odd_group(p)
    classes = checked_classes(group, classes)
    rest = held_out(p, classes)
    if not rest:
        raise ValueError(f"classes holds all {group.half} classes of p = {p}: no test set is left")
    return class_pairs(p, classes), class_pairs(p, rest)
