"""From SymPy expressions to NumPy and SciPy source that a person can read: the only ``lambdify``.

A scalar expression becomes a vectorised function. A matrix expression is first lowered to named kernel calls
(:mod:`reduced.codegen.lowering`, :mod:`reduced.codegen.kernels`). Either way the result is a :class:`Generated`, which
prints, compares and pickles by its source.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import scipy.special

from reduced.codegen.kernels import Kernels
from reduced.codegen.names import own_labels, own_names

KERNELS = ("product", "gram", "cholesky", "solve", "apply", "hadamard", "inner", "logsumexp")


@dataclass(frozen=True)
class Generated:
    """A generated function: call it, print it, pickle it.

    Parameters
    ----------
    name : str
        Name of the function in the source.
    source : str
        Python source; it refers to ``numpy``, ``scipy`` and the methods of :class:`reduced.codegen.kernels.Kernels`.
    """

    name: str
    source: str
    _idle: list[tuple[Any, Kernels]] = field(default_factory=list, init=False, repr=False, compare=False)

    def __call__(self, *arguments: Any) -> Any:
        """Evaluate. The results are the caller's to keep; threads may share the function."""
        return self.within(np.inf, *arguments)

    def within(self, worst: float, *arguments: Any) -> Any:
        """Evaluate, if no Gram matrix has Cholesky pivots whose squared ratio exceeds ``worst``.

        Raises
        ------
        IllConditionedError
            If one has.
        """
        try:
            function, kernels = self._idle.pop()
        except IndexError:
            function, kernels = self._compiled()
        kernels.begin(worst)
        result = function(*arguments)
        owned = tuple(map(_own, result)) if isinstance(result, tuple) else _own(result)
        self._idle.append((function, kernels))
        return owned

    def function(self) -> Callable[..., Any]:
        """The compiled function itself, without a copy: it may return its argument, a scalar, or its own buffers."""
        function: Callable[..., Any] = self._compiled()[0]
        return function

    def _compiled(self) -> tuple[Any, Kernels]:
        kernels = Kernels()
        namespace: dict[str, Any] = {name: getattr(kernels, name) for name in KERNELS}
        namespace |= {"numpy": np, "scipy": scipy}
        exec(compile(self.source, f"<generated {self.name}>", "exec"), namespace)
        return namespace[self.name], kernels

    def __reduce__(self) -> tuple[type["Generated"], tuple[str, str]]:
        return Generated, (self.name, self.source)

    def __str__(self) -> str:
        return self.source


def _own(result: Any) -> Any:
    """Copy an array out of the kernels' buffers."""
    return np.array(result) if isinstance(result, np.ndarray) else result


def scalar_function(name: str, arguments: Sequence[Any], expressions: Any) -> Generated:
    """Generate a vectorised NumPy function from scalar SymPy expressions.

    Parameters
    ----------
    name : str
        Name of the function; one that is none in Python, or is taken there, is changed a little.
    arguments : sequence of sympy.Symbol
        Positional arguments, arrays that broadcast; a name that is a keyword, taken or used twice gets a trailing
        underscore.
    expressions : sympy.Expr or tuple of sympy.Expr
        What it returns; common subexpressions are shared.

    Raises
    ------
    ValueError
        If an expression holds what has no value: an undefined function, an unsolved integral, a ``DiracDelta``.

    Examples
    --------
    >>> import sympy as sp
    >>> z = sp.Symbol("z", real=True)
    >>> relu = scalar_function("relu", [z], sp.Max(z, 0))
    >>> print(relu)
    def relu(z):
        return numpy.maximum(0, z)
    >>> relu(np.array([-1.0, 2.0]))
    array([0., 2.])
    """
    import sympy as sp
    from sympy.core.function import AppliedUndef

    from reduced.codegen.printing import WITHOUT_VALUE

    name = own_labels([name])[name]
    renamed = own_names(arguments, taken=(name, *KERNELS))
    outputs = sp.sympify(expressions).xreplace(renamed)
    unknown = sorted(map(str, outputs.atoms(AppliedUndef, *WITHOUT_VALUE)))
    if unknown:
        raise ValueError(
            f"{name} holds {unknown[0]}, which has no value in double precision: write it as a formula"
        )
    return Generated(name, _print(name, [renamed.get(s, s) for s in arguments], outputs, cse=True))


def matrix_function(
    name: str,
    arguments: Mapping[str, Any],
    outputs: Any,
    *,
    functions: Mapping[str, Any] | None = None,
    named: Mapping[str, Any] | None = None,
) -> Generated:
    """Generate a function of matrices from matrix expressions.

    Parameters
    ----------
    name : str
        Name of the function.
    arguments : mapping
        Positional arguments in order: the name in the source and the matrix or scalar symbol it stands for.
    outputs : sympy.MatrixExpr, sympy.Expr, or tuple of them
        What it returns.
    functions : mapping, optional
        Name and ``sympy.Lambda`` of every function applied elementwise; any name will do.
    named : mapping, optional
        Names for intermediate results that a reader knows, e.g. ``{"H": hidden}``.

    Examples
    --------
    >>> import sympy as sp
    >>> A, B = sp.MatrixSymbol("A", 3, 2), sp.MatrixSymbol("B", 3, 4)
    >>> print(matrix_function("ridge_solve", {"A": A, "B": B}, sp.Inverse(A * A.T + sp.Identity(3)) * B))
    def ridge_solve(A, B):
        T1 = gram(A, 1)
        T2 = cholesky(T1)
        T3 = solve(T2, B)
        return T3
    """
    import sympy as sp

    from reduced.codegen.lowering import Lowering

    functions, named = functions or {}, named or {}
    labels = own_labels(functions, taken=(name, *arguments, *named, *KERNELS))
    functions = {labels[wanted]: function for wanted, function in functions.items()}
    renamed = {symbol: _renamed(symbol, label) for label, symbol in arguments.items()}

    def canonical(expression: Any) -> Any:
        return expression.xreplace(renamed).doit()

    lowering = Lowering(
        functions={function: label for label, function in functions.items()},
        names={canonical(expression): label for label, expression in named.items()},
    )
    several = map(canonical, outputs if isinstance(outputs, tuple) else (outputs,))
    results = [lowering.matrix(out) if out.is_Matrix else lowering.scalar(out) for out in several]
    z = sp.Symbol("z", real=True)
    scalars = [_print(label, [z], f(z), cse=True) for label, f in functions.items()]
    body = sp.Tuple(*results) if isinstance(outputs, tuple) else results[0]
    program = _print(name, list(map(sp.Symbol, arguments)), body, cse=lambda _: (lowering.statements, body))
    return Generated(name, "\n\n".join([*scalars, program]))


def _renamed(symbol: Any, label: str) -> Any:
    import sympy as sp

    return sp.MatrixSymbol(label, *symbol.shape) if isinstance(symbol, sp.MatrixSymbol) else sp.Symbol(label)


def _print(name: str, arguments: Sequence[Any], body: Any, cse: Any) -> str:
    import sympy as sp

    from reduced.codegen.printing import Printer

    function = sp.lambdify(arguments, body, modules=["numpy"], printer=Printer(), cse=cse)
    return inspect.getsource(function).replace("_lambdifygenerated", name).strip()
