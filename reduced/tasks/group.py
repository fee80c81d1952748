"""Composition in a finite group."""

import math
import re
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reduced.inputs.memory import SPLITS, refuse_beyond_memory
from reduced.inputs.ranges import Fraction, Words
from reduced.network.dataset import Dataset, Sizes
from reduced.tasks.files import numbers_of
from reduced.tasks.modular import of_pairs
from reduced.tasks.registry import Task, declare
from reduced.tasks.split import split, split_sizes

Integers = NDArray[np.int64]
#: Names of the groups that are built in.
BUILT_IN = re.compile("([SD])([0-9]{1,9})")


@declare("group", "composition in a finite group, of ordered pairs side by side")
@dataclass(frozen=True)
class Group(Task):
    """The product of two elements of a finite group, all pairs of them split at random.

    Parameters
    ----------
    group : str
        ``S3``, ``S4``, ``S5``: permutations; ``D5`` and the like: symmetries of a regular polygon with so many corners;
        or a CSV or .npy file that holds the table, in row i and column j the number of i·j, from 0.
    train_fraction : float
        Share of the pairs that trains.
    """

    group: Words = "S4"
    train_fraction: Fraction = 0.7

    @property
    def fan_in(self) -> int:
        """The order of the group."""
        return group_order(self.group)

    def files(self) -> tuple[str, ...]:
        """The file of a table."""
        return () if BUILT_IN.fullmatch(self.group) else (self.group,)

    def sizes(self) -> Sizes:
        """Sizes of the split of all pairs."""
        n = group_order(self.group)
        return split_sizes(n**2, self.train_fraction, 2 * n, n, f"group = {self.group}")

    def draw(self, rng: int | np.random.Generator) -> tuple[Dataset, Dataset]:
        """All pairs, split."""
        size = self.sizes()
        table = group_table(self.group)
        n = len(table)
        pairs = np.stack(np.divmod(np.arange(n**2), n), axis=1)
        return split(of_pairs(n, pairs, table.ravel()), size.train, rng)


def group_order(group: str) -> int:
    """Number of elements of a group, without its table where it is built in.

    Examples
    --------
    >>> group_order("S4"), group_order("D5")
    (24, 10)
    """
    if named := BUILT_IN.fullmatch(group):
        kind, size = named[1], int(named[2])
        least, most = (2, 12) if kind == "S" else (3, 10**8)
        if not least <= size <= most:
            raise ValueError(f"group = {group!r}: must be {kind}{least} to {kind}{most}")
        return math.factorial(size) if kind == "S" else 2 * size
    return len(group_table(group))


def group_table(group: str) -> Integers:
    """The table of a group: in row i and column j the number of i·j.

    Permutations are numbered in the order of their images, and i·j applies j first. A symmetry of a polygon with n
    corners is number k of the rotations, or n + k where a reflection goes before it.

    Raises
    ------
    ValueError
        If the file cannot be read, or its table is of no group, with the axiom that fails.

    Examples
    --------
    >>> group_table("S2").tolist()
    [[0, 1], [1, 0]]
    """
    if not (named := BUILT_IN.fullmatch(group)):
        if Path(group).suffix.lower() not in (".csv", ".npy"):
            raise ValueError(f"group = {group!r}: choose S3, S4, S5, D3, D4, …, or name a .csv or .npy file")
        return checked_table(group, numbers_of(group, "group"))
    order = group_order(group)
    refuse_beyond_memory(f"group = {group}", SPLITS * 3.0 * order**3)
    size = int(named[2])
    if named[1] == "D":
        k, reflected = np.tile(np.arange(size), 2), np.repeat([0, 1], size)
        turned = (k[:, None] + (1 - 2 * reflected[:, None]) * k) % size
        return np.asarray(turned + size * (reflected[:, None] ^ reflected), dtype=np.int64)
    elements = list(permutations(range(size)))
    number = {element: i for i, element in enumerate(elements)}
    return np.array([[number[tuple(f[x] for x in g)] for g in elements] for f in elements])


def checked_table(name: str, table: NDArray[np.float64]) -> Integers:
    """A table of a group.

    Raises
    ------
    ValueError
        Naming the axiom that fails, and where.

    Examples
    --------
    >>> checked_table("table", np.array([[0.0, 1.0], [1.0, 1.0]]))
    Traceback (most recent call last):
        ...
    ValueError: group = 'table': element 1 has no inverse: no product with it is the identity 0
    """

    def refused(why: str) -> ValueError:
        return ValueError(f"group = {name!r}: {why}")

    if table.ndim != 2 or table.shape[0] != table.shape[1] or len(table) < 2:
        raise refused(f"its table has shape {table.shape}: must be square, with two elements or more")
    n = len(table)
    outside = ~np.isin(table, np.arange(n))
    if outside.any():
        i, j = np.argwhere(outside)[0]
        raise refused(f"not closed: {i}·{j} is {table[i, j]:g}, and the elements are 0 to {n - 1}")
    product = table.astype(np.int64)
    numbers = np.arange(n)
    neutral = np.flatnonzero((product == numbers).all(axis=1) & (numbers == product.T).all(axis=1))
    if not neutral.size:
        raise refused("it has no identity: no element leaves every other as it is, from both sides")
    for a in range(n):
        left, right = product[product[a]], product[a][product]
        if (left != right).any():
            b, c = np.argwhere(left != right)[0]
            raise refused(f"not associative: ({a}·{b})·{c} = {left[b, c]} and {a}·({b}·{c}) = {right[b, c]}")
    lonely = np.flatnonzero(~(product == neutral[0]).any(axis=1))
    if lonely.size:
        raise refused(f"element {lonely[0]} has no inverse: no product with it is the identity {neutral[0]}")
    return product
