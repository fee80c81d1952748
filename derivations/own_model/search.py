"""The least loss over the fast parameters by a search, for chains whose optimum has no closed form."""

from typing import Any

import mpmath
import sympy as sp

from derivations.decoupled import Decoupled
from derivations.own_model.points import DIGITS, Point, at, grid

#: What the 15 digits of a loss on the grid leave.
ROUNDING = 1e-12


def least_loss(model: Decoupled, point: Point, near: Point | None = None) -> tuple[Point, Any]:
    """Fast values of the least loss and the loss, by a search on a grid and Newton's steps.

    Raises
    ------
    ArithmeticError
        If the steps do not come to a point as low as every one of the grid.
    """
    known = {s: v for s, v in point.items() if s not in model.fast}
    loss = at(model.loss, known)
    starts = [{s: near[s] for s in model.fast}] if near else list(grid(model))
    values = [(sp.N(loss.subs(start), 15), i) for i, start in enumerate(starts)]
    least, best = min((value, i) for value, i in values if value.is_real)
    slopes = [sp.diff(loss.xreplace(model._real), variable) for variable in model._fast]

    def gradient(*x: Any) -> Any:
        there = dict(zip(model._fast, map(sp.Float, x), strict=True))
        return [mpmath.mpmathify(sp.N(part.subs(there), DIGITS)) for part in slopes]

    with mpmath.workdps(DIGITS):
        begin = [mpmath.mpmathify(sp.N(starts[best][s], 20)) for s in model.fast]
        try:
            found = mpmath.findroot(gradient, begin, tol=1e-40, maxsteps=60)
        except (ValueError, TypeError):
            raise ArithmeticError("no minimum was found") from None
        entries = list(found) if hasattr(found, "__len__") else [found]
    fast = {s: sp.Float(v, DIGITS) for s, v in zip(model.fast, entries, strict=True)}
    value = sp.N(loss.subs(fast), DIGITS)
    if not value.is_real or value > least + ROUNDING * (1 + abs(least)):
        raise ArithmeticError("no minimum was found")
    return fast, value


def where_found(model: Decoupled, where: tuple[Point, ...]) -> tuple[Point, ...]:
    """Those points at which the search finds a minimum, with its fast values."""
    found = []
    for point in where:
        try:
            found.append({**point, **least_loss(model, point)[0]})
        except ArithmeticError:
            continue
    return tuple(found)
