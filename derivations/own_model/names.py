"""What the chains of a decoupled loss call its parts."""

import re
from dataclasses import dataclass
from typing import Any

import sympy as sp

from derivations.decoupled import Decoupled


@dataclass(frozen=True)
class Names:
    """Printed names.

    Parameters
    ----------
    loss, cost : sympy.Expr
        L(θ₁, θ₂) and R(θ₁).
    optimum : tuple of sympy.Expr
        φ(θ₁), one for each fast symbol.
    """

    loss: Any
    cost: Any
    optimum: tuple[Any, ...]

    @classmethod
    def of(cls, model: Decoupled) -> "Names":
        """Names with the symbols of a model."""
        slow = model.slow
        single = len(model.fast) == 1
        optimum = [sp.Function("phi" if single else f"phi_{s.name}")(*slow) for s in model.fast]
        return cls(sp.Function("L")(*slow, *model.fast), sp.Function("R")(*slow), tuple(optimum))


def assumption(model: Decoupled) -> str:
    """What the model's results need, in words."""
    signs = [
        f"{symbol} {sign}" for symbol in sorted(model.loss.free_symbols, key=str) for sign in _signs(symbol)
    ]
    conditions = [spelled(condition) for condition in model.optimum.conditions]
    return "; ".join(["every symbol real", *signs, *conditions])


def spelled(expression: Any) -> str:
    """A short formula in a sentence.

    Examples
    --------
    >>> spelled(sp.Symbol("lambda") * sp.Symbol("x") ** 2 >= 1)
    'λ x^2 ≥ 1'
    """
    text: str = sp.sstr(expression).replace("**", "^").replace("*", " ").replace(">=", "≥").replace("<=", "≤")
    for name, letter in (("lambda", "λ"), ("tau", "τ"), ("&", "and"), ("|", "or")):
        text = re.sub(rf"\b{name}\b", letter, text) if name.isalpha() else text.replace(name, letter)
    return text


def _signs(symbol: Any) -> list[str]:
    if symbol.is_positive:
        return ["> 0"]
    if symbol.is_negative:
        return ["< 0"]
    if symbol.is_nonnegative:
        return ["≥ 0"]
    return ["≤ 0"] if symbol.is_nonpositive else []
