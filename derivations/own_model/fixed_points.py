"""A chain for each fixed point of the slow parameters, and the rates at which it is approached or left."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import mpmath
import sympy as sp

from derivations.bounded import Budget
from derivations.decoupled import Decoupled
from derivations.own_model.names import assumption, spelled
from derivations.own_model.points import DIGITS, Point, agrees, decided, number, points
from derivations.own_model.rests import SECONDS, Rest, rests
from derivations.steps import Check, Line, Step

equal = partial(sp.Eq, evaluate=False)


def steps(model: Decoupled, flow: Mapping[Any, Any], time: Any, title: str, symbols: Any) -> tuple[Step, ...]:
    """A chain for each fixed point, with its rates; one line where none has a closed form."""
    found, complete = rests(flow)
    known = "all of them, for almost all parameters" if complete else "those found; others are not excluded"
    if not found:
        line = Line(
            equal(sp.Tuple(*flow.values()), sp.Tuple(*[0] * len(flow))),
            "a fixed point",
            unchecked="no fixed point was found in closed form with square roots",
        )
        return (Step("", title, (line,), assumption(model)),)
    lines = []
    for rest in found:
        where = points(model, symbols, rest.where, 3, real=(*rest.values.values(), *_at(rest)))
        needs = "" if rest.where == sp.true else f" where {spelled(rest.where)}"
        slow = sp.Tuple(*rest.values), sp.Tuple(*rest.values.values())
        left, right = slow if len(flow) > 1 else (slow[0][0], slow[1][0])
        lines.append(
            decided(equal(left, right), f"a fixed point{needs}", where, partial(_rests, rest, where))
        )
        rates = Budget(SECONDS).otherwise(partial(_rates, rest), None)
        if rates is not None:
            lines.append(
                decided(
                    equal(sp.Symbol("rates"), rates),
                    f"eigenvalues of the flow's Jacobian there, in {spelled(time)}: {_kind(rates)}",
                    where,
                    agrees("eigenvalues of central differences", where, _eigenvalues(rest), 1e-12),
                )
            )
    return (Step("", f"{title}: {known}", tuple(lines), assumption(model)),)


def _at(rest: Rest) -> list[Any]:
    return [velocity.subs(rest.values, simultaneous=True) for velocity in rest.flow.values()]


def _rests(rest: Rest, where: tuple[Point, ...], statement: Any) -> Check:
    right = statement.rhs
    entries = tuple(right) if isinstance(right, sp.Tuple) else (right,)
    speed = 0.0 if where else float("inf")
    for point in where:
        there = {**point, **{s: number(v, point) for s, v in zip(rest.values, entries, strict=True)}}
        speed = max(speed, *(float(abs(number(v, there))) for v in rest.flow.values()))
    return Check(f"the flow vanishes there, {len(where)} points", speed, 1e-40)


def _rates(rest: Rest) -> Any:
    """Eigenvalues of the Jacobian, each as often as it occurs; None where they take more than square roots."""
    variables = list(rest.values)
    jacobian = sp.Matrix([[sp.diff(rest.flow[r], s) for s in variables] for r in variables])
    there = jacobian.subs(rest.values, simultaneous=True).applyfunc(sp.simplify)
    if len(variables) > 3:
        return None
    found = [sp.simplify(rate) for rate, times in there.eigenvals().items() for _ in range(times)]
    return (
        None if sp.Tuple(*found).has(sp.I, sp.RootOf) else sp.Tuple(*sorted(found, key=sp.default_sort_key))
    )


def _kind(rates: Any) -> str:
    signs = [rate.is_negative for rate in rates]
    if all(signs):
        return "stable"
    return "not stable" if any(rate.is_positive for rate in rates) else "stable where every rate is negative"


def _eigenvalues(rest: Rest) -> Callable[[Point], tuple[Any, ...]]:
    """Eigenvalues of a difference quotient of the flow, in the order of the printed ones by size at the point."""
    variables = list(rest.values)
    step = sp.Rational(1, 10**20)
    printed = _rates(rest)

    def expected(point: Point) -> tuple[Any, ...]:
        there = {**point, **{s: number(v, point) for s, v in rest.values.items()}}
        moved = [({**there, s: there[s] + step}, {**there, s: there[s] - step}) for s in variables]
        rows = [
            [
                (number(rest.flow[r], ahead) - number(rest.flow[r], behind)) / (2 * step)
                for ahead, behind in moved
            ]
            for r in variables
        ]
        with mpmath.workdps(DIGITS):
            symmetric = mpmath.matrix([[mpmath.mpmathify(entry) for entry in row] for row in rows])
            values = list(mpmath.eigsy(symmetric, eigvals_only=True)) if len(rows) > 1 else [symmetric[0, 0]]
        order = sorted(range(len(printed)), key=lambda i: number(printed[i], point))
        ranked = dict(zip(order, values, strict=True))
        return tuple(sp.Float(ranked[i], DIGITS) for i in range(len(printed)))

    return expected
