"""Sums over the residues modulo p: two rules that rewrite them for any p, and their values at explicit small p.

Functions of a residue are periodic by convention, so a sum over all residues does not change when its index is
shifted; that is all the symbolic algebra here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import add, mul
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.polys.matrices import DomainMatrix

p = sp.Symbol("p", integer=True, positive=True)


def over(summand: Any, index: Any) -> Any:
    """Sum of a periodic function over all residues.

    Examples
    --------
    >>> s = sp.Symbol("s", integer=True)
    >>> over(sp.Function("f")(s), s)
    Sum(f(s), (s, 0, p - 1))
    """
    return sp.Sum(summand, (index, 0, p - 1))


def shifted(total: Any, index: Any, by: Any) -> Any:
    """The same sum with its index shifted, for it runs over all residues.

    Raises
    ------
    ValueError
        If the sum does not run over all residues of this index.

    Examples
    --------
    >>> s, t = sp.symbols("s t", integer=True)
    >>> shifted(over(sp.Function("f")(s - t), s), s, t)
    Sum(f(s), (s, 0, p - 1))
    """
    if (index, 0, p - 1) not in total.limits:
        raise ValueError(f"{total} does not run over all residues {index}")
    moved = total.function.xreplace({index: index + by})
    expanded = moved.replace(
        lambda node: isinstance(node, AppliedUndef), lambda node: node.func(*map(sp.expand, node.args))
    )
    return sp.Sum(expanded, *total.limits)


def contracted(total: Any) -> Any:
    """Sum over one index of Kronecker deltas in it times a function: the function where each delta points.

    Examples
    --------
    >>> a, s = sp.symbols("a s", integer=True)
    >>> contracted(over(sp.KroneckerDelta(a, s) * sp.Function("f")(a), a))
    f(s)
    """
    ((index, _, _),) = total.limits
    terms = []
    for term in sp.Add.make_args(sp.expand(total.function)):
        (delta,) = (factor for factor in sp.Mul.make_args(term) if isinstance(factor, sp.KroneckerDelta))
        (where,) = sp.solve(delta.args[0] - delta.args[1], index)
        terms.append((term / delta).xreplace({index: where}))
    return sp.Add(*terms)


@dataclass(frozen=True)
class Roots:
    """Powers of a primitive root of unity of order p in a field, ζ⁰ … ζ^(p−1), and the rationals in it."""

    powers: tuple[Any, ...]
    number: Callable[[Any], Any]


def exact_roots(order: int) -> tuple[Roots, Any]:
    """Roots in the cyclotomic field Q(ζ), and the field, for linear systems."""
    field = sp.QQ.cyclotomic_field(order)
    zeta = field.unit
    powers = [field.one]
    for _ in range(order - 1):
        powers.append(powers[-1] * zeta)
    return Roots(
        tuple(powers), lambda value: field.convert(sp.QQ.convert(sp.sympify(value, strict=True)))
    ), field


def solve_exactly(field: Any, rows: list[list[Any]], right: list[Any]) -> list[Any]:
    """Solution of a square linear system in a field."""
    n = len(rows)
    matrix = DomainMatrix(rows, (n, n), field)
    solution = matrix.lu_solve(DomainMatrix([[entry] for entry in right], (n, 1), field))
    return [row[0] for row in solution.to_list()]


def value(
    expression: Any, tables: Mapping[str, Callable[..., Any]], at: Mapping[Any, Any], roots: Roots
) -> Any:
    """Value of a formula at explicit tables: every sum written out, in the arithmetic of the roots' field.

    Parameters
    ----------
    expression : sympy.Expr
        Sums and products of functions of residues, exponentials exp(2πi·integer/p), cosines of such angles,
        Kronecker deltas, and conjugates of spectra of real functions, which are spectra at minus the last argument.
    tables : mapping
        Function's name -> its values; residues come as integers, not reduced.
    at : mapping
        Integer of every free index, and of p.
    roots : Roots
        The arithmetic.

    Raises
    ------
    TypeError
        If the formula holds a node that has no rule here.
    """

    def ev(node: Any, at: Mapping[Any, Any]) -> Any:
        match node:
            case sp.Integer():
                return int(node)
            case sp.Rational():
                return roots.number(node)
            case sp.Symbol():
                return at[node]
            case sp.Sum():
                return _written_out(node, at)
            case sp.Add():
                return reduce(add, (ev(arg, at) for arg in node.args))
            case sp.Mul():
                return reduce(mul, (ev(arg, at) for arg in node.args))
            case sp.Pow() if node.base == p and node.exp == -1:
                return roots.number(sp.Rational(1, at[p]))
            case sp.Pow() if node.exp.is_Integer and node.exp > 0:
                return ev(node.base, at) ** int(node.exp)
            case sp.KroneckerDelta():
                return int((ev(node.args[0], at) - ev(node.args[1], at)) % at[p] == 0)
            case sp.exp():
                return roots.powers[_turns(node.args[0] / sp.I, at)]
            case sp.cos():
                n = _turns(node.args[0], at)
                return (roots.powers[n] + roots.powers[-n % at[p]]) * roots.number(sp.Rational(1, 2))
            case sp.conjugate():
                (inner,) = node.args
                return ev(inner.func(*inner.args[:-1], -inner.args[-1]), at)
            case AppliedUndef():
                return tables[node.func.__name__](*(ev(arg, at) for arg in node.args))
        raise TypeError(f"value has no rule for {type(node).__name__}: {node}")

    def _turns(angle: Any, at: Mapping[Any, Any]) -> int:
        return int(ev(sp.expand(angle * p / (2 * sp.pi)), at)) % int(at[p])

    def _written_out(total: Any, at: Mapping[Any, Any]) -> Any:
        index, low, high = total.limits[-1]
        inner = sp.Sum(total.function, *total.limits[:-1]) if len(total.limits) > 1 else total.function
        places = range(ev(low, at), ev(high, at) + 1)
        return reduce(add, (ev(inner, {**at, index: i}) for i in places))

    return ev(expression, at)
