"""What both printers write otherwise than SymPy: norms, sums that start with a plus, indices, names of functions."""

from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

GREEK = {"sigma": "σ", "hhat": "ĥ", "fhat": "f̂", "gammahat": "γ̂", "omegahat": "ω̂"}

#: Functions whose leading integer arguments are indices, and how many: f_j(u), h_{j,d}(s).
INDICES = {"f": 1, "fhat": 1, "gamma": 1, "gammahat": 1, "omega": 1, "omegahat": 1, "D": 1}
INDICES |= {"h": 2, "hhat": 2, "G": 2, "z": 2, "c": 2, "B": 2}


def greek(name: str) -> str:
    """Letter of a function's name."""
    return GREEK.get(name, name)


def elementwise_name(function: Any) -> str:
    """σ or σ′ of an elementwise function."""
    body = function.expr
    if isinstance(body, sp.Derivative):
        return f"{greek(body.expr.func.__name__)}′"
    return greek(body.func.__name__) if isinstance(body, AppliedUndef) else str(function)


def split_indices(function: Any) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Indices and arguments of an applied function.

    Examples
    --------
    >>> j, u = sp.symbols("j u", integer=True)
    >>> split_indices(sp.Function("f")(j, u))
    ((j,), (u,))
    """
    count = INDICES.get(function.func.__name__, 0)
    indices, arguments = function.args[:count], function.args[count:]
    if len(arguments) > 1 or not all(
        index.is_integer or isinstance(index, AppliedUndef) for index in indices
    ):
        return (), function.args
    return indices, arguments


def norm_of(trace: Any) -> Any | None:
    """The matrix A where a trace is Tr(AᵀA), whose printed form is ‖A‖²; None if it is not.

    Examples
    --------
    >>> A, B = sp.MatrixSymbol("A", 2, 2), sp.MatrixSymbol("B", 2, 2)
    >>> norm_of(sp.Trace((A * B - B).T * (A * B - B))), norm_of(sp.Trace(A.T * B))
    (A*B - B, None)
    """
    factors = trace.arg.args if trace.arg.is_MatMul else ()
    half = len(factors) // 2
    if not factors or len(factors) % 2 or not all(getattr(factor, "is_Matrix", False) for factor in factors):
        return None
    right = sp.MatMul(*factors[half:]).doit()
    return right if (sp.MatMul(*factors[:half]) - right.T).doit().is_ZeroMatrix else None


def without_exponentials(product: Any) -> tuple[Any, list[Any]]:
    """A product without its exponentials, and they, so that e^{−x} is not written 1/e^x.

    Examples
    --------
    >>> x = sp.Symbol("x")
    >>> without_exponentials(3 * sp.exp(-x) / x)
    (3/x, [exp(-x)])
    """
    exponentials = [factor for factor in product.args if isinstance(factor, sp.exp)]
    rest = sp.Mul(*(factor for factor in product.args if not isinstance(factor, sp.exp)))
    return rest, exponentials


def terms_in_order(terms: list[Any]) -> list[Any]:
    """The same terms, multiples of I last, and one first that has no minus sign, if there is one.

    Examples
    --------
    >>> A, I = sp.MatrixSymbol("A", 2, 2), sp.Identity(2)
    >>> terms_in_order([2 * I, -A, A.T])
    [A.T, -A, 2*I]
    """
    ordered = sorted(terms, key=_is_multiple_of_identity)
    leading = next((term for term in ordered if not term.could_extract_minus_sign()), ordered[0])
    at = ordered.index(leading)
    return [leading, *ordered[:at], *ordered[at + 1 :]]


def _is_multiple_of_identity(term: Any) -> bool:
    return isinstance(term.args[-1] if term.is_MatMul else term, sp.Identity)


class Head(sp.Basic):
    """Σ with its limits, d/dx or lim x → a, without what it stands before: where such a formula is broken."""
