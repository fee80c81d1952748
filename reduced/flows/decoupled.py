"""A decoupled scalar loss as numbers: its flow and exact Jacobian, for any solver.

Where the fast optimum has no closed form, Newton's method finds it inside every evaluation, and the envelope theorem
gives the flow at it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derivations.decoupling import Decoupled, ZeroLossRegime
from reduced.codegen.functions import Generated, scalar_function
from reduced.inputs.arrays import finite_array, without_overflow
from reduced.inputs.scalars import finite

Array = NDArray[np.float64]
Field = Callable[[float, Array], Array]

NEWTON_STEPS = 100
#: Newton stops after a step this small relative to the fast values: the error left is its square.
NEWTON_TOLERANCE = 1e-9


def vector_field(
    model: Decoupled | ZeroLossRegime,
    parameters: Mapping[Any, float],
    fast_start: Sequence[float] | None = None,
) -> Field:
    """Flow of the slow parameters of a decoupled loss.

    Parameters
    ----------
    model : Decoupled or ZeroLossRegime
        From :func:`derivations.decouple` (flow time t) or its ``.limit(weight_decay)`` (slow time τ = 2λt).
    parameters : mapping
        Symbol -> number, for every symbol of the loss that is neither slow nor fast.
    fast_start : sequence of float, optional
        Where Newton's method starts if ``model.implicit``, one number for each fast symbol; 1 each by default.

    Returns
    -------
    callable
        ``field(t, y) -> dy/dt``, y of shape (number of slow symbols,), in the order of ``model.flow``.

    Raises
    ------
    ValueError
        If a parameter is missing or unknown. The field raises ``ArithmeticError`` where Newton's method finds no
        minimum.

    Examples
    --------
    >>> import sympy as sp
    >>> from derivations import decouple
    >>> w1, w2, decay = sp.symbols("w1 w2 lambda")
    >>> network = decouple((w1 * w2 - 1) ** 2 + decay * (w1**2 + w2**2), slow=w1, fast=w2)
    >>> vector_field(network.limit(decay), {})(0.0, np.array([2.0]))  # w1' = w1⁻³ − w1
    array([-1.875])
    """
    evaluate = _evaluator(model, "flow", tuple(model.flow.values()), parameters, fast_start)
    return lambda t, y: evaluate(y)


def jacobian(
    model: Decoupled, parameters: Mapping[Any, float], fast_start: Sequence[float] | None = None
) -> Field:
    """Exact Jacobian of the flow, ``jacobian(t, y) -> (k, k)`` for k slow symbols, for Radau, BDF and LSODA.

    Parameters and errors as in :func:`vector_field`.
    """
    size = len(model.slow)
    evaluate = _evaluator(model, "jacobian", tuple(model.jacobian), parameters, fast_start)
    return lambda t, y: evaluate(y).reshape(size, size)


def fast_values(
    model: Decoupled, parameters: Mapping[Any, float], fast_start: Sequence[float] | None = None
) -> Callable[[Array], Array]:
    """Fast optimum φ(θ₁) as numbers, in the order of ``model.fast``.

    Parameters and errors as in :func:`vector_field`.
    """
    expressions = model.fast if model.implicit else tuple(model.fast_optimum.values())
    return _evaluator(model, "fast_values", expressions, parameters, fast_start)


def _evaluator(
    model: Decoupled | ZeroLossRegime,
    name: str,
    expressions: tuple[Any, ...],
    parameters: Mapping[Any, float],
    fast_start: Sequence[float] | None,
) -> Callable[[Array], Array]:
    """Generate a function of the slow values alone."""
    if isinstance(model, Decoupled) and model.implicit:
        return _newton_evaluator(model, name, expressions, parameters, fast_start)
    free = set().union(*(expression.free_symbols for expression in expressions))
    given, numbers = _split(parameters, free - model.flow.keys())
    function = scalar_function(name, (*model.flow, *given), expressions)
    return lambda y: _result(name, _call(function, *finite_array("y", y, len(model.flow)), *numbers))


def _newton_evaluator(
    model: Decoupled,
    name: str,
    expressions: tuple[Any, ...],
    parameters: Mapping[Any, float],
    fast_start: Sequence[float] | None,
) -> Callable[[Array], Array]:
    """Generate a function of the slow values that solves for the fast ones first."""
    fast = model.fast
    given, numbers = _split(parameters, model.loss.free_symbols - set(model.slow) - set(fast))
    arguments = (*model.slow, *fast, *given)
    function = scalar_function(name, arguments, expressions)
    start = finite_array("fast_start", np.ones(len(fast)) if fast_start is None else fast_start, len(fast))
    inner = (model.loss, *model.stationarity, *model.fast_hessian)
    derivatives = scalar_function("derivatives", arguments, inner)

    def at_optimum(y: Array) -> Array:
        y = finite_array("y", y, len(model.slow))
        x = _newton(lambda x: _call(derivatives, *y, *x, *numbers), start)
        return _result(name, _call(function, *y, *x, *numbers))

    return at_optimum


def _split(parameters: Mapping[Any, float], needed: set[Any]) -> tuple[tuple[Any, ...], list[float]]:
    """Pick the parameters that are needed: their symbols and their numbers, in one order."""
    missing = needed - parameters.keys()
    if missing:
        raise ValueError(f"parameters lacks a number for {', '.join(sorted(map(str, missing)))}")
    given = tuple(symbol for symbol in parameters if symbol in needed)
    finite(**{str(symbol): parameters[symbol] for symbol in given})
    return given, [float(parameters[symbol]) for symbol in given]


def _call(function: Generated, *values: float) -> Array:
    """Evaluate all branches of every Piecewise; those that do not hold may overflow or be undefined."""
    with np.errstate(all="ignore"):
        return np.array([float(value) for value in function(*values)])


def _result(name: str, values: Array) -> Array:
    return without_overflow(f"the {name.replace('_', ' ')}", values)


def _newton(derivatives: Callable[[Array], Array], start: Array) -> Array:
    """Minimise by Newton's method with |Hessian| and backtracking.

    ``derivatives(x)`` holds the value, the gradient and the Hessian, flattened.

    Raises
    ------
    ArithmeticError
        If no strict local minimum is reached.
    """
    x, size = start, len(start)
    for _ in range(NEWTON_STEPS):
        value, gradient, hessian = np.split(derivatives(x), [1, 1 + size])
        if not (np.isfinite(gradient).all() and np.isfinite(hessian).all()):
            break
        curvatures, axes = np.linalg.eigh(hessian.reshape(size, size))
        floor = np.finfo(float).eps * max(1.0, float(abs(curvatures).max()))
        step = -axes @ ((axes.T @ gradient) / np.maximum(abs(curvatures), floor))
        if np.linalg.norm(step) <= NEWTON_TOLERANCE * (1 + np.linalg.norm(x)):
            if curvatures.min() <= floor:
                break
            return np.asarray(x + step)
        promised = -float(gradient @ step)
        scale = 1.0
        while scale > floor and derivatives(x + scale * step)[0] > value[0] - 1e-4 * scale * promised:
            scale /= 2
        x = x + scale * step
    raise ArithmeticError(
        f"Newton's method found no minimum over the fast parameters: it stopped at {x}; start elsewhere with "
        "fast_start, or the loss has no minimum there"
    )
