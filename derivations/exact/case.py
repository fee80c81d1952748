"""A solvable case: an equation, its solution, its assumptions, and the proof that they fit."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from derivations.checks import put_in
from derivations.exact.vanishing import DIGITS, NOWHERE, Matrix, Values, along_flow, at, vanishes
from derivations.steps import Check, Line, Step

__all__ = [
    "DIGITS",
    "InMatrices",
    "Limit",
    "Matrix",
    "Reduction",
    "SolvableCase",
    "Values",
    "along_flow",
    "at",
    "explicit_case",
    "vanishes",
]


@dataclass(frozen=True)
class Reduction:
    """Where the equation of a case comes from: quantities of a larger flow that close on themselves.

    Parameters
    ----------
    variables, velocity : sympy.ImmutableDenseMatrix
        The larger flow, d(variables)/d(time) = velocity; one shape.
    quantities : sympy.ImmutableDenseMatrix
        Functions of the variables, in the shape of the state of the case.
    """

    variables: Any
    velocity: Any
    quantities: Any


@dataclass(frozen=True)
class Limit:
    """A limit the solution must have: ``symbol`` -> ``point`` gives ``value``."""

    symbol: Any
    point: Any
    value: Any


@dataclass(frozen=True)
class InMatrices:
    """An equation or a solution in matrix symbols, printed where its entries are too long to read.

    Parameters
    ----------
    statement : sympy.Basic
        An ``Eq`` or a tuple of them.
    meaning : mapping
        An explicit matrix for every symbol and rate of it.
    """

    statement: Any
    meaning: Values


@dataclass(frozen=True)
class SolvableCase:
    """An initial value problem with its solution, given along a parameter.

    d(state)/d(time) = velocity(state, time), state = initial at time 0; the solution is
    state = solution(parameter) at time = clock(parameter). An explicit solution has the time itself as
    parameter; an implicit one, "the time at which m is reached", has the state.

    Parameters
    ----------
    name : str
        What is solved, in words.
    assumption : str
        Which flow, in which time, and what it needs.
    time : sympy.Symbol
        Slow time tau or flow time t.
    state, velocity, initial, solution : sympy.ImmutableDenseMatrix
        One shape; ``velocity`` in terms of ``state``, ``solution`` in terms of ``parameter``.
    parameter : sympy.Symbol
        What the solution is a function of; 0 at time 0.
    clock : sympy.Expr
        The time as a function of the parameter.
    points : tuple of mappings
        Exact rational values of every free symbol, for what SymPy cannot simplify; empty if it can.
    limits : tuple of Limit
    reduction : Reduction, optional
    law, equation : InMatrices, optional
        The solution and the equation in matrices, printed in place of their entries and held to them.
    """

    name: str
    assumption: str
    time: Any
    state: Any
    velocity: Any
    initial: Any
    solution: Any
    parameter: Any
    clock: Any
    points: tuple[Values, ...] = ()
    limits: tuple[Limit, ...] = ()
    reduction: Reduction | None = None
    law: InMatrices | None = None
    equation: InMatrices | None = None

    def equation_residual(self, point: Values = NOWHERE) -> Any:
        """d(solution)/d(parameter) - velocity(solution, clock) d(clock)/d(parameter), at a point if given."""
        solution, clock = at(self.solution, point), at(self.clock, point)
        rate = at(self.solution.diff(self.parameter), point)
        pace = at(self.clock.diff(self.parameter), point)
        reached = [(self.time, clock), *zip(self.state, solution, strict=True)]
        return rate - at(self.velocity, point).subs(reached, simultaneous=True) * pace

    def initial_residual(self, point: Values = NOWHERE) -> Any:
        """What the solution misses of the initial state, and the clock of zero, at parameter 0."""
        missed = Matrix([*(self.solution - self.initial), self.clock]).subs(self.parameter, 0)
        return at(missed, point)

    def _decide(self, what: str, residual: Callable[..., Any]) -> Check:
        """Symbolically, or at the points: from exact rationals to 50 digits, of which 1e-40 spares ten."""
        if not self.points:
            return vanishes(what, residual())
        size = sum(float(abs(entry)) for point in self.points for entry in residual(point))
        return Check(f"{what}: {len(self.points)} exact rational points, {DIGITS} digits", size, 1e-40)

    def step(self) -> Step:
        """The case as a chain: its equation, its solution, and the limits of the solution."""
        solved = "solution, put into the equation and taken at the start"
        lines = [self._equation_line()]
        if self.law is not None:
            lines.append(
                Line(self.law.statement, solved, (self._law_is_the_solution, self._solves, self._starts))
            )
        else:
            lines.append(Line(self._solution(), solved, (self._solves, self._starts)))
        lines += [
            Line(
                _equal(self._limit(limit), limit.value),
                f"limit {limit.symbol} → {limit.point}",
                (self._reaches,),
            )
            for limit in self.limits
        ]
        return Step("", self.name, tuple(lines), self.assumption)

    def _equation_line(self) -> Line:
        rates = self.state.applyfunc(lambda entry: sp.Derivative(entry, self.time, evaluate=False))
        if self.equation is not None:
            return Line(self.equation.statement, "equation, in matrices", (self._is_the_equation,))
        statement = _equal(rates, self.velocity)
        if self.reduction is not None:
            return Line(statement, "equation: the larger flow closes on these quantities", (self._closes,))
        return Line(
            statement,
            "equation",
            unchecked="the problem as posed; the assumption says where it comes from",
        )

    def _solution(self) -> Any:
        """State = solution and, where they differ, time = clock."""
        explicit = _equal(self.state, self.solution)
        if self.parameter == self.time:
            return explicit
        return sp.Tuple(explicit, sp.Eq(self.time, self.clock, evaluate=False))

    def _stated(self, statement: Any) -> "SolvableCase":
        """The case with the solution and the clock that a statement gives; its own where a law is printed."""
        if self.law is not None:
            return self
        explicit, *clock = statement if isinstance(statement, sp.Tuple) else (statement,)
        claimed = explicit.rhs if isinstance(explicit.rhs, sp.MatrixBase) else [explicit.rhs]
        solution = Matrix(*self.solution.shape, list(claimed))
        return replace(self, solution=solution, clock=clock[0].rhs if clock else self.clock)

    def _solves(self, statement: Any) -> Check:
        return self._decide("equation", self._stated(statement).equation_residual)

    def _starts(self, statement: Any) -> Check:
        return self._decide("initial condition", self._stated(statement).initial_residual)

    def _law_is_the_solution(self, statement: Any) -> Check:
        """The matrix form at explicit matrices, less the entries that solve the equation."""
        law = self.law
        assert law is not None

        def residual(point: Values = NOWHERE) -> Any:
            values = {symbol: at(value, point) for symbol, value in law.meaning.items()}
            parts = statement if isinstance(statement, sp.Tuple) else (statement,)
            sides = [put_in(part, {**point, **values}) for part in parts]
            return Matrix([entry for side in sides for entry in at(Matrix(side.lhs - side.rhs), point)])

        return self._decide("matrix form against the entries", residual)

    def _is_the_equation(self, statement: Any) -> Check:
        assert self.equation is not None
        sides = put_in(statement, self.equation.meaning)
        return vanishes("against the equation that is solved, entry by entry", Matrix(sides.lhs - sides.rhs))

    def _closes(self, statement: Any) -> Check:
        """d(quantities)/d(time) along the larger flow, less the velocity that is stated."""
        assert self.reduction is not None
        claimed = Matrix(*self.state.shape, list(statement.rhs) if len(self.state) > 1 else [statement.rhs])
        moved = along_flow(self.reduction.quantities, self.reduction.variables, self.reduction.velocity)
        pairs = list(zip(self.state, self.reduction.quantities, strict=True))
        return vanishes("reduction", moved - claimed.subs(pairs, simultaneous=True))

    def _limit(self, limit: Limit) -> Any:
        return self.state.applyfunc(lambda entry: sp.Limit(entry, limit.symbol, limit.point))

    def _reaches(self, statement: Any) -> Check:
        """The limit of the solution, less what is stated."""
        solution = dict(zip(self.state, self.solution, strict=True))
        left = statement.lhs if isinstance(statement.lhs, sp.MatrixBase) else [statement.lhs]
        right = statement.rhs if isinstance(statement.rhs, sp.MatrixBase) else [statement.rhs]
        reached = [sp.limit(solution[each.args[0]], each.args[1], each.args[2]) for each in left]
        return vanishes("limit of the solution", Matrix(reached) - Matrix(list(right)))


def _equal(left: Any, right: Any) -> Any:
    """An equation of matrices, or of their entries if there is but one."""
    sides = (
        side[0] if isinstance(side, sp.MatrixBase) and len(side) == 1 else side for side in (left, right)
    )
    return sp.Eq(*sides, evaluate=False)


def explicit_case(time: Any, **fields: Any) -> SolvableCase:
    """A case whose solution is a function of the time itself."""
    return SolvableCase(time=time, parameter=time, clock=time, **fields)
