"""Where a loss is least in its fast variables: in closed form where it can be had, within the time it is given."""

from typing import Any

import sympy as sp
from sympy.polys.polyerrors import BasePolynomialError

from derivations import quadratic, quartic, stationary
from derivations.bounded import Budget, OutOfTime
from derivations.choice import convex, lowest
from derivations.growth import Growth, growth, on_cells
from derivations.kinks import Cell
from derivations.optimum import NoMinimumError, Optimum

NO_CLOSED_FORM = "the stationary points have no closed form with square roots"
#: What SymPy raises on expressions it has no method for.
GIVES_UP = (
    NotImplementedError,
    BasePolynomialError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


def fast_optimum(loss: Any, fast: tuple[Any, ...], rooms: tuple[Cell, ...], budget: Budget) -> Optimum:
    """Minimise a loss over real symbols: in closed form if it can be had, else marked for a numerical search.

    Parameters
    ----------
    loss : sympy.Expr
    fast : tuple of symbols
    rooms : tuple of Cell
        The loss without its kinks, see :func:`derivations.kinks.cells`; walls at the edges of the domain included.
    budget : Budget

    Raises
    ------
    NoMinimumError
        If the loss has no minimum in ``fast``, or a direction of ``fast`` does not change it.
    """
    unknown = Growth(None, "how it behaves far away was not decided")
    far = _tried(lambda: _growth(loss, fast, rooms), unknown, budget, 0.2)
    late = f"no closed form was found within {budget.seconds:g} s of processor time"
    try:
        if far.proved is False:
            raise NoMinimumError(far.reason)
        found = _tried(lambda: _closed(loss, fast, rooms, far), late, budget, 0.7)
    except NoMinimumError as error:
        names = str(fast[0]) if len(fast) == 1 else f"({', '.join(map(str, fast))})"
        raise NoMinimumError(f"the loss has no minimum in {names}: {error}") from None
    if isinstance(found, Optimum):
        return found
    bends = len(rooms) == 1 and _tried(lambda: convex(loss, fast), False, budget, 0.5)
    search = f"{found}; found by a numerical search"
    if bends and far.proved:
        return Optimum((), "global", f"the loss is convex in the fast variables, and {far.reason}; {search}")
    if bends:
        note = "the loss is convex in the fast variables: a minimum, where there is one, is the only one"
    elif far.proved:
        note = f"a minimum exists ({far.reason}); that the search finds the lowest is not proved"
    else:
        note = f"that a minimum exists is not proved: {far.reason}"
    return Optimum((), "numerical", search, notes=(note,))


def _tried(work: Any, fallback: Any, budget: Budget, share: float) -> Any:
    """What SymPy finds in a share of the time left; the fallback where it gives up."""
    try:
        return budget.run(work, share)
    except NoMinimumError:
        raise
    except (OutOfTime, *GIVES_UP):
        return fallback


def _growth(loss: Any, fast: tuple[Any, ...], rooms: tuple[Cell, ...]) -> Growth:
    far = growth(loss, fast)
    return on_cells(rooms, fast[0]) if far.proved is None and len(fast) == 1 else far


def _closed(loss: Any, fast: tuple[Any, ...], rooms: tuple[Cell, ...], far: Growth) -> Optimum | str:
    """The optimum, or why there is no closed form of it."""
    smooth = len(rooms) == 1 and not rooms[0].walls
    if smooth:
        hessian = sp.hessian(loss, fast).applyfunc(sp.expand)
        if not hessian.has(*fast):
            right = -sp.Matrix([sp.diff(loss, v) for v in fast]).subs(dict.fromkeys(fast, 0))
            return quadratic.lowest(hessian, right, fast, proved=far.proved is True)
        if len(fast) == 1 and loss.is_polynomial(*fast) and sp.degree(loss, *fast) <= 4:
            return quartic.lowest(loss, fast[0])
        _refuse_monotone(loss, fast)
    if len(fast) == 1:
        points, complete = _of_cells(rooms, fast[0])
    elif not smooth:
        return "there are kinks or edges in several fast variables"
    elif not loss.is_polynomial(*fast):
        return NO_CLOSED_FORM
    else:
        found = stationary.of_system(loss, fast)
        if found.continuum and far.proved is None:
            raise NoMinimumError("it has a continuum of stationary points: add weight decay to each of them")
        if found.continuum:
            return "stationary points form a continuum, and the minimum may not be unique"
        points, complete = [(values, rooms[0]) for values in found.points], found.complete
    if not complete:
        return NO_CLOSED_FORM
    return lowest(loss, fast, points, far) or NO_CLOSED_FORM


def _refuse_monotone(loss: Any, fast: tuple[Any, ...]) -> None:
    for variable in fast:
        slope = sp.factor_terms(sp.diff(loss, variable))
        if slope.is_nonnegative or slope.is_nonpositive:
            raise NoMinimumError(
                f"its derivative in {variable}, {slope}, has no real zero where it changes sign"
            )


def _of_cells(rooms: tuple[Cell, ...], variable: Any) -> tuple[list[tuple[dict[Any, Any], Cell]], bool]:
    """Stationary points of the loss in every cell and points on its walls; whether these are all."""
    points = []
    complete = True
    for room in rooms:
        conditions = [stationary.of_one_variable(room.loss, variable)] if room.loss.has(variable) else []
        conditions += [stationary.zeros(wall, variable) for wall in room.walls]
        complete = complete and all(found.complete for found in conditions)
        values = dict.fromkeys(point[variable] for found in conditions for point in found.points)
        points += [({variable: value}, room) for value in values]
    return points, complete
