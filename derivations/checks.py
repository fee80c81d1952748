"""Decisions that several derivations share: each is called with the statement that is printed."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp

from derivations.evaluate import evaluate
from derivations.gradients import largest
from derivations.steps import Check, Decision, Statement

Values = Mapping[Any, Any]


def exact(method: str, residual: Any) -> Check:
    """Check that an expression or matrix is zero in exact arithmetic; a residual that keeps a symbol is infinite."""
    entries = [
        sp.sympify(entry, strict=True) for entry in (residual if hasattr(residual, "shape") else [residual])
    ]
    return Check(method, largest(entries) if all(entry.is_number for entry in entries) else math.inf)


def difference(statement: Statement) -> list[Any]:
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
        Counts the entries of left side less right side that do not simplify to zero, limits and derivatives
        worked out.

    Examples
    --------
    >>> x = sp.Symbol("x")
    >>> identity("symbolic")(sp.Eq(sp.sin(x) ** 2, 1 - sp.cos(x) ** 2, evaluate=False)).passed
    True
    """

    def decide(statement: Statement) -> Check:
        entries = difference(meaning(statement))
        return Check(method, sum(sp.simplify(entry.doit()) != 0 for entry in entries))

    return decide


def holds_at(
    method: str, meaning: Callable[[], Values], sigma: Any = None, tolerance: float = 0.0
) -> Decision:
    """Decide that the two sides of a matrix equation are equal, entry by entry, at explicit matrices.

    Parameters
    ----------
    method : str
        The arithmetic and the shapes.
    meaning : callable
        Returns an explicit value for every symbol, gradient and rate of the statement; called when checked.
    sigma : sympy.Lambda, optional
        The activation.
    tolerance : float
        0 for exact rationals.

    Examples
    --------
    >>> A = sp.MatrixSymbol("A", 2, 2)
    >>> trace = sp.Eq(sp.Trace(A.T), sp.Trace(A), evaluate=False)
    >>> holds_at("exact rationals, 2 × 2", lambda: {A: sp.Matrix([[1, 2], [3, 4]])})(trace).passed
    True
    """

    def decide(statement: Statement) -> Check:
        residuals = difference(put_in(statement, meaning(), sigma))
        return (
            exact(method, sp.Matrix(residuals))
            if tolerance == 0
            else Check(method, largest(residuals), tolerance)
        )

    return decide


def put_in(statement: Statement, values: Values, sigma: Any = None) -> Any:
    """The equation, or tuple of equations, with every side evaluated.

    Examples
    --------
    >>> A = sp.MatrixSymbol("A", 1, 1)
    >>> put_in(sp.Eq(sp.Trace(A), 1, evaluate=False), {A: sp.Matrix([[3]])})
    Eq(3, 1)
    """
    if isinstance(statement, sp.Tuple):
        return sp.Tuple(*(put_in(part, values, sigma) for part in statement))
    left, right = (evaluate(side, values, sigma) for side in (statement.lhs, statement.rhs))
    return sp.Eq(left, right, evaluate=False)


def identity_with(method: str, meaning: Callable[[], Values], sigma: Any = None) -> Decision:
    """As :func:`identity`, with an explicit matrix of symbols for every matrix symbol."""
    return identity(method, lambda statement: put_in(statement, meaning(), sigma))
