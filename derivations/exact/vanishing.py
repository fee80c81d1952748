"""Deciding that an expression is zero, and rates of change along a flow."""

from collections.abc import Mapping
from typing import Any

import sympy as sp

from derivations.steps import Check

Matrix = sp.ImmutableDenseMatrix


DIGITS = 50


Values = Mapping[Any, Any]


NOWHERE: Values = {}


def along_flow(quantities: Any, variables: Any, velocity: Any) -> Any:
    """d(quantities)/d(time) when d(variables)/d(time) = velocity: the chain rule, entry by entry.

    Examples
    --------
    >>> x, y = sp.symbols("x y")
    >>> along_flow(Matrix([x**2 + y**2]), Matrix([x, y]), Matrix([-y, x]))
    Matrix([[0]])
    """
    rates = dict(zip(variables, velocity, strict=True))  # a symmetric matrix holds a variable twice
    return quantities.applyfunc(lambda entry: sum(entry.diff(x) * rate for x, rate in rates.items()))


def at(expression: Any, point: Values) -> Any:
    """The expression at a point, from exact rationals to 50 digits; unchanged if no point is given."""
    return expression.subs(point).evalf(DIGITS) if point else expression


def vanishes(what: str, residual: Any) -> Check:
    """Decide whether every entry of ``residual`` simplifies to zero for all values of its symbols.

    The residual of the check is 0 if so, the size at one rational point if not, and NaN if unproved there.
    """
    return Check(f"{what}: symbolic", sum(_undecided(entry) for entry in residual))


def _undecided(entry: Any) -> float:
    primes = map(sp.prime, range(5, 99))
    symbols = sorted(entry.free_symbols, key=str)
    size = float(abs(at(entry, {symbol: sp.Rational(next(primes), 7) for symbol in symbols} or NOWHERE)))
    if size > 1e-20:
        return size
    numerator = sp.fraction(sp.together(entry.rewrite(sp.log)))[0]
    return 0.0 if sp.simplify(numerator) == 0 else float("nan")
