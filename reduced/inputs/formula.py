"""A formula that a caller writes as text: read by a grammar, never evaluated.

The grammar knows decimal numbers, ``pi``, the named symbols, ``+ - * / **``, parentheses and :data:`FUNCTIONS`. A
decimal number is the fraction that it stands for: 0.1 is 1/10.
"""

import ast
import keyword
import math
import operator
import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

from reduced.inputs.formula_parts import Part, Refused, combined, in_sympy, power_of

#: Longest text, and deepest nesting.
LENGTH, DEPTH = 1000, 150
_ELEMENTARY = (
    *("exp", "log", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan"),
    *("sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "erf", "erfc"),
)
#: Every function of the grammar: how many arguments it takes at least and at most, and its value of doubles.
FUNCTIONS: dict[str, tuple[int, int, Callable[..., float]]] = {
    **{name: (1, 1, getattr(math, name)) for name in _ELEMENTARY},
    **{"Abs": (1, 1, abs), "abs": (1, 1, abs), "sign": (1, 1, lambda a: math.copysign(a != 0, a))},
    **{"Max": (2, 9, max), "max": (2, 9, max), "Min": (2, 9, min), "min": (2, 9, min)},
    "expit": (1, 1, lambda a: 1 / (1 + math.exp(-a))),
    "logaddexp": (2, 2, lambda a, b: math.log(math.exp(a) + math.exp(b))),
}
_OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
}


def parse_formula(text: str, symbols: Iterable[Any], *, name: str = "formula") -> Any:
    """SymPy expression of a formula.

    Parameters
    ----------
    text : str
        E.g. ``"z/(1 + exp(-z))"``.
    symbols : iterable of sympy.Symbol
        What may occur in it, by their names; a name may be a keyword of Python, as ``lambda`` is.
    name : str
        What messages call the text.

    Returns
    -------
    sympy.Expr

    Raises
    ------
    ValueError
        If the text holds anything else, leaves the real numbers or the range of doubles, or is too long or too deep.

    Examples
    --------
    >>> import sympy as sp
    >>> w, decay = sp.symbols("w lambda", real=True)
    >>> parse_formula("(w**2 - 1)**2 + 0.5*lambda*w**2", [w, decay])
    lambda*w**2/2 + (w**2 - 1)**2
    >>> parse_formula("w.real", [w])
    Traceback (most recent call last):
        ...
    ValueError: formula = 'w.real': 'w.real' is no number, no name and no call; use + - * / ** and parentheses
    """
    import sympy as sp

    if not isinstance(text, str):
        raise ValueError(f"{name} = {text!r}: must be text")
    shown = f"{name} = {text if len(text) <= 60 else text[:57] + '...'!r}"
    known = {unicodedata.normalize("NFKC", symbol.name): symbol for symbol in symbols}
    try:
        if len(text) > LENGTH:
            raise Refused(f"has {len(text)} characters; at most {LENGTH} are read")
        expression = _Reader(" ".join(text.split()), known).read().expression
    except Refused as reason:
        raise ValueError(f"{shown}: {reason}") from None
    if expression.has(sp.I, sp.nan, sp.oo, -sp.oo, sp.zoo):
        raise ValueError(f"{shown}: is not a finite real number anywhere")
    return expression


class _Reader:
    """Reads one text; the names of Python's keywords are put aside first."""

    def __init__(self, text: str, symbols: dict[str, Any]) -> None:
        self._symbols = symbols
        for word in filter(keyword.iskeyword, symbols):
            text = re.sub(rf"\b{word}\b", f"__{word}__", text)
        self._named = {f"__{n}__" if keyword.iskeyword(n) else n: s for n, s in symbols.items()}
        self._text = text

    def read(self) -> Part:
        try:
            tree = ast.parse(self._text, mode="eval")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise Refused(
                "is not a formula; check operators (a power is **, a product *) and parentheses"
            ) from None
        return self._part(tree.body, 0)

    def _part(self, node: ast.expr, depth: int) -> Part:
        import sympy as sp

        if depth > DEPTH:
            raise Refused(f"is nested deeper than {DEPTH} levels")
        match node:
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                digits = str(value) if isinstance(value, int) else self._source(node).replace("_", "")
                return combined(lambda: sp.Rational(digits), lambda: float(value))
            case ast.Name(id=name) if name in self._named:
                return Part(self._named[name], None)
            case ast.Name(id="pi"):
                return Part(sp.pi, math.pi)
            case ast.Name():
                raise Refused(f"{self._quoted(node)} is no symbol of it; use {', '.join(self._symbols)}")
            case ast.UnaryOp() | ast.BinOp() if type(node.op) in _OPERATORS:
                operands = [node.operand] if isinstance(node, ast.UnaryOp) else [node.left, node.right]
                parts = [self._part(operand, depth + 1) for operand in operands]
                apply = _OPERATORS[type(node.op)]
                return power_of(*parts) if apply is operator.pow else combined(apply, apply, *parts)
            case ast.Call(func=ast.Name(id=name)) if name in FUNCTIONS:
                least, most, value_of = FUNCTIONS[name]
                if node.keywords or not least <= len(node.args) <= most:
                    raise Refused(f"{name} takes {least}{f' to {most}' * (most > least)} unnamed arguments")
                parts = [self._part(argument, depth + 1) for argument in node.args]
                return combined(in_sympy(name), value_of, *parts)
            case ast.Call():
                raise Refused(f"{self._quoted(node.func)} is no function of it; use {', '.join(FUNCTIONS)}")
        raise Refused(
            f"{self._quoted(node)} is no number, no name and no call; use + - * / ** and parentheses"
        )

    def _source(self, node: ast.expr) -> str:
        return str(ast.get_source_segment(self._text, node))

    def _quoted(self, node: ast.expr) -> str:
        text = self._source(node)
        return repr(text if len(text) <= 30 else text[:27] + "...")
