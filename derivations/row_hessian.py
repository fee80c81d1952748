"""A product with the Hessian of a row loss, split into what depends on outputs and targets alone and the rest."""

from typing import Any

import sympy as sp

from derivations.row_loss import v


def split(product: Any) -> tuple[dict[Any, Any], Any]:
    """Name the largest parts without ``v``, so that products with several vectors compute them once.

    Returns
    -------
    parts : dict
        Symbol of each part, in order, and the part.
    rest : sympy.Expr
        The product, in these symbols and ``v``.

    Examples
    --------
    >>> from derivations.row_loss import total, z
    >>> split(v * sp.exp(z) - sp.exp(z) * total(v * sp.exp(z)))
    ({part_0: exp(z)}, part_0*v - part_0*total(part_0*v))
    """
    parts: dict[Any, Any] = {}

    def named(part: Any) -> Any:
        if part.is_number:
            return part
        return parts.setdefault(part, sp.Symbol(f"part_{len(parts)}", real=True))

    def rest(node: Any) -> Any:
        if not node.has(v):
            return named(node)
        if node.is_Mul:
            free = [factor for factor in node.args if not factor.has(v)]
            bound = [rest(factor) for factor in node.args if factor.has(v)]
            number, others = sp.Mul(*free).as_coeff_Mul()
            return sp.Mul(number, named(others), *bound)
        return node if node == v else node.func(*map(rest, node.args))

    written = rest(product)
    return {symbol: part for part, symbol in parts.items()}, written
