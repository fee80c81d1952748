"""From the fast optimum to the motion of the slow parameters: cost, flow, and the zero-loss limit."""

from functools import partial
from typing import Any

import sympy as sp

from derivations.decoupled import Decoupled
from derivations.own_model.names import Names, assumption, spelled
from derivations.own_model.points import Point, agrees, decided, number, points, slope
from derivations.own_model.search import least_loss, where_found
from derivations.steps import Check, Line, Step
from derivations.zero_loss_limit import ZeroLossRegime

equal = partial(sp.Eq, evaluate=False)
#: Weight decay at which a limit is held against the cost, and what the next order of it may leave.
SMALL, LEFT = sp.Rational(1, 10**25), 1e-10


def steps(model: Decoupled) -> tuple[Step, ...]:
    """Reduced cost and flow."""
    names = Names.of(model)
    where = points(model, model.loss.free_symbols - set(model.fast), count=2 if model.implicit else 4)
    cost, flow = model.cost, model.flow
    if model.implicit:
        where = where_found(model, where)
        if not where:
            reason = "no minimum over the fast parameters was found at the points that were tried"
            line = Line(
                equal(names.cost, cost), "definition: the least loss over the fast ones", unchecked=reason
            )
            return (Step("", "Reduced cost", (line,), assumption(model)),)
        known = agrees("least loss found by a search", where, lambda p: least_loss(model, p)[1], 1e-12)
        moved = "at the minimum, which a search finds"
    else:
        known = agrees("loss at the fast optimum, at 60 digits", where, partial(_loss_at, model))
        moved = "put the fast optimum into the loss"
    chain = [decided(equal(names.cost, cost), f"definition: {moved}", where, known)]
    rates = []
    for variable in model.slow:
        left = sp.Derivative(variable, model.time, evaluate=False)
        rates.append(
            decided(
                equal(left, flow[variable]),
                "minus the derivative of R; by the envelope theorem that of L at the fixed optimum",
                where,
                _descends(model, where, variable),
            )
        )
    return (
        Step("", "Reduced cost", tuple(chain), assumption(model)),
        Step(
            "",
            "Flow of the slow parameters, in flow time t",
            tuple(rates),
            f"{assumption(model)}; off kinks and jumps",
        ),
    )


def _descends(model: Decoupled, where: tuple[Point, ...], variable: Any) -> Any:
    if not model.implicit:
        method = "central differences of the loss at the fast optimum, at 60 digits"
        return agrees(method, where, lambda p: -slope(_cost(model), variable, p), 1e-15)
    h = sp.Rational(1, 10**6)

    def expected(point: Point) -> Any:
        ahead, behind = (
            least_loss(model, {**point, variable: point[variable] + s * h}, point)[1] for s in (1, -1)
        )
        return -(ahead - behind) / (2 * h)

    return agrees("central differences of the least loss that a search finds", where, expected, 1e-9)


def _cost(model: Decoupled) -> Any:
    return model.loss.subs(model.fast_optimum, simultaneous=True)


def _loss_at(model: Decoupled, point: Point) -> Any:
    fast = {s: number(value, point) for s, value in model.fast_optimum.items()}
    return number(model.loss, {**point, **fast})


def limit_steps(model: Decoupled, limit: ZeroLossRegime, decay: Any) -> tuple[Step, ...]:
    """Zero-loss regime: its fast optimum, cost and flow."""
    names = Names.of(model)
    expressions = (*limit.fast_optimum.values(), limit.cost, *limit.flow.values())
    where = points(model, model.loss.free_symbols - {*model.fast, decay}, real=expressions)
    training = model.loss.subs(decay, 0)

    def fits(statement: Any) -> Check:
        right = statement.rhs
        entries = tuple(right) if isinstance(right, sp.Tuple) else (right,)
        left = 0.0 if where else float("inf")
        for point in where:
            fast = {s: number(v, point) for s, v in zip(model.fast, entries, strict=True)}
            left = max(left, float(abs(number(training, {**point, **fast}))))
        return Check(f"the training loss vanishes there, {len(where)} points", left, 1e-50)

    def divided(point: Point) -> Any:
        """R/λ at a small λ; where φ is not known then, what the decay adds to the loss at the limit of φ."""
        if not model.implicit:
            return _loss_at(model, {**point, decay: SMALL}) / SMALL
        fast = {s: number(value, point) for s, value in limit.fast_optimum.items()}
        return (
            number(model.loss, {**point, **fast, decay: SMALL}) - number(training, {**point, **fast})
        ) / SMALL

    name = spelled(decay)
    method = "what the decay adds at the limit of φ" if model.implicit else f"R/{name} at {name} = 10^-25"
    optimum = sp.Tuple(*names.optimum), sp.Tuple(*limit.fast_optimum.values())
    left, right = optimum if len(model.fast) > 1 else (optimum[0][0], optimum[1][0])
    lines = [
        Line(equal(_limit(left, decay), right), "the zero of the training loss of least norm", (fits,)),
        Line(
            equal(_limit(names.cost / decay, decay), limit.cost),
            "R over the weight decay",
            (agrees(method, where, divided, LEFT),),
        ),
    ]
    for variable, velocity in limit.flow.items():
        half = agrees(
            f"minus half the central difference of the limit of R/{name}, at 60 digits",
            where,
            partial(_half_slope, limit.cost, variable),
            1e-15,
        )
        rate = sp.Derivative(variable, limit.time, evaluate=False)
        lines.append(
            decided(
                equal(rate, velocity), f"minus half its derivative, in slow time τ = 2{name}t", where, half
            )
        )
    return (
        Step(
            "",
            "Zero-loss limit",
            tuple(lines),
            f"{assumption(model)}; {name} → 0 from above; off kinks and jumps",
        ),
    )


def _half_slope(cost: Any, variable: Any, point: Point) -> Any:
    return -slope(cost, variable, point) / 2


def _limit(expression: Any, decay: Any) -> Any:
    if isinstance(expression, sp.Tuple):
        return sp.Tuple(*(_limit(part, decay) for part in expression))
    return sp.Limit(expression, decay, 0)
