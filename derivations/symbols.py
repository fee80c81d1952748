"""Matrix expressions that are written and not worked out: a gradient, a rate of change, an exponential.

SymPy has no unevaluated derivative of a scalar in a matrix that has a shape, nor of a matrix in time. What they
stand for is looked up where a statement is checked (:func:`derivations.evaluate.evaluate`).
"""

from typing import Any

import sympy as sp


class Gradient(sp.MatrixExpr):
    """∂(scalar)/∂(matrix), of the shape of the matrix.

    Examples
    --------
    >>> Gradient(sp.Symbol("L"), sp.MatrixSymbol("W", 2, 3)).shape
    (2, 3)
    """

    def __new__(cls, scalar: Any, matrix: Any) -> Any:
        """Name the derivative of a scalar in a matrix."""
        return super().__new__(cls, sp.sympify(scalar, strict=True), matrix)

    @property
    def shape(self) -> Any:
        """Shape of the matrix."""
        return self.args[1].shape


class Rate(sp.MatrixExpr):
    """d(matrix)/d(time), of the shape of the matrix."""

    def __new__(cls, matrix: Any, time: Any) -> Any:
        """Name the derivative of a matrix in time."""
        return super().__new__(cls, matrix, sp.sympify(time, strict=True))

    @property
    def shape(self) -> Any:
        """Shape of the matrix."""
        return self.args[0].shape


class Exponential(sp.MatrixExpr):
    """exp(matrix) of a square matrix."""

    def __new__(cls, matrix: Any) -> Any:
        """Name the exponential of a matrix."""
        return super().__new__(cls, matrix)

    @property
    def shape(self) -> Any:
        """Shape of the matrix."""
        return self.args[0].shape
