"""The derivative of a matrix expression along a direction: pushed forward through it, one operation at a time."""

from collections.abc import Mapping
from typing import Any

import sympy as sp
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction


def pushforward(expression: Any, directions: Mapping[Any, Any]) -> Any:
    """d(expression) along d(symbol) = direction, for every symbol at once.

    Parameters
    ----------
    expression : sympy.MatrixExpr
        Of sums, products, transposes, inverses, Hadamard products and elementwise functions of matrix symbols.
    directions : mapping
        Matrix symbol -> matrix symbol of its shape; every other symbol stays.

    Raises
    ------
    ValueError
        If the expression holds an operation that has no rule here.

    Examples
    --------
    >>> A, V = sp.MatrixSymbol("A", 2, 2), sp.MatrixSymbol("V", 2, 2)
    >>> pushforward(A.I, {A: V})
    -A**(-1)*V*A**(-1)
    """
    known: dict[Any, Any] = {}

    def pushed(node: Any) -> Any:
        if node not in known:
            known[node] = derivative(node) if node.has(*directions) else sp.ZeroMatrix(*node.shape)
        return known[node]

    def derivative(node: Any) -> Any:
        match node:
            case sp.MatrixSymbol():
                return directions[node]
            case sp.MatAdd():
                return sp.MatAdd(*map(pushed, node.args)).doit()
            case sp.Transpose():
                return pushed(node.arg).T.doit()
            case sp.Inverse():
                return (-node * pushed(node.arg) * node).doit()
            case sp.MatMul():
                scale, factors = node.as_coeff_matrices()
                return scale * _each_in_turn(sp.MatMul, factors)
            case sp.HadamardProduct():
                return _each_in_turn(sp.HadamardProduct, node.args)
            case ElementwiseApplyFunction():
                z = node.function.variables[0]
                slope = sp.Lambda(z, sp.diff(node.function.expr, z))
                return sp.HadamardProduct(pushed(node.expr), node.expr.applyfunc(slope))
        raise ValueError(f"the expression holds {type(node).__name__}: {node}, which has no rule")

    def _each_in_turn(product: Any, factors: Any) -> Any:
        terms = [
            product(*factors[:i], pushed(factor), *factors[i + 1 :]).doit()
            for i, factor in enumerate(factors)
            if factor.has(*directions)
        ]
        return sp.MatAdd(*terms).doit()

    return pushed(expression).doit()
