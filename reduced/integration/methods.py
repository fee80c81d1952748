"""Which options each method of integration takes, and what they may be."""

from importlib import import_module
from typing import Any

import numpy as np

from reduced.inputs.choices import one_of
from reduced.inputs.scalars import positive
from reduced.integration.registry import METHODS

__all__ = ["METHODS", "SMALLEST_RTOL", "SMALLEST_SHARE", "check_step", "solver_options"]

import_module("reduced.integration.solvers")  # each file there declares its methods

#: SciPy's own limit.
SMALLEST_RTOL = 100 * np.finfo(float).eps
#: A smaller share of its norm, or of the time span, is lost to rounding.
SMALLEST_SHARE = 1e-14


def check_step(method: str, step: Any, length: float) -> float:
    """The step of a method that takes one, over a time span of the given length.

    Raises
    ------
    ValueError
        If there is none, or it is too small or too large.
    """
    chosen = METHODS[method]
    bound = 1.0 if chosen.share else length
    if step is not None:
        (step,) = positive(step=step)
    if step is None or not SMALLEST_SHARE * bound <= step <= bound:
        raise ValueError(
            f"step = {step}: method {method!r} takes {chosen.step}, from {SMALLEST_SHARE * bound:.2g} to {bound:g}"
        )
    return float(step)


def solver_options(
    method: str,
    step: Any,
    first_step: Any,
    rtol: float,
    atol: float,
    max_step: float,
    jac: Any,
    length: float,
) -> dict[str, Any]:
    """Options of the chosen method over a time span of the given length; what is left out keeps SciPy's defaults.

    Raises
    ------
    ValueError
        If the method is not known, or an option is out of range or not one of the method's.
    """
    chosen = METHODS[one_of("method", method, METHODS)]
    if chosen.step:
        return {"step": check_step(method, step, length)}
    if step is not None:
        stepped = ", ".join(name for name, one in METHODS.items() if one.step)
        raise ValueError(f"step = {step}: only the methods {stepped} take a step, not {method!r}")
    if first_step is not None:
        (first_step,) = positive(first_step=first_step)
        if first_step > length:
            raise ValueError(
                f"first_step = {first_step}: must be positive and at most the time span {length:g}"
            )
    rtol, atol = positive(rtol=rtol, atol=atol)
    if rtol < SMALLEST_RTOL:
        raise ValueError(f"rtol = {rtol}: must be at least {SMALLEST_RTOL:.2g}, where rounding decides")
    if not (isinstance(max_step, float) and max_step == np.inf):
        (max_step,) = positive(max_step=max_step)
    adaptive = {"rtol": rtol, "atol": atol, "max_step": max_step, "first_step": first_step}
    return adaptive | ({"jac": jac} if chosen.implicit else {})
