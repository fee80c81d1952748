"""Flows of a few scalar weights, generated from SymPy: the toy models and the solvable cases as they were derived."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.codegen.functions import scalar_function
from reduced.inputs.arrays import finite_array, without_overflow
from reduced.inputs.scalars import finite
from reduced.integration.bound import About, BoundFlow
from reduced.integration.preference import TOY_MODEL

Array = NDArray[np.float64]
Flow = BoundFlow[Array]
#: So many equations are shown.
FEW = 4


def flow_of(velocity: Any, state: Any, time: Any, **values: float) -> Flow:
    """Right-hand side of a derived equation as ``flow(time, state)``, with numbers for its parameters.

    Parameters
    ----------
    velocity, state : sequences of sympy expressions and symbols
        Derivatives and variables, in one order.
    time : sympy.Symbol
        The flow's own time.
    **values
        Numbers for the parameters, by their names.

    Raises
    ------
    ValueError
        If a parameter has no number, or a number no parameter.

    Examples
    --------
    >>> import sympy as sp
    >>> w, t, rate = sp.symbols("w t rate")
    >>> flow_of([-rate * w], [w], t, rate=0.5)(0.0, np.array([2.0]))
    array([-1.])
    """
    free = set().union(*(entry.free_symbols for entry in velocity)) - {time, *state}
    names = sorted(symbol.name for symbol in free)
    if set(names) != values.keys():
        raise ValueError(
            f"values = {values}: the equation needs a number for each of {', '.join(names) or 'no parameter'}"
        )
    if len(set(names)) < len(names):
        raise ValueError(
            f"the equation has different parameters of one name among {', '.join(names)}: rename one"
        )
    values = dict(zip(values, finite(**values), strict=True))
    numbers = {symbol: float(values[symbol.name]) for symbol in free}
    right = scalar_function("velocity", (time, *state), tuple(entry.subs(numbers) for entry in velocity))

    def flow(at: float, y: Array) -> Array:
        weights = finite_array("y", y, ...)
        if weights.shape[:1] != (len(state),):
            raise ValueError(f"y has shape {weights.shape}: must be ({len(state)}, ...), one row a variable")
        return without_overflow("the flow", np.array(right(at, *weights), dtype=float))

    facts = {name: f"{value:g}" for name, value in values.items()}
    return BoundFlow(flow, About("flow_of", _in_words(velocity, state), "its own time", TOY_MODEL, facts))


def _in_words(velocity: Any, state: Any) -> str:
    """The equations of a few variables; of many, their names."""
    if len(state) > FEW:
        return f"an equation for each of {len(state)} variables"
    return ", ".join(f"{name}′ = {entry}" for name, entry in zip(state, velocity, strict=True))


def gradient_flow(loss: Any, weights: Any, **values: float) -> Flow:
    """Gradient flow dw/dt = −∇loss of a scalar loss in flow time t; parameters as in :func:`flow_of`.

    Examples
    --------
    >>> import sympy as sp
    >>> u, v = sp.symbols("u v")
    >>> gradient_flow((u * v - 1) ** 2, (u, v))(0.0, np.array([2.0, 1.0]))
    array([-2., -4.])
    """
    import sympy as sp

    return flow_of([-sp.diff(loss, weight) for weight in weights], weights, sp.Dummy("t"), **values)
