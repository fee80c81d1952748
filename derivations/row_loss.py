"""A loss of one sample's outputs, differentiated: gradient and Hessian, whatever the number of outputs.

A row-wise formula is a function of sums over the outputs of a sample,

    ℓ(z, y) = g(R_1, …, R_m),   R_i = Σ_k s_i(z_k, y_k)   or   R_i = log Σ_k exp w_i(z_k, y_k),

so its derivatives follow one map at a time, for a single output and its target as symbols: with r_i = ∂R_i/∂z,

    ∂ℓ/∂z = Σ_i ∂g/∂R_i · r_i =: G(z, y, R),   (∇²ℓ v) = ∂G/∂z · v + Σ_i ∂G/∂R_i · Σ_k r_i v_k.

Logarithms of summed exponentials are kept in one piece, and e^u/(1 + e^u) is written 1/(1 + e^−u): what overflows in
pieces does not as a whole.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.codegen.numpy_nodes import logaddexp

z, y, v = sp.symbols("z y v", real=True)


class total(sp.Function):
    """Sum over the outputs of a sample."""


class logsumexp(sp.Function):
    """log Σ exp over the outputs of a sample."""


class expit(sp.Function):
    """1/(1 + e^−u), which has no overflow where e^−u has."""


Formula = Callable[[Any, Any, Any], Any]


@dataclass(frozen=True)
class RowLoss:
    """A row-wise formula and its derivatives, as expressions in ``z``, ``y``, ``v`` and sums over a sample's outputs.

    Parameters
    ----------
    value : sympy.Expr
        ℓ of a sample.
    gradient : sympy.Expr
        ∂ℓ/∂z of one output.
    hessian_product : sympy.Expr
        The same output's entry of ∇²ℓ·v.
    hessian_diagonal : sympy.Expr
        ∂²ℓ/∂z² of one output.
    separable : bool
        Whether ℓ is a sum over outputs, so that they do not see each other.
    """

    value: Any
    gradient: Any
    hessian_product: Any
    hessian_diagonal: Any
    separable: bool


def differentiated(formula: Formula) -> RowLoss:
    """Derive a loss from its formula.

    Parameters
    ----------
    formula : callable
        ``formula(z, y, total)`` of one output's and its target's symbol; ``total`` sums over the sample's outputs.

    Raises
    ------
    ValueError
        If the formula is not an expression, or holds an output outside of ``total``, a total within another, an
        unknown symbol, or a kink.

    Examples
    --------
    >>> loss = differentiated(lambda z, y, total: sp.log(total(sp.exp(z))) - total(y * z))
    >>> loss.gradient
    -y + exp(z - logsumexp(z))
    """
    given = formula(z, y, total)
    if not isinstance(given, sp.Expr):
        raise ValueError(
            f"formula returns {given!r}: it must return a SymPy expression, as total((z - y)**2)"
        )
    joined = given.replace(_is_log_of_exponentials, _join)
    if not joined.free_symbols <= {z, y}:
        unknown = min(map(str, joined.free_symbols - {z, y}))
        raise ValueError(f"formula holds the symbol {unknown}: only z, y and numbers are allowed")
    sums = sorted(joined.atoms(total, logsumexp), key=sp.default_sort_key)
    R = [sp.Symbol(f"R_{i}", real=True) for i in range(len(sums))]
    outer = joined.xreplace(dict(zip(sums, R, strict=True)))
    if outer.free_symbols - set(R) or any(one.args[0].has(total, logsumexp) for one in sums):
        raise ValueError(
            "formula is not a function of sums over outputs: write every output within one total, as in "
            "total((z - y)**2)"
        )
    if not sums:
        raise ValueError("formula holds no output: write it with total, as in total((z - y)**2)")
    own = [_without_kinks(_derivative_of_sum(one, r)) for one, r in zip(sums, R, strict=True)]
    gradient = _weighted(outer, R, own)
    direct = _without_kinks(sp.diff(gradient, z))
    spread = [total(slope * v) for slope in own]
    back = dict(zip(R, sums, strict=True))

    def put_back(expression: Any) -> Any:
        return expression.replace(_is_logistic_power, _as_expit).xreplace(back)

    return RowLoss(
        value=joined,
        gradient=put_back(gradient),
        hessian_product=put_back(direct * v + _weighted(gradient, R, spread)),
        hessian_diagonal=put_back(direct + _weighted(gradient, R, own)),
        separable=all(one.func == total for one in sums) and not any(outer.diff(a, b) for a in R for b in R),
    )


def _is_log_of_exponentials(node: Any) -> bool:
    if not isinstance(node, sp.log):
        return False
    inside = node.args[0]
    return (inside.func == total and isinstance(inside.args[0], sp.exp)) or _is_one_plus_exp(inside)


def _is_one_plus_exp(node: Any) -> bool:
    return node.is_Add and len(node.args) == 2 and node.args[0] == 1 and isinstance(node.args[1], sp.exp)


def _join(node: Any) -> Any:
    inside = node.args[0]
    if inside.func == total:
        return logsumexp(inside.args[0].args[0])
    return logaddexp(0, inside.args[1].args[0])


def _derivative_of_sum(one: Any, R: Any) -> Any:
    """∂R/∂z of one output, with the other outputs' share written through R."""
    term = one.args[0]
    if one.func == total:
        return sp.diff(term, z)
    others = sp.Symbol("others", positive=True)
    return sp.powsimp(sp.diff(sp.log(sp.exp(term) + others), z).subs(others, sp.exp(R) - sp.exp(term)))


def _weighted(function: Any, arguments: list[Any], weights: list[Any]) -> Any:
    terms = (sp.diff(function, R) * weight for R, weight in zip(arguments, weights, strict=True))
    return sum(terms, sp.S.Zero)


def _without_kinks(derivative: Any) -> Any:
    """Drop δ(u) where what multiplies it vanishes at u = 0, as in a squared hinge.

    Raises
    ------
    ValueError
        Where it does not: the loss, or its derivative, jumps there.
    """
    derivative = derivative.replace(
        lambda node: node.is_Pow and isinstance(node.base, sp.Heaviside), lambda node: node.base
    )
    for delta in derivative.atoms(sp.DiracDelta):
        weight = sp.expand(derivative).coeff(delta)
        for root in sp.solve(delta.args[0], z) or [sp.nan]:
            if sp.simplify(weight.subs(z, root)) != 0:
                raise ValueError(f"formula has a kink at z = {root}: the loss must be differentiable")
        derivative = derivative.subs(delta, 0)
    return derivative.replace(_is_logistic, _flip)


def _is_logistic(node: Any) -> bool:
    """Whether a product holds e^u and a negative power of 1 + e^u."""
    return node.is_Mul and any(
        sp.Pow(1 + factor, -1) in _inverses(node) for factor in node.atoms(sp.exp) if factor in node.args
    )


def _inverses(node: Any) -> set[Any]:
    return {1 / f.base for f in node.args if f.is_Pow and f.exp.is_integer and f.exp.is_negative}


def _is_logistic_power(node: Any) -> bool:
    return node.is_Pow and node.exp == -1 and _is_one_plus_exp(node.base)


def _as_expit(node: Any) -> Any:
    return expit(-node.base.args[1].args[0])


def _flip(node: Any) -> Any:
    exponential = next(f for f in node.args if isinstance(f, sp.exp) and 1 / (1 + f) in _inverses(node))
    return node / exponential * (1 + exponential) / (1 + 1 / exponential)
