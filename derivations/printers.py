"""Printers for what SymPy writes otherwise than the field: elementwise functions, traces, products, gradients."""

from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.printing.latex import LatexPrinter
from sympy.printing.mathml import MathMLPresentationPrinter


def _name(function: Any) -> str:
    """σ or σ′ of an elementwise function."""
    body = function.expr
    if isinstance(body, sp.Derivative):
        return f"{_greek(body.expr.func.__name__)}′"
    return _greek(body.func.__name__) if isinstance(body, AppliedUndef) else str(function)


def _greek(name: str) -> str:
    return {"sigma": "σ", "hhat": "ĥ", "fhat": "f̂", "gammahat": "γ̂", "omegahat": "ω̂"}.get(name, name)


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

    def _print_Function(self, expr: Any) -> Any:
        named = isinstance(expr, AppliedUndef)
        return (
            self._applied(_greek(expr.func.__name__), *expr.args) if named else super()._print_Function(expr)
        )

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
        return self._applied(_name(expr.function), expr.expr)

    def _print_MatMul(self, expr: Any) -> Any:
        if not expr.as_coeff_matrices()[0].could_extract_minus_sign():
            return super()._print_MatMul(expr)
        row = self.dom.createElement("mrow")
        row.appendChild(self._operator("-"))
        row.appendChild(self._print(-expr))
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
        return self._applied("Tr", expr.arg)

    def _print_HadamardProduct(self, expr: Any) -> Any:
        row = self.dom.createElement("mrow")
        for i, factor in enumerate(expr.args):
            if i:
                row.appendChild(self._operator("⊙"))
            row.appendChild(
                self._applied("", factor) if factor.is_MatMul or factor.is_MatAdd else self._print(factor)
            )
        return row


class Latex(LatexPrinter):
    """LaTeX."""

    def _print_Macdonald(self, expr: Any, exp: Any = None) -> str:
        order, argument = map(self._print, expr.args)
        return rf"K_{{{order}}}\left({argument}\right)"

    def _print_ElementwiseApplyFunction(self, expr: Any) -> str:
        return rf"{_name(expr.function)}\left({self._print(expr.expr)}\right)"

    def _print_Trace(self, expr: Any, exp: Any = None) -> str:
        return rf"\operatorname{{Tr}}\left({self._print(expr.arg)}\right)"

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
