"""A decoupled loss as one NumPy file that runs without this package."""

from collections.abc import Mapping, Sequence
from typing import Any

from derivations import Decoupled, ZeroLossRegime
from reduced.codegen.functions import scalar_function
from reduced.codegen.names import own_names

Model = Decoupled | ZeroLossRegime

HEADER = '''"""{title}

Generated from {loss}
{verdict}
"""

import numpy
import scipy.integrate
import scipy.optimize
import scipy.special

'''
RUN = '''

def velocity(time, state):
    """Rate of {slow} in {clock}."""
    return numpy.array(flow(*state, {arguments}), dtype=float)


if __name__ == "__main__":
    path = scipy.integrate.solve_ivp(velocity, ({begin!r}, {end!r}), {start!r}, method="LSODA", rtol=1e-8, atol=1e-10)
    print("time {names}")
    for time, state in zip(path.t, path.y.T):
        print(time, *state, *numpy.ravel(fast_optimum(*state, {arguments})), cost(*state, {arguments}))
'''
SEARCH = '''

def fast_optimum({slow}, {given}):
    """Lowest minimum over {fast} that descents from a grid find; that none is lower is not proved."""
    def value(fast):
        with numpy.errstate(all="ignore"):
            found = float(loss({slow}, *fast, {given}))
        return found if numpy.isfinite(found) else numpy.inf
    axis = numpy.sinh(numpy.linspace(-7, 7, {points})) / 5
    grid = numpy.stack(numpy.meshgrid(*[axis] * {size}), axis=-1).reshape(-1, {size})
    starts = sorted(grid, key=value)[:4]
    tight = {{"xatol": 1e-11, "fatol": 1e-15, "maxiter": 4000, "maxfev": 4000}}
    found = [scipy.optimize.minimize(value, start, method="Nelder-Mead", options=tight) for start in starts]
    return min(found, key=lambda one: one.fun).x


def flow({slow}, {given}):
    return flow_at({slow}, *fast_optimum({slow}, {given}), {given})


def cost({slow}, {given}):
    return loss({slow}, *fast_optimum({slow}, {given}), {given})
'''


def source(
    model: Model,
    parameters: Mapping[Any, float],
    start: Sequence[float],
    span: tuple[float, float],
    title: str,
) -> str:
    """Python source that runs with NumPy and SciPy alone: flow, fast optimum and cost, and an integration.

    Parameters
    ----------
    model : Decoupled or ZeroLossRegime
    parameters : mapping
        Symbol -> number, for every symbol that is neither slow nor fast.
    start : sequence of float
        Slow values at the beginning.
    span : (float, float)
    title : str
        First line of the file.

    Notes
    -----
    Closed forms are evaluated as they are printed; ``reduced.decoupled`` brings those with roots to full digits.

    Examples
    --------
    >>> import sympy as sp
    >>> from derivations import decouple
    >>> a, b = sp.symbols("a b")
    >>> text = source(decouple((b - a) ** 2 + b**2, slow=a, fast=b), {}, [1.0], (0.0, 2.0), "Half")
    >>> "return (-a,)" in text
    True
    """
    slow, fast = tuple(model.flow), tuple(model.fast_optimum)
    implicit = isinstance(model, Decoupled) and model.implicit
    loss = model.loss if isinstance(model, Decoupled) else model.cost
    verdict = str(model.optimum) if isinstance(model, Decoupled) else "in the limit of vanishing weight decay"
    renamed = own_names(
        (*slow, *fast, *parameters), taken=("flow", "cost", "loss", "fast_optimum", "flow_at", "time")
    )
    called = {symbol: renamed.get(symbol, symbol) for symbol in (*slow, *fast, *parameters)}
    given = [called[symbol] for symbol in parameters]

    def written(name: str, arguments: Sequence[Any], expressions: Any) -> str:
        return str(scalar_function(name, [*arguments, *given], expressions))

    def with_names(expressions: Any) -> Any:
        return tuple(part.xreplace(called) for part in expressions)

    names = {"slow": ", ".join(called[s].name for s in slow), "fast": ", ".join(called[s].name for s in fast)}
    rates = with_names(model.flow.values())
    one = [called[s] for s in slow]
    if implicit:
        points = {1: 401, 2: 41}.get(len(fast), 9)
        search = SEARCH.format(given=", ".join(s.name for s in given), size=len(fast), points=points, **names)
        both = [*one, *(called[s] for s in fast)]
        parts = [
            written("loss", both, with_names([loss])[0]),
            "\n\n",
            written("flow_at", both, rates),
            search,
        ]
    else:
        optimum = with_names(model.fast_optimum.values())
        parts = [
            written("fast_optimum", one, optimum),
            "\n\n\n",
            written("cost", one, with_names([model.cost])[0]),
            "\n\n\n",
            written("flow", one, rates),
            "\n",
        ]
    header = HEADER.format(title=title, loss=loss, verdict=verdict)
    run = RUN.format(
        slow=names["slow"],
        clock="flow time t" if isinstance(model, Decoupled) else "slow time τ = 2λt",
        arguments=", ".join(repr(float(value)) for value in parameters.values()),
        begin=float(span[0]),
        end=float(span[1]),
        start=[float(value) for value in start],
        names=f"{names['slow']} {names['fast']} cost".replace(",", ""),
    )
    return (header + "".join(parts) + run).replace(", )", ")")
