"""How the field writes what SymPy holds: elementwise functions, traces and Hadamard products, in MathML and LaTeX."""

from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.printing.latex import LatexPrinter
from sympy.printing.mathml import MathMLPresentationPrinter

# fmt: off
LATEX = {
    "λ": r"\lambda", "θ": r"\theta", "φ": r"\varphi", "σ": r"\sigma", "τ": r"\tau", "ε": r"\varepsilon",
    "α": r"\alpha", "ξ": r"\xi", "∇": r"\nabla", "∂": r"\partial", "Σ": r"\Sigma", "‖": r"\|",
    "⟨": r"\langle ", "⟩": r"\rangle ", "≥": r"\ge ", "≤": r"\le ", "≠": r"\ne ", "≈": r"\approx ",
    "∈": r"\in ", "⊂": r"\subset ", "→": r"\to ", "×": r"\times ", "·": r"\cdot ", "⊙": r"\odot ", "−": "-",
    "½": r"\tfrac12 ", "′": "'", "⁺": "^{+}", "⁻¹": "^{-1}", "²": "^{2}", "³": "^{3}", "ᵀ": r"^{\top}",
    "ᵢ": "_{i}", "₀": "_{0}", "₁": "_{1}", "₂": "_{2}", "₃": "_{3}", "ŷ": r"\hat y", "g̃": r"\tilde g",
    "𝒟": r"\mathcal D", "⋮": r"\vdots", "…": r"\dots ", "⁻²⁰": "^{-20}", "⁻³⁰": "^{-30}",
    "η": r"\eta", "ζ": r"\zeta", "κ": r"\kappa", "μ": r"\mu", "ν": r"\nu", "u̇": r"\dot u", "Φ": r"\Phi",
    "∫": r"\int ", "ℓ": r"\ell ", "∞": r"\infty ",
}
# fmt: on
"""Characters of the titles and methods that LaTeX knows by name, in mathematics."""

TEXT = {"§": r"\S{}", "–": "--", "é": r"\'e", "ö": r"\"o"}
"""Characters that stay outside mathematics."""


def mathml(expression: Any) -> str:
    """Presentation MathML of an expression.

    Examples
    --------
    >>> mathml(sp.Trace(sp.MatrixSymbol("A", 2, 2)))
    '<mrow><mi>Tr</mi><mrow><mo>(</mo><mi>A</mi><mo>)</mo></mrow></mrow>'
    """
    return str(_MathML().doprint(expression))


def latex(expression: Any) -> str:
    r"""LaTeX of an expression.

    Examples
    --------
    >>> print(latex(sp.Trace(sp.MatrixSymbol("A", 2, 2))))
    \operatorname{Tr}\left(A\right)
    """
    printed = _Latex().doprint(expression)
    return "".join(f"{LATEX[character]} " if character in LATEX else character for character in printed)


def latex_text(text: str) -> str:
    r"""A line of Unicode text as LaTeX, every symbol in mathematics of its own.

    Raises
    ------
    ValueError
        If a character has no entry in :data:`LATEX` or :data:`TEXT`.

    Examples
    --------
    >>> print(latex_text("λ > 0 & d_h"))
    \ensuremath{\lambda} > 0 \& d\_h
    """
    out, position = [], 0
    known = sorted(LATEX, key=len, reverse=True)
    while position < len(text):
        name = next((name for name in known if text.startswith(name, position)), text[position])
        position += len(name)
        if name in LATEX:
            out.append(rf"\ensuremath{{{LATEX[name].strip()}}}")
        elif name in TEXT:
            out.append(TEXT[name])
        elif name.isascii():
            out.append({"^": r"\^{}", "\\": r"\textbackslash{}", "~": r"\~{}"}.get(name, _escaped(name)))
        else:
            raise ValueError(f"{name!r} in {text!r} has no LaTeX: add it to derivations.notation")
    return "".join(out)


def _escaped(character: str) -> str:
    return f"\\{character}" if character in "&%$#_{}" else character


def _name(function: Any) -> str:
    """σ or σ′ of an elementwise function."""
    body = function.expr
    if isinstance(body, sp.Derivative):
        return f"{_greek(body.expr.func.__name__)}′"
    return _greek(body.func.__name__) if isinstance(body, AppliedUndef) else str(function)


def _greek(name: str) -> str:
    return {"sigma": "σ", "hhat": "ĥ", "fhat": "f̂", "gammahat": "γ̂", "omegahat": "ω̂"}.get(name, name)


class _MathML(MathMLPresentationPrinter):
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


class _Latex(LatexPrinter):
    def _print_Macdonald(self, expr: Any, exp: Any = None) -> str:
        order, argument = map(self._print, expr.args)
        return rf"K_{{{order}}}\left({argument}\right)"

    def _print_ElementwiseApplyFunction(self, expr: Any) -> str:
        return rf"{_name(expr.function)}\left({self._print(expr.expr)}\right)"

    def _print_Trace(self, expr: Any, exp: Any = None) -> str:
        return rf"\operatorname{{Tr}}\left({self._print(expr.arg)}\right)"

    def _print_HadamardProduct(self, expr: Any) -> str:
        return r" \odot ".join(
            rf"\left({self._print(factor)}\right)"
            if factor.is_MatMul or factor.is_MatAdd
            else self._print(factor)
            for factor in expr.args
        )
