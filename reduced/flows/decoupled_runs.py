"""A decoupled loss along time: its trajectory with fast optimum and cost, and its closed form."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derivations import Decoupled, ZeroLossRegime
from reduced.codegen.functions import scalar_function
from reduced.flows.clock import by_clock
from reduced.flows.decoupled import jacobian, vector_field
from reduced.flows.evaluators import by_substitution, minimized, substituted
from reduced.inputs.arrays import finite_array
from reduced.integration.solve import integrate
from reduced.integration.trajectory import Trajectory

Array = NDArray[np.float64]
Model = Decoupled | ZeroLossRegime
#: Times at which a trajectory is stored, unless they are given.
TIMES = 101


def cost(
    model: Model, parameters: Mapping[Any, float], fast_start: Sequence[float] | None = None
) -> Callable[[Array], float]:
    """Cost R(θ₁) of the slow parameters as a number; R/λ for a zero-loss regime.

    Parameters and errors as in :func:`reduced.decoupled.vector_field`.

    Examples
    --------
    >>> import sympy as sp
    >>> from derivations import decouple
    >>> a, b = sp.symbols("a b")
    >>> cost(decouple((b - a) ** 2 + b**2, slow=a, fast=b), {})(np.array([2.0]))
    2.0
    """
    evaluate = _fast_and_cost(model, parameters, fast_start)
    return lambda y: float(evaluate(y)[-1])


def simulate(
    model: Model,
    start: Sequence[float],
    span: tuple[float, float],
    parameters: Mapping[Any, float] | None = None,
    *,
    times: Sequence[float] | None = None,
    fast_start: Sequence[float] | None = None,
    method: str = "LSODA",
    rtol: float = 1e-8,
    atol: float = 1e-10,
    **options: Any,
) -> Trajectory:
    """Trajectory of the slow parameters, with the fast optimum and the cost along it.

    Parameters
    ----------
    model : Decoupled or ZeroLossRegime
        From :func:`derivations.decouple` (flow time t) or its ``.limit(weight_decay)`` (slow time τ = 2λt).
    start : sequence of float
        One number for each slow symbol, in the order of ``model.flow``.
    span : (float, float)
        Start and end, in the flow's own time.
    parameters : mapping, optional
        Symbol -> number, for every other symbol of the loss.
    times : sequence of float, optional
        Where to store the trajectory; by default 101 times, evenly spaced.
    fast_start : sequence of float, optional
        As in :func:`reduced.decoupled.vector_field`.
    method, rtol, atol, options
        Of :func:`reduced.integrate`. LSODA, Radau and BDF are given the exact Jacobian.

    Returns
    -------
    Trajectory
        ``.y`` of shape (m, slow symbols); ``.observed["fast"]`` of shape (m, fast symbols) is φ(θ₁) and
        ``.observed["cost"]`` of shape (m,) is R(θ₁), at the same times. Whether φ is a closed form, a proved minimum
        or one that a search finds is what ``print(model)`` says.

    Raises
    ------
    ValueError
        If a number is missing, or an argument is not usable.
    IntegrationError
        If the integration stops early.

    Examples
    --------
    >>> import sympy as sp
    >>> from derivations import decouple
    >>> a, b, decay = sp.symbols("a b lambda")
    >>> model = decouple((a * b - 1) ** 2 + decay * (a**2 + b**2), slow=a, fast=b)
    >>> path = simulate(model, [2.0], (0, 50), {decay: 0.1})
    >>> np.round([path.y[-1, 0], path.observed["fast"][-1, 0], path.observed["cost"][-1]], 4)  # a = b = √0.9
    array([0.9487, 0.9487, 0.19  ])
    """
    parameters = parameters or {}
    point = finite_array("start", start, len(model.flow))
    flow = vector_field(model, parameters, fast_start)
    values = _fast_and_cost(model, parameters, fast_start)
    if isinstance(model, Decoupled) and method in ("LSODA", "Radau", "BDF"):
        options = {"jac": jacobian(model, parameters, fast_start)} | options
    stored = np.linspace(*span, TIMES) if times is None else times
    path = integrate(flow, point, span, method=method, t_eval=stored, rtol=rtol, atol=atol, **options)
    rows = np.array([values(state) for state in path.y])
    return replace(path, observed={"t": path.t, "fast": rows[:, :-1], "cost": rows[:, -1]})


def closed_form(
    model: Model, start: Sequence[float], parameters: Mapping[Any, float] | None = None
) -> Callable[[Sequence[float]], Array]:
    """Slow parameters as a function of time, from the closed forms of ``model.closed_form()``.

    Parameters
    ----------
    model, start, parameters
        As in :func:`simulate`; every slow parameter must have a closed form.

    Returns
    -------
    callable
        ``solution(times) -> (m, slow symbols)``. A solution that is only known by its clock, the time at which each
        value is reached, is found from it by bisection. NaN after the state has run into 0 or out of the reals.

    Raises
    ------
    ValueError
        If a slow parameter has no closed form, or a start or a number is not usable.

    Examples
    --------
    >>> import sympy as sp
    >>> from derivations import decouple
    >>> a, b, decay = sp.symbols("a b lambda")
    >>> network = decouple((a * b - 1) ** 2 + decay * (a**2 + b**2), slow=a, fast=b)
    >>> closed_form(network.limit(decay), [2.0])([0.0, 1.0]).ravel().round(6)  # a⁴ = 1 + 15 e^(−4τ)
    array([2.      , 1.062564])
    """
    parameters = parameters or {}
    point = finite_array("start", start, len(model.flow))
    found = model.closed_form()
    lacking = [str(variable) for variable in model.flow if variable not in found]
    if lacking:
        raise ValueError(f"no closed form in time was found for {', '.join(lacking)}: use simulate")
    free = set().union(*(form.velocity.free_symbols for form in found.values())) - set(found)
    missing = sorted(str(symbol) for symbol in free - parameters.keys())
    if missing:
        raise ValueError(f"parameters lacks a number for {', '.join(missing)}")
    numbers = {symbol: float(parameters[symbol]) for symbol in free}
    solved = [
        _explicit(form, w, numbers) if form.solution is not None and w != 0 else by_clock(form, w, numbers)
        for form, w in zip((found[variable] for variable in model.flow), point, strict=True)
    ]
    return lambda times: np.stack([one(finite_array("times", times, "m")) for one in solved], axis=-1)


def _explicit(form: Any, start: float, numbers: Mapping[Any, float]) -> Callable[[Array], Array]:
    symbols = (form.time, form.start, *numbers)
    function = scalar_function("solution", symbols, form.solution)

    def solution(times: Array) -> Array:
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.broadcast_to(function(times, start, *numbers.values()), times.shape)

    return solution


def _fast_and_cost(
    model: Model, parameters: Mapping[Any, float], fast_start: Any
) -> Callable[[Array], Array]:
    """(φ, R) at slow values, from one search where there is one."""
    if isinstance(model, ZeroLossRegime) or by_substitution(model, fast_start):
        expressions = (*model.fast_optimum.values(), model.cost)
        return substituted(model, "fast_values_and_cost", expressions, parameters)
    return minimized(model, parameters, lambda minimum: np.append(minimum.fast, minimum.cost), fast_start)
