"""Parts of a formula: expressions of SymPy with their values where they are constants, within doubles."""

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

#: Largest power, and most bits of a fraction's parts (those of a double have 1074).
POWER, BITS = 100, 1100


class Refused(Exception):
    """A part of a formula that the grammar does not know; the text says why."""


@dataclass(frozen=True)
class Part:
    """A part of a formula in SymPy, and its value where it is a constant."""

    expression: Any
    value: float | None


def in_sympy(name: str) -> Callable[..., Any]:
    """What a function of the grammar is in SymPy."""
    import sympy as sp

    own: dict[str, Any] = {
        "expit": lambda a: 1 / (1 + sp.exp(-a)),
        "logaddexp": lambda a, b: sp.log(sp.exp(a) + sp.exp(b)),
    }
    found: Callable[..., Any] = own.get(name) or getattr(
        sp, name.title() if name in ("max", "min", "abs") else name
    )
    return found


def combined(make: Callable[..., Any], value_of: Callable[..., float], *parts: Part) -> Part:
    """Parts put together; the value comes first, so that nothing immense is built."""
    value = None
    values = [part.value for part in parts]
    if None not in values:
        try:
            value = float(value_of(*values))
        except (ArithmeticError, ValueError, TypeError):
            value = math.nan
        if not math.isfinite(value):
            raise Refused("holds a constant that is not a finite real number")
    expression = make(*(part.expression for part in parts))
    if expression.is_Rational and max(expression.p.bit_length(), expression.q.bit_length()) > BITS:
        raise Refused("holds a number beyond double precision")
    return Part(expression, value)


def power_of(base: Part, exponent: Part) -> Part:
    """A power, if its numbers are of a moderate size."""
    number = base.expression
    if exponent.value is not None:
        size = abs(exponent.value)
        bits = max(number.p.bit_length(), number.q.bit_length()) if number.is_Rational else 1
        if size > POWER or bits * size > BITS:
            raise Refused(f"holds a power above {POWER}, or a number beyond double precision")
    power = combined(operator.pow, operator.pow, base, exponent)
    total = power.expression.as_base_exp()[1]
    if total.is_number and abs(total) > POWER:
        raise Refused(f"holds a power above {POWER}")
    return power
