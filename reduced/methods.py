"""The methods of integration by name, and which options each of them takes."""

from typing import Any

import numpy as np
import scipy.integrate

from reduced.choices import one_of
from reduced.solvers import Euler, RelativeEuler

#: Methods that do not estimate their error: what their ``step`` is, and what is allowed.
STEPPED = {"euler": "a step in the flow's own time", "relative_euler": "a share of the state's norm"}
IMPLICIT = ("Radau", "BDF", "LSODA")
METHODS: dict[str, Any] = {"euler": Euler, "relative_euler": RelativeEuler} | {
    name: getattr(scipy.integrate, name) for name in ("RK23", "RK45", "DOP853", *IMPLICIT)
}


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
        if step is None or not 0 < step <= bound:
            raise ValueError(
                f"step = {step}: method {method!r} takes {STEPPED[method]}, above 0 and at most {bound:g}"
            )
        return {"step": step}
    if step is not None:
        raise ValueError(f"step = {step}: only the methods {', '.join(STEPPED)} take a step, not {method!r}")
    if first_step is not None and not 0 < first_step <= length:
        raise ValueError(f"first_step = {first_step}: must be positive and at most the time span {length:g}")
    for name, value in {"rtol": rtol, "atol": atol, "max_step": max_step}.items():
        if not value > 0 or (name != "max_step" and not np.isfinite(value)):
            raise ValueError(f"{name} = {value}: must be a positive number")
    adaptive = {"rtol": rtol, "atol": atol, "max_step": max_step, "first_step": first_step}
    return adaptive | ({"jac": jac} if method in IMPLICIT else {})
