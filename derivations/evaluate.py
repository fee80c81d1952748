"""Matrix expressions at explicit small matrices, in exact or high-precision arithmetic.

An interpreter of its own, so that a derivative is judged by code that took no part in deriving it.
"""

from collections.abc import Mapping
from functools import reduce
from typing import Any

import sympy as sp
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

from derivations.symbols import Exponential

Values = Mapping[sp.Basic, Any]


def evaluate(expression: Any, values: Values, sigma: sp.Lambda | None = None) -> Any:
    """Evaluate a matrix or scalar expression at explicit matrices.

    Parameters
    ----------
    expression : sympy.MatrixExpr or sympy.Expr
        Built from sums, products, transposes, inverses, traces, elementwise functions and Hadamard products.
    values : mapping
        An explicit ``sympy.Matrix`` for each matrix symbol, a number for each scalar symbol and dimension; also
        for a gradient or a rate of change, which are looked up whole.
    sigma : sympy.Lambda, optional
        The activation that stands for the undefined function ``sigma``.

    Returns
    -------
    sympy.Matrix or sympy.Expr
        The value; exact when all values are rational.

    Raises
    ------
    TypeError
        If the expression holds a node that has no rule here.

    Examples
    --------
    >>> A = sp.MatrixSymbol("A", 2, 2)
    >>> evaluate(sp.Trace(A.T * A), {A: sp.Matrix([[1, 2], [3, 4]])})
    30
    """

    def ev(node: Any) -> Any:
        if node in values:
            return values[node]
        match node:
            case sp.Identity():
                return sp.eye(int(node.shape[0].subs(values)))
            case sp.OneMatrix():
                return sp.ones(*(int(d.subs(values)) for d in node.shape))
            case sp.ZeroMatrix():
                return sp.zeros(*(int(d.subs(values)) for d in node.shape))
            case sp.Transpose():
                return ev(node.arg).T
            case sp.Inverse():
                return ev(node.arg).inv()
            case sp.Trace():
                return ev(node.arg).trace()
            case sp.DiagonalOf():
                return sp.Matrix(ev(node.arg).diagonal()).T
            case Exponential():
                return ev(node.args[0]).exp()
            case sp.FunctionMatrix():
                rows, columns = (int(d.subs(values)) for d in node.shape)
                return sp.Matrix(rows, columns, lambda i, j: node.lamda(i, j))
            case sp.HadamardProduct():
                return reduce(sp.matrix_multiply_elementwise, map(ev, node.args))
            case ElementwiseApplyFunction():
                scalar = scalar_function(node.function, sigma)
                return ev(node.expr).applyfunc(scalar)
            case sp.MatMul() | sp.Mul():
                return reduce(lambda a, b: a * b, map(ev, node.args))
            case sp.MatAdd() | sp.Add():
                return reduce(lambda a, b: a + b, map(ev, node.args))
            case sp.Pow() | sp.MatPow():
                return ev(node.base) ** ev(node.exp)
            case sp.Expr() if not node.has(sp.MatrixSymbol):
                return node.subs(values)
        raise TypeError(f"evaluate has no rule for {type(node).__name__}: {node}")

    return ev(expression)


def scalar_function(function: sp.Lambda, sigma: sp.Lambda | None) -> sp.Lambda:
    """Put a concrete activation for the undefined ``sigma`` of an elementwise function, and differentiate it.

    Examples
    --------
    >>> z = sp.Symbol("z")
    >>> scalar_function(sp.Lambda(z, sp.Function("sigma")(z).diff(z)), sp.Lambda(z, z**3))
    Lambda(z, 3*z**2)
    """
    if sigma is None:
        return function
    argument = function.variables[0]
    body = function.expr.subs(sp.Function("sigma"), sigma).doit()
    return sp.Lambda(argument, body)
