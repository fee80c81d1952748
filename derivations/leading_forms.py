"""What the leading forms of a polynomial say about its growth, in all directions and along curves."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import sympy as sp

#: Weights of the variables in the directions t^w along which a polynomial is tried for falling without bound.
LARGEST_WEIGHT = 2
MOST_TRIALS = 4000
#: Other symbols up to which a leading coefficient is factored to see its sign.
MOST_SYMBOLS = 6


def falls_along(polynomial: Any) -> str | None:
    """A curve (v₁t^w₁, v₂t^w₂, …) along which the leading coefficient is negative, found among small numbers.

    Examples
    --------
    >>> b, c = sp.symbols("b c", real=True)
    >>> falls_along(sp.Poly(b**2 - 3 * b * c**2 + c**4, b, c))
    '(b, c) = (t**2, t)'
    """
    gens = polynomial.gens
    numeric = polynomial.get_domain().is_Numerical
    values = (1, -1, 2, -2, sp.Rational(1, 2), sp.Rational(-1, 2)) if numeric else (1, -1)
    trials = 0
    for weights in _weights(len(gens)):
        form = _leading(polynomial, weights)
        if all(coefficient.is_nonnegative and _even(powers) for powers, coefficient in form):
            continue
        for point in product(*[[v for v in values if v > 0 or not g.is_nonnegative] for g in gens]):
            trials += 1
            if trials > MOST_TRIALS:
                return None
            value = sp.factor_terms(
                sp.Add(
                    *[c * sp.prod([v**k for v, k in zip(point, powers, strict=True)]) for powers, c in form]
                )
            )
            if value.is_negative is None and len(value.free_symbols) <= MOST_SYMBOLS:
                value = sp.factor(value)
            if value.is_negative or _negative_unless_zero(value):
                return _curve(gens, point, weights)
    return None


def _negative_unless_zero(value: Any) -> bool:
    """Whether a coefficient is negative save on a set without interior."""
    return bool(value.is_nonpositive) and value.is_zero is not True and value != 0


def _weights(size: int) -> Iterator[tuple[int, ...]]:
    several = [w for w in product(range(LARGEST_WEIGHT + 1), repeat=size) if any(w)]
    return iter(sorted(several, key=lambda w: (max(w) - min(w), sum(w), w)))


def _leading(polynomial: Any, weights: tuple[int, ...]) -> list[tuple[tuple[int, ...], Any]]:
    terms = polynomial.terms()
    degrees = [sum(w * k for w, k in zip(weights, powers, strict=True)) for powers, _ in terms]
    largest = max(degrees)
    return [term for term, degree in zip(terms, degrees, strict=True) if degree == largest > 0]


def _curve(gens: Any, point: Any, weights: tuple[int, ...]) -> str:
    t = sp.Symbol("t")
    moved = ", ".join(str(v * t**w) for v, w in zip(point, weights, strict=True))
    names = ", ".join(map(str, gens))
    return f"({names}) = ({moved})" if len(gens) > 1 else f"{names} = {moved}"


def _even(powers: tuple[int, ...]) -> bool:
    return all(power % 2 == 0 for power in powers)


def dominated(polynomial: Any) -> bool:
    """Whether each variable's own even power dominates all mixed monomials, so that the polynomial grows everywhere.

    Examples
    --------
    >>> b, c = sp.symbols("b c", real=True)
    >>> dominated(sp.Poly(b**2 + b * c**2 + c**4, b, c)), dominated(sp.Poly((b - c) ** 4, b, c))
    (True, False)
    """
    terms = dict(polynomial.terms())
    size = len(polynomial.gens)
    own = {}
    for i in range(size):
        powers = [p[i] for p in terms if p[i] and sum(p) == p[i]]
        largest = max(powers, default=0)
        unit = tuple(largest if j == i else 0 for j in range(size))
        odd = largest % 2 and not polynomial.gens[i].is_nonnegative
        if not largest or odd or not terms[unit].is_positive:
            return False
        own[i] = largest
    share = {p: sum(sp.Rational(p[i], own[i]) for i in range(size)) for p in terms}
    if any(value > 1 for value in share.values()):
        return False
    face = {p: terms[p] for p, value in share.items() if value == 1}
    mixed = {p: c for p, c in face.items() if max(p) != sum(p) and not (_even(p) and c.is_nonnegative)}
    spare = [
        face[tuple(own[i] if j == i else 0 for j in range(size))]
        - sp.Add(*[abs(c) * sp.Rational(p[i], own[i]) for p, c in mixed.items()])
        for i in range(size)
    ]
    return all(value.is_positive for value in spare) or (size == 2 and _definite(face, polynomial))


def _definite(face: dict[tuple[int, ...], Any], polynomial: Any) -> bool:
    """Whether a leading form of two variables has no real zero, by Sturm's count on both half planes."""
    if not polynomial.get_domain().is_Numerical:
        return False
    t = sp.Symbol("t", real=True)
    sides = (sp.Add(*[c * sign ** p[0] * t ** p[1] for p, c in face.items()]) for sign in (1, -1))
    return all(sp.Poly(side, t).count_roots() == 0 for side in sides)
