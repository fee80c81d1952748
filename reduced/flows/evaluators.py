"""Functions of the slow values alone, generated from a decoupled loss: by substitution, or by finding the minimum."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derivations import Decoupled, ZeroLossRegime
from reduced.codegen.functions import scalar_function
from reduced.flows.cells import cells_of
from reduced.flows.minimum import local_minimum, lowest_minimum
from reduced.flows.polish import Minimum, refined
from reduced.flows.underflow import naming_underflow
from reduced.inputs.arrays import finite_array, without_overflow
from reduced.inputs.scalars import finite

Array = NDArray[np.float64]


def by_substitution(model: Decoupled, fast_start: Any) -> bool:
    """Whether a closed form is asked for that loses no digits: without roots, or with branches on walls of kinks."""
    if fast_start is not None or model.implicit:
        return False
    pieces = model.optimum.pieces
    rational = len(pieces) == 1 and all(v.is_rational_function(*model.slow) for v in pieces[0][0].values())
    return not model.smooth or (len(model.fast) == 1 and rational)


def substituted(
    model: Decoupled | ZeroLossRegime,
    name: str,
    expressions: tuple[Any, ...],
    parameters: Mapping[Any, float],
) -> Callable[[Array], Array]:
    """Generate a function of the slow values from closed forms."""
    conditions = model.optimum.conditions if isinstance(model, Decoupled) else ()
    slow = tuple(model.flow)
    free = set().union(*(expression.free_symbols for expression in (*expressions, *conditions)))
    given, numbers = _split(parameters, free - set(slow))
    function = scalar_function(name, (*slow, *given), expressions)
    check = _checked(slow, conditions, given)

    def evaluate(y: Array) -> Array:
        point = finite_array("y", y, len(slow))
        check(point, numbers)
        with np.errstate(all="ignore"):
            values = np.array([float(value) for value in function(*point, *numbers)])
        return _result(name, values)

    return evaluate


def minimized(
    model: Decoupled,
    parameters: Mapping[Any, float],
    quantity: Callable[[Minimum], Array],
    fast_start: Any = None,
) -> Callable[..., Array]:
    """A function of the slow values that finds the minimum over the fast ones first.

    With ``fast_start``, the one downhill from there; else the closed form's, in full digits; else the lowest that a
    search finds. The function takes another start as its second argument.
    """
    size = len(model.fast)
    start = None if fast_start is None else finite_array("fast_start", fast_start, size)
    given, numbers = _split(parameters, model.loss.free_symbols - set(model.slow) - set(model.fast))
    cells = cells_of(model, given)
    closed = None
    if not model.implicit and model.smooth:
        expressions = tuple(model.fast_optimum.values())
        closed = scalar_function("fast_values", (*model.slow, *given), expressions)
    check = _checked(model.slow, model.optimum.conditions, given)

    def at_minimum(y: Array, start: Array | None = start) -> Array:
        point = finite_array("y", y, len(model.slow))
        check(point, numbers)
        smooth = cells.at(list(map(float, point)), numbers)
        found = None
        with np.errstate(all="ignore"), naming_underflow((*model.slow, *given), (*point, *numbers)) as judge:
            if start is None and closed is not None:
                x = np.array([float(value) for value in closed(*point, *numbers)])
                found = refined(smooth[0], x) if np.isfinite(x).all() else None
            if start is not None:
                found = local_minimum(smooth, start)
                if found is None:
                    raise ArithmeticError(
                        f"no minimum lies downhill from fast_start = {start.tolist()} at {point.tolist()}"
                    )
            found = found or lowest_minimum(smooth)
            judge(smooth, found)
        return _result("the decoupled loss", np.ravel(quantity(found)))

    return at_minimum


def _checked(slow: Any, conditions: Any, given: Any) -> Callable[[Array, Sequence[float]], None]:
    """A function that refuses points where a condition or a declared sign fails."""
    import sympy as sp

    holds = tuple(sp.Piecewise((1, condition), (0, True)) for condition in conditions)
    function = scalar_function("conditions", (*slow, *given), holds) if holds else None

    def check(point: Array, numbers: Sequence[float]) -> None:
        for symbol, value in zip(slow, point, strict=True):
            if _contradicts(symbol, value):
                raise ArithmeticError(f"{symbol} = {value}: contradicts the sign that the symbol declares")
        if function is not None:
            for condition, fulfilled in zip(conditions, function(*point, *numbers), strict=True):
                if not fulfilled:
                    raise ArithmeticError(
                        f"no minimum over the fast parameters at {point.tolist()}: needs {condition}"
                    )

    return check


def _contradicts(symbol: Any, value: float) -> bool:
    return bool(
        (symbol.is_positive and value <= 0)
        or (symbol.is_negative and value >= 0)
        or (symbol.is_nonnegative and value < 0)
        or (symbol.is_nonpositive and value > 0)
        or (symbol.is_nonzero and value == 0)
    )


def _split(parameters: Mapping[Any, float], needed: set[Any]) -> tuple[tuple[Any, ...], list[float]]:
    """Pick the parameters that are needed: their symbols and their numbers, in one order."""
    missing = needed - parameters.keys()
    if missing:
        raise ValueError(f"parameters lacks a number for {', '.join(sorted(map(str, missing)))}")
    given = tuple(symbol for symbol in parameters if symbol in needed)
    finite(**{str(symbol): parameters[symbol] for symbol in given})
    for symbol in given:
        if _contradicts(symbol, float(parameters[symbol])):
            raise ValueError(
                f"{symbol} = {parameters[symbol]}: contradicts the sign that the symbol declares"
            )
    return given, [float(parameters[symbol]) for symbol in given]


def _result(name: str, values: Array) -> Array:
    return without_overflow(f"the {name.replace('_', ' ')}" if name[:4] != "the " else name, values)
