"""The lines of a solvable case, and what decides each: its equation, its solution, its limits."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sympy as sp

from derivations.checks import put_in
from derivations.exact.vanishing import DIGITS, NOWHERE, Matrix, Values, along_flow, at, vanishes
from derivations.steps import Check, Line, Statement

if TYPE_CHECKING:
    from derivations.exact.case import Limit, SolvableCase


def equation_line(case: "SolvableCase") -> Line:
    """The equation: where it comes from, or that it is the problem as posed."""
    if case.equation is not None:
        return Line(case.equation.statement, "equation, in matrices", (_is_the_equation(case),))
    rates = case.state.applyfunc(lambda entry: sp.Derivative(entry, case.time, evaluate=False))
    statement = _equal(rates, case.velocity)
    if case.reduction is not None:
        return Line(statement, "equation: the larger flow closes on these quantities", (_closes(case),))
    return Line(
        statement, "equation", unchecked="the problem as posed; the assumption says where it comes from"
    )


def substitution_lines(case: "SolvableCase") -> tuple[Line, ...]:
    """The linear equations u′ = a u + b that functions u of the state obey."""
    lines = []
    for i, (quantity, rate, constant) in enumerate(case.substitution, start=1):
        name = sp.Symbol(f"u_{i}" if len(case.substitution) > 1 else "u")
        equation = sp.Eq(
            sp.Derivative(name, case.time, evaluate=False), rate * name + constant, evaluate=False
        )
        statement = sp.Tuple(sp.Eq(name, quantity, evaluate=False), equation)
        rule = "substitution: this quantity obeys a linear equation, which an exponential solves"
        lines.append(Line(statement, rule, (_is_linear(case),)))
    return tuple(lines)


def _is_linear(case: "SolvableCase") -> Callable[[Any], Check]:
    """The rate of the stated quantity along the equation, less what is stated."""

    def decide(statement: Statement) -> Check:
        named, equation = statement
        moved = along_flow(Matrix([named.rhs]), case.state, case.velocity)[0]
        return vanishes("along the equation", Matrix([moved - equation.rhs.subs(named.lhs, named.rhs)]))

    return decide


def solution_line(case: "SolvableCase") -> Line:
    """The solution, put into the equation and taken at the start."""
    solved = "solution, put into the equation and taken at the start"
    if case.law is not None:
        checks = (_law_is_the_solution(case), _solves(case), _starts(case))
        return Line(case.law.statement, solved, checks)
    explicit = _equal(case.state, case.solution)
    implicit = case.parameter != case.time
    statement = sp.Tuple(explicit, sp.Eq(case.time, case.clock, evaluate=False)) if implicit else explicit
    return Line(statement, solved, (_solves(case), _starts(case)))


def limit_line(case: "SolvableCase", limit: "Limit") -> Line:
    """A limit of the solution."""
    left = case.state.applyfunc(lambda entry: sp.Limit(entry, limit.symbol, limit.point))
    return Line(
        _equal(left, limit.value),
        f"limit {sp.pretty(limit.symbol)} → {sp.pretty(limit.point)}",
        (lambda s: _reaches(case, s),),
    )


def _equal(left: Any, right: Any) -> Any:
    """An equation of matrices, or of their entries if there is but one."""
    sides = (
        side[0] if isinstance(side, sp.MatrixBase) and len(side) == 1 else side for side in (left, right)
    )
    return sp.Eq(*sides, evaluate=False)


def _decide(case: "SolvableCase", what: str, residual: Callable[..., Any]) -> Check:
    """Symbolically, or at the points: from exact rationals to 50 digits, of which 1e-40 spares ten."""
    if not case.points:
        return vanishes(what, residual())
    size = sum(float(abs(entry)) for point in case.points for entry in residual(point))
    return Check(f"{what}: {len(case.points)} exact rational points, {DIGITS} digits", size, 1e-40)


def _stated(case: "SolvableCase", statement: Statement) -> "SolvableCase":
    """The case with the solution and the clock that a statement gives; its own where a law is printed."""
    if case.law is not None:
        return case
    explicit, *clock = statement if isinstance(statement, sp.Tuple) else (statement,)
    claimed = explicit.rhs if isinstance(explicit.rhs, sp.MatrixBase) else [explicit.rhs]
    solution = Matrix(*case.solution.shape, list(claimed))
    return replace(case, solution=solution, clock=clock[0].rhs if clock else case.clock)


def _solves(case: "SolvableCase") -> Callable[[Any], Check]:
    return lambda statement: _decide(case, "equation", _stated(case, statement).equation_residual)


def _starts(case: "SolvableCase") -> Callable[[Any], Check]:
    return lambda statement: _decide(case, "initial condition", _stated(case, statement).initial_residual)


def _law_is_the_solution(case: "SolvableCase") -> Callable[[Any], Check]:
    """The matrix form at explicit matrices, or the named parts, less the entries that solve the equation."""
    law = case.law
    assert law is not None
    solved = {case.time: case.clock, **dict(zip(case.state, case.solution, strict=True))}
    meaning = {symbol: solved.get(symbol, value) for symbol, value in law.meaning.items()}

    def decide(statement: Statement) -> Check:
        def residual(point: Values = NOWHERE) -> Any:
            values = {symbol: at(value, point) for symbol, value in meaning.items()}
            parts = statement if isinstance(statement, sp.Tuple) else (statement,)
            entries: list[Any] = []
            for part in parts:
                sides = put_in(part, {**point, **values})
                difference = sides.lhs - sides.rhs
                matrix = difference if isinstance(difference, sp.MatrixBase) else [difference]
                entries += [at(entry, point) for entry in matrix]
            return Matrix(entries)

        return _decide(case, "what is printed against the entries", residual)

    return decide


def _is_the_equation(case: "SolvableCase") -> Callable[[Any], Check]:
    equation = case.equation
    assert equation is not None

    def decide(statement: Statement) -> Check:
        sides = put_in(statement, equation.meaning)
        return vanishes("against the equation that is solved, entry by entry", Matrix(sides.lhs - sides.rhs))

    return decide


def _closes(case: "SolvableCase") -> Callable[[Any], Check]:
    """d(quantities)/d(time) along the larger flow, less the velocity that is stated."""
    reduction = case.reduction
    assert reduction is not None

    def decide(statement: Statement) -> Check:
        claimed = Matrix(*case.state.shape, list(statement.rhs) if len(case.state) > 1 else [statement.rhs])
        moved = along_flow(reduction.quantities, reduction.variables, reduction.velocity)
        pairs = list(zip(case.state, reduction.quantities, strict=True))
        return vanishes("reduction", moved - claimed.subs(pairs, simultaneous=True))

    return decide


def _reaches(case: "SolvableCase", statement: Statement) -> Check:
    """The limit of the solution, less what is stated."""
    solution = dict(zip(case.state, case.solution, strict=True))
    left = statement.lhs if isinstance(statement.lhs, sp.MatrixBase) else [statement.lhs]
    right = statement.rhs if isinstance(statement.rhs, sp.MatrixBase) else [statement.rhs]
    reached = [sp.limit(solution[each.args[0]], each.args[1], each.args[2]) for each in left]
    return vanishes("limit of the solution", Matrix(reached) - Matrix(list(right)))
