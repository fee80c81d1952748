"""Where a formula may be broken: it is cut into pieces that a line holds, and the browser or TeX fills the lines.

A piece is a row of operators (text) and expressions. It starts with its sign or relation, as a continued line does.
"""

import re
from typing import Any
from xml.dom import Node

import sympy as sp
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

from derivations.mathml_printer import MathML
from derivations.print_rules import Head, elementwise_name, norm_of, terms_in_order, without_exponentials
from derivations.steps import Statement

#: Width in em that a piece may have, so that a narrow screen holds it.
ROOM = 17.0

Piece = tuple[Any, ...]
RELATIONS = {sp.Eq: "=", sp.Le: "≤", sp.Ge: "≥", sp.Lt: "<", sp.Gt: ">"}


def rows(statement: Statement, room: float = ROOM) -> list[list[Piece]]:
    """Every equation of a statement as a row of its own, cut into pieces.

    Examples
    --------
    >>> a, b, x = sp.symbols("a b x")
    >>> rows(sp.Eq(x, a + b, evaluate=False))
    [[(Eq(x, a + b),)]]
    >>> rows(sp.Eq(x, a + b, evaluate=False), room=2)
    [[(x,), ('=', a), ('+', b)]]
    """
    if isinstance(statement, sp.Tuple):
        return [row for part in statement for row in rows(part, room)]
    if width(statement) > room and getattr(getattr(statement, "lhs", None), "is_Matrix", False):
        left, right = statement.lhs, statement.rhs
        if isinstance(left, sp.MatrixBase) and isinstance(right, sp.MatrixBase):
            entries = dict.fromkeys(zip(left, right, strict=True))
            return [row for entry in entries for row in rows(sp.Eq(*entry, evaluate=False), room)]
    return [pieces(statement, room)]


def pieces(expression: Any, room: float) -> list[Piece]:
    """Cut an expression so that no piece is wider than the room, as far as it can be cut."""
    if width(expression) <= room:
        return [(expression,)]
    match expression:
        case sp.core.relational.Relational():
            left, right = pieces(expression.lhs, room), pieces(expression.rhs, room)
            related = [(RELATIONS.get(expression.func, "="), *right[0]), *right[1:]]
            return _joined([*left, *related], len(left), room / 2)
        case sp.Trace() if norm_of(expression) is None:
            return _within("Tr (", expression.arg, ")", room)
        case sp.log():
            return _within("log (", expression.args[0], ")", room)
        case ElementwiseApplyFunction():
            return _within(f"{elementwise_name(expression.function)} (", expression.expr, ")", room)
        case sp.Sum() | sp.Derivative() | sp.Limit():
            return _below_head(expression, room)
        case sp.Add() | sp.MatAdd():
            return _sum(expression, room)
        case sp.Mul() | sp.MatMul() | sp.HadamardProduct():
            return _product(expression, room)
    return [(expression,)]


def _sum(expression: Any, room: float) -> list[Piece]:
    printer = MathML()
    terms = list(expression.args) if expression.is_Matrix else printer._as_ordered_terms(expression)
    found: list[Piece] = []
    for i, term in enumerate(terms_in_order(terms)):
        negative = term.could_extract_minus_sign()
        first, *rest = pieces(-term if negative else term, room)
        sign = ("−",) if negative else ("+",) if i else ()
        found += [(*sign, *first), *rest]
    return found


def _product(expression: Any, room: float) -> list[Piece]:
    if expression.could_extract_minus_sign() and not isinstance(expression, sp.HadamardProduct):
        first, *rest = pieces(-expression, room)
        return [("−", *first), *rest]
    if expression.is_Matrix:
        between = "⊙" if isinstance(expression, sp.HadamardProduct) else ""
        factors = list(expression.args)
    else:
        between = "·"
        rest, exponentials = without_exponentials(expression)
        numerator, denominator = sp.fraction(rest)
        if denominator == 1:
            factors = list(expression.as_ordered_factors())
        elif width(numerator) <= room:
            if not exponentials:
                return [(expression,)]
            factors = [rest, *exponentials]
        else:
            factors = [1 / denominator, numerator, *exponentials]
    found: list[Piece] = []
    for i, factor in enumerate(factors):
        first, *rest = _factor(factor, expression, room)
        found += [(*((between,) if between and i else ()), *first), *rest]
    return _joined(found, 0, room)


