"""A solvable case: an equation, its solution, its assumptions, and the proof that they fit."""

from dataclasses import dataclass
from typing import Any

from derivations.exact.case_checks import equation_line, limit_line, solution_line, substitution_lines
from derivations.exact.parts import InMatrices
from derivations.exact.vanishing import DIGITS, NOWHERE, Matrix, Values, along_flow, at, vanishes
from derivations.steps import Step

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
    substitution : tuple of tuples
        Functions u of the state with a and b of the linear equation u′ = a u + b, by which the solution is found.
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
    substitution: tuple[tuple[Any, Any, Any], ...] = ()
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

    def step(self) -> Step:
        """The case as a chain: its equation, its solution, and the limits of the solution."""
        limits = (limit_line(self, limit) for limit in self.limits)
        lines = (equation_line(self), *substitution_lines(self), solution_line(self), *limits)
        return Step("", self.name, lines, self.assumption)


def explicit_case(time: Any, **fields: Any) -> SolvableCase:
    """A case whose solution is a function of the time itself."""
    return SolvableCase(time=time, parameter=time, clock=time, **fields)
