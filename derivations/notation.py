"""How the field writes what SymPy holds: elementwise functions, traces and Hadamard products, in MathML and LaTeX."""

from typing import Any

from derivations.latex_printer import Latex
from derivations.mathml_printer import MathML
from derivations.typeset import scripts

# fmt: off
LATEX = {
    "λ": r"\lambda", "θ": r"\theta", "φ": r"\varphi", "σ": r"\sigma", "τ": r"\tau", "ε": r"\varepsilon",
    "α": r"\alpha", "ξ": r"\xi", "∇": r"\nabla", "∂": r"\partial", "Σ": r"\Sigma", "‖": r"\|",
    "⟨": r"\langle ", "⟩": r"\rangle ", "≥": r"\ge ", "≤": r"\le ", "≠": r"\ne ", "≈": r"\approx ",
    "∈": r"\in ", "⊂": r"\subset ", "→": r"\to ", "×": r"\times ", "·": r"\cdot ", "⊙": r"\odot ", "−": "-",
    "½": r"\tfrac12 ", "′": "'", "⁺": "^{+}", "⁻¹": "^{-1}", "²": "^{2}", "³": "^{3}", "⁴": "^{4}", "ᵀ": r"^{\top}",
    "ᵢ": "_{i}", "₀": "_{0}", "₁": "_{1}", "₂": "_{2}", "₃": "_{3}", "ŷ": r"\hat y", "g̃": r"\tilde g",
    "𝒟": r"\mathcal D", "⋮": r"\vdots", "…": r"\dots ", "⁻²⁰": "^{-20}", "⁻³⁰": "^{-30}",
    "η": r"\eta", "ζ": r"\zeta", "κ": r"\kappa", "μ": r"\mu", "ν": r"\nu", "u̇": r"\dot u", "Φ": r"\Phi",
    "∫": r"\int ", "ℓ": r"\ell ", "∞": r"\infty ", "ρ": r"\rho", "∘": r"\circ", "¹": "^{1}",
    "γ": r"\gamma", "γ̂": r"\hat\gamma", "β": r"\beta", "δ": r"\delta", "Δ": r"\Delta", "π": r"\pi",
    "ω": r"\omega", "ω̂": r"\hat\omega", "χ": r"\chi", "ψ": r"\psi", "ι": r"\iota", "Λ": r"\Lambda",
    "f̂": r"\hat f", "ĥ": r"\hat h", "√": r"\surd", "±": r"\pm ", "⟂": r"\perp ", "⊥": r"\perp ", "∑": r"\sum ",
}
# fmt: on
"""Characters of the titles and methods that LaTeX knows by name, in mathematics."""

TEXT = {"§": r"\S{}", "–": "--", "é": r"\'e", "ö": r"\"o"}
"""Characters that stay outside mathematics."""


def mathml(expression: Any) -> str:
    """Presentation MathML of an expression, with real minus signs, an upright d and a plain I.

    Examples
    --------
    >>> import sympy as sp
    >>> mathml(sp.Trace(sp.MatrixSymbol("A", 2, 2)))
    '<mrow><mi>Tr</mi><mrow><mo>(</mo><mi>A</mi><mo>)</mo></mrow></mrow>'
    """
    printed = str(MathML().doprint(expression))
    for printer_writes, field_writes in (
        ("<mo>-</mo>", "<mo>−</mo>"),
        ("<mn>-", "<mn>−"),
        ("<mo>&dd;</mo>", '<mi mathvariant="normal">d</mi>'),
    ):
        printed = printed.replace(printer_writes, field_writes)
    return printed


def latex(expression: Any) -> str:
    r"""LaTeX of an expression.

    Examples
    --------
    >>> import sympy as sp
    >>> print(latex(sp.Trace(sp.MatrixSymbol("A", 2, 2))))
    \operatorname{Tr}\left(A\right)
    """
    printed = Latex().doprint(expression)
    return "".join(f"{LATEX[character]} " if character in LATEX else character for character in printed)


def latex_text(text: str) -> str:
    r"""A line of Unicode text as LaTeX, every symbol in mathematics of its own, indices low and powers high.

    Raises
    ------
    ValueError
        If a character has no entry in :data:`LATEX` or :data:`TEXT`.

    Examples
    --------
    >>> print(latex_text("λ > 0 & d_h"))
    \ensuremath{\lambda} \ensuremath{>} 0 \& d\textsubscript{h}
    """
    commands = {"": "{}", "_": r"\textsubscript{{{}}}", "^": r"\textsuperscript{{{}}}"}
    parts = scripts(text.replace("->", "→"))
    return "".join(commands[mark].format(_words(body)) if mark else _words(body) for mark, body in parts)


def _words(text: str) -> str:
    out, position = [], 0
    known = sorted(LATEX, key=len, reverse=True)
    while position < len(text):
        name = next((name for name in known if text.startswith(name, position)), text[position])
        position += len(name)
        if name in LATEX:
            out.append(rf"\ensuremath{{{LATEX[name].strip()}}}")
        elif name in TEXT:
            out.append(TEXT[name])
        elif name in "<>|":
            out.append(rf"\ensuremath{{{name}}}")
        elif name.isascii():
            out.append({"^": r"\^{}", "\\": r"\textbackslash{}", "~": r"\~{}"}.get(name, _escaped(name)))
        else:
            raise ValueError(f"{name!r} in {text!r} has no LaTeX: add it to derivations.notation")
    return "".join(out)


def _escaped(character: str) -> str:
    return f"\\{character}" if character in "&%$#_{}" else character
