"""The gradient of a cost in the matrices below it: pulled back through a feature map, one operation at a time."""

from collections.abc import Iterable
from typing import Any

import sympy as sp
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction


def pullback(features: Any, gradient: Any, layers: Iterable[Any]) -> dict[Any, Any]:
    """∂c/∂W for every layer W, from ∂c/∂H at the features H = features(W, …).

    Each operation is differentiated alone: in one go SymPy returns 0, silently, for some sums of traces.

    Parameters
    ----------
    features : sympy.MatrixExpr
        Of sums, products, transposes, Hadamard products and elementwise functions of matrix symbols.
    gradient : sympy.MatrixExpr
        G = ∂c/∂H, of the shape of the features.
    layers : iterable of sympy.MatrixSymbol

    Returns
    -------
    dict
        Layer -> its gradient, summed over the places where it occurs.

    Raises
    ------
    ValueError
        If the features hold an operation that has no rule here, e.g. an inverse.

    Examples
    --------
    >>> X, W, G = sp.MatrixSymbol("X", 3, 2), sp.MatrixSymbol("W", 2, 4), sp.MatrixSymbol("G", 3, 4)
    >>> pullback(X * W, G, [W])[W]
    X.T*G
    """
    layers = tuple(layers)
    found: dict[Any, list[Any]] = {layer: [] for layer in layers}

    def descend(node: Any, G: Any) -> None:
        if not node.has(*layers):
            return
        match node:
            case sp.MatrixSymbol():
                found[node].append(G)
            case sp.MatAdd():
                for term in node.args:
                    descend(term, G)
            case sp.Transpose():
                descend(node.arg, G.T)
            case sp.MatMul():
                scale, factors = node.as_coeff_matrices()
                for i, factor in enumerate(factors):
                    before, after = factors[:i], factors[i + 1 :]
                    parts = [*(f.T for f in reversed(before)), G, *(f.T for f in reversed(after))]
                    descend(factor, scale * sp.MatMul(*parts))
            case sp.HadamardProduct():
                for i, factor in enumerate(node.args):
                    rest = [*node.args[:i], *node.args[i + 1 :]]
                    descend(factor, sp.HadamardProduct(G, *rest))
            case ElementwiseApplyFunction():
                z = node.function.variables[0]
                slope = sp.Lambda(z, sp.diff(node.function.expr, z))
                descend(node.expr, sp.HadamardProduct(G, node.expr.applyfunc(slope)))
            case _:
                raise ValueError(
                    f"features hold {type(node).__name__}: {node}, through which no layer may enter"
                )

    descend(features, gradient)
    zero = {layer: sp.ZeroMatrix(*layer.shape) for layer in layers}
    return {layer: sp.MatAdd(*parts).doit() if parts else zero[layer] for layer, parts in found.items()}
