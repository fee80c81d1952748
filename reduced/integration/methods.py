"""The methods of integration by name, and which options each of them takes."""

from typing import Any

import numpy as np
import scipy.integrate

from reduced.inputs.choices import one_of
from reduced.inputs.scalars import positive
from reduced.integration.euler import Euler, RelativeEuler
from reduced.integration.legendre import RelativeLegendre

#: Methods that do not estimate their error: what their ``step`` is, and what is allowed.
STEPPED = {"euler": "a step in the flow's own time"} | dict.fromkeys(
    ("relative_euler", "relative_legendre"), "a share of the state's norm"
)
#: SciPy's own limit.
SMALLEST_RTOL = 100 * np.finfo(float).eps
IMPLICIT = ("Radau", "BDF", "LSODA")
METHODS: dict[str, Any] = {
    "euler": Euler,
    "relative_euler": RelativeEuler,
    "relative_legendre": RelativeLegendre,
} | {name: getattr(scipy.integrate, name) for name in ("RK23", "RK45", "DOP853", *IMPLICIT)}


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
    one_of("method", method, METHODS)
    if method in STEPPED:
        bound = length if method == "euler" else 1
        if step is not None:
            positive(step=step)
        if step is None or step > bound:
            raise ValueError(
                f"step = {step}: method {method!r} takes {STEPPED[method]}, above 0 and at most {bound:g}"
            )
        return {"step": step}
    if step is not None:
        raise ValueError(f"step = {step}: only the methods {', '.join(STEPPED)} take a step, not {method!r}")
    if first_step is not None:
        positive(first_step=first_step)
        if first_step > length:
            raise ValueError(
                f"first_step = {first_step}: must be positive and at most the time span {length:g}"
            )
    positive(rtol=rtol, atol=atol)
    if rtol < SMALLEST_RTOL:
        raise ValueError(f"rtol = {rtol}: must be at least {SMALLEST_RTOL:.2g}, where rounding decides")
    if not np.array_equal(max_step, np.inf):
        positive(max_step=max_step)
    adaptive = {"rtol": rtol, "atol": atol, "max_step": max_step, "first_step": first_step}
    return adaptive | ({"jac": jac} if method in IMPLICIT else {})
