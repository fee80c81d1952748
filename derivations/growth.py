"""Whether a loss grows without bound in its fast variables: proved, refuted, or left open."""

from dataclasses import dataclass
from typing import Any

import sympy as sp

from derivations.kinks import Cell
from derivations.leading_forms import dominated, falls_along


@dataclass(frozen=True)
class Growth:
    """What is known of a loss far away.

    Parameters
    ----------
    proved : bool or None
        True: it grows without bound in every direction, so a minimum exists. False: it falls without bound.
        None: neither was shown.
    reason : str
        Why.
    """

    proved: bool | None
    reason: str


def growth(loss: Any, fast: tuple[Any, ...]) -> Growth:
    """Decide how a loss in real symbols behaves far away.

    A sum of parts that are nowhere negative grows if some of them do so in all variables together. A polynomial
    grows if every variable has an even power of its own, and the mixed monomials are dominated by these powers: in
    weighted degree, or, at equal degree, because the leading form is positive definite. It falls without bound if some
    leading form is negative at some point. Everything else stays open.

    Examples
    --------
    >>> a, b, c = sp.symbols("a b c", real=True)
    >>> growth((a * b * c - 1) ** 2 + b**2 + c**2, (b, c)).reason
    'no part of the loss is negative, and b**2 + c**2 grows in every direction'
    >>> growth(b**4 + c**4 - 3 * b**2 * c**2, (b, c)).reason
    'it falls without bound along (b, c) = (t, t)'
    """
    far = _sum_of_parts(loss, fast)
    if far.proved is None and loss.is_polynomial(*fast):
        polynomial = sp.Poly(loss, *fast)
        curve = falls_along(polynomial)
        if curve is not None:
            return Growth(False, f"it falls without bound along {curve}")
        if dominated(polynomial):
            return Growth(True, "its leading form in the fast variables is positive in every direction")
    return far


def on_cells(rooms: tuple[Cell, ...], variable: Any) -> Growth:
    """Decide how a loss of one variable with kinks behaves far away, from its polynomial pieces.

    Examples
    --------
    >>> b = sp.Symbol("b", real=True)
    >>> on_cells((Cell(b**2 + b, (b,)), Cell(b**2 - b, (-b,))), b).proved
    True
    """
    for side in (1, -1):
        for room in rooms:
            if any(_sign_far(wall, variable, side) is False for wall in room.walls):
                continue
            sign = _sign_far(room.loss, variable, side)
            if sign is None:
                return Growth(None, f"how {room.loss} behaves for large {side * variable} is not decided")
            if sign is False and all(_sign_far(wall, variable, side) for wall in room.walls):
                return Growth(False, f"it falls without bound along {variable} = {side * sp.Symbol('t')}")
            if sign is False:
                return Growth(None, f"{room.loss} falls without bound for large {side * variable}")
    return Growth(True, "every smooth piece of it that reaches infinity grows there")


def _sign_far(expression: Any, variable: Any, side: int) -> bool | None:
    """Whether a polynomial ends up at +∞ (True) or -∞ (False) on one side; None if that is open."""
    if not expression.is_polynomial(variable) or sp.degree(expression, variable) < 1:
        return None
    leading = sp.factor(sp.LC(expression, variable) * side ** sp.degree(expression, variable))
    return True if leading.is_positive else False if leading.is_negative else None


def decayed(loss: Any, fast: tuple[Any, ...]) -> set[Any]:
    """Fast variables that have a growing part of their own."""
    return {variable for part in parts_of(loss) for variable in fast if _grows_alone(part, variable, fast)}


def _sum_of_parts(loss: Any, fast: tuple[Any, ...]) -> Growth:
    parts = parts_of(loss)
    doubtful = [part for part in parts if part.has(*fast) and not part.is_nonnegative]
    if doubtful:
        return Growth(None, f"whether {doubtful[0]} can outgrow the rest far away is not decided")
    alone = [part for part in parts if any(_grows_alone(part, variable, fast) for variable in fast)]
    if all(any(_grows_alone(part, variable, fast) for part in alone) for variable in fast):
        return Growth(True, f"no part of the loss is negative, and {sp.Add(*alone)} grows in every direction")
    squares = [
        part for part in parts if part.is_polynomial(*fast) and sp.Poly(part, *fast).total_degree() <= 2
    ]
    hessian = sp.hessian(sp.Add(*squares), fast)
    minors = [sp.factor(hessian[:k, :k].det(method="berkowitz")) for k in range(1, len(fast) + 1)]
    if all(minor.is_positive for minor in minors):
        return Growth(True, "no part of the loss is negative, and its squares grow in every direction")
    lacking = [str(variable) for variable in fast if variable not in decayed(loss, fast)]
    return Growth(None, f"{', '.join(lacking) or 'a combination'} has no weight decay of its own")


def parts_of(loss: Any) -> list[Any]:
    """Terms of a sum, with positive factors multiplied into sums of several."""
    parts = []
    for term in sp.Add.make_args(loss):
        sums = [factor for factor in sp.Mul.make_args(term) if factor.is_Add]
        if len(sums) == 1 and term.is_Mul and (term / sums[0]).is_nonnegative:
            parts += [part * (term / sums[0]) for part in parts_of(sums[0])]
        else:
            parts.append(term)
    return parts


def _grows_alone(part: Any, variable: Any, fast: tuple[Any, ...]) -> bool:
    """Whether a part is a positive multiple of |variable| to some power, whatever the rest."""
    factor, rest = part.as_independent(variable, as_Add=False)
    if not factor.is_positive or factor.has(*fast):
        return False
    base, power = rest.as_base_exp()
    if base == sp.Abs(variable) or base == variable:
        return bool(power.is_positive) and bool(rest.is_nonnegative)
    return False
