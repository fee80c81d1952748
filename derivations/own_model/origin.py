"""The fixed point at the origin of a loss whose fast optimum has no closed form, and its rates."""

from functools import partial
from typing import Any

import sympy as sp

from derivations.decoupled import Decoupled
from derivations.own_model.names import assumption, spelled
from derivations.own_model.points import Point, agrees, number, points
from derivations.own_model.search import least_loss
from derivations.steps import Check, Line, Step

equal = partial(sp.Eq, evaluate=False)
STEP = sp.Rational(1, 10**8)


def steps(model: Decoupled) -> tuple[Step, ...]:
    """Where every parameter is zero: whether the flow rests there, and how fast it leaves."""
    zero = dict.fromkeys((*model.slow, *model.fast), sp.S.Zero)
    where = points(model, model.loss.free_symbols - set(zero), count=2)
    everything = sp.Tuple(*zero)
    still = (
        bool(where) and all(sp.simplify(sp.diff(model.loss, s).subs(zero)) == 0 for s in zero)
        if model.smooth
        else False
    )
    if not still or model.optimum.kind != "global":
        unknown = equal(sp.Tuple(*model.flow.values()), sp.Tuple(*[0] * len(model.slow)))
        reason = "the fast optimum has no closed form, so neither has a fixed point"
        return (
            Step("", "Fixed points", (Line(unknown, "a fixed point", unchecked=reason),), assumption(model)),
        )
    lines = [
        Line(
            equal(everything, sp.Tuple(*zero.values())),
            "a fixed point: the loss is stationary there in every parameter, and convex in the fast ones",
            (partial(_rests, model, where),),
        )
    ]
    if len(model.slow) == 1:
        rate = sp.factor(sp.simplify(model.jacobian[0].subs(zero)))
        lines.append(
            Line(
                equal(sp.Symbol("rate"), rate),
                f"derivative of the flow there, in {spelled(model.time)}: minus the Schur complement of the fast block",
                (
                    agrees(
                        "second differences of the least loss that a search finds",
                        where,
                        partial(_bend, model),
                        1e-9,
                    ),
                ),
            )
        )
    return (Step("", "A fixed point; others are not excluded", tuple(lines), assumption(model)),)


def _rests(model: Decoupled, where: tuple[Point, ...], statement: Any) -> Check:
    worst = 0.0 if where else float("inf")
    place = dict(zip(statement.lhs, statement.rhs, strict=True))
    for point in where:
        for symbol in place:
            moved = [
                number(model.loss, {**point, **place, symbol: place[symbol] + side * STEP})
                for side in (1, -1)
            ]
            worst = max(worst, float(abs((moved[0] - moved[1]) / (2 * STEP))))
    return Check(f"central differences of the loss vanish there, {len(where)} points", worst, 1e-15)


def _bend(model: Decoupled, point: Point) -> Any:
    """Minus the second difference of the least loss at the origin."""
    (slow,) = model.slow
    centre, _ = least_loss(model, {**point, slow: sp.S.Zero})
    near = {**point, **centre}
    ahead, here, behind = (least_loss(model, {**point, slow: h}, near)[1] for h in (STEP, sp.S.Zero, -STEP))
    return -(ahead - 2 * here + behind) / STEP**2
