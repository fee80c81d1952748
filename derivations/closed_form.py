"""A flow of one parameter solved: as a function of time, or by the time at which each value is reached."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.polys.polyerrors import BasePolynomialError

from derivations.bounded import Budget

#: Operations in a velocity above which its clock is not searched for.
LARGEST_TO_SOLVE = 150


@dataclass(frozen=True)
class ClosedForm:
    """How one parameter w moves from w_0, where nothing else moves it.

    Parameters
    ----------
    variable, start, time : symbols
        w, w_0 and the flow's time.
    velocity : sympy.Expr
        dw/d(time), a function of w and of parameters.
    solution : sympy.Expr or None
        w as a function of w_0 and time, for w_0 ≠ 0, as long as w does not reach 0; None if none was found.
    clock : sympy.Expr or None
        G with G(w) − G(w_0) = time between two neighbouring zeros or poles of the velocity; None if none was found.
    """

    variable: Any
    start: Any
    time: Any
    velocity: Any
    solution: Any
    clock: Any


def closed_forms(flow: Mapping[Any, Any], time: Any, seconds: float = 10.0) -> dict[Any, ClosedForm]:
    """Solve those parameters of a flow that move by themselves; one that is not solved is left out.

    Parameters
    ----------
    flow : mapping
        Slow symbol -> its velocity.
    time : symbol
    seconds : float
        Processor time for the search.

    Examples
    --------
    >>> w, tau = sp.symbols("w tau", real=True)
    >>> found = closed_forms({w: 1 / w**3 - w}, tau)[w]
    >>> found.solution
    w_0*(exp(-4*tau) + (1 - exp(-4*tau))/w_0**4)**(1/4)
    >>> found.clock
    -log(w**2 + 1)/4 - log(Abs(w - 1))/4 - log(Abs(w + 1))/4
    """
    found = {}
    for variable, velocity in flow.items():
        alone = not velocity.free_symbols & (set(flow) - {variable}) and velocity.has(variable)
        if alone and velocity.is_rational_function(variable):
            start = sp.Symbol(f"{variable.name}_0", real=True, nonzero=True)
            solution = _bernoulli(velocity, variable, start, time)
            clock = _clock(velocity, variable, seconds)
            if solution is not None or clock is not None:
                found[variable] = ClosedForm(variable, start, time, velocity, solution, clock)
    return found


def _bernoulli(velocity: Any, variable: Any, start: Any, time: Any) -> Any:
    """Solution of w′ = A w + B w^m: with n = 1 − m, wⁿ obeys a linear equation."""
    terms: dict[int, Any] = {}
    numerator, denominator = sp.fraction(sp.cancel(velocity))
    below = sp.Poly(denominator, variable)
    if len(below.terms()) != 1:
        return None
    for (power,), coefficient in sp.Poly(numerator, variable).terms():
        terms[power - below.degree()] = coefficient / below.LC()
    A = sp.factor(terms.pop(1, sp.S.Zero))
    if len(terms) > 1:
        return None
    m, B = next(iter(terms.items()), (0, sp.S.Zero))
    n = 1 - m
    B = sp.factor(B)
    grown = sp.exp(n * A * time)
    risen = sp.factor(B / A) * (grown - 1) if A != 0 else n * B * time
    if n == 1:
        return start * grown + risen
    return start * (grown + risen / start**n) ** sp.Rational(1, n)


def _clock(velocity: Any, variable: Any, seconds: float) -> Any:
    """Antiderivative of 1/velocity by partial fractions, held to its derivative."""

    def search() -> Any:
        terms = [_integrated(term, variable) for term in sp.Add.make_args(sp.apart(1 / velocity, variable))]
        if any(term is None for term in terms):
            return None
        integral = sp.Add(*terms)
        if sp.cancel(sp.cancel(integral.diff(variable)) * velocity) != 1:
            return None
        return integral.replace(
            sp.log, lambda inner: sp.log(sp.Abs(inner)) if inner.has(variable) else sp.log(inner)
        )

    if sp.count_ops(velocity) > LARGEST_TO_SOLVE:
        return None
    try:
        return Budget(seconds).otherwise(search, None)
    except (BasePolynomialError, NotImplementedError, ValueError):
        return None


def _integrated(term: Any, variable: Any) -> Any:
    """Antiderivative of a partial fraction: of a power, of 1/(w − r), or of w/(w² + c)."""
    numerator, denominator = sp.fraction(sp.together(term))
    factors = [(base, power) for base, power in sp.factor_list(denominator)[1] if base.has(variable)]
    if not factors:
        return sp.integrate(term, variable)
    (base, power), *more = factors
    below, above = sp.Poly(base, variable), sp.Poly(numerator, variable)
    scale = sp.cancel(base**power / denominator)
    if more or scale.has(variable):
        return None
    if below.degree() == 1 and above.degree() == 0:
        inner = scale * above.LC() / below.LC()
        return inner * sp.log(base) if power == 1 else inner * base ** (1 - power) / (1 - power)
    if below.degree() == 2 and power == 1:
        share = sp.cancel(above.as_expr() / base.diff(variable))
        return None if share.has(variable) else scale * share * sp.log(base)
    return None
