"""Theorem 5.1 as a tool: replace the fast parameters of any scalar loss by their optimum."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sympy as sp

from derivations.branches import Optimum, fast_optimum, shorter


@dataclass(frozen=True)
class ZeroLossRegime:
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


@dataclass(frozen=True)
class Decoupled:
    """A loss whose fast parameters are optimal for the slow ones, (9)–(11).

    Parameters
    ----------
    loss : sympy expression
        L_λ(θ₁, θ₂).
    slow, fast : tuple of symbols
        θ₁ and θ₂.
    optimum : Optimum
        φ, its verdict, conditions, notes and branches.

    Notes
    -----
    When no closed form of φ was found (``implicit``), every expression below keeps the fast symbols; they
    stand for the root of ``stationarity``, which ``reduced.flows.decoupled`` finds by Newton's method.
    """

    loss: Any
    slow: tuple[Any, ...]
    fast: tuple[Any, ...]
    optimum: Optimum

    @property
    def fast_optimum(self) -> dict[Any, Any]:
        """Fast symbol -> φ(θ₁), (9); empty if implicit."""
        return {} if self.implicit else {variable: self._at_optimum(variable) for variable in self.fast}

    @property
    def implicit(self) -> bool:
        """Whether φ is only known as the root of ``stationarity``."""
        return not self.optimum.pieces

    @property
    def stationarity(self) -> tuple[Any, ...]:
        """∂L_λ/∂θ₂, zero at the fast optimum."""
        return tuple(sp.diff(self.loss, variable) for variable in self.fast)

    @cached_property
    def cost(self) -> Any:
        """R(θ₁) = L_λ(θ₁, φ(θ₁)), (10)."""
        return self._at_optimum(self.loss)

    @cached_property
    def flow(self) -> dict[Any, Any]:
        """Slow symbol -> dθ₁/dt = −∂R/∂θ₁, (11), in flow time t; by the envelope theorem −∂L_λ/∂θ₁ at φ."""
        return {variable: self._at_optimum(-sp.diff(self.loss, variable)) for variable in self.slow}

    @cached_property
    def fast_hessian(self) -> Any:
        """∂²L_λ/∂θ₂² at φ; positive definite at a strict minimum."""
        return self._each_at_optimum(sp.hessian(self.loss, self.fast))

    @cached_property
    def response(self) -> Any:
        """φ′ = −(∂²L_λ/∂θ₂²)⁻¹ ∂²L_λ/∂θ₂∂θ₁, how the fast optimum follows the slow parameters."""
        return self._each_at_optimum(-self._mixed_solve())

    @cached_property
    def metric(self) -> Any:
        """I + φ′ᵀφ′, the metric of the graph of φ, of which (11) keeps only I.

        θ₂ = φ(θ₁) moves as well, so |dθ|² = dθ₁ᵀ(I + φ′ᵀφ′)dθ₁, and steepest descent of L_λ within the
        graph is dθ₁/dt = −(I + φ′ᵀφ′)⁻¹∇R; with the fast parameters learning 1/ε times faster,
        −(I + εφ′ᵀφ′)⁻¹∇R.
        """
        return sp.eye(len(self.slow)) + self.response.T * self.response

    @cached_property
    def jacobian(self) -> Any:
        """∂(flow)/∂θ₁ = −∇²R, minus the Schur complement of the fast block in the Hessian of L_λ."""
        slow_block = sp.hessian(self.loss, self.slow)
        return self._each_at_optimum(self._mixed.T * self._mixed_solve() - slow_block)

    def limit(self, weight_decay: Any) -> ZeroLossRegime:
        """Let the weight decay go to zero from above: the zero-loss regime.

        Raises
        ------
        ValueError
            If φ is implicit, or the training loss stays positive, so that R/λ has no finite limit.
        """
        if self.implicit:
            raise ValueError("the fast optimum has no closed form, so neither has its zero-loss limit")
        if not isinstance(weight_decay, sp.Symbol) or weight_decay not in self.cost.free_symbols:
            raise ValueError(f"weight_decay = {weight_decay}: is not a symbol of the cost")
        pieces = []
        for values, holds in self.optimum.pieces:
            cost = _limit(self.loss.subs(values, simultaneous=True) / weight_decay, weight_decay)
            if holds.subs(weight_decay, 0) != sp.false and not cost.has(sp.oo, -sp.oo, sp.zoo, sp.nan):
                pieces.append((values, holds.subs(weight_decay, 0)))
        if not pieces:
            raise ValueError(
                f"the cost over {weight_decay} diverges as {weight_decay} -> 0: the fast parameters cannot "
                "make the training loss vanish, so there is no zero-loss regime"
            )

        def limit(expression: Any) -> Any:
            return _piecewise(expression, pieces, lambda value: _limit(value, weight_decay))

        return ZeroLossRegime(
            {variable: limit(variable) for variable in self.fast},
            limit(self.loss / weight_decay),
            {variable: limit(-sp.diff(self.loss, variable) / (2 * weight_decay)) for variable in self.slow},
        )

    @property
    def _mixed(self) -> Any:
        return sp.Matrix([[sp.diff(self.loss, f, s) for s in self.slow] for f in self.fast])

    def _mixed_solve(self) -> Any:
        return sp.hessian(self.loss, self.fast).LUsolve(self._mixed)

    def _at_optimum(self, expression: Any) -> Any:
        return expression if self.implicit else _piecewise(expression, self.optimum.pieces, shorter)

    def _each_at_optimum(self, matrix: Any) -> Any:
        if self.implicit:
            return matrix
        return matrix.applyfunc(lambda entry: _piecewise(entry, self.optimum.pieces, lambda value: value))


def _piecewise(expression: Any, pieces: Any, finish: Any) -> Any:
    """Substitute the fast optimum piece by piece."""
    return sp.Piecewise(
        *[(finish(expression.subs(values, simultaneous=True)), holds) for values, holds in pieces]
    )


def decouple(loss: Any, slow: Any, fast: Any) -> Decoupled:
    """Decouple the slow parameters of a loss from the fast ones, Theorem 5.1.

    Parameters
    ----------
    loss : sympy expression
        L_λ, weight decay included; all symbols are taken as real.
    slow, fast : symbol or sequence of symbols
        θ₁, whose flow is wanted, and θ₂, taken as optimal for θ₁.

    Returns
    -------
    Decoupled
        ``.fast_optimum``, ``.cost``, ``.flow`` (flow time t), ``.optimum.conditions`` and more.

    Raises
    ------
    ValueError
        If a parameter does not occur in the loss or is both slow and fast, if the loss has no minimum in the
        fast parameters, or if it does not bend in one of their directions.

    Examples
    --------
    >>> a, b = sp.symbols("a b")
    >>> decay = sp.Symbol("lambda", positive=True)
    >>> network = decouple((a * b - 1) ** 2 + decay * (a**2 + b**2), slow=a, fast=b)
    >>> network.fast_optimum
    {b: a/(a**2 + lambda)}
    >>> network.limit(decay).flow
    {a: -(a - 1)*(a + 1)*(a**2 + 1)/a**3}
    """
    loss = _scalar(loss)
    slow, fast = _symbols(slow, "slow", loss), _symbols(fast, "fast", loss)
    shared = set(slow) & set(fast)
    if shared:
        raise ValueError(f"{_names(shared)} cannot be both slow and fast: put each parameter on one side")
    real = {s: sp.Symbol(s.name, real=True) for s in loss.free_symbols if s.is_real is None}
    optimum = fast_optimum(loss.xreplace(real), tuple(real.get(variable, variable) for variable in fast))
    return Decoupled(loss, slow, fast, optimum.xreplace({known: given for given, known in real.items()}))


def _scalar(loss: Any) -> Any:
    try:
        expression = sp.sympify(loss)
    except (sp.SympifyError, TypeError, SyntaxError):
        expression = None
    if not isinstance(expression, sp.Expr):
        raise ValueError(f"loss = {loss!r}: must be a scalar SymPy expression")
    return expression


def _symbols(given: Any, role: str, loss: Any) -> tuple[Any, ...]:
    symbols = tuple(given) if isinstance(given, Iterable) else (given,)
    known = [symbol for symbol in symbols if isinstance(symbol, sp.Symbol) and symbol in loss.free_symbols]
    if len(known) < len(symbols) or not symbols or len(set(symbols)) < len(symbols):
        raise ValueError(
            f"{role}={_names(symbols)} must be one or more different symbols of the loss, "
            f"which holds {_names(loss.free_symbols)}"
        )
    return symbols


def _names(symbols: Iterable[Any]) -> str:
    return "{" + ", ".join(sorted(map(str, symbols))) + "}"


def _limit(expression: Any, symbol: Any) -> Any:
    """Limit from above; by substitution where the cancelled denominator stays non-zero."""
    numerator, denominator = sp.fraction(sp.cancel(expression))
    if denominator.subs(symbol, 0) != 0:
        return sp.factor(numerator.subs(symbol, 0) / denominator.subs(symbol, 0))
    return sp.limit(expression, symbol, 0, "+")
