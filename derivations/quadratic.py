"""The minimum of a loss that is quadratic in its fast variables."""

from typing import Any

import sympy as sp
from sympy.polys.matrices import DomainMatrix

from derivations.optimum import NoMinimumError, Optimum
from derivations.stationary import shorter

#: Operations in a Hessian above which its inverse is left as a quotient of determinants.
LARGEST_TO_REDUCE = 100


def lowest(hessian: Any, right: Any, fast: tuple[Any, ...], proved: bool = False) -> Optimum:
    """Solve hessian · θ₂ = right.

    Parameters
    ----------
    hessian, right : sympy.Matrix
    fast : tuple of symbols
    proved : bool
        Whether the loss is known to grow in every direction, so that its Hessian is positive definite.

    Raises
    ------
    NoMinimumError
        If the Hessian is singular or has a negative direction, whatever the other symbols are.

    Examples
    --------
    >>> a, b = sp.symbols("a b", real=True)
    >>> lowest(sp.Matrix([[2 + 2 * a**2]]), sp.Matrix([2 * a]), (b,)).pieces
    (({b: a/(a**2 + 1)}, True),)
    """
    conditions = []
    for size in range(1, 1 if proved else len(fast) + 1):
        minor = sp.factor(hessian[:size, :size].det(method="berkowitz"))
        if minor.is_zero:
            raise NoMinimumError(_degenerate(hessian[:size, :size], fast[:size]))
        if minor.is_nonpositive:
            raise NoMinimumError(f"its fast Hessian has the minor {minor} in {fast[:size]}")
        if not minor.is_positive:
            conditions.append(minor > 0)
    values = dict(zip(fast, _solved(hessian, right), strict=True))
    reason = "the loss is quadratic in the fast variables, and its minimum unique"
    return Optimum(((values, sp.true),), "global", reason, tuple(conditions), branches=(values,))


def _solved(hessian: Any, right: Any) -> list[Any]:
    if sp.count_ops(hessian) > LARGEST_TO_REDUCE:
        return list(hessian.adjugate(method="berkowitz") * right / hessian.det(method="berkowitz"))
    both = DomainMatrix.from_Matrix(hessian.row_join(right)).to_field()
    size = len(right)
    return [shorter(value) for value in both[:, :size].lu_solve(both[:, size:]).to_Matrix()]


def _degenerate(hessian: Any, fast: tuple[Any, ...]) -> str:
    direction = hessian.nullspace()[0]
    moved = sp.Add(*[part * variable for part, variable in zip(direction, fast, strict=True)])
    return (
        f"it does not bend along the fast direction {moved}, so a minimum is not unique "
        "or does not exist: add weight decay to every fast variable, then take .limit(decay)"
    )
