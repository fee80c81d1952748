"""From a loss to its fast optimum: stationarity, its solutions with their domains, the minimum and why it is one."""

from functools import partial
from typing import Any

import sympy as sp

from derivations.decoupled import Decoupled
from derivations.growth import decayed, growth, parts_of
from derivations.own_model.names import Names, assumption, spelled
from derivations.own_model.points import (
    TOLERANCE,
    Point,
    agrees,
    at,
    decided,
    not_above,
    number,
    points,
    slope,
)
from derivations.own_model.square import square
from derivations.stationary import radicands
from derivations.steps import Check, Line, Step

equal = partial(sp.Eq, evaluate=False)


def steps(model: Decoupled) -> tuple[Step, ...]:
    """The loss and its stationarity; the minimum over the fast parameters."""
    names = Names.of(model)
    return (
        Step(
            "",
            "The loss, and where it is stationary in the fast parameters",
            _loss(model, names),
            assumption(model),
        ),
        Step("", "The fast optimum", _optimum(model, names), assumption(model)),
    )


def _loss(model: Decoupled, names: Names) -> tuple[Line, ...]:
    lines = [Line(equal(names.loss, model.loss), "definition", unchecked="the loss as it was stated")]
    everywhere = points(model, model.loss.free_symbols)
    for variable, part in zip(model.fast, model.stationarity, strict=True):
        lines.append(
            Line(
                equal(sp.Derivative(names.loss, variable), part),
                f"derivative in {variable}" + ("" if model.smooth else ", off kinks and edges"),
                (
                    agrees(
                        "central differences of the loss at 60 digits",
                        everywhere,
                        partial(slope, model.loss, variable),
                    ),
                ),
            )
        )
    return tuple(lines)


def _optimum(model: Decoupled, names: Names) -> tuple[Line, ...]:
    optimum = model.optimum
    if model.implicit:
        stationary = equal(sp.Tuple(*model.stationarity), sp.Tuple(*[0] * len(model.fast)))
        return (
            *_growth(model, names),
            Line(stationary, "a minimum is stationary", unchecked=f"not solved: {optimum.reason}"),
        )
    lines = [*_growth(model, names)]
    if model.smooth and len(optimum.branches) > 1 and optimum.candidates:
        lines.append(_branches(model))
    quadratic = model.smooth and not sp.hessian(model.loss, model.fast).has(*model.fast)
    where = points(model, model.loss.free_symbols - set(model.fast))
    value = sp.Tuple(*model.fast_optimum.values())
    checks = [not_above(model, where)]
    if model.smooth:
        checks.insert(0, _stationary(model, where))
    else:
        checks.insert(0, agrees("the lowest of all candidates", where, partial(_lowest, model)))
    single = len(model.fast) == 1
    statement = equal(names.optimum[0], value[0]) if single else equal(sp.Tuple(*names.optimum), value)
    lines.append(decided(statement, f"{optimum.kind} minimum: {optimum.reason}", where, *checks))
    if quadratic:
        lines += square(model)
    return tuple(lines)


def _growth(model: Decoupled, names: Names) -> list[Line]:
    """Why a minimum exists: no part is negative, and some of them grow in every direction."""
    real, fast = model._loss, model._fast
    far = growth(real, fast)
    parts = parts_of(real)
    alone = [part for part in parts if decayed(part, fast)]
    if (
        not far.proved
        or decayed(real, fast) != set(fast)
        or any(p.is_nonnegative is not True for p in parts if p.has(*fast))
    ):
        return []
    rest = [part for part in parts if not part.has(*fast)]
    bound = model._given(sp.Add(*alone, *rest))

    def decide(statement: Any) -> Check:
        left, right = parts_of(real), parts_of(statement.rhs.xreplace(model._real))
        over = [part for part in left if part not in right] + [-part for part in right if part not in left]
        doubtful = sum(part.is_nonnegative is not True for part in over)
        return Check("every part that is left out is nowhere negative, by the signs of its symbols", doubtful)

    words = (
        "leave out parts that are nowhere negative; what is left grows in every direction: a minimum exists"
    )
    return [Line(sp.Ge(names.loss, bound, evaluate=False), words, (decide,))]


def _branches(model: Decoupled) -> Line:
    """Every stationary point, each with where it is real."""
    branches = model.optimum.branches
    several = len(model.fast) > 1
    value = [sp.Tuple(*b.values()) if several else next(iter(b.values())) for b in branches]
    domains = [sorted(map(spelled, radicands(b.values()))) for b in branches]
    needs = sorted({f"{base} ≥ 0" for found in domains for base in found})
    words = "every stationary point" + (f"; real where {', '.join(needs)}" if needs else "")
    names = sp.Tuple(*model.fast) if several else model.fast[0]

    def decide(statement: Any) -> Check:
        missed, tried = 0.0, 0
        for k, printed in enumerate(statement.rhs):
            real = sp.And(*[base >= 0 for base in radicands(branches[k].values())])
            entries = tuple(printed) if several else (printed,)
            for point in points(model, model.loss.free_symbols - set(model.fast), real, 2):
                fast = {s: number(v, point) for s, v in zip(model.fast, entries, strict=True)}
                missed = max(missed, *[_off(model, s, {**point, **fast}) for s in model.fast])
                tried += 1
        return Check(
            f"central differences vanish there, {tried} points", missed if tried else float("inf"), TOLERANCE
        )

    return Line(equal(names, sp.Tuple(*value)), words, (decide,))


def _off(model: Decoupled, variable: Any, point: Point) -> float:
    size = 1 + abs(sp.N(at(model.loss, point), 20))
    return float(abs(slope(model.loss, variable, point)) / size)


def _stationary(model: Decoupled, where: tuple[Point, ...]) -> Any:
    def decide(statement: Any) -> Check:
        right = statement.rhs
        entries = tuple(right) if isinstance(right, sp.Tuple) else (right,)
        missed = 0.0 if where else float("inf")
        for point in where:
            fast = {s: number(v, point) for s, v in zip(model.fast, entries, strict=True)}
            missed = max(missed, *[_off(model, s, {**point, **fast}) for s in model.fast])
        return Check(f"central differences of the loss vanish there, {len(where)} points", missed, TOLERANCE)

    return decide


def _lowest(model: Decoupled, point: Point) -> Any:
    """Fast values of the lowest candidate that holds at a point."""
    best = None
    back = {known: given for given, known in model._real.items()}
    for candidate in model.optimum.candidates:
        holds = at(candidate.holds.xreplace(back), point)
        if holds != sp.true:
            continue
        fast = {back.get(s, s): number(v.xreplace(back), point) for s, v in candidate.values.items()}
        cost = number(model.loss, {**point, **fast})
        if best is None or cost < best[0]:
            best = cost, tuple(fast[s] for s in model.fast)
    return best[1] if best else tuple(sp.nan for _ in model.fast)
