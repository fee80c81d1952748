"""SciPy's own methods, which control their error."""

import scipy.integrate

from reduced.integration.registry import declare

_EXPLICIT = {
    "RK23": (3, "explicit Runge-Kutta of order 3: for low accuracy"),
    "RK45": (5, "explicit Runge-Kutta of order 5: the usual choice for smooth flows"),
    "DOP853": (8, "explicit Runge-Kutta of order 8: for many digits"),
}
_IMPLICIT = {
    "Radau": (5, "implicit Runge-Kutta: stiff toy models"),
    "BDF": (5, "backward differences of varying order: stiff toy models"),
    "LSODA": (12, "switches between Adams and backward differences: toy models"),
}
for _name, (_order, _purpose) in _EXPLICIT.items():
    declare(_name, description=_purpose, order=_order, memory=("f", "h_abs"))(getattr(scipy.integrate, _name))
for _name, (_order, _purpose) in _IMPLICIT.items():
    declare(_name, description=_purpose, order=_order, implicit=True)(getattr(scipy.integrate, _name))
