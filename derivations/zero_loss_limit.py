"""The limit of vanishing weight decay of a decoupled loss: what its cost is on the zero-loss set."""

import random
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.core.function import PoleError

from derivations import stationary
from derivations.bounded import Budget, OutOfTime
from derivations.growth import parts_of
from derivations.optimum import Branch, Optimum
from derivations.reading import Readable
from derivations.stationary import LARGEST_TO_CANCEL, clipped, radicands

#: Random points at which an expression must vanish to be taken for zero.
RANDOM_POINTS = 3


@dataclass(frozen=True)
class ZeroLossRegime(Readable):
    """A decoupled loss as its weight decay λ goes to zero, in slow time τ = 2λt.

    Parameters
    ----------
    fast_optimum : dict
        Fast symbol -> lim φ; on the zero-loss set.
    cost : sympy expression
        lim R/λ, the squared norm of all decayed parameters on the zero-loss set, as (19) divided by λ.
    flow : dict
        Slow symbol -> dθ₁/dτ = −½ ∂(lim R/λ)/∂θ₁, as (20).
    """

    fast_optimum: dict[Any, Any]
    cost: Any
    flow: dict[Any, Any]
    time = sp.Symbol("tau", nonnegative=True)
    cost_name = sp.Symbol("R") / sp.Symbol("lambda", positive=True)

    def xreplace(self, rule: dict[Any, Any]) -> "ZeroLossRegime":
        """Exchange symbols."""
        optimum, flow = (
            {rule.get(symbol, symbol): value.xreplace(rule) for symbol, value in values.items()}
            for values in (self.fast_optimum, self.flow)
        )
        return ZeroLossRegime(optimum, self.cost.xreplace(rule), flow)


def zero_loss_regime(
    loss: Any,
    slow: Any,
    fast: tuple[Any, ...],
    optimum: Optimum,
    domain: tuple[Any, ...],
    decay: Any,
    budget: Budget,
) -> ZeroLossRegime:
    """Find the regime from the zeros of the training loss, or else from the closed form of φ.

    Raises
    ------
    ValueError
        If neither has a closed form, the training loss stays positive, or the limit is not found in time.
    """

    def search() -> ZeroLossRegime:
        regime = on_zeros(loss, slow, fast, decay) if not domain else None
        if regime is None and not optimum.pieces:
            raise ValueError("the fast optimum has no closed form, so neither has its zero-loss limit")
        branches = optimum.candidates or [Branch(values, loss, sp.true) for values in optimum.branches]
        return regime or of_branches(slow, branches, decay)

    try:
        return budget.run(search)
    except (OutOfTime, NotImplementedError, PoleError):
        raise ValueError(
            f"the limit {decay} -> 0 was not found within {budget.seconds:g} s of processor time: "
            "give more seconds, or take the flow at a small value"
        ) from None


def on_zeros(loss: Any, slow: Any, fast: tuple[Any, ...], decay: Any) -> ZeroLossRegime | None:
    """Zero-loss regime of one fast variable, from the zeros of a training loss that is polynomial in it.

    L_λ = L + λD with L ≥ 0: as λ → 0 the minimum of L/λ + D goes to the least D among the zeros of L, since a
    polynomial L keeps the minimum bounded. None if L is not of this kind or square roots do not give its zeros.
    """
    training = loss.subs(decay, 0)
    if len(fast) > 1 or not training.is_polynomial(*fast) or not loss.is_polynomial(decay):
        return None
    if not all(part.is_nonnegative for part in parts_of(training)):
        return None
    zeros = stationary.zeros(training, fast[0])
    if not zeros.complete:
        return None
    squared_norm = sp.diff(loss, decay).subs(decay, 0)
    costs = [clipped(sp.cancel(squared_norm.subs(zero))) for zero in zeros.points]
    real = [sp.And(*[base >= 0 for base in radicands(zero.values())]) for zero in zeros.points]
    slopes = [{s: _tidy(-sp.diff(squared_norm.subs(zero), s) / 2) for s in slow} for zero in zeros.points]
    return _least(list(zeros.points), costs, real, slopes, decay)


