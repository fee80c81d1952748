"""A loss whose fast parameters are optimal for the slow ones: cost, flow and their derivatives."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sympy as sp

from derivations.bounded import Budget
from derivations.kinks import Cell
from derivations.optimum import Optimum, piecewise
from derivations.reading import Documented
from derivations.stationary import shorter
from derivations.systems import System, system_of
from derivations.zero_loss_limit import ZeroLossRegime, zero_loss_regime


@dataclass(frozen=True)
class Decoupled(Documented):
    """A loss whose fast parameters are optimal for the slow ones, (9)–(11).

    Parameters
    ----------
    loss : sympy expression
        L_λ(θ₁, θ₂), its decimals written as fractions.
    slow, fast : tuple of symbols
        θ₁ and θ₂.
    optimum : Optimum
        φ, its verdict, conditions, notes and branches.

    Notes
    -----
    When no closed form of φ was found (``implicit``), every expression below keeps the fast symbols; they
    stand for the lowest minimum over them, which ``reduced.decoupled`` finds numerically. Where that minimum sits on a
    kink that moves with the slow parameters, ``.flow`` holds on either side of the kink only; ``reduced.decoupled``
    adds the kink's multiplier.
    """

    loss: Any
    slow: tuple[Any, ...]
    fast: tuple[Any, ...]
    optimum: Optimum
    _rooms: tuple[Cell, ...] = field(repr=False)
    _domain: tuple[Any, ...] = field(repr=False)
    _real: dict[Any, Any] = field(repr=False)
    _seconds: float = field(repr=False)
    time = sp.Symbol("t", nonnegative=True)
    cost_name = sp.Symbol("R")

    def __str__(self) -> str:
        return "\n".join([*(f"{s} = {value}" for s, value in self.fast_optimum.items()), str(self.optimum)])

    @cached_property
    def fast_optimum(self) -> dict[Any, Any]:
        """Fast symbol -> φ(θ₁), (9); if implicit, an undefined function ``argmin`` of what it depends on."""
        if not self.implicit:
            return {variable: self._at_optimum(variable) for variable in self.fast}
        others = sorted(self.loss.free_symbols - set(self.fast), key=lambda s: (s not in self.slow, s.name))
        return {variable: sp.Function(f"argmin_{variable.name}")(*others) for variable in self.fast}

    @property
    def implicit(self) -> bool:
        """Whether φ is only known as the lowest minimum that a numerical search finds."""
        return not self.optimum.pieces

    @property
    def smooth(self) -> bool:
        """Whether the loss has neither kinks nor edges in its fast parameters."""
        return len(self._rooms) == 1 and not self._rooms[0].walls

    @property
    def stationarity(self) -> tuple[Any, ...]:
        """∂L_λ/∂θ₂, zero at the fast optimum off kinks and edges."""
        return tuple(self._given(sp.diff(self._loss, variable)) for variable in self._fast)

    @cached_property
    def cost(self) -> Any:
        """R(θ₁) = L_λ(θ₁, φ(θ₁)), (10)."""
        if self.smooth or self.implicit:
            return self._at_optimum(self._loss)
        return self._of_cost(shorter)

    @cached_property
    def flow(self) -> dict[Any, Any]:
        """Slow symbol -> dθ₁/dt = −∂R/∂θ₁, (11), in flow time t; by the envelope theorem −∂L_λ/∂θ₁ at φ."""
        if self.smooth or self.implicit:
            return {given: self._at_optimum(-sp.diff(self._loss, s)) for given, s in self._slow.items()}
        return {given: self._of_cost(lambda R, s=s: -sp.diff(R, s)) for given, s in self._slow.items()}

    @cached_property
    def fast_hessian(self) -> Any:
        """∂²L_λ/∂θ₂² at φ; positive definite at a strict minimum off kinks."""
        return self._each_at_optimum(sp.hessian(self._loss, self._fast))

    @cached_property
    def response(self) -> Any:
        """φ′ = −(∂²L_λ/∂θ₂²)⁻¹ ∂²L_λ/∂θ₂∂θ₁, how the fast optimum follows the slow parameters."""
        if self.smooth or self.implicit:
            return self._each_at_optimum(-self._mixed_solve())
        slow = self._slow.values()
        return sp.Matrix(
            len(self._fast),
            len(slow),
            [self._piecewise(lambda b, f=f, s=s: sp.diff(b.values[f], s)) for f in self._fast for s in slow],
        )

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
        slow = tuple(self._slow.values())
        if self.smooth or self.implicit:
            return self._each_at_optimum(self._mixed.T * self._mixed_solve() - sp.hessian(self._loss, slow))
        return sp.Matrix([[self._of_cost(lambda R, r=r, s=s: -sp.diff(R, r, s)) for s in slow] for r in slow])

    @cached_property
    def systems(self) -> tuple[System, ...]:
        """The loss cell by cell, with multipliers on the walls, for a numerical search."""
        slow = tuple(self._slow.values())
        real = tuple(system_of(room, slow, self._fast) for room in self._rooms)
        return tuple(system.each(self._given) for system in real)

    def limit(self, weight_decay: Any, seconds: float = 20.0) -> ZeroLossRegime:
        """Let the weight decay go to zero from above: the zero-loss regime.

        Parameters
        ----------
        weight_decay : symbol
        seconds : float
            Processor time for the search.

        Raises
        ------
        ValueError
            If neither φ nor the zeros of the training loss have a closed form, the training loss stays positive, so
            that R/λ has no finite limit, or the limit is not found in time.
        """
        if not isinstance(weight_decay, sp.Symbol) or weight_decay not in self.loss.free_symbols:
            raise ValueError(f"weight_decay = {weight_decay}: is not a symbol of the cost")
        decay, slow = self._real[weight_decay], tuple(self._slow.values())
        optimum = self.optimum.xreplace(self._real)
        regime = zero_loss_regime(self._loss, slow, self._fast, optimum, self._domain, decay, Budget(seconds))
        return regime.xreplace({known: given for given, known in self._real.items()})

    @property
    def _loss(self) -> Any:
        return self.loss.xreplace(self._real)

    @property
    def _slow(self) -> dict[Any, Any]:
        return {variable: self._real[variable] for variable in self.slow}

    @property
    def _fast(self) -> tuple[Any, ...]:
        return tuple(self._real[variable] for variable in self.fast)

    def _given(self, expression: Any) -> Any:
        """Back to the symbols that were given; slopes of slopes at a kink, which are no functions, are dropped."""
        if isinstance(expression, sp.Basic):
            expression = expression.replace(sp.DiracDelta, lambda *_: sp.S.Zero)
        return expression.xreplace({known: given for given, known in self._real.items()})

    @property
    def _mixed(self) -> Any:
        return sp.Matrix([[sp.diff(self._loss, f, s) for s in self._slow.values()] for f in self._fast])

    def _mixed_solve(self) -> Any:
        return sp.hessian(self._loss, self._fast).LUsolve(self._mixed)

    def _piecewise(self, expression: Any) -> Any:
        """An expression of a branch, piece by piece."""
        return self._given(piecewise(self.optimum.xreplace(self._real), self._loss, expression))

    def _of_cost(self, expression: Any) -> Any:
        return self._piecewise(lambda branch: expression(branch.at(branch.loss)))

    def _at_optimum(self, expression: Any) -> Any:
        expression = expression.xreplace(self._real)
        if self.implicit:
            return self._given(expression)
        budget = Budget(self._seconds)
        return self._piecewise(
            lambda b: budget.otherwise(lambda: shorter(b.at(expression)), b.at(expression))
        )

    def _each_at_optimum(self, matrix: Any) -> Any:
        if self.implicit:
            return matrix.applyfunc(self._given)
        return matrix.applyfunc(lambda entry: self._piecewise(lambda branch: branch.at(entry)))
