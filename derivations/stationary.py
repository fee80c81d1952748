"""Every point where a loss is stationary in some of its variables, and whether none is missing."""

from dataclasses import dataclass
from typing import Any

import sympy as sp

MOST_STATIONARY_POINTS = 9
"""Bézout bound above which a polynomial system is left to the numerical search."""

LARGEST_TO_CANCEL = 250
"""Operations above which an expression is left as it came: cancelling grows steeply with its size."""


@dataclass(frozen=True)
class Stationary:
    """Stationary points in closed form.

    Parameters
    ----------
    points : tuple of dict
        Fast symbol -> expression; square roots at most.
    complete : bool
        Whether these are all real ones there are, for almost all values of the other symbols.
    continuum : bool
        Whether some of them form curves.
    """

    points: tuple[dict[Any, Any], ...]
    complete: bool
    continuum: bool = False


def of_one_variable(loss: Any, variable: Any) -> Stationary:
    """Solve ∂loss = 0 in one variable, where it is a product of factors that square roots can solve.

    Examples
    --------
    >>> a, b = sp.symbols("a b", real=True)
    >>> of_one_variable(b**4 / 4 - a * b**2 / 2, b).points
    ({b: 0}, {b: sqrt(a)}, {b: -sqrt(a)})
    >>> of_one_variable(sp.exp(b) - a * b, b).complete
    False
    """
    return zeros(sp.diff(loss, variable), variable)


def zeros(expression: Any, variable: Any) -> Stationary:
    """Solve expression = 0 in one variable; as :func:`of_one_variable`, which solves for its derivative."""
    numerator, _ = sp.fraction(sp.together(expression))
    if not numerator.is_polynomial(variable):
        return Stationary((), False)
    roots: list[Any] = []
    complete = True
    for factor, _ in sp.factor_list(numerator)[1]:
        if factor.has(variable):
            found = _roots(sp.Poly(factor, variable))
            complete = complete and found is not None
            roots += [root for root in found or [] if not root.has(sp.I)]
    return Stationary(tuple({variable: root} for root in dict.fromkeys(roots)), complete)


def _roots(polynomial: Any) -> list[Any] | None:
    """Real and square roots of p(b) of degree at most two, of p(b²), and of pbⁿ + q for odd n; None otherwise."""
    coefficients = polynomial.all_coeffs()
    if polynomial.degree() == 4 and coefficients[1] == coefficients[3] == 0:
        squares = _roots(sp.Poly(coefficients[::2], *polynomial.gens)) or []
        return [side * sp.sqrt(square) for square in squares for side in (-1, 1)]
    if polynomial.degree() == 2:
        leading, half, constant = coefficients[0], coefficients[1] / 2, coefficients[2]
        root = sp.sqrt(sp.factor(half**2 - leading * constant))
        return [shorter((-half + side * root) / leading) for side in (-1, 1)]
    if polynomial.degree() == 1:
        return [shorter(-coefficients[1] / coefficients[0])]
    if polynomial.degree() % 2 and not any(coefficients[1:-1]):
        power = shorter(-coefficients[-1] / coefficients[0])
        return [sp.sign(power) * sp.Abs(power) ** sp.Rational(1, polynomial.degree())]
    return None


def of_system(loss: Any, fast: tuple[Any, ...]) -> Stationary:
    """Solve ∇loss = 0 for a loss that is polynomial in several variables.

    That ``solve`` found them all is decided by counting: the quotient ring by the gradient's Gröbner basis has as many
    dimensions as there are complex solutions with their multiplicities.

    Examples
    --------
    >>> a, b, c = sp.symbols("a b c", real=True)
    >>> found = of_system((b * c - a) ** 2 + b**2 + c**2, (b, c))
    >>> len(found.points), found.complete
    (5, True)
    """
    gradient = [sp.expand(sp.diff(loss, variable)) for variable in fast]
    if sp.prod([sp.Poly(part, *fast).total_degree() for part in gradient]) > MOST_STATIONARY_POINTS:
        return Stationary((), False)
    number = _solutions(gradient, fast)
    solutions = [
        {variable: sp.simplify(value) for variable, value in solution.items()}
        for solution in sp.solve(gradient, fast, dict=True)
    ]
    if number is None or any(set(solution) != set(fast) for solution in solutions):
        return Stationary((), False, continuum=bool(solutions))
    if any(_needs_more_than_square_roots(value) for point in solutions for value in point.values()):
        return Stationary((), False)
    distinct = {tuple(sp.cancel(point[variable]) for variable in fast) for point in solutions}
    return Stationary(tuple(solutions), len(distinct) == number)


def _solutions(gradient: list[Any], fast: tuple[Any, ...]) -> int | None:
    """Number of complex solutions with multiplicities, for generic parameters; None if infinite."""
    basis = sp.groebner(gradient, *fast, order="grevlex")
    if basis.exprs == [1]:
        return 0
    if not basis.is_zero_dimensional:
        return None
    leading = [sp.Poly(g, *fast).LM(order="grevlex").exponents for g in basis.exprs]
    count, layer = 0, {(0,) * len(fast)}
    while layer:
        count += len(layer)
        up = {tuple(k + (i == j) for j, k in enumerate(m)) for m in layer for i in range(len(fast))}
        layer = {
            m for m in up if not any(all(k >= n for k, n in zip(m, top, strict=True)) for top in leading)
        }
    return count


def _needs_more_than_square_roots(value: Any) -> bool:
    powers = value.atoms(sp.Pow)
    return value.has(sp.I, sp.RootOf) or any(not (2 * power.exp).is_integer for power in powers)


def radicands(values: Any) -> set[Any]:
    """What must not be negative for the values to be real, without factors that cannot change its sign."""
    powers = sp.Tuple(*values).atoms(sp.Pow)
    return {clipped(sign_of(power.base)) for power in powers if not power.exp.is_integer}


def clipped(expression: Any) -> Any:
    """Keep square roots real where their branch is not, so that two values can always be compared."""
    return expression.replace(
        lambda part: part.is_Pow and not part.exp.is_integer, lambda part: sp.Max(part.base, 0) ** part.exp
    )


def sign_of(expression: Any) -> Any:
    """Drop the factors of an expression in real symbols that cannot change its sign."""
    factors = sp.factor(expression).as_powers_dict().items()
    return sp.Mul(*[base for base, power in factors if power % 2 and not base.is_positive])


def shorter(expression: Any) -> Any:
    """Put a rational expression over one denominator if that makes it shorter and does not take long."""
    if sp.count_ops(expression) > LARGEST_TO_CANCEL:
        return expression
    return min(expression, sp.cancel(expression), key=sp.count_ops)
