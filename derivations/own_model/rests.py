"""Where a flow of the slow parameters rests, in closed form, on either side of its kinks."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import sympy as sp

from derivations import stationary
from derivations.bounded import Budget

#: Kinks of the slow parameters above which the sides of each are not gone through.
MOST_KINKS = 4
KINKED = (sp.Max, sp.Min, sp.Abs, sp.Heaviside, sp.sign)
SECONDS = 5.0
#: Zeros of a flow, and whether they are all.
Solved = tuple[tuple[dict[Any, Any], ...], bool]


@dataclass(frozen=True)
class Rest:
    """A fixed point.

    Parameters
    ----------
    values : dict
        Slow symbol -> expression.
    flow : mapping
        The flow on its side of every kink.
    where : sympy Boolean
        Where it exists: it is real, and on its side of every kink.
    """

    values: dict[Any, Any]
    flow: Mapping[Any, Any]
    where: Any


def rests(flow: Mapping[Any, Any]) -> tuple[tuple[Rest, ...], bool]:
    """Fixed points of a flow in closed form, and whether these are known to be all, kinks aside."""
    found: list[Rest] = []
    every = _sides(flow)
    complete = bool(every)
    for sides, walls in every:
        nothing: Solved = (), False
        try:
            values, whole = Budget(SECONDS).otherwise(partial(_solved, sides), nothing)
        except (NotImplementedError, ValueError, TypeError, AttributeError):
            values, whole = nothing
        complete = complete and whole
        for value in values:
            real = [base >= 0 for base in stationary.radicands(value.values())]
            beside = [sp.factor(wall.subs(value, simultaneous=True)) for wall in (*walls, *_declared(value))]
            signs = [_with_roots_known(part) for part in beside]
            unreal = any(part.is_real is False or part.has(sp.I) for part in (*value.values(), *beside))
            if unreal or any(sign.is_nonpositive for sign in signs):
                continue
            open_ = [part > 0 for part, sign in zip(beside, signs, strict=True) if not sign.is_nonnegative]
            where = sp.And(*real, *open_)
            if where != sp.false:
                found.append(Rest(value, sides, where))
    return tuple(found), complete


def _declared(value: Mapping[Any, Any]) -> list[Any]:
    """What the slow symbols declare to be positive, at a fixed point."""
    above = [v for s, v in value.items() if s.is_positive]
    return above + [-v for s, v in value.items() if s.is_negative]


def _with_roots_known(expression: Any) -> Any:
    """A symbol that is at least zero for every root, so that the sign of the rest can be seen."""
    roots = [part for part in expression.atoms(sp.Pow) if part.exp.is_Rational and not part.exp.is_integer]
    return expression.xreplace({root: sp.Dummy(nonnegative=True) for root in roots if root.exp > 0})


def _sides(flow: Mapping[Any, Any]) -> list[tuple[dict[Any, Any], list[Any]]]:
    """The flow on every side of its kinks in the slow parameters, and what is positive there."""
    parts = set().union(*(velocity.atoms(*KINKED) for velocity in flow.values()))
    parts = {part for part in parts if part.has(*flow)}
    arguments = list(dict.fromkeys(_argument(part) for part in sorted(parts, key=sp.default_sort_key)))
    if len(arguments) > MOST_KINKS or any(v.has(sp.Piecewise) for v in flow.values()):
        return []
    found = []
    for signs in itertools.product((1, -1), repeat=len(arguments)):
        side = dict(zip(arguments, signs, strict=True))
        rule = {part: _smooth(part, side[_argument(part)]) for part in parts}
        found.append(
            (
                {s: velocity.xreplace(rule) for s, velocity in flow.items()},
                [sign * argument for argument, sign in side.items()],
            )
        )
    return found


def _argument(part: Any) -> Any:
    return part.args[0] if isinstance(part, sp.Abs | sp.Heaviside | sp.sign) else part.args[0] - part.args[1]


def _smooth(part: Any, sign: int) -> Any:
    match part:
        case sp.Max():
            return part.args[0 if sign > 0 else 1]
        case sp.Min():
            return part.args[1 if sign > 0 else 0]
        case sp.Abs():
            return sign * part.args[0]
        case sp.Heaviside():
            return sp.Integer(sign > 0)
    return sp.Integer(sign)


def _solved(flow: Mapping[Any, Any]) -> Solved:
    """Zeros of a flow with square roots at most, and whether these are all for almost all parameters."""
    variables = tuple(flow)
    if len(variables) == 1:
        zero = stationary.zeros(next(iter(flow.values())), variables[0])
        return zero.points, zero.complete
    numerators = [sp.factor(sp.fraction(sp.together(velocity))[0]) for velocity in flow.values()]
    if not all(n.is_polynomial(*variables) for n in numerators):
        return (), False
    solutions = sp.solve(numerators, variables, dict=True)
    points = [
        s for s in solutions if set(s) == set(variables) and not sp.Tuple(*s.values()).has(sp.I, sp.RootOf)
    ]
    rational = [s for s in points if not any(v.has(*variables) for v in s.values())]
    finite = [s for s in rational if all(v.subs(s).is_finite is not False for v in flow.values())]
    simple = [{s: sp.simplify(v) for s, v in point.items()} for point in finite]
    return tuple(point for point in simple if not sp.Tuple(*point.values()).has(sp.I)), False
