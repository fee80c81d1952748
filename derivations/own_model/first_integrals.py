"""Quantities that a flow keeps, among products of two parameters and their logarithms."""

import itertools
from collections.abc import Mapping
from functools import partial
from typing import Any

import sympy as sp
from sympy.polys.matrices import DomainMatrix
from sympy.polys.polyerrors import BasePolynomialError

from derivations.bounded import Budget
from derivations.closed_form import closed_forms
from derivations.decoupled import Decoupled
from derivations.own_model.names import assumption, spelled
from derivations.own_model.points import DIGITS, Point, decided, number, points, slope
from derivations.steps import Check, Line, Step

equal = partial(sp.Eq, evaluate=False)
SECONDS = 8.0


def first_integrals(flow: Mapping[Any, Any]) -> tuple[Any, ...]:
    """Combinations of w_i w_j and ln|w_i| that a rational flow keeps, with coefficients that hold no slow parameter.

    The rate of c·(w_i w_j, …, ln|w_i|, …) along the flow is a quotient of polynomials that is linear in c; its
    coefficients are equated to zero and solved exactly.

    Examples
    --------
    >>> u, v = sp.symbols("u v", real=True)
    >>> first_integrals({u: v * (1 - u * v), v: u * (1 - u * v)})
    (u**2 - v**2,)
    """
    slow = tuple(flow)
    if len(slow) < 2 or not all(velocity.is_rational_function(*slow) for velocity in flow.values()):
        return ()
    try:
        return Budget(SECONDS).otherwise(lambda: _kept(flow, slow), ())
    except (BasePolynomialError, NotImplementedError, ValueError):
        return ()


def _kept(flow: Mapping[Any, Any], slow: tuple[Any, ...]) -> tuple[Any, ...]:
    candidates = [a * b for a, b in itertools.combinations_with_replacement(slow, 2)]
    candidates += [sp.log(a) for a in slow]
    rates = [sp.Add(*[sp.diff(c, s) * velocity for s, velocity in flow.items()]) for c in candidates]
    numerators = _over_one_denominator(rates, slow)
    monomials = sorted(set().union(*(part.monoms() for part in numerators)))
    rows = [[part.coeff_monomial(monomial) for part in numerators] for monomial in monomials]
    null = DomainMatrix.from_Matrix(sp.Matrix(rows)).to_field().nullspace().to_Matrix()
    found = []
    for i in range(null.rows):
        first = next(c for c in null.row(i) if c != 0)
        found.append(
            sp.Add(*[sp.cancel(c / first) * part for c, part in zip(null.row(i), candidates, strict=True)])
        )
    return tuple(_tidy(part) for part in found)


def _over_one_denominator(rates: list[Any], slow: tuple[Any, ...]) -> list[Any]:
    fractions = [sp.fraction(sp.together(rate)) for rate in rates]
    common = sp.lcm_list([denominator for _, denominator in fractions])
    return [sp.Poly(sp.cancel(above * common / below), *slow) for above, below in fractions]


def _tidy(integral: Any) -> Any:
    """Without a common factor, and with absolute values in logarithms."""
    terms = sp.Add.make_args(sp.factor_terms(sp.expand(integral)))
    scaled = sp.factor_terms(sp.Add(*terms))
    if scaled.is_Mul:
        scaled = sp.Mul(*[factor for factor in scaled.args if factor.is_Add or factor.has(sp.log)])
    return scaled.replace(sp.log, lambda inner: sp.log(sp.Abs(inner)))


def steps(model: Decoupled, flow: Mapping[Any, Any], time: Any, symbols: Any) -> tuple[Step, ...]:
    """A chain of what a flow keeps, and of its closed forms in time; none where nothing is found."""
    lines = []
    where = points(model, symbols, real=tuple(flow.values()))
    for kept in first_integrals(flow):
        lines.append(
            decided(
                equal(sp.Derivative(kept, time, evaluate=False), sp.S.Zero),
                "a first integral: its rate along the flow vanishes",
                where,
                partial(_advances, flow, where),
            )
        )
    for variable, form in closed_forms(flow, time, SECONDS).items():
        if form.clock is not None:
            lines.append(
                Line(
                    equal(sp.Derivative(form.clock, time, evaluate=False), 1),
                    f"a clock: it advances as {spelled(time)}, by its derivative in {variable} times the velocity",
                    (partial(_advances, flow, where),),
                )
            )
        if form.solution is not None:
            lines.append(
                Line(
                    equal(variable, form.solution),
                    f"{variable} as a function of {spelled(time)}, from its value {form.start} at 0",
                    (
                        partial(
                            _obeys, form, points(model, form.solution.free_symbols, real=(form.solution,))
                        ),
                    ),
                )
            )
    return (
        (Step("", f"First integrals and closed forms, in {spelled(time)}", tuple(lines), assumption(model)),)
        if lines
        else ()
    )


def _moments(model: Decoupled, form: Any) -> tuple[Point, ...]:
    return points(model, form.solution.free_symbols, real=(form.solution,))


def _advances(flow: Mapping[Any, Any], where: tuple[Point, ...], statement: Any) -> Check:
    """The printed rate against the differences of the printed quantity in each parameter, times the velocities."""
    quantity = statement.lhs.expr
    worst = 0.0 if where else float("inf")
    for point in where:
        rate = sum(slope(quantity, s, point) * number(velocity, point) for s, velocity in flow.items())
        worst = max(worst, float(abs(rate - number(statement.rhs, point))))
    return Check(f"central differences at {DIGITS} digits, {len(where)} points", worst, 1e-25)


def _obeys(form: Any, where: tuple[Point, ...], statement: Any) -> Check:
    """A printed solution: its central difference in time is the velocity at it, and it begins where it should."""
    solution = statement.rhs
    worst = 0.0 if where else float("inf")
    for point in where:
        speed = number(form.velocity, {**point, form.variable: number(solution, point)})
        missed = abs(slope(solution, form.time, point) - speed) / (1 + abs(speed))
        begun = abs(number(solution, {**point, form.time: sp.S.Zero}) - point[form.start])
        worst = max(worst, float(missed), float(begun))
    return Check(
        f"put into the equation at {DIGITS} digits, and at the start, {len(where)} points", worst, 1e-25
    )
