"""A loss with kinks as smooth losses on cells, whose walls are where a kink's argument is zero."""

from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.core.relational import Relational

#: Functions that jump; a loss that holds one has no gradient flow.
JUMPS = (sp.sign, sp.Heaviside, sp.floor, sp.ceiling, sp.Mod, sp.DiracDelta, sp.KroneckerDelta, sp.frac)
#: Functions that bend sharply but do not jump.
KINKS = (sp.Abs, sp.Max, sp.Min, sp.Piecewise)
MOST_CELLS = 64


@dataclass(frozen=True)
class Cell:
    """A smooth loss and where it is the loss.

    Parameters
    ----------
    loss : sympy.Expr
        Smooth in the fast variables.
    walls : tuple of sympy.Expr
        Expressions that are at least zero inside the cell.
    """

    loss: Any
    walls: tuple[Any, ...] = ()

    def xreplace(self, rule: dict[Any, Any]) -> "Cell":
        """Exchange symbols."""
        return Cell(self.loss.xreplace(rule), tuple(wall.xreplace(rule) for wall in self.walls))


def cells(loss: Any, fast: tuple[Any, ...]) -> tuple[Cell, ...]:
    """Split a loss along its kinks in the fast variables; kinks in other symbols stay.

    Raises
    ------
    ValueError
        If there are more than 64 cells, or a ``Piecewise`` jumps or its pieces cannot be compared.

    Examples
    --------
    >>> b = sp.Symbol("b", real=True)
    >>> cells(b**2 + sp.Abs(b - 1), (b,))
    (Cell(loss=b**2 + b - 1, walls=(b - 1,)), Cell(loss=b**2 - b + 1, walls=(1 - b,)))
    """
    finished: list[Cell] = []
    waiting = [Cell(loss)]
    while waiting:
        cell = waiting.pop()
        kink = _innermost(cell.loss, fast)
        if kink is None:
            finished.append(cell)
        else:
            waiting.extend(reversed(_split(cell, *kink)))
        if len(waiting) + len(finished) > MOST_CELLS:
            raise ValueError(
                f"the loss has kinks that cut the space of {fast} into more than {MOST_CELLS} cells: "
                "take fewer kinked terms, or smooth ones"
            )
    return tuple(finished)


def _innermost(loss: Any, fast: tuple[Any, ...]) -> tuple[Any, Any] | None:
    """A kink whose arguments have none, and the expression that is zero on it; conditions come before pieces."""
    parts = loss.atoms(*KINKS, Relational)
    for part in sorted(parts, key=sp.default_sort_key):
        if part.has(*fast) and not isinstance(part, sp.Piecewise):
            if any(argument.has(*KINKS) and _kinked(argument, fast) for argument in part.args):
                continue
            return part, _argument(part)
    return None


def _kinked(expression: Any, fast: tuple[Any, ...]) -> bool:
    return any(part.has(*fast) for part in expression.atoms(*KINKS))


def _argument(part: Any) -> Any:
    if isinstance(part, sp.Abs):
        return part.args[0]
    if isinstance(part, sp.Eq | sp.Ne):
        raise ValueError(f"the loss depends on the condition {part}: conditions must be inequalities")
    return part.args[0] - part.args[1]


def _split(cell: Cell, part: Any, argument: Any) -> list[Cell]:
    """Two cells, one on each side of a kink; one where the sign is known or a wall is met again."""
    above, below = _sides(part)
    if isinstance(part, Relational):
        _continuous(cell.loss.xreplace({part: above}), cell.loss.xreplace({part: below}), argument)
    ahead = Cell(cell.loss.xreplace({part: above}), _with(cell.walls, argument))
    behind = Cell(cell.loss.xreplace({part: below}), _with(cell.walls, -argument))
    if argument.is_nonnegative or argument in cell.walls:
        return [Cell(ahead.loss, cell.walls)]
    if argument.is_nonpositive or sp.expand(-argument) in map(sp.expand, cell.walls):
        return [Cell(behind.loss, cell.walls)]
    return [ahead, behind]


def _with(walls: tuple[Any, ...], wall: Any) -> tuple[Any, ...]:
    return walls if wall in walls else (*walls, wall)


def _sides(part: Any) -> tuple[Any, Any]:
    """What a kinked part is where its argument is positive, and where it is negative."""
    match part:
        case sp.Abs(args=(inner,)):
            return inner, -inner
        case sp.Max(args=(first, second, *rest)):
            return sp.Max(first, *rest), sp.Max(second, *rest)
        case sp.Min(args=(first, second, *rest)):
            return sp.Min(second, *rest), sp.Min(first, *rest)
    ahead = isinstance(part, sp.Gt | sp.Ge)
    return (sp.true, sp.false) if ahead else (sp.false, sp.true)


def _continuous(ahead: Any, behind: Any, argument: Any) -> None:
    """Refuse a ``Piecewise`` that jumps on the wall, or whose wall cannot be followed."""
    difference = ahead - behind
    for symbol in sorted(argument.free_symbols, key=sp.default_sort_key):
        slope = sp.diff(argument, symbol)
        if slope.is_nonzero and not slope.has(symbol):
            on_wall = difference.subs(symbol, symbol - argument / slope)
            if sp.simplify(on_wall) == 0:
                return
            break
    raise ValueError(
        f"the loss jumps where {argument} = 0, or it is not seen that it does not: make it continuous"
    )
