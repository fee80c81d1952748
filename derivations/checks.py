"""Decisions that several derivations share: each is called with the statement that is printed."""

import math
from collections.abc import Callable
from typing import Any

import sympy as sp

from derivations.gradients import largest
from derivations.steps import Check, Decision


def exact(method: str, residual: Any) -> Check:
    """Check that an expression or matrix is zero in exact arithmetic; a residual that keeps a symbol is infinite."""
    entries = [sp.sympify(entry) for entry in (residual if hasattr(residual, "shape") else [residual])]
    return Check(method, largest(entries) if all(entry.is_number for entry in entries) else math.inf)


def difference(statement: Any) -> list[Any]:
    """Left side less right side of an equation, entry by entry; of every equation of a tuple.

    Examples
    --------
    >>> x = sp.Symbol("x")
    >>> difference(sp.Eq(x, 2, evaluate=False)), difference(sp.Tuple(sp.Eq(x, 1), sp.Eq(x, 3)))
    ([x - 2], [x - 1, x - 3])
    """
    if isinstance(statement, sp.Tuple):
        return [entry for part in statement for entry in difference(part)]
    left, right = statement.lhs, statement.rhs
    if getattr(left, "is_Matrix", False) or getattr(right, "is_Matrix", False):
        return list(sp.Matrix(left) - sp.Matrix(right))
    return [left - right]


def identity(method: str, meaning: Callable[[Any], Any] = lambda statement: statement) -> Decision:
    """Decide that the two sides of an equation are the same function of their symbols.

    Parameters
    ----------
    method : str
        How it was decided.
    meaning : callable
        Puts what the symbols stand for into the statement.

    Returns
    -------
    callable
        Counts the entries of left side less right side that do not simplify to zero.

    Examples
    --------
    >>> x = sp.Symbol("x")
    >>> identity("symbolic")(sp.Eq(sp.sin(x) ** 2, 1 - sp.cos(x) ** 2, evaluate=False)).passed
    True
    """

    def decide(statement: Any) -> Check:
        entries = difference(meaning(statement))
        return Check(method, sum(sp.simplify(entry) != 0 for entry in entries))

    return decide


def identity_of(method: str, value: Callable[[], Any]) -> Callable[[], Check]:
    """Check, when run, that a symbolic difference simplifies to zero; it does not read a statement. To be replaced."""

    def check() -> Check:
        found = value()
        entries = found if hasattr(found, "shape") else [found]
        return Check(method, sum(sp.simplify(entry) != 0 for entry in entries))

    return check
