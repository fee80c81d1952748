"""Lowering: a matrix expression becomes a straight-line program of named kernel calls.

What a formula leaves open is decided here: products are associated the cheapest way (matrix-chain dynamic
programming), A⁻¹B with A = MMᵀ + cI becomes a Gram matrix, its Cholesky factor and a solve, and a
subexpression, or its transpose, is computed once.
"""

from collections.abc import Mapping
from functools import cache
from itertools import count
from typing import Any

import sympy as sp
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

#: Sizes of the paper's network; they decide the order of multiplication, nothing else.
REPRESENTATIVE_SIZES = {"n": 492, "d_in": 37, "d_out": 37}
HIDDEN_SIZE = 512


class Lowering:
    """A program under construction: its statements, and the name of every subexpression computed so far.

    Parameters
    ----------
    functions : mapping
        Name of each elementwise function.
    names : mapping
        Names for subexpressions worth recognising in the source, e.g. ``{X * W1: "Z"}``.
    """

    def __init__(self, functions: Mapping[Any, str], names: Mapping[Any, str]) -> None:
        self.statements: list[tuple[sp.Symbol, sp.Expr]] = []
        self._functions, self._names = functions, names
        self._known: dict[Any, sp.Symbol] = {}
        self._fresh = (name for i in count(1) if (name := f"T{i}") not in names.values())

    def scalar(self, node: Any) -> Any:
        """Lower a scalar expression; a trace becomes an inner product."""
        if isinstance(node, sp.Trace):
            first, *rest = sp.MatMul.make_args(node.arg)
            return _call("inner", _transposed(self.matrix(first)), self.matrix(sp.MatMul(*rest)))
        return node.func(*map(self.scalar, node.args)) if node.has(sp.Trace) else node

    def matrix(self, node: Any) -> Any:
        """Lower a matrix expression to the symbol that holds it, adding statements as needed.

        Raises
        ------
        TypeError
            If no kernel computes it, e.g. the inverse of a matrix that is not MMᵀ + cI.
        """
        match node:
            case sp.MatrixSymbol():
                return sp.Symbol(node.name)
            case sp.Transpose():
                return _transposed(self.matrix(node.arg))
            case ElementwiseApplyFunction():
                return self._elementwise(node)
            case sp.HadamardProduct():
                return self._hadamard(node)
            case sp.MatAdd():
                return self._bind(node, sum(map(self._scaled, node.args), start=sp.S.Zero))
            case sp.MatMul():
                return self._scaled(node)
        raise TypeError(f"no kernel computes {type(node).__name__}: {node}")

    def _hadamard(self, node: Any) -> Any:
        """Entrywise product of any factors; the elementwise functions come last, each by its kernel."""
        *first, last = sorted(node.args, key=lambda factor: isinstance(factor, ElementwiseApplyFunction))
        rest = self.matrix(sp.HadamardProduct(*first) if len(first) > 1 else first[0])
        if not isinstance(last, ElementwiseApplyFunction):
            return self._bind(node, rest * self.matrix(last))
        function, argument = sp.Symbol(self._functions[last.function]), self.matrix(last.expr)
        return self._bind(node, _call("hadamard", rest, function, argument))

    def _bind(self, key: Any, value: Any) -> sp.Symbol:
        if key not in self._known:
            self._known[key] = sp.Symbol(self._names.get(key) or next(self._fresh))
            self.statements.append((self._known[key], value))
        return self._known[key]

    def _elementwise(self, node: Any) -> Any:
        inner = node.expr
        if inner.T.count(sp.Transpose) < inner.count(sp.Transpose):
            return _transposed(self.matrix(inner.T.applyfunc(node.function)))
        function = sp.Symbol(self._functions[node.function])
        return self._bind(node, _call("apply", function, self.matrix(inner)))

    def _scaled(self, term: Any) -> Any:
        if not isinstance(term, sp.MatMul):
            return self.matrix(term)
        coefficient, factors = term.as_coeff_matrices()
        return coefficient * self._chain(tuple(factors))

    def _chain(self, factors: tuple[Any, ...]) -> Any:
        """Product of several matrices in the cheapest order; symmetric cases take their own kernels."""
        if len(factors) == 1:
            return self.matrix(factors[0])
        key = sp.MatMul(*factors)
        mirrored = sp.MatMul(*(_flip(factor) for factor in reversed(factors)))
        for known, view in ((key, lambda s: s), (mirrored, _transposed)):
            if known in self._known:
                return view(self._known[known])
        split = _best_split(factors)
        left, right = factors[:split], factors[split:]
        if left == (_flip(right[-1]),) and len(right) == 1:
            return self._bind(key, _call("gram", self.matrix(left[0]), sp.S.Zero))
        if len(left) == 1 and isinstance(left[0], sp.Inverse):
            return self._bind(key, _call("solve", self._factor(left[0].arg), self._chain(right)))
        if len(right) == 1 and isinstance(right[0], sp.Inverse):
            return _transposed(self._chain(tuple(_flip(factor) for factor in reversed(factors))))
        return self._bind(key, _call("product", self._chain(left), self._chain(right)))

    def _factor(self, gram: Any) -> sp.Symbol:
        """Cholesky factor of MMᵀ + cI."""
        ridge, products = sp.S.Zero, []
        for term in sp.MatAdd.make_args(gram):
            coefficient, rest = term.as_coeff_mmul()
            if rest.args == (sp.Identity(gram.shape[0]),) or isinstance(rest, sp.Identity):
                ridge += coefficient
            else:
                products.append((coefficient, rest.args))
        scale, factors = products[0] if len(products) == 1 else (0, ())
        half = len(factors) // 2
        mirrored = all(_flip(factors[-1 - i]) == factors[i] for i in range(half))
        if not scale > 0 or len(factors) != 2 * half or not mirrored:
            raise TypeError(f"no kernel inverts {gram}: only M M^T + c I is known to be positive definite")
        root = sp.sqrt(scale) * self._chain(tuple(factors[:half]))
        K = self._bind(gram, _call("gram", root, ridge))
        return self._bind(sp.Inverse(gram), _call("cholesky", K))


def _call(kernel: str, *arguments: Any) -> Any:
    return sp.Function(kernel)(*arguments)


def _transposed(symbol: sp.Symbol) -> sp.Symbol:
    name = symbol.name
    return sp.Symbol(name.removesuffix(".T") if name.endswith(".T") else f"{name}.T")


def _flip(matrix: Any) -> Any:
    """Transpose; the inverse of a symmetric matrix is its own."""
    return matrix if isinstance(matrix, sp.Inverse) else matrix.T.doit()


def _best_split(factors: tuple[Any, ...]) -> int:
    """Where to split a product in two so that the multiplications are fewest."""
    dims = [_size(factors[0].shape[0]), *(_size(factor.shape[1]) for factor in factors)]

    @cache
    def cost(i: int, j: int) -> tuple[int, int]:
        if j - i == 1:
            return 0, i
        return min((cost(i, k)[0] + cost(k, j)[0] + dims[i] * dims[k] * dims[j], k) for k in range(i + 1, j))

    return cost(0, len(factors))[1]


def _size(dimension: Any) -> int:
    return int(
        dimension.subs({d: REPRESENTATIVE_SIZES.get(d.name, HIDDEN_SIZE) for d in dimension.free_symbols})
    )
