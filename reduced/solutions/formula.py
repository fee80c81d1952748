"""How a proved solution becomes numbers: source without cancellation, and the root of an implicit clock."""

from collections.abc import Callable
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike, NDArray
from scipy.optimize.elementwise import find_root
from sympy.codegen.cfunctions import log1p
from sympy.codegen.rewriting import expm1_opt, optimize

from reduced.codegen.functions import Generated, scalar_function
from reduced.inputs.arrays import finite_array

Array = NDArray[np.float64]


def formula(name: str, arguments: tuple[Any, ...], *expressions: Any) -> Generated:
    """Generate a NumPy function with 1 − e^x as ``expm1`` and ln(1 + x) as ``log1p``, which keep their digits as x → 0.

    Examples
    --------
    >>> import sympy as sp
    >>> t = sp.Symbol("t")
    >>> print(formula("risen", (t,), 1 - sp.exp(-t)))
    def risen(t):
        return -numpy.expm1(-t)
    """
    stable = tuple(
        optimize(expression.replace(_is_log_of_one_plus, _as_log1p), [expm1_opt])
        for expression in expressions
    )
    return scalar_function(name, arguments, stable if len(stable) > 1 else stable[0])


def _is_log_of_one_plus(node: Any) -> bool:
    return isinstance(node, sp.log) and bool(node.args[0].is_Add) and 1 in node.args[0].args


def _as_log1p(node: Any) -> Any:
    return log1p(node.args[0] - 1)


def times(values: ArrayLike) -> Array:
    """Times as an array of floats.

    Raises
    ------
    ValueError
        If a time is negative or not finite.
    """
    array = finite_array("times", values, ...)
    if not (array >= 0).all():
        raise ValueError(f"times holds {array.min()}: the solutions start at 0")
    return array


def together(**arrays: Any) -> tuple[Array, ...]:
    """Finite arrays of shapes that broadcast, in their order.

    Raises
    ------
    ValueError
        If one is not finite, or the shapes do not broadcast.

    Examples
    --------
    >>> together(foot=[1.0, 2.0], distance=[1.0, 2.0, 3.0])
    Traceback (most recent call last):
    ...
    ValueError: foot, distance have shapes (2,), (3,), which do not broadcast
    """
    finite = [finite_array(name, values, ...) for name, values in arrays.items()]
    shapes = [array.shape for array in finite]
    try:
        np.broadcast_shapes(*shapes)
    except ValueError:
        listed = ", ".join(map(str, shapes))
        raise ValueError(f"{', '.join(arrays)} have shapes {listed}, which do not broadcast") from None
    return tuple(finite)


def read_clock(clock: Callable[..., Any], target: Array, upper: Any, *arguments: Any) -> Array:
    """Where a rising clock, at parameter 0 not past ``target``, shows it: a bracketed root to machine precision.

    Parameters
    ----------
    clock : callable
        ``clock(parameter, *arguments)``, elementwise.
    target : array
        What it should show; beyond what it shows at ``upper``, the answer is ``upper``.
    upper : array
        Where it has passed the target, or further than which its parameter makes no difference.
    *arguments : arrays
        Broadcast with ``target``.
    """
    target, upper, *rest = np.broadcast_arrays(target, upper, *arguments)
    reachable = np.minimum(target, clock(upper, *rest))
    limits = (np.zeros_like(upper), upper)
    with np.errstate(invalid="ignore", divide="ignore"):  # SciPy's step takes roots that it then discards
        found = find_root(lambda at, goal, *more: clock(at, *more) - goal, limits, args=(reachable, *rest))
    if not found.success.all():
        raise ArithmeticError(f"no root of the clock for {(~found.success).sum()} of {target.size} times")
    return np.asarray(found.x)
