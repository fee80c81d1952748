"""LaTeX of what SymPy writes otherwise than the field: norms, sums, products, gradients, indices."""

from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.printing.latex import LatexPrinter

from derivations.print_rules import (
    elementwise_name,
    norm_of,
    split_indices,
    terms_in_order,
    without_exponentials,
)


class Latex(LatexPrinter):
    """LaTeX."""

    def __init__(self) -> None:
        super().__init__({"diff_operator": "rd", "imaginary_unit": "ri"})

    def _as_ordered_terms(self, expr: Any, order: Any = None) -> list[Any]:
        return terms_in_order(list(super()._as_ordered_terms(expr, order=order)))

    def _print_AppliedUndef(self, expr: Any, exp: Any = None) -> str:
        indices, arguments = split_indices(expr)
        name = self._print(sp.Symbol(expr.func.__name__))
        if indices:
            name += f"_{{{', '.join(map(self._print, indices))}}}"
        name += f"^{{{exp}}}" if exp is not None else ""
        return rf"{name}\left({', '.join(map(self._print, arguments))}\right)" if arguments else name

    def _print_Function(self, expr: Any, exp: Any = None) -> str:
        if isinstance(expr, AppliedUndef):
            return self._print_AppliedUndef(expr, exp)
        return str(super()._print_Function(expr, exp))

    def _print_Mul(self, expr: Any) -> str:
        rest, exponentials = without_exponentials(expr)
        if not exponentials or rest.is_Add:
            return str(super()._print_Mul(expr))
        before = {sp.S.One: "", sp.S.NegativeOne: "-"}.get(rest, self._print(rest))
        return " ".join([before, *map(self._print, exponentials)])

    def _print_Identity(self, _: Any) -> str:
        return "I"

    def _print_Head(self, expr: Any) -> str:
        match expr.args[0]:
            case sp.Derivative() as node:
                return rf"\frac{{\mathrm{{d}}}}{{\mathrm{{d}} {self._print(node.variables[0])}}}"
            case sp.Limit() as node:
                return rf"\lim_{{{self._print(node.args[1])} \to {self._print(node.args[2])}}}"
            case node:
                index, low, high = map(self._print, node.limits[0])
                return rf"\sum_{{{index} = {low}}}^{{{high}}}"

    def _print_Macdonald(self, expr: Any, exp: Any = None) -> str:
        order, argument = map(self._print, expr.args)
        return rf"K_{{{order}}}\left({argument}\right)"

    def _print_ElementwiseApplyFunction(self, expr: Any) -> str:
        return rf"{elementwise_name(expr.function)}\left({self._print(expr.expr)}\right)"

    def _print_Trace(self, expr: Any, exp: Any = None) -> str:
        matrix = norm_of(expr)
        if matrix is None:
            return rf"\operatorname{{Tr}}\left({self._print(expr.arg)}\right)"
        return rf"\left\|{self._print(matrix)}\right\|^{{2}}"

    def _print_Gradient(self, expr: Any) -> str:
        scalar, matrix = map(self._print, expr.args)
        return rf"\frac{{\partial {scalar}}}{{\partial {matrix}}}"

    def _print_Rate(self, expr: Any) -> str:
        matrix, time = map(self._print, expr.args)
        return rf"\frac{{\mathrm{{d}} {matrix}}}{{\mathrm{{d}} {time}}}"

    def _print_Exponential(self, expr: Any) -> str:
        return rf"e^{{{self._print(expr.args[0])}}}"

    def _print_DiagonalOf(self, expr: Any) -> str:
        return rf"\operatorname{{diag}}\left({self._print(expr.arg)}\right)"

    def _print_HadamardProduct(self, expr: Any) -> str:
        return r" \odot ".join(
            rf"\left({self._print(factor)}\right)"
            if factor.is_MatMul or factor.is_MatAdd
            else self._print(factor)
            for factor in expr.args
        )