def _factor(factor: Any, product: Any, room: float) -> list[Piece]:
    sums = factor.is_Add or factor.is_MatAdd
    nested = isinstance(factor, sp.HadamardProduct) or (
        isinstance(product, sp.HadamardProduct) and factor.is_MatMul
    )
    return _within("(", factor, ")", room) if sums or nested else pieces(factor, room)


def _below_head(expression: Any, room: float) -> list[Piece]:
    """Σ, d/dx or lim, and what it stands before in brackets; of several sums the outer one first."""
    inner, head = expression.args[0], expression
    if isinstance(expression, sp.Sum) and len(expression.limits) > 1:
        inner, head = sp.Sum(inner, *expression.limits[:-1]), sp.Sum(inner, expression.limits[-1])
        first, *rest = pieces(inner, room - 2)
    else:
        first, *rest = _within("(", inner, ")", room - 2)
    if width(Head(head)) + sum(map(width, first)) > room:
        return [(Head(head),), first, *rest]
    return [(Head(head), *first), *rest]


def _within(before: str, inner: Any, after: str, room: float) -> list[Piece]:
    cut = pieces(inner, room)
    cut[0] = (before, *cut[0])
    cut[-1] = (*cut[-1], after)
    return cut


def _joined(cut: list[Piece], keep: int, room: float) -> list[Piece]:
    """Join neighbours that a line holds together; with ``keep``, only the piece that begins there to the one before."""
    joined = [cut[0]]
    for i, piece in enumerate(cut[1:], start=1):
        together = sum(map(width, (*joined[-1], *piece)))
        if together <= room and keep in (0, i):
            joined[-1] = (*joined[-1], *piece)
        else:
            joined.append(piece)
    return joined


def width(part: Any) -> float:
    """Width of an operator or of an expression in display, in em, roughly.

    Examples
    --------
    >>> x = sp.Symbol("x")
    >>> width("=") < width(x + 1) < width(x + 1 + 1 / x)
    True
    """
    if isinstance(part, str):
        return 0.55 * len(part) + 0.6
    return _width(MathML()._print(part))


def _width(node: Any, size: float = 1.0) -> float:
    if node.nodeType == Node.TEXT_NODE:
        text = re.sub(r"&\w+;", lambda entity: "" if "Invisible" in entity[0] else "d", node.data)
        return 0.62 * size * len(re.sub("[‾\u0302]", "", text))
    inside = list(node.childNodes)
    match node.nodeName:
        case "mo":
            spaced = node.firstChild.data in ("+", "-", "−", "=", "⊙", "→", "≤")
            return sum(_width(child, size) for child in inside) + (0.5 * size if spaced else 0.0)
        case "mfrac":
            return max(_width(child, size) for child in inside) + 0.2
        case "msub" | "msup" | "msubsup":
            scripts = [_width(child, 0.72 * size) for child in inside[1:]]
            return float(
                _width(inside[0], size) + (max(scripts) if node.nodeName == "msubsup" else sum(scripts))
            )
        case "munder" | "munderover":
            return max(_width(inside[0], 1.6 * size), *(_width(child, 0.72 * size) for child in inside[1:]))
        case "mover":
            return _width(inside[0], size)
        case "msqrt":
            return sum(_width(child, size) for child in inside) + 0.8
        case "mtable":
            lines = [[_width(cell, size) for cell in line.childNodes] for line in inside]
            return float(sum(map(max, zip(*lines, strict=True))) + 0.8 * len(lines[0]))
    return sum(_width(child, size) for child in inside)
