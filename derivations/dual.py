"""Numbers a + bε with ε² = 0: a rational function of them carries its exact derivative along."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Rows = list[list[Any]]


@dataclass(frozen=True)
class Dual:
    """A value and its derivative; only the four operations, and whole powers.

    Examples
    --------
    >>> from fractions import Fraction
    >>> x = Dual(Fraction(3), Fraction(1))
    >>> (x**2 / (x + 1)).slope  # (x² + 2x)/(x + 1)²
    Fraction(15, 16)
    """

    value: Any
    slope: Any

    def __add__(self, other: Any) -> Dual:
        value, slope = _parts(other)
        return Dual(self.value + value, self.slope + slope)

    def __mul__(self, other: Any) -> Dual:
        value, slope = _parts(other)
        return Dual(self.value * value, self.slope * value + self.value * slope)

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self) -> Dual:
        return Dual(-self.value, -self.slope)

    def __sub__(self, other: Any) -> Dual:
        value, slope = _parts(other)
        return Dual(self.value - value, self.slope - slope)

    def __rsub__(self, other: Any) -> Dual:
        value, slope = _parts(other)
        return Dual(value - self.value, slope - self.slope)

    def __truediv__(self, other: Any) -> Dual:
        value, slope = _parts(other)
        quotient = self.value / value
        return Dual(quotient, (self.slope - quotient * slope) / value)

    def __rtruediv__(self, other: Any) -> Dual:
        return Dual(other, 0) / self

    def __pow__(self, power: int) -> Dual:
        result = Dual(1, 0)
        for _ in range(power):
            result = result * self
        return result

    def __bool__(self) -> bool:
        """Whether one may divide by it."""
        return bool(self.value)


def _parts(number: Any) -> tuple[Any, Any]:
    return (number.value, number.slope) if isinstance(number, Dual) else (number, 0)


def solve(matrix: Sequence[Sequence[Any]], right: Sequence[Any]) -> list[Any]:
    """Solve a regular linear system by elimination, for any numbers with the four operations but integers."""
    rows = [[*row, entry] for row, entry in zip(matrix, right, strict=True)]
    for i in range(len(rows)):
        pivot = next(k for k in range(i, len(rows)) if rows[k][i])
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [entry / rows[i][i] for entry in rows[i]]
        for k in range(len(rows)):
            if k != i:
                factor = rows[k][i]
                rows[k] = [entry - factor * other for entry, other in zip(rows[k], rows[i], strict=True)]
    return [row[-1] for row in rows]


def gradient(function: Callable[[Rows], Any], at: Rows) -> Rows:
    """Derivative of a scalar function of a matrix in every entry, exact in exact arithmetic."""

    def entry(i: int, j: int) -> Any:
        moved = [list(row) for row in at]
        moved[i][j] = Dual(moved[i][j], 1)
        result = function(moved)
        return result.slope if isinstance(result, Dual) else 0

    return [[entry(i, j) for j in range(len(at[0]))] for i in range(len(at))]


def difference_gradient(function: Callable[[Rows], Any], at: Rows, step: Any) -> Rows:
    """The same by central differences."""

    def entry(i: int, j: int) -> Any:
        def moved(by: Any) -> Any:
            matrix = [list(row) for row in at]
            matrix[i][j] = matrix[i][j] + by
            return function(matrix)

        return (moved(step) - moved(-step)) / (2 * step)

    return [[entry(i, j) for j in range(len(at[0]))] for i in range(len(at))]
