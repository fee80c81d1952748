"""Rewriting before differentiation: what overflows in pieces becomes a function whose slope is known as a whole.

e^u/(1 + e^u)² is ∞/∞ at u = 800; as the slope of the logistic function it is 0. Max(a, b) of two curves has the slope
a′θ(a − b) + b′θ(b − a) in SymPy, which is 0 where the curves meet, the slope of neither.
"""

from typing import Any

import sympy as sp


class logistic(sp.Function):
    """1/(1 + e^−u)."""

    nargs = 1

    def fdiff(self, argindex: int = 1) -> Any:
        """σ(u) σ(−u)."""
        return logistic(self.args[0]) * logistic(-self.args[0])


class logaddexp(sp.Function):
    """log(e^a + e^b)."""

    nargs = 2

    def fdiff(self, argindex: int = 1) -> Any:
        """The share of one exponential in the sum."""
        a, b = self.args if argindex == 1 else reversed(self.args)
        return logistic(a - b)


class larger(sp.Function):
    """The larger of two curves; where they meet, its slope is that of the second."""

    nargs = 2

    def _eval_is_extended_real(self) -> bool:
        return True

    def fdiff(self, argindex: int = 1) -> Any:
        """A step, 0 where the curves meet for the first and 1 for the second."""
        step = sp.Heaviside(self.args[0] - self.args[1], 0)
        return step if argindex == 1 else 1 - step


def stable(expression: Any) -> Any:
    """An equal expression whose value and slope are finite where they are in exact arithmetic, as far as is known.

    Knows 1/(1 + e^u) and its powers and multiples, log(e^a + e^b), and the larger or smaller of two curves.

    Examples
    --------
    >>> z = sp.Symbol("z", real=True)
    >>> stable(z / (1 + sp.exp(-z)))
    z*logistic(z)
    >>> stable(sp.log(1 + sp.exp(z)))
    logaddexp(0, z)
    >>> stable(sp.Max(z, 0) + sp.Max(z, z**2))
    larger(z, z**2) + Max(0, z)
    """
    expression = expression.replace(_is_log_of_exponentials, _as_logaddexp)
    expression = expression.replace(_is_logistic_power, _as_logistic)
    expression = expression.replace(_holds_logistic, _without_exponentials)
    return expression.replace(lambda node: isinstance(node, sp.Max | sp.Min), _ordered)


def _exponent(node: Any) -> Any:
    """U of e^u, with 1 = e^0; None of anything else."""
    if node == 1:
        return sp.S.Zero
    return node.args[0] if isinstance(node, sp.exp) else None


def _exponents(node: Any) -> list[Any]:
    """A and b of e^a + e^b; nothing of any other sum."""
    found = [_exponent(term) for term in node.args] if node.is_Add else []
    return found if len(found) == 2 and None not in found else []


def _is_log_of_exponentials(node: Any) -> bool:
    return isinstance(node, sp.log) and bool(_exponents(node.args[0]))


def _as_logaddexp(node: Any) -> Any:
    return logaddexp(*_exponents(node.args[0]))


def _is_logistic_power(node: Any) -> bool:
    power = node.is_Pow and node.exp.is_integer and node.exp.is_negative
    return bool(power) and sp.S.Zero in _exponents(node.base)


def _as_logistic(node: Any) -> Any:
    return logistic(-sum(_exponents(node.base))) ** -node.exp


def _holds_logistic(node: Any) -> bool:
    return bool(node.is_Mul) and bool(node.has(logistic)) and bool(node.has(sp.exp))


def _without_exponentials(node: Any) -> Any:
    """Take e^u · σ(−u) together to σ(u)."""
    for factor in node.args:
        base: Any = factor.as_base_exp()[0]
        if not isinstance(base, logistic):
            continue
        opposite = sp.exp(-base.args[0])
        if opposite in node.args:
            return _without_exponentials(node / opposite / base * logistic(-base.args[0]))
    return node


def _ordered(node: Any) -> Any:
    """Max and Min of two curves or more; with a constant they stay, as in max(z, 0)."""
    moving = [argument for argument in node.args if argument.free_symbols]
    if len(moving) < 2:
        return node
    sign = 1 if isinstance(node, sp.Max) else -1
    curves = sorted(node.args, key=sp.default_sort_key)
    found = sign * curves[-1]
    for curve in reversed(curves[:-1]):
        found = larger(sign * curve, found)
    return sign * found
