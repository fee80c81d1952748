"""What a loss given from outside is made of: exact numbers, real symbols kept apart, and where it is defined."""

from collections.abc import Iterable
from typing import Any

import sympy as sp
from sympy.core.function import Application, AppliedUndef

from derivations.kinks import JUMPS

#: Digits up to which a number is taken for a decimal that was written down, whatever rounding came after.
SHORT = 12


def exact(loss: Any) -> Any:
    """Write every decimal number as the fraction it shows, so that decimals and fractions behave alike.

    Parameters
    ----------
    loss : sympy.Expr

    Raises
    ------
    ValueError
        If the loss holds infinity, NaN, the imaginary unit, or what has no numerical value.

    Examples
    --------
    >>> exact(0.1 * sp.Symbol("b") ** 2.0)
    b**2/10
    """
    if not isinstance(loss, sp.Expr) and not isinstance(loss, int | float):
        raise ValueError(f"loss = {loss!r}: must be a scalar SymPy expression")
    loss = sp.sympify(loss, strict=True)
    if loss.has(sp.oo, -sp.oo, sp.zoo, sp.nan, sp.I):
        raise ValueError(f"loss = {loss}: must be real and finite, without infinity, NaN or I")
    undefined = loss.atoms(AppliedUndef, sp.Integral, sp.Sum, sp.Product, sp.Derivative, sp.Subs)
    if undefined:
        raise ValueError(f"loss holds {min(map(str, undefined))}, which has no value: write it as a formula")
    return loss.xreplace({number: _fraction(number) for number in loss.atoms(sp.Float)})


def _fraction(number: Any) -> Any:
    """The short decimal that a number shows at 15 digits, or else exactly the number."""
    shown = f"{float(number):.15g}"
    short = len(shown.split("e")[0].strip("-0.").replace(".", "")) <= SHORT
    if short and abs(sp.Float(shown, 30) / sp.Float(number, 30) - 1) < 1e-15:
        return sp.Rational(shown)
    return sp.Rational(number)


def real_copies(loss: Any, parameters: Iterable[Any]) -> dict[Any, Any]:
    """Give every symbol of a loss a real copy of its own; equal names stay apart.

    Parameters
    ----------
    loss : sympy.Expr
    parameters : iterable of symbols
        The slow and the fast ones, which must be able to move continuously.

    Returns
    -------
    dict
        Symbol -> real symbol, for every free symbol of the loss.

    Raises
    ------
    ValueError
        If a symbol is declared not to be real, or a parameter to be an integer or rational.
    """
    symbols = sorted(loss.free_symbols, key=sp.default_sort_key)
    names = [symbol.name for symbol in symbols]
    for symbol in symbols:
        if symbol.is_real is False or not symbol.is_commutative:
            raise ValueError(f"{symbol} is declared as not real: every symbol of the loss must be real")
    for symbol in parameters:
        if symbol.is_rational is not None:
            raise ValueError(
                f"{symbol} is declared as integer or rational or not so: parameters move continuously"
            )
    copies = {}
    for symbol in symbols:
        assumptions = {**symbol._assumptions_orig, "real": True}
        kind = sp.Symbol if names.count(symbol.name) == 1 else sp.Dummy
        copies[symbol] = kind(symbol.name, **assumptions)
    return copies


def opaque(loss: Any, fast: tuple[Any, ...]) -> dict[Any, Any]:
    """Symbols for the functions of other symbols, so that a search in the fast ones sees coefficients only.

    Examples
    --------
    >>> a, b = sp.symbols("a b", real=True)
    >>> opaque(b * sp.tanh(a) + sp.exp(b), (b,))
    {tanh(a): tanh(a)}
    """
    found: dict[Any, Any] = {}
    waiting = [loss]
    while waiting:
        part = waiting.pop()
        curved = isinstance(part, Application) or (part.is_Pow and part.exp.is_integer is not True)
        if curved and part.free_symbols and not part.has(*fast):
            found[part] = _stand_in(part, loss)
        else:
            waiting += [argument for argument in part.args if isinstance(argument, sp.Basic)]
    return found


def _stand_in(part: Any, loss: Any) -> Any:
    signs = ("positive", "negative", "nonnegative", "nonpositive")
    known = {sign: True for sign in signs if getattr(part, f"is_{sign}")}
    names = [symbol.name for symbol in loss.free_symbols]
    kind = sp.Symbol if len(names) == len(set(names)) else sp.Dummy
    return kind(str(part), real=True, **known)


def edges(loss: Any, fast: tuple[Any, ...]) -> tuple[Any, ...]:
    """Expressions that must be at least zero: declared signs of fast symbols, and radicands.

    Examples
    --------
    >>> b = sp.Symbol("b", positive=True)
    >>> edges(b**2, (b,))
    (b,)
    """
    found = []
    for symbol in fast:
        if symbol.is_extended_nonnegative:
            found.append(symbol)
        elif symbol.is_extended_nonpositive:
            found.append(-symbol)
    for power in sorted(loss.atoms(sp.Pow), key=sp.default_sort_key):
        base, exponent = power.as_base_exp()
        if base.has(*fast) and exponent.is_integer is not True and not base.is_extended_nonnegative:
            found.append(base)
    return tuple(dict.fromkeys(found))


def inside(loss: Any, fast: tuple[Any, ...]) -> tuple[Any, ...]:
    """Expressions that must be positive for the loss to be defined: arguments of logarithms.

    Examples
    --------
    >>> b = sp.Symbol("b", real=True)
    >>> inside(b - sp.log(b), (b,))
    (b,)
    """
    found = [
        logarithm.args[0]
        for logarithm in sorted(loss.atoms(sp.log), key=sp.default_sort_key)
        if logarithm.has(*fast) and not logarithm.args[0].is_positive
    ]
    return tuple(dict.fromkeys(found))


def without_jumps(loss: Any, moving: tuple[Any, ...]) -> None:
    """Refuse a loss that jumps where a parameter moves.

    Raises
    ------
    ValueError
        If a step function holds a slow or fast parameter.
    """
    for part in sorted(loss.atoms(*JUMPS), key=sp.default_sort_key):
        if part.has(*moving):
            raise ValueError(
                f"the loss may jump, through {part}: write its kinks with Abs, Max, Min or a continuous Piecewise"
            )
