"""The equations of a constrained minimum: a smooth loss in one cell with multipliers on its walls."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sympy as sp

from derivations.kinks import Cell


@dataclass(frozen=True)
class System:
    """A smooth loss in one cell with multipliers on its walls, ℓ = L − Σ μ g, to be solved numerically.

    Parameters
    ----------
    slow, fast, multipliers : tuple of symbols
    loss : sympy.Expr
        L in this cell.
    walls : tuple of sympy.Expr
        g, at least zero in the cell.
    gradient : tuple of sympy.Expr
        ∂ℓ over (slow, fast, multipliers).
    hessian : tuple of sympy.Expr
        ∂²ℓ over the same, row by row.
    """

    slow: tuple[Any, ...]
    fast: tuple[Any, ...]
    multipliers: tuple[Any, ...]
    loss: Any
    walls: tuple[Any, ...]
    gradient: tuple[Any, ...]
    hessian: tuple[Any, ...]

    def each(self, change: Callable[[Any], Any]) -> "System":
        """Apply a change to every symbol and expression."""
        groups = (self.slow, self.fast, self.multipliers, self.walls, self.gradient, self.hessian)
        slow, fast, multipliers, walls, gradient, hessian = (tuple(map(change, group)) for group in groups)
        return System(slow, fast, multipliers, change(self.loss), walls, gradient, hessian)


def system_of(cell: Cell, slow: tuple[Any, ...], fast: tuple[Any, ...]) -> System:
    """Differentiate the Lagrangian of a cell twice.

    Examples
    --------
    >>> a, b = sp.symbols("a b", real=True)
    >>> system_of(Cell(b**2 - a * b, (b,)), (a,), (b,)).gradient
    (-b, -_mu_0 - a + 2*b, -b)
    """
    multipliers = tuple(sp.Dummy(f"mu_{i}", real=True) for i in range(len(cell.walls)))
    terms = [m * wall for m, wall in zip(multipliers, cell.walls, strict=True)]
    lagrangian = cell.loss - sp.Add(*terms)
    variables = (*slow, *fast, *multipliers)
    gradient = tuple(sp.diff(lagrangian, variable) for variable in variables)
    hessian = tuple(sp.diff(slope, variable) for slope in gradient for variable in variables)
    return System(slow, fast, multipliers, cell.loss, cell.walls, gradient, hessian)
