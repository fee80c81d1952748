"""What a method of integration declares about itself, in the one place where it is defined."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

Solver = TypeVar("Solver", bound=type)


@dataclass(frozen=True)
class Method:
    """A method by which :func:`reduced.integrate` can take its steps.

    Parameters
    ----------
    name : str
        As ``method=`` names it.
    solver : type
        A ``scipy.integrate.OdeSolver``.
    description : str
        What it is for, in one sentence.
    order : int
        Order of convergence on smooth flows.
    step : str
        What its option ``step`` is, where it takes one; such a method does not estimate its error.
    share : bool
        Whether the step is a share of the state's norm, at most 1. Such a method chooses its times by the motion: where
        the flow depends on time, none may be longer than the same share of the time span. Otherwise a step is a time.
    memory : tuple of str, optional
        Attributes of the solver that decide its next steps besides time and state; None where a run cannot be
        continued.
    implicit : bool
        Whether it takes a Jacobian; it builds a dense one, so it is for toy models.
    """

    name: str
    solver: Any
    description: str
    order: int
    step: str = ""
    share: bool = False
    memory: tuple[str, ...] | None = None
    implicit: bool = False


#: Every method, by its name.
METHODS: dict[str, Method] = {}


def declare(name: str, **declared: Any) -> Callable[[Solver], Solver]:
    """Class decorator: register a solver as a method, with the other fields of :class:`Method`.

    Examples
    --------
    >>> METHODS["euler"].step
    "a step in the flow's own time"
    """

    def register(solver: Solver) -> Solver:
        METHODS[name] = Method(name, solver, **declared)
        return solver

    return register
