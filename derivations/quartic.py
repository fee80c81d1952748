"""The lowest point of a quartic of one variable, in closed form."""

from typing import Any

import sympy as sp

from derivations.optimum import Optimum
from derivations.stationary import sign_of

REASON = "the lowest of every stationary point of a quartic"


def lowest(loss: Any, variable: Any) -> Optimum:
    """Minimise a quartic; its stationary points are the roots of a cubic.

    With b = t − c₃/4c₄ they solve t³ + Pt + Q = 0. The lower well lies on the side opposite to the sign of Q. A single
    root is written with hyperbolic functions, which lose no digits where Cardano's difference of cube roots cancels.

    Examples
    --------
    >>> a, b = sp.symbols("a b", real=True)
    >>> lowest(b**4 / 4 + 3 * b**2 / 2 - a * b, b).pieces[0][0]
    {b: 2*Piecewise((-1, a < 0), (1, True))*sinh(asinh(Abs(a)/2)/3)}
    """
    c4, c3, *_ = sp.Poly(loss, variable).all_coeffs()
    c4 = sp.factor(c4)
    t = sp.Dummy("t", real=True)
    depressed = sp.Poly(sp.diff(loss, variable).subs(variable, t - c3 / (4 * c4)) / (4 * c4), t)
    P, Q = (sp.factor(depressed.coeff_monomial(t**power)) for power in (1, 0))
    shift = sp.cancel(c3 / (4 * c4))
    conditions = () if c4.is_positive else (c4 > 0,)
    if Q == 0:
        return _symmetric(variable, P, shift, conditions)
    tilt = sign_of(Q)
    side = sp.Piecewise((-1, tilt > 0), (1, True))
    size = sp.Abs(tilt) * sp.cancel(Q / tilt) if sp.cancel(Q / tilt).is_positive else sp.Abs(Q)
    discriminant = sp.factor((Q / 2) ** 2 + (P / 3) ** 3)
    ratio = 3 * size / (2 * sp.Abs(P)) * sp.sqrt(3 / sp.Abs(P))
    radius = 2 * sp.sqrt(sp.Abs(P) / 3)
    angle = sp.atan2(sp.sqrt(-discriminant), size / 2) / 3

    def at(root: Any) -> dict[Any, Any]:
        return {variable: side * root - shift}

    one_well = at(radius * sp.sinh(sp.asinh(ratio) / 3))
    tilted = at(radius * sp.cosh(sp.acosh(ratio) / 3))
    low, hill, high = (at(radius * sp.cos(angle - 2 * sp.pi * turn / 3)) for turn in range(3))
    if P.is_positive:
        return Optimum(((one_well, sp.true),), "global", REASON, conditions, (), (one_well,))
    notes = (
        f"two minima where {discriminant} < 0; the lower one changes sides where {Q} = 0: "
        "the fast optimum jumps there, and the cost has a kink",
    )
    flat = at(sp.cbrt(size))
    pieces = (
        (one_well, sign_of(P) > 0),
        (tilted, sp.And(sign_of(P) < 0, discriminant > 0)),
        (low, sign_of(P) < 0),
        (flat, sp.true),
    )
    branches = (one_well, tilted, low, hill, high)
    return Optimum(
        tuple(piece for piece in pieces if piece[1] != sp.false),
        "global",
        REASON,
        conditions,
        notes,
        branches,
    )


def _symmetric(variable: Any, P: Any, shift: Any, conditions: tuple[Any, ...]) -> Optimum:
    """Two equal wells, or one, in the middle."""
    middle = {variable: -shift}
    upper, lower = ({variable: side * sp.sqrt(-P) - shift} for side in (1, -1))
    if P.is_nonnegative:
        return Optimum(((middle, sp.true),), "global", REASON, conditions, (), (middle,))
    notes = (f"two equal minima where {P} < 0, the upper one is taken; they merge where it changes sign",)
    pieces = ((upper, sign_of(P) < 0), (middle, sp.true))
    return Optimum(pieces, "global", REASON, conditions, notes, (upper, lower, middle))
