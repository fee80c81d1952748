"""Completing the square of a loss that is quadratic in its fast parameters: why its stationary point is the minimum."""

from functools import partial
from typing import Any

import sympy as sp

from derivations.decoupled import Decoupled
from derivations.own_model.points import Point, agrees, number, points
from derivations.steps import Check, Line

equal = partial(sp.Eq, evaluate=False)


def square(model: Decoupled) -> list[Line]:
    """Completing the square: what any other fast value costs more, and that it is positive."""
    shifts = tuple(sp.Symbol(f"δ{s.name}" if len(model.fast) > 1 else "δ", real=True) for s in model.fast)
    u = sp.Matrix(shifts)
    hessian = sp.hessian(model.loss, model.fast).applyfunc(sp.factor)
    best = model.fast_optimum
    moved = model.loss.subs(
        {s: best[s] + d for s, d in zip(model.fast, shifts, strict=True)}, simultaneous=True
    )
    more = sp.Symbol("L(φ + δ) − L(φ)")
    square = sp.expand((u.T * hessian * u)[0] / 2)
    difference = moved - model.loss.subs(best, simultaneous=True)
    everywhere = points(model, (model.loss.free_symbols - set(model.fast)) | set(shifts))
    minors = [sp.factor(hessian[:k, :k].det()) for k in range(1, len(model.fast) + 1)]

    return [
        Line(
            equal(more, square),
            "completing the square: what fast values δ away from φ cost more",
            (agrees("exact difference of two losses", everywhere, lambda p: number(difference, p)),),
        ),
        *[
            Line(
                sp.Gt(minor, 0, evaluate=False),
                f"leading minor {k} of the fast Hessian",
                (partial(_minor, model, k),),
            )
            for k, minor in enumerate(minors, start=1)
        ],
    ]


def _minor(model: Decoupled, size: int, statement: Any) -> Check:
    """A printed minor against second differences of the loss, and its sign."""
    method, fast = "second differences of the loss at 60 digits", model.fast[:size]
    where = points(model, model.loss.free_symbols)
    worst = 0.0 if where else float("inf")
    for point in where:
        rows = [[_second(model, r, s, point) for s in fast] for r in fast]
        value = number(statement.lhs, point)
        worst = max(worst, float(abs(sp.Matrix(rows).det() - value) / (1 + abs(value))))
        worst = worst if value > 0 else float("inf")
    minor = sp.factor(statement.lhs.xreplace(model._real))
    given = any(sp.factor(c.lhs.xreplace(model._real) / minor).is_positive for c in model.optimum.conditions)
    sign = (
        "by the signs of its symbols" if minor.is_positive else "a condition of the result" if given else ""
    )
    return Check(
        f"{method}; positive {sign or 'at each of them, and because the loss grows in every direction'}",
        worst,
        1e-15,
    )


def _second(model: Decoupled, first: Any, second: Any, point: Point) -> Any:
    step = sp.Rational(1, 10**15)
    total = sp.S.Zero
    for i in (1, -1):
        for j in (1, -1):
            moved = dict(point)
            moved[first] += i * step
            moved[second] += j * step
            total += i * j * number(model.loss, moved)
    return total / (4 * step**2)
