"""A closed form that is known by the time at which each value is reached, read the other way round."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray
from scipy.optimize import brentq

from derivations.closed_form import ClosedForm
from reduced.codegen.functions import scalar_function

Array = NDArray[np.float64]
#: Halvings of the distance to a fixed point within which a time is looked for.
HALVINGS = 1100


def by_clock(form: ClosedForm, start: float, numbers: Mapping[Any, float]) -> Callable[[Array], Array]:
    """Solution w(t) from its clock, G(w) − G(w_0) = t.

    Parameters
    ----------
    form : ClosedForm
    start : float
        w_0.
    numbers : mapping
        Symbol -> number, for every parameter of the velocity.

    Returns
    -------
    callable
        ``solution(times) -> array``; NaN from the time on at which w has reached a pole of its velocity or infinity.

    Raises
    ------
    ValueError
        If the velocity has a pole at the start.
    """
    exact = {symbol: sp.Rational(value) for symbol, value in numbers.items()}
    velocity = sp.cancel(form.velocity.xreplace(exact))
    at_start = velocity.subs(form.variable, sp.Rational(start))
    if not at_start.is_finite:
        raise ValueError(f"start: the velocity of {form.variable} is not finite at {start:g}")
    if at_start == 0:
        return lambda times: np.full(times.shape, start)
    if form.clock is None:
        raise ValueError(f"start: no closed form in time was found for {form.variable} from {start:g}")
    side = 1.0 if at_start > 0 else -1.0
    clock = scalar_function("clock", (form.variable, *numbers), form.clock)
    numerator, denominator = (sp.Poly(part, form.variable) for part in sp.fraction(velocity))
    rests, poles = _beyond(numerator, start, side), _beyond(denominator, start, side)
    wall = min([*rests, *poles], key=lambda root: abs(root - start), default=np.inf * side)

    def elapsed(w: float) -> float:
        with np.errstate(all="ignore"):
            return float(clock(w, *numbers.values()) - clock(start, *numbers.values()))

    def at(time: float) -> float:
        inner, outer = start, start
        for k in range(1, HALVINGS):
            inner = outer
            outer = wall - (wall - start) * 0.5**k if np.isfinite(wall) else start + side * 2.0 ** (k - 20)
            if not np.isfinite(outer) or (k > 1 and outer in (inner, wall)):
                return wall if wall in rests else np.nan
            if elapsed(outer) >= time:
                return float(brentq(lambda w: elapsed(w) - time, inner, outer, xtol=1e-300, rtol=1e-14))
        return np.nan

    return lambda times: np.array([at(time) if time > 0 else start for time in times])


def _beyond(polynomial: Any, start: float, side: float) -> list[float]:
    """Real zeros of a polynomial on one side of a start."""
    if polynomial.degree() < 1:
        return []
    roots = [complex(root) for root in polynomial.nroots(n=20, maxsteps=200)]
    real = [root.real for root in roots if abs(root.imag) <= 1e-12 * (1 + abs(root))]
    return [root for root in real if side * (root - start) > 0]
