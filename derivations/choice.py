"""Which of several branches is the minimum, and how far that is proved."""

from dataclasses import replace
from typing import Any

import sympy as sp

from derivations.domains import inside
from derivations.growth import Growth, decayed
from derivations.kinks import Cell
from derivations.optimum import Branch, NoMinimumError, Optimum
from derivations.stationary import clipped, radicands, sign_of

#: Branches above which the conditions that choose among them get longer than they are worth.
MOST_BRANCHES = 9


def lowest(
    loss: Any, fast: tuple[Any, ...], points: list[tuple[dict[Any, Any], Cell]], far: Growth
) -> Optimum | None:
    """Choose the lowest among all points where a minimum can be; None if too little is known to call it one.

    Parameters
    ----------
    loss : sympy.Expr
    fast : tuple of symbols
    points : list of (dict, Cell)
        Complete: stationary points of every cell, and points on its walls.
    far : Growth

    Raises
    ------
    NoMinimumError
        If none of the points is a minimum.
    """
    smooth = not any(room.walls for _, room in points)
    kept = [(values, room) for values, room in points if room.walls or not _saddle(loss, fast, values)]
    if not kept:
        lacking = [str(variable) for variable in fast if variable not in decayed(loss, fast)]
        advice = f": weight decay on {', '.join(lacking)} is missing" if lacking else ""
        raise NoMinimumError(f"none of its stationary points is one{advice}")
    kept.sort(key=lambda point: sum(value.could_extract_minus_sign() for value in point[0].values()))
    branches: list[Branch] = []
    costs: list[Any] = []
    notes = []
    for values, room in kept:
        branch = Branch(values, room.loss, _holds(values, room, fast))
        cost = clipped(_simplified(room.loss.subs(values)))
        if branch.holds == sp.false:
            continue
        if any(cost == costs[i] and branch.holds == other.holds for i, other in enumerate(branches)):
            notes.append(f"equal in value to a branch already listed, left out: {values}")
            continue
        costs.append(cost)
        branches.append(branch)
    if len(branches) > MOST_BRANCHES or not branches:
        return None
    chosen = [
        sp.And(
            branches[i].holds,
            *[sp.Or(sp.Not(branches[j].holds), costs[i] <= costs[j]) for j in range(len(costs)) if j != i],
        )
        for i in range(len(costs))
    ]
    if len(branches) > 1:
        notes.append("the lowest branch changes inside the domain: the Piecewise conditions say where")
    pieces = tuple((branch.values, holds) for branch, holds in zip(branches, chosen, strict=True))
    stationary = tuple(values for values, _ in points)
    optimum = Optimum(pieces, "global", "", (), tuple(notes), stationary, tuple(branches))
    return _judged(optimum, loss, fast, far, smooth)


def _simplified(cost: Any) -> Any:
    return (
        sp.simplify(cost)
        if any(not power.exp.is_integer for power in cost.atoms(sp.Pow))
        else sp.cancel(cost)
    )


def _holds(values: dict[Any, Any], room: Cell, fast: tuple[Any, ...]) -> Any:
    """Where a point is real, in its cell, and where the loss is defined."""
    real = [base >= 0 for base in radicands(values.values())]
    walls = [sign_of(sp.cancel(wall.subs(values))) >= 0 for wall in room.walls]
    defined = [sign_of(sp.cancel(argument.subs(values))) > 0 for argument in inside(room.loss, fast)]
    return sp.And(*real, *walls, *defined)


def _judged(optimum: Optimum, loss: Any, fast: tuple[Any, ...], far: Growth, smooth: bool) -> Optimum | None:
    if far.proved and not inside(loss, fast):
        return replace(optimum, reason=f"the lowest of every stationary point; {far.reason}")
    if len(optimum.pieces) != 1 or not smooth:
        return None
    values, holds = optimum.pieces[0]
    conditions = () if holds == sp.true else (holds,)
    if convex(loss, fast):
        reason = "the only stationary point of a loss that is convex in the fast variables"
    else:
        reason = f"the only stationary point; that it is the global one is not proved: {far.reason}"
        minors = [sp.factor(minor.subs(values)) for minor in _minors(loss, fast)]
        conditions += tuple(minor > 0 for minor in minors if not minor.is_positive)
        optimum = replace(optimum, kind="local")
    return replace(optimum, pieces=((values, sp.true),), conditions=conditions, reason=reason)


def _minors(loss: Any, fast: tuple[Any, ...]) -> list[Any]:
    hessian = sp.hessian(loss, fast)
    return [sp.factor(hessian[:k, :k].det(method="berkowitz")) for k in range(1, len(fast) + 1)]


def _saddle(loss: Any, fast: tuple[Any, ...], point: dict[Any, Any]) -> bool:
    """Whether the fast Hessian at a point has a negative direction, for almost all other symbols."""
    hessian = sp.hessian(loss, fast).subs(point)
    entries = [hessian[i, i] for i in range(len(fast))]
    entries += [
        hessian[i, i] * hessian[j, j] - hessian[i, j] ** 2 for i in range(len(fast)) for j in range(i)
    ]
    simplified = [sp.factor(sp.simplify(entry)) for entry in entries]
    return any(entry.is_nonpositive and entry != 0 for entry in simplified)


def convex(loss: Any, fast: tuple[Any, ...]) -> bool:
    """Whether a smooth loss is strictly convex: every leading minor of its Hessian positive, where it is defined.

    Examples
    --------
    >>> a, b = sp.symbols("a b", real=True)
    >>> convex(a * b - sp.log(b), (b,)), convex(b**4 - b**2, (b,))
    (True, False)
    """
    arguments = inside(loss, fast)
    if not all(
        argument.is_polynomial(*fast) and sp.Poly(argument, *fast).is_linear for argument in arguments
    ):
        return False
    positive = {
        argument: sp.Dummy(argument.name, positive=True) for argument in arguments if argument.is_Symbol
    }
    return all(sp.factor(minor.xreplace(positive)).is_positive for minor in _minors(loss, fast))
