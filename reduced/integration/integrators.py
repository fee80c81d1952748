"""The named ways to integrate a first-layer flow: a method of integration with a step that suits it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Integrator:
    """How a run takes its steps.

    Parameters
    ----------
    name : str
        As ``--integrator`` names it.
    method : str
        A method of :func:`reduced.integrate`.
    step : float
        Step if none is given: in slow time for ``euler``, a share of the norm of W1 for the relative methods.
    description : str
        What it is, in one sentence.
    """

    name: str
    method: str
    step: float
    description: str


INTEGRATORS = {
    one.name: one
    for one in (
        Integrator(
            "resolved",
            "relative_legendre",
            1e-2,
            "the flow itself: stabilized steps, each moving W1 by about a share `step` of its norm, so that a violent "
            "start is resolved",
        ),
        Integrator(
            "paper-euler",
            "euler",
            1e-3,
            "the paper's protocol: explicit Euler with fixed steps in slow time; its first step overshoots",
        ),
    )
}
