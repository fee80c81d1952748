"""A decoupled scalar loss as numbers: its flow and exact Jacobian, for any solver.

Where the fast optimum has no closed form, every evaluation searches for the lowest minimum, and the envelope theorem
gives the flow at it. Closed forms with roots are brought to full digits by Newton's steps.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derivations import Decoupled, ZeroLossRegime
from reduced.flows.evaluators import by_substitution, minimized, substituted
from reduced.integration.bound import About, BoundFlow
from reduced.integration.preference import TOY_MODEL

Array = NDArray[np.float64]
Field = Callable[[float, Array], Array]


def vector_field(
    model: Decoupled | ZeroLossRegime,
    parameters: Mapping[Any, float],
    fast_start: Sequence[float] | None = None,
) -> BoundFlow[Array]:
    """Flow of the slow parameters of a decoupled loss.

    Parameters
    ----------
    model : Decoupled or ZeroLossRegime
        From :func:`derivations.decouple` (flow time t) or its ``.limit(weight_decay)`` (slow time τ = 2λt).
    parameters : mapping
        Symbol -> number, for every symbol of the loss that is neither slow nor fast.
    fast_start : sequence of float, optional
        One number for each fast symbol, if ``model.implicit``: follow the branch that lies downhill from there. By
        default the lowest minimum is searched for at every evaluation, so the flow jumps where two wells swap;
        :func:`jumps` marks where.

    Returns
    -------
    callable
        ``field(t, y) -> dy/dt``, y of shape (number of slow symbols,), in the order of ``model.flow``.

    Raises
    ------
    ValueError
        If a parameter is missing or contradicts the sign its symbol declares. The field raises ``ArithmeticError``
        where it finds no minimum, or where a condition of the closed form or a declared sign fails.

    Examples
    --------
    >>> import sympy as sp
    >>> from derivations import decouple
    >>> w1, w2, decay = sp.symbols("w1 w2 lambda")
    >>> network = decouple((w1 * w2 - 1) ** 2 + decay * (w1**2 + w2**2), slow=w1, fast=w2)
    >>> vector_field(network.limit(decay), {})(0.0, np.array([2.0]))  # w1' = w1⁻³ − w1
    array([-1.875])
    """
    if isinstance(model, ZeroLossRegime) or by_substitution(model, fast_start):
        evaluate = substituted(model, "flow", tuple(model.flow.values()), parameters)
    else:
        evaluate = minimized(model, parameters, lambda minimum: -minimum.slope, fast_start)
    time = "slow time τ = 2λt" if isinstance(model, ZeroLossRegime) else "flow time t"
    names = ", ".join(map(str, model.flow))
    facts = {str(name): f"{float(value):g}" for name, value in parameters.items()}
    about = About(
        "vector_field", f"the flow of ({names}), the fast parameters optimal", time, TOY_MODEL, facts
    )
    return BoundFlow(lambda t, y: evaluate(y), about)


def jacobian(
    model: Decoupled, parameters: Mapping[Any, float], fast_start: Sequence[float] | None = None
) -> Field:
    """Exact Jacobian of the flow, ``jacobian(t, y) -> (k, k)`` for k slow symbols, for Radau, BDF and LSODA.

    Parameters and errors as in :func:`vector_field`.
    """
    size = len(model.slow)
    if by_substitution(model, fast_start):
        evaluate = substituted(model, "jacobian", tuple(model.jacobian), parameters)
    else:
        evaluate = minimized(model, parameters, lambda minimum: -minimum.curvature, fast_start)
    return lambda t, y: evaluate(y).reshape(size, size)


def fast_values(
    model: Decoupled, parameters: Mapping[Any, float], fast_start: Sequence[float] | None = None
) -> Callable[[Array], Array]:
    """Fast optimum φ(θ₁) as numbers, in the order of ``model.fast``.

    Parameters and errors as in :func:`vector_field`.
    """
    if by_substitution(model, fast_start):
        return substituted(model, "fast_values", tuple(model.fast_optimum.values()), parameters)
    return minimized(model, parameters, lambda minimum: minimum.fast, fast_start)
