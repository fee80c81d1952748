"""Calculus of traces of matrix symbols: gradients term by term, equal terms collected, linear equations solved."""

from typing import Any

import sympy as sp
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

#: Argument of every elementwise function.
z = sp.Symbol("z", real=True)


def squared_norm(matrix: Any) -> Any:
    """Squared Frobenius norm as a trace, Tr(A^T A)."""
    return sp.Trace(matrix.T * matrix)


def differentiate(cost: Any, variable: Any) -> Any:
    """Gradient of a sum of traces, taken term by term and collected.

    SymPy 1.14 returns 0, silently, for some sums of traces whose terms it differentiates correctly.
    """
    terms = sp.Add.make_args(sp.expand(cost))
    return collect(sum((sp.diff(term, variable) for term in terms[1:]), sp.diff(terms[0], variable)))


def collect(expression: Any) -> Any:
    """Pull scalars out of Hadamard products and add up equal terms of a matrix sum."""
    collected: dict[Any, Any] = {}
    named = expression.replace(ElementwiseApplyFunction, lambda f, argument: argument.applyfunc(_in_z(f)))
    for term in sp.MatAdd.make_args(named.doit().expand()):
        coefficient, factors = term.as_coeff_matrices() if isinstance(term, sp.MatMul) else (1, [term])
        bare: list[Any] = []
        for factor in factors:
            scale, stripped = _strip_hadamard(factor)
            coefficient, bare = coefficient * scale, [*bare, stripped]
        key = sp.MatMul(*bare) if len(bare) > 1 else bare[0]
        collected[key] = collected.get(key, 0) + coefficient
    return sp.MatAdd(*(coefficient * key for key, coefficient in collected.items())).doit()


def _in_z(function: sp.Lambda) -> sp.Lambda:
    return sp.Lambda(z, function(z))


def _strip_hadamard(factor: Any) -> tuple[Any, Any]:
    if not isinstance(factor, sp.HadamardProduct):
        return 1, factor
    parts = [part.as_coeff_mmul() for part in factor.args]
    return sp.prod([scale for scale, _ in parts]), sp.HadamardProduct(*(part for _, part in parts))


def solve_stationary(gradient: Any, unknown: Any) -> Any:
    """Solve gradient = A·unknown − C = 0 for the unknown, reading A and C off the gradient's terms.

    Raises
    ------
    ValueError
        If a term holds the unknown anywhere but as its last factor: the fast layer does not enter linearly.
    """
    size, right = unknown.shape[0], unknown.shape[1]
    A: Any = sp.ZeroMatrix(size, size)
    C: Any = sp.ZeroMatrix(size, right)
    for term in sp.MatAdd.make_args(gradient.expand().doit()):
        coefficient, factors = term.as_coeff_matrices() if isinstance(term, sp.MatMul) else (1, [term])
        if factors[-1] == unknown and not any(f.has(unknown) for f in factors[:-1]):
            A += coefficient * sp.MatMul(sp.Identity(size), *factors[:-1]).doit()
        elif not term.has(unknown):
            C -= term
        else:
            raise ValueError(f"{unknown} does not enter linearly in {term}: no readout in closed form")
    half = sp.Rational(1, 2)
    return sp.Inverse((half * A).expand().doit()) * (half * C).expand().doit()
