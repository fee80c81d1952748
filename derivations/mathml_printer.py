"""Presentation MathML of what SymPy writes otherwise than the field: norms, sums, products, gradients, indices."""

from typing import Any

import sympy as sp
from sympy.printing.mathml import MathMLPresentationPrinter

from derivations.print_rules import (
    elementwise_name,
    greek,
    norm_of,
    split_indices,
    terms_in_order,
    without_exponentials,
)


class MathML(MathMLPresentationPrinter):
    """Presentation MathML."""

    def _applied(self, name: str, *arguments: Any) -> Any:
        row = self.dom.createElement("mrow")
        inner = self.dom.createElement("mrow")
        inner.appendChild(self._operator("("))
        for i, argument in enumerate(arguments):
            if i:
                inner.appendChild(self._operator(","))
            inner.appendChild(self._print(argument))
        inner.appendChild(self._operator(")"))
        if name:
            row.appendChild(self._print(sp.Symbol(name)))
        row.appendChild(inner)
        return row

    def _upright(self, letter: str) -> Any:
        upright = self.dom.createElement("mi")
        upright.setAttribute("mathvariant", "normal")
        upright.appendChild(self.dom.createTextNode(letter))
        return upright

    def _operator(self, symbol: str) -> Any:
        operator = self.dom.createElement("mo")
        operator.appendChild(self.dom.createTextNode(symbol))
        return operator

    def _as_ordered_terms(self, expr: Any, order: Any = None) -> list[Any]:
        return terms_in_order(list(super()._as_ordered_terms(expr, order=order)))

    def _print_AppliedUndef(self, expr: Any) -> Any:
        indices, arguments = split_indices(expr)
        name = greek(expr.func.__name__)
        if not indices:
            return self._applied(name, *arguments)
        labelled, row = self.dom.createElement("msub"), self.dom.createElement("mrow")
        for i, index in enumerate(indices):
            if i:
                row.appendChild(self._operator(","))
            row.appendChild(self._print(index))
        labelled.appendChild(self._print(sp.Symbol(name)))
        labelled.appendChild(row)
        if not arguments:
            return labelled
        applied = self._applied(name, *arguments)
        applied.replaceChild(labelled, applied.firstChild)
        return applied

    def _print_conjugate(self, expr: Any) -> Any:
        over = self.dom.createElement("mover")
        over.appendChild(self._print(expr.args[0]))
        over.appendChild(self._operator("‾"))
        return over

    def _print_Exp1(self, _: Any) -> Any:
        return self._print(sp.Symbol("e"))

    def _print_ImaginaryUnit(self, _: Any) -> Any:
        return self._upright("i")

    def _print_Identity(self, _: Any) -> Any:
        return self._print(sp.Symbol("I"))

    def _print_Head(self, expr: Any) -> Any:
        return self._print(expr.args[0]).firstChild

    def _print_Sum(self, expr: Any) -> Any:
        if len(expr.limits) == 1:
            return super()._print_Sum(expr)
        inner = sp.Sum(expr.function, *expr.limits[:-1])
        row = self.dom.createElement("mrow")
        row.appendChild(super()._print_Sum(sp.Sum(sp.S.One, expr.limits[-1])).firstChild)
        row.appendChild(self._print(inner))
        return row

    def _print_KroneckerDelta(self, expr: Any) -> Any:
        return self._applied("δ", *expr.args)

    def _print_besseli(self, expr: Any) -> Any:
        return self._bessel("I", *expr.args)

    def _print_Macdonald(self, expr: Any) -> Any:
        return self._bessel("K", *expr.args)

    def _bessel(self, name: str, order: Any, argument: Any) -> Any:
        row = self._applied(name, argument)
        labelled = self.dom.createElement("msub")
        letter = row.replaceChild(labelled, row.firstChild)
        labelled.appendChild(letter)
        labelled.appendChild(self._print(order))
        return row

    def _print_ElementwiseApplyFunction(self, expr: Any) -> Any:
        return self._applied(elementwise_name(expr.function), expr.expr)

    def _print_Mul(self, expr: Any) -> Any:
        rest, exponentials = without_exponentials(expr)
        if not exponentials or rest.is_Add:
            return super()._print_Mul(expr)
        row = self.dom.createElement("mrow")
        if rest != 1:
            row.appendChild(self._operator("-") if rest == -1 else self._print(rest))
        for exponential in exponentials:
            row.appendChild(self._print(exponential))
        return row

    def _print_MatMul(self, expr: Any) -> Any:
        coefficient, matrices = expr.as_coeff_matrices()
        if coefficient.could_extract_minus_sign():
            row = self.dom.createElement("mrow")
            row.appendChild(self._operator("-"))
            row.appendChild(self._print(-expr))
            return row
        if coefficient == 1 or len(sp.Mul.make_args(coefficient)) == 1:
            return super()._print_MatMul(expr)
        row = self.dom.createElement("mrow")
        row.appendChild(self._print(coefficient))
        row.appendChild(self._operator("&InvisibleTimes;"))
        row.appendChild(super()._print_MatMul(sp.MatMul(*matrices)))
        return row

    def _print_ZeroMatrix(self, expr: Any) -> Any:
        return self._print(sp.S.Zero)

    def _print_Gradient(self, expr: Any) -> Any:
        return self._quotient("∂", *expr.args)

    def _print_Rate(self, expr: Any) -> Any:
        return self._quotient("d", *expr.args)

    def _quotient(self, letter: str, *parts: Any) -> Any:
        fraction = self.dom.createElement("mfrac")
        for part in parts:
            row = self.dom.createElement("mrow")
            row.appendChild(self._upright(letter))
            row.appendChild(self._print(part))
            fraction.appendChild(row)
        return fraction

    def _print_Exponential(self, expr: Any) -> Any:
        power = self.dom.createElement("msup")
        power.appendChild(self._print(sp.Symbol("e")))
        power.appendChild(self._print(expr.args[0]))
        return power

    def _print_DiagonalOf(self, expr: Any) -> Any:
        return self._applied("diag", expr.arg)

    def _print_Subs(self, expr: Any) -> Any:
        outer, below = self.dom.createElement("msub"), self.dom.createElement("mrow")
        inner = self.dom.createElement("mrow")
        inner.appendChild(self._print(expr.expr))
        inner.appendChild(self._operator("|"))
        for variable, value in zip(expr.variables, expr.point, strict=True):
            below.appendChild(self._print(variable))
            below.appendChild(self._operator("="))
            below.appendChild(self._print(value))
        outer.appendChild(inner)
        outer.appendChild(below)
        return outer

    def _print_Trace(self, expr: Any) -> Any:
        matrix = norm_of(expr)
        if matrix is None:
            return self._applied("Tr", expr.arg)
        row, square = self.dom.createElement("mrow"), self.dom.createElement("msup")
        for part in (self._operator("‖"), self._print(matrix), self._operator("‖")):
            row.appendChild(part)
        square.appendChild(row)
        square.appendChild(self._print(sp.Integer(2)))
        return square

    def _print_HadamardProduct(self, expr: Any) -> Any:
        row = self.dom.createElement("mrow")
        for i, factor in enumerate(expr.args):
            if i:
                row.appendChild(self._operator("⊙"))
            row.appendChild(
                self._applied("", factor) if factor.is_MatMul or factor.is_MatAdd else self._print(factor)
            )
        return row
