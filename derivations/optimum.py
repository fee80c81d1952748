"""What is known of the minimum of a loss over its fast variables."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sympy as sp


class NoMinimumError(ValueError):
    """The loss has no minimum in its fast variables, or none that is its own."""


@dataclass(frozen=True)
class Branch:
    """A point where a minimum can be.

    Parameters
    ----------
    values : dict
        Fast symbol -> expression.
    loss : sympy.Expr
        The loss there, smooth: that of the cell the point belongs to.
    holds : sympy Boolean
        Where the point is real and inside its cell.
    """

    values: dict[Any, Any]
    loss: Any
    holds: Any

    def at(self, expression: Any) -> Any:
        """An expression with the fast symbols replaced by their values."""
        return expression.subs(self.values, simultaneous=True)

    def xreplace(self, rule: dict[Any, Any]) -> "Branch":
        """Exchange symbols."""
        return Branch(_exchanged(self.values, rule), self.loss.xreplace(rule), self.holds.xreplace(rule))


def _exchanged(values: dict[Any, Any], rule: dict[Any, Any]) -> dict[Any, Any]:
    return {rule.get(variable, variable): value.xreplace(rule) for variable, value in values.items()}


@dataclass(frozen=True)
class Optimum:
    """The minimum of a loss over its fast variables.

    Parameters
    ----------
    pieces : tuple of (dict, Boolean)
        Fast symbol -> expression, and where it holds; the first that holds counts. Empty when there is no
        closed form.
    kind : str
        ``"global"``: proved to be the global minimum, where the conditions hold. ``"local"``: a minimum in closed form
        that is not proved to be global. ``"numerical"``: the lowest minimum that a numerical search finds.
    reason : str
        What the verdict rests on, or what it lacks.
    conditions : tuple of sympy Booleans
        What must hold for the verdict; those SymPy can prove are left out.
    notes : tuple of str
        Ties, branch changes, and whatever stays undecided.
    branches : tuple of dict
        Every stationary branch found, the chosen ones included.
    candidates : tuple of Branch
        What the pieces were chosen from, if by comparing costs; the pieces are these, in this order.
    """

    pieces: tuple[tuple[dict[Any, Any], Any], ...]
    kind: str
    reason: str
    conditions: tuple[Any, ...] = ()
    notes: tuple[str, ...] = ()
    branches: tuple[dict[Any, Any], ...] = ()
    candidates: tuple[Branch, ...] = ()

    @property
    def verdict(self) -> str:
        """Kind and reason in words."""
        return f"{self.kind} minimum: {self.reason}"

    def __str__(self) -> str:
        conditions = [f"where {condition}" for condition in self.conditions]
        return "\n".join([self.verdict, *conditions, *(f"note: {note}" for note in self.notes)])

    def xreplace(self, rule: dict[Any, Any]) -> "Optimum":
        """Exchange symbols everywhere but in the words."""
        return Optimum(
            tuple((_exchanged(values, rule), holds.xreplace(rule)) for values, holds in self.pieces),
            self.kind,
            self.reason,
            tuple(condition.xreplace(rule) for condition in self.conditions),
            self.notes,
            tuple(_exchanged(branch, rule) for branch in self.branches),
            tuple(candidate.xreplace(rule) for candidate in self.candidates),
        )


def branches_of(optimum: Optimum, loss: Any) -> tuple[Branch, ...]:
    """The branches that the pieces stand for, in their order."""
    return optimum.candidates or tuple(Branch(values, loss, sp.true) for values, _ in optimum.pieces)


def piecewise(optimum: Optimum, loss: Any, expression: Callable[[Branch], Any]) -> Any:
    """An expression of a branch, on each piece of the optimum of a loss."""
    conditions = [holds for _, holds in optimum.pieces]
    return sp.Piecewise(*zip(map(expression, branches_of(optimum, loss)), conditions, strict=True))
