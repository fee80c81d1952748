"""How a flow wants to be integrated, which it carries itself, and what becomes of it where a caller says otherwise."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from reduced.errors import StartMovedWarning
from reduced.integration.methods import METHODS, solver_options
from reduced.integration.states import Layout, flattened
from reduced.integration.surface import Surface

Array = NDArray[np.float64]

#: SciPy's usual method, and the tolerances where nobody names any.
USUAL, RTOL, ATOL = "RK45", 1e-6, 1e-9
#: Options that ask for control of the error.
CONTROLS = ("first_step", "rtol", "atol", "max_step", "jac")


@dataclass(frozen=True)
class Preference:
    """A method of :func:`reduced.integrate` with the options that suit a flow.

    Parameters
    ----------
    method : str
        See :data:`reduced.integration.registry.METHODS`.
    step : float, optional
        Of a method that takes one.
    rtol, atol : float, optional
        Of an error-controlled method.
    surface : Surface, optional
        The set on which every state is kept.
    flow : callable, optional
        The flow as exactly as this needs it, where that is less exactly than by itself.

    Examples
    --------
    >>> print(Preference("relative_legendre", step=0.01))
    relative_legendre, step 0.01
    """

    method: str
    step: float | None = None
    rtol: float | None = None
    atol: float | None = None
    surface: Surface | None = None
    flow: Callable[[float, Any], Any] | None = None

    def __str__(self) -> str:
        named = {"step": self.step, "rtol": self.rtol}
        options = [f"{name} {value:g}" for name, value in named.items() if value is not None]
        kept = [f"every state on {self.surface.name}"] if self.surface else []
        return ", ".join([self.method, *options, *kept])


#: The usual choice where no flow says otherwise, and that of toy models, stiff or not.
CONTROLLED = Preference(USUAL)
TOY_MODEL = Preference("LSODA", rtol=1e-8, atol=1e-10)
#: Gradient flows that start violently, turn stiff, and meet ReLU's kinks.
RESOLVED = Preference("relative_legendre", step=1e-2)


@runtime_checkable
class Preferring(Protocol):
    """A flow that knows how it wants to be integrated."""

    @property
    def prefers(self) -> Preference:
        """The method, its options, and the set on which states are kept."""


def preference_of(flow: Any) -> Preference:
    """How a flow wants to be integrated; a plain function by RK45.

    Examples
    --------
    >>> print(preference_of(lambda t, y: -y))
    RK45
    """
    return flow.prefers if isinstance(flow, Preferring) else CONTROLLED


def chosen(
    flow: Any, method: str | None, given: dict[str, Any], length: float
) -> tuple[Preference, dict[str, Any]]:
    """The method of one integration, and the options of its solver.

    Parameters
    ----------
    flow : callable
    method : str or None
        What the caller names; it then has SciPy's meaning, and no state is put back on a set.
    given : dict
        ``step`` and :data:`CONTROLS` as the caller gave them, None where he did not. Without a method, one that asks
        for control of the error gets it: by the flow's own method if that has it, else by RK45.
    length : float
        Time span.

    Raises
    ------
    ValueError
        If the method is not known, or an option is out of range or not one of the method's.
    """
    own = preference_of(flow) if method is None else Preference(method)
    controls = any(given[name] is not None for name in CONTROLS)
    if method is None and METHODS[own.method].step and controls and given["step"] is None:
        own = Preference(USUAL, surface=own.surface)
    step = own.step if given["step"] is None else given["step"]
    rtol, atol = (
        next(value for value in (given[name], getattr(own, name), usual) if value is not None)
        for name, usual in (("rtol", RTOL), ("atol", ATOL))
    )
    max_step = np.inf if given["max_step"] is None else given["max_step"]
    options = solver_options(
        own.method, step, given["first_step"], rtol, atol, max_step, given["jac"], length
    )
    stepped = bool(METHODS[own.method].step)
    way = replace(own, step=step if stepped else None, rtol=None if stepped else rtol)
    return way, options


def started(
    way: Preference, layout: Layout, y0: Array
) -> tuple[Array, Callable[[Array], Array] | None, tuple[str, ...]]:
    """The flattened start on the set, the way back to the set from any flattened state, and notes."""
    surface = way.surface
    if surface is None:
        return y0, None, ()
    start, notes = surface.started(layout.matrices(y0))
    for note in notes:
        warnings.warn(note, StartMovedWarning, stacklevel=3)
    return flattened("y0", start), lambda y: flattened("y", surface.nearest(layout.matrices(y))), notes