def of_branches(slow: Any, branches: Any, decay: Any) -> ZeroLossRegime:
    """Zero-loss regime from the closed form of every branch.

    Where the training loss vanishes in the limit, R/λ goes to lim dR/dλ, which by the envelope theorem is ∂L_λ/∂λ.
    """
    points, costs, real, slopes = [], [], [], []
    for branch in branches:
        holds = branch.holds.subs(decay, 0)
        point = {variable: limit(value, decay) for variable, value in branch.values.items()}
        finite = not any(value.has(sp.oo, -sp.oo, sp.zoo, sp.nan) for value in point.values())
        if holds == sp.false or not finite or not vanishes(branch.loss.subs(decay, 0).subs(point)):
            continue
        cost = _tidy(sp.diff(branch.loss, decay).subs(decay, 0).subs(point))
        points.append(point)
        costs.append(clipped(cost))
        real.append(holds)
        slopes.append({s: _tidy(-sp.diff(cost, s) / 2) for s in slow})
    return _least(points, costs, real, slopes, decay)


def vanishes(expression: Any) -> bool:
    """Whether an expression in real symbols is zero identically.

    Rational functions are evaluated exactly at a few random fractions, which decides with certainty if one value is not
    zero, and for all practical purposes if all are; others are simplified.

    Examples
    --------
    >>> a, b = sp.symbols("a b", real=True)
    >>> vanishes((a + b) ** 2 - a**2 - 2 * a * b - b**2), vanishes(a - b)
    (True, False)
    """
    symbols = sorted(expression.free_symbols, key=sp.default_sort_key)
    if not expression.is_rational_function(*symbols) or expression.has(sp.Pow(2, sp.Rational(1, 2))):
        return bool(sp.simplify(expression) == 0)
    rng = random.Random(0)
    for _ in range(RANDOM_POINTS):
        size = {s: sp.Rational(rng.randint(1, 10**6), rng.randint(1, 10**6)) for s in symbols}
        value = expression.subs({s: -v if s.is_negative else v for s, v in size.items()})
        if value != 0 and value.is_number and value is not sp.nan:
            return False
    return True


def _tidy(expression: Any) -> Any:
    rational = expression.is_rational_function(*expression.free_symbols)
    return sp.factor(expression) if rational and sp.count_ops(expression) <= LARGEST_TO_CANCEL else expression


def _least(
    points: list[Any], costs: list[Any], real: list[Any], slopes: list[Any], decay: Any
) -> ZeroLossRegime:
    """Put the branches together by their costs; the first of equal ones counts."""
    kept = [i for i, cost in enumerate(costs) if real[i] != sp.false and cost not in costs[:i]]
    if not kept:
        raise ValueError(
            f"the cost over {decay} diverges as {decay} -> 0: the fast parameters cannot "
            "make the training loss vanish, so there is no zero-loss regime"
        )
    lowest = {
        i: sp.And(real[i], *[sp.Or(sp.Not(real[j]), costs[i] <= costs[j]) for j in kept if j != i])
        for i in kept
    }

    def chosen(values: list[Any]) -> Any:
        return sp.Piecewise(*[(values[i], lowest[i]) for i in kept])

    return ZeroLossRegime(
        {variable: chosen([point[variable] for point in points]) for variable in points[0]},
        chosen(costs),
        {s: chosen([slope[s] for slope in slopes]) for s in slopes[0]},
    )


def limit(expression: Any, symbol: Any) -> Any:
    """Limit from above; by substitution where the denominator stays non-zero, cancelled if need be."""
    for form in (lambda: expression, lambda: sp.cancel(expression)):
        numerator, denominator = sp.fraction(form())
        if not vanishes(denominator.subs(symbol, 0)):
            return _tidy(numerator.subs(symbol, 0) / denominator.subs(symbol, 0))
    return sp.limit(expression, symbol, 0, "+")
