"""Where lines are decided: exact points of a decoupled loss, and how far a printed value is off there."""

import itertools
import random
from collections.abc import Callable, Iterator
from typing import Any

import sympy as sp

from derivations.decoupled import Decoupled
from derivations.steps import Check, Decision, Line

DIGITS = 60
#: Exact points at which a line is decided, and how many are tried to find them.
POINTS, TRIES = 4, 400
#: Relative residual that 60 digits explain after a central difference with step 10⁻²⁰.
TOLERANCE = 1e-30
STEP = sp.Rational(1, 10**20)
#: Values on one axis of the grid that a minimum is held against.
AXIS = tuple(sign * size for size in map(sp.Rational, ("1/100", "2/5", "1", "2", "10")) for sign in (1, -1))

Point = dict[Any, Any]


def points(
    model: Decoupled, symbols: Any, holds: Any = sp.true, count: int = POINTS, real: Any = ()
) -> tuple[Point, ...]:
    """Exact values of symbols, with the signs that they declare, where the model's conditions and ``holds`` do.

    Parameters
    ----------
    model : Decoupled
    symbols : iterable of symbols
    holds : sympy Boolean
        What else has to hold.
    count : int
        How many are wanted; fewer are found where conditions are narrow.
    real : iterable of sympy.Expr
        What has to have a real value.
    """
    rng = random.Random(0)
    ordered = sorted(symbols, key=sp.default_sort_key)
    conditions = sp.And(holds, *model.optimum.conditions)
    found: list[Point] = []
    for _ in range(TRIES):
        point = {symbol: _number(symbol, rng) for symbol in ordered}
        if all(_is_real(sp.N(at(part, point), 15)) for part in real) and _holds(conditions, point):
            found.append(point)
        if len(found) == count:
            break
    return tuple(found)


def _holds(condition: Any, point: Point) -> bool:
    try:
        return bool(at(condition, point) == sp.true)
    except TypeError:  # SymPy's, where a side is not real
        return False


def _is_real(value: Any) -> bool:
    return bool(value.is_number and value.is_real and value.is_finite)


def _number(symbol: Any, rng: random.Random) -> Any:
    size = sp.Rational(rng.randint(2, 30), rng.randint(7, 17))
    if symbol.is_extended_nonnegative:
        return size
    return -size if symbol.is_extended_nonpositive else rng.choice((1, -1)) * size


def at(expression: Any, point: Point) -> Any:
    """Value at a point, by its symbols and not by their names."""
    return expression.subs(point, simultaneous=True)


def number(expression: Any, point: Point) -> Any:
    """Value at a point, to 60 digits."""
    return sp.N(at(expression, point), DIGITS, maxn=4 * DIGITS)


def slope(expression: Any, variable: Any, point: Point) -> Any:
    """Central difference at a point, at 60 digits: it knows nothing of derivatives."""
    ahead, behind = (
        number(expression, {**point, variable: point[variable] + side * STEP}) for side in (1, -1)
    )
    return (ahead - behind) / (2 * STEP)


def agrees(
    method: str, where: tuple[Point, ...], expected: Callable[[Point], Any], tolerance: float = TOLERANCE
) -> Decision:
    """Decide that the right side of an equation has the values that are found independently, at every point.

    Parameters
    ----------
    method : str
        How they are found.
    where : tuple of dict
        The points; none makes the check fail.
    expected : callable
        Value, or tuple of values, at a point.
    tolerance : float
        Largest difference, relative to one plus the value.
    """

    def decide(statement: Any) -> Check:
        right = statement.rhs
        entries = tuple(right) if isinstance(right, sp.Tuple | sp.MatrixBase) else (right,)
        worst = 0.0 if where else float("inf")
        for point in where:
            values = expected(point)
            values = values if isinstance(values, tuple) else (values,)
            for entry, value in zip(entries, values, strict=True):
                off = abs(number(entry, point) - value) / (1 + abs(value))
                worst = max(worst, float(off)) if off.is_number and off.is_finite else float("inf")
        return Check(f"{method}, {len(where)} points", worst, tolerance)

    return decide


def decided(statement: Any, rule: str, where: tuple[Point, ...], *checks: Decision) -> Line:
    """A line decided at points, or one that says that none was found."""
    if where:
        return Line(statement, rule, checks)
    return Line(statement, rule, unchecked="no values of the symbols were found that meet the conditions")


def grid(model: Decoupled) -> Iterator[Point]:
    """Fast values over several scales, where the fast symbols may be."""
    axes = [[v for v in AXIS if _allowed(symbol, v)] for symbol in model.fast]
    every = itertools.product(*axes)
    rng = random.Random(1)
    chosen = list(every) if len(axes) < 3 else [tuple(map(rng.choice, axes)) for _ in range(200)]
    yield from (dict(zip(model.fast, values, strict=True)) for values in chosen)


def _allowed(symbol: Any, value: Any) -> bool:
    if symbol.is_extended_nonnegative:
        return bool(value > 0)
    return bool(value < 0) if symbol.is_extended_nonpositive else True


def not_above(model: Decoupled, where: tuple[Point, ...]) -> Decision:
    """Decide that the loss at printed fast values is nowhere above its value on a grid over many scales."""

    def decide(statement: Any) -> Check:
        right = statement.rhs
        values = tuple(right) if isinstance(right, sp.Tuple) else (right,)
        worst = 0.0 if where else float("inf")
        for point in where:
            fast = {s: number(v, point) for s, v in zip(model.fast, values, strict=True)}
            here = at(model.loss, point)
            least = sp.N(at(here, fast), 20)
            if not least.is_real:
                return Check("a grid over many scales", float("inf"))
            for other in grid(model):
                value = sp.N(here.xreplace(other), 20)
                if value.is_real:
                    worst = max(worst, float((least - value) / (1 + abs(value))))
        return Check(f"no value on a grid over many scales is lower, {len(where)} points", worst, 1e-15)

    return decide
