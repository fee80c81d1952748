"""A solvable case: an equation, its solution, its assumptions, and the proof that they fit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import sympy as sp

from derivations.steps import Check, Step, from_closures

Matrix = sp.ImmutableDenseMatrix
DIGITS = 50
Values = Mapping[Any, Any]
NOWHERE: Values = {}


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
    law : sympy.Basic, optional
        What is printed where the entries of the checked solution are too long to read.
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
    law: Any = None

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

    def _reaches(self, limit: Limit) -> Check:
        """The limit of the solution, less its claimed value."""
        reached = self.solution.applyfunc(lambda entry: sp.limit(entry, limit.symbol, limit.point))
        return vanishes(f"limit {limit.symbol} -> {limit.point}", reached - limit.value)

    def _closes(self, reduction: Reduction) -> Check:
        """d(quantities)/d(time) along the larger flow, less velocity(quantities)."""
        moved = along_flow(reduction.quantities, reduction.variables, reduction.velocity)
        pairs = list(zip(self.state, reduction.quantities, strict=True))
        return vanishes("reduction", moved - self.velocity.subs(pairs, simultaneous=True))

    def _decide(self, what: str, residual: Callable[..., Any]) -> Check:
        """Symbolically, or at the points: from exact rationals to 50 digits, of which 1e-40 spares ten."""
        if not self.points:
            return vanishes(what, residual())
        size = sum(float(abs(entry)) for point in self.points for entry in residual(point))
        return Check(f"{what}: {len(self.points)} exact rational points, {DIGITS} digits", size, 1e-40)

    def step(self) -> Step:
        """The case as one derived statement with every check that holds it."""
        checks = [
            partial(self._decide, "equation", self.equation_residual),
            partial(self._decide, "initial condition", self.initial_residual),
            *(partial(self._reaches, limit) for limit in self.limits),
        ]
        if self.reduction is not None:
            checks.append(partial(self._closes, self.reduction))
        return from_closures("", self.name, self._statement(), self.assumption, tuple(checks))

    def _statement(self) -> Any:
        """The law, or state = solution and, where they differ, time = clock; a single entry without brackets."""
        if self.law is not None:
            return self.law
        sides = (side[0] if len(side) == 1 else side for side in (self.state, self.solution))
        explicit = sp.Eq(*sides, evaluate=False)
        if self.parameter == self.time:
            return explicit
        return sp.Tuple(explicit, sp.Eq(self.time, self.clock, evaluate=False))


def explicit_case(time: Any, **fields: Any) -> SolvableCase:
    """A case whose solution is a function of the time itself."""
    return SolvableCase(time=time, parameter=time, clock=time, **fields)


def along_flow(quantities: Any, variables: Any, velocity: Any) -> Any:
    """d(quantities)/d(time) when d(variables)/d(time) = velocity: the chain rule, entry by entry.

    Examples
    --------
    >>> x, y = sp.symbols("x y")
    >>> along_flow(Matrix([x**2 + y**2]), Matrix([x, y]), Matrix([-y, x]))
    Matrix([[0]])
    """
    rates = dict(zip(variables, velocity, strict=True))  # a symmetric matrix holds a variable twice
    return quantities.applyfunc(lambda entry: sum(entry.diff(x) * rate for x, rate in rates.items()))


def at(expression: Any, point: Values) -> Any:
    """The expression at a point, from exact rationals to 50 digits; unchanged if no point is given."""
    return expression.subs(point).evalf(DIGITS) if point else expression


def vanishes(what: str, residual: Any) -> Check:
    """Decide whether every entry of ``residual`` simplifies to zero for all values of its symbols.

    The residual of the check is 0 if so, the size at one rational point if not, and NaN if unproved there.
    """
    return Check(f"{what}: symbolic", sum(_undecided(entry) for entry in residual))


def _undecided(entry: Any) -> float:
    primes = map(sp.prime, range(5, 99))
    symbols = sorted(entry.free_symbols, key=str)
    size = float(abs(at(entry, {symbol: sp.Rational(next(primes), 7) for symbol in symbols} or NOWHERE)))
    if size > 1e-20:
        return size
    numerator = sp.fraction(sp.together(entry.rewrite(sp.log)))[0]
    return 0.0 if sp.simplify(numerator) == 0 else float("nan")
