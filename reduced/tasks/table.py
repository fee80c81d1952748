"""A CSV file of samples: read once for its size and what is wrong with it, and again for its numbers."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.inputs.choices import one_of
from reduced.tasks.files import rows_of, state_of

Array = NDArray[np.float64]
#: What stands for a missing value, in small letters.
MISSING = {"", "na", "n/a", "nan", "null", "none", "?"}
#: How many rows are looked at to find out whether the first is a header.
PEEK = 100


@dataclass(frozen=True)
class Table:
    """What a CSV file holds besides its numbers.

    Parameters
    ----------
    name : str
        The file.
    header : bool
        Whether its first row names the columns.
    columns : tuple of str
        Names of the columns; where there is no header, their numbers from 0.
    target : int
        Number of the column to learn.
    rows : int
        Number of samples.
    """

    name: str
    header: bool
    columns: tuple[str, ...]
    target: int
    rows: int

    def samples(self) -> Iterator[tuple[int, list[str]]]:
        """The samples, with the numbers of their lines."""
        return islice(rows_of(self.name), int(self.header), None)

    def inputs(self) -> Array:
        """The inputs of all samples."""
        found = np.empty((self.rows, len(self.columns) - 1))
        for i, (_, row) in enumerate(self.samples()):
            found[i] = [float(cell) for j, cell in enumerate(row) if j != self.target]
        return found

    def targets(self) -> list[str]:
        """The targets of all samples, as they are written."""
        return [row[self.target] for _, row in self.samples()]


def scanned(name: str, target: str | None) -> Table:
    """Read a CSV file without keeping it, once as long as it does not change.

    Raises
    ------
    ValueError
        If it holds no sample, no such target, fewer than two columns, text among the inputs, or a missing value.
    """
    return _scanned(name, target, state_of((name,)))


@lru_cache(maxsize=8)
def _scanned(name: str, target: str | None, state: Any) -> Table:
    rows = rows_of(name)
    first = list(islice(rows, PEEK))
    if not first:
        raise ValueError(f"data = {name}: holds no rows")
    header = _is_header([row for _, row in first])
    columns = tuple(first[0][1] if header else map(str, range(len(first[0][1]))))
    if len(columns) < 2:
        raise ValueError(f"data = {name}: has one column alone; it takes an input and a target at least")
    if len(set(columns)) < len(columns):
        raise ValueError(f"data = {name}: names two columns alike in its first line")
    at = len(columns) - 1 if target is None else columns.index(one_of("target", target, columns))
    count = 0
    for line, row in chain(first[int(header) :], rows):
        count += 1
        for j, cell in enumerate(row):
            if cell.lower() in MISSING:
                raise ValueError(
                    f"data = {name}: line {line}: column {columns[j]!r} is missing; fill it, or leave the row out"
                )
            if j != at and not _finite(cell):
                what = "holds text" if _number(cell) is None else "is not finite"
                raise ValueError(
                    f"data = {name}: column {columns[j]!r} {what} ({cell[:20]!r} in line {line}); inputs must be "
                    "finite numbers: leave it out, encode it, or name it as the target"
                )
    if count == 0:
        raise ValueError(f"data = {name}: holds a header and no rows")
    return Table(name, header, columns, at, count)


def _is_header(rows: list[list[str]]) -> bool:
    """Whether the first row is text where all others are numbers, in a column at least, or has no number at all."""
    columns = list(zip(*rows, strict=True))
    told = any(
        _number(first) is None and first and rest and all(_number(cell) is not None for cell in rest)
        for first, *rest in columns
    )
    return told or all(_number(cell) is None for cell in rows[0])


def _number(cell: str) -> float | None:
    """The number that a cell holds; Python's own 1_000 is text."""
    try:
        return None if "_" in cell else float(cell)
    except ValueError:
        return None


def _finite(cell: str) -> bool:
    number: Any = _number(cell)
    return number is not None and math.isfinite(number)
