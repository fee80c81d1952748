"""A statement as rows of pieces that wrap at the edge of the screen or the page, in HTML and in LaTeX."""

from html import escape
from typing import Any

from derivations.broken import ROOM, Piece, rows, width
from derivations.notation import latex, mathml
from derivations.steps import Statement

#: Operators of a broken formula in LaTeX; the rest is written as it is.
LATEX_OPERATORS = {
    "−": "-",
    "≤": r"\le ",
    "≥": r"\ge ",
    "⊙": r"\odot ",
    "·": r"\,",
    "": "",
    "⟹": r"\implies ",
}


def formula(statement: Statement) -> str:
    """HTML of a statement: one flexible row an equation, one ``math`` element a piece.

    Examples
    --------
    >>> import sympy as sp
    >>> x = sp.Symbol("x")
    >>> print(formula(sp.Eq(x, 2, evaluate=False)))
    <div class="row"><span><math displaystyle="true"><mrow><mi>x</mi><mo>=</mo><mn>2</mn></mrow></math></span></div>
    """
    return "\n".join(f'<div class="row">{"".join(map(_piece, row))}</div>' for row in rows(statement))


def _piece(piece: Piece) -> str:
    inside = "".join(
        f'<mo form="{_form(part)}">{escape(part)}</mo>' if isinstance(part, str) else mathml(part)
        for part in piece
    )
    size = sum(map(width, piece))
    wide = f' class="wide" style="--width: {size:.0f}"' if size > ROOM + 1 else ""
    return f'<span{wide}><math displaystyle="true">{inside}</math></span>'


def _form(operator: str) -> str:
    if operator.endswith("("):
        return "prefix"
    return "postfix" if operator.endswith(")") else "infix"


def latex_formula(statement: Statement) -> str:
    r"""LaTeX of a statement: each equation a paragraph that may be broken between its pieces.

    Examples
    --------
    >>> import sympy as sp
    >>> print(latex_formula(sp.Eq(sp.Symbol("x"), 2, evaluate=False)))
    {\raggedright\hangindent=2em\hangafter=1 \fit{x = 2}\par}
    """
    found = []
    for row in rows(statement, 2 * ROOM):
        cut = " ".join(rf"\fit{{{''.join(map(_latex_part, piece))}}}" for piece in row)
        found.append(rf"{{\raggedright\hangindent=2em\hangafter=1 {cut}\par}}")
    return "\n".join(found)


def _latex_part(part: Any) -> str:
    if not isinstance(part, str):
        return latex(part)
    if part in ("(", ")"):
        return part
    if part.endswith("("):
        name = part.removesuffix("(").strip()
        return rf"\operatorname{{{name}}}(" if name.isascii() else f"{latex_name(name)}("
    return f"{{}}{LATEX_OPERATORS.get(part, part)} "


def latex_name(name: str) -> str:
    """σ or σ′ in LaTeX."""
    return name.replace("σ", r"\sigma").replace("′", "'")
