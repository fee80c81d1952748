"""Integration of a flow on matrices: the only ``solve_ivp``, and the only place where states are flattened."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import scipy.integrate
from numpy.typing import NDArray

from reduced.inputs.arrays import finite_array
from reduced.inputs.memory import refuse_beyond_memory
from reduced.inputs.scalars import non_negative, plain
from reduced.integration.checkpoint import Checkpoints
from reduced.integration.field import Field
from reduced.integration.limits import Limits
from reduced.integration.methods import METHODS
from reduced.integration.monitor import Monitor, monitored
from reduced.integration.observation import Observer
from reduced.integration.outcome import Outcome
from reduced.integration.preference import chosen, started
from reduced.integration.saving import Saver
from reduced.integration.states import State, initial, span_of
from reduced.integration.surface import kept_on
from reduced.integration.trajectory import Trajectory

Array = NDArray[np.float64]


def integrate(
    flow: Callable[[float, Any], Any],
    y0: State,
    t_span: tuple[float, float],
    *,
    method: str | None = None,
    t_eval: Sequence[float] | Array | None = None,
    step: float | None = None,
    first_step: float | None = None,
    rtol: float | None = None,
    atol: float | None = None,
    max_step: float | None = None,
    jac: Callable[[float, Array], Array] | None = None,
    observe: Callable[[float, Any], Mapping[str, Any]] | None = None,
    observe_every: float = 0.0,
    max_steps: int | None = None,
    max_seconds: float | None = None,
    progress: str | None = None,
    checkpoints: Checkpoints | None = None,
) -> Trajectory:
    """Integrate a flow whose state is a matrix, or a tuple of matrices.

    Parameters
    ----------
    flow : callable
        ``flow(t, state) -> velocity``, of the state's shapes. The flows of this package carry the method that suits
        them, their ``prefers``; that of the zero-loss set keeps every state on it, moves a start onto it, and says so.
    y0 : array or tuple of arrays
        Initial state.
    t_span : (float, float)
        Start and end, in the flow's own time.
    method : str, optional
        By default the flow's own; RK45 for a plain function, and where a flow that takes steps is given tolerances.
        ``"euler"`` (fixed steps), ``"relative_euler"`` and ``"relative_legendre"`` (each step moves the state by a
        share of its norm; the second for stiff gradient flows), or a method of ``scipy.integrate.solve_ivp``. A method
        that is named is used as it is: no state is put back on a set.
    t_eval : sequence of float, optional
        Times to store states at; by default every accepted step is stored, up to 2 GiB.
    step : float, optional
        Euler's step in the flow's own time, or the share ‖Δy‖/‖y‖ of a relative step; required by these three methods
        where they are named, refused elsewhere.
    first_step, rtol, atol, max_step
        Of the error-controlled methods, as in ``solve_ivp``; relative tolerance 1e-6 and absolute 1e-9 by default.
    jac : callable, optional
        Jacobian on the flattened state, for the implicit methods.
    observe : callable, optional
        ``observe(t, state) -> {name: number or array}``, called while running, so that memory does not grow with the
        number of steps.
    observe_every : float
        Time between observations, interpolated within steps; 0 observes every accepted step. The first and the last
        state are always observed.
    max_steps, max_seconds : optional
        Caps on accepted steps and wall time.
    progress : str, optional
        Label of a progress bar with remaining time; none by default.
    checkpoints : Checkpoints, optional
        Saves steps while running and the last one, and holds the step to go on from; for every method that is not
        implicit, with the end alone in ``t_eval``. The result does not depend on where a run was stopped, to the last
        bit; one that was stopped after its end is read, not computed.

    Returns
    -------
    Trajectory

    Raises
    ------
    ValueError
        If an argument is not usable.
    IntegrationError
        If the solver fails, the flow cannot be evaluated, a state is not finite, or a cap is reached.
    Stopped
        A ``KeyboardInterrupt``, where Ctrl-C came; its ``trajectory`` holds what was computed.
    Interrupted
        If a signal asked for a last checkpoint.
    RetractionError
        If the flow keeps its states on a set and finds none near the start.

    Warns
    -----
    StartMovedWarning
        If the start was moved onto the set; ``notes`` of the trajectory say so too.

    Examples
    --------
    >>> trajectory = integrate(lambda t, w: -w, np.eye(2), (0, 1), method="euler", step=0.5)
    >>> trajectory.y[-1]
    array([[0.25, 0.  ],
           [0.  , 0.25]])
    """
    span = start, end = span_of(t_span)
    layout, vector = initial(y0)
    asked = {
        "step": plain(step),
        "first_step": plain(first_step),
        "rtol": plain(rtol),
        "atol": plain(atol),
        "max_step": plain(max_step),
        "jac": jac,
    }
    way, options = chosen(flow, method, asked, end - start)
    if t_eval is not None:
        t_eval = finite_array("t_eval", t_eval, "m")
    (observe_every,) = non_negative(observe_every=observe_every)
    if observe_every > 0:
        refuse_beyond_memory(f"observe_every = {observe_every}", (end - start) / observe_every)
    if checkpoints is not None:
        checkpoints.check(way.method, t_eval, vector, end)
    used = METHODS[way.method]
    saver, field = Saver(checkpoints, used.memory, flow), Field(way.flow or flow, layout)
    vector, nearest, notes = started(way, layout, vector)
    if used.share and field.depends_on_time(span, vector, saver):
        options["max_step"] = options["step"] * (end - start)  # a state that rests now may move later
    watched = None if observe is None else lambda t, y: observe(t, layout.matrices(y.copy()))
    limits = Limits(max_steps, max_seconds, vector.nbytes if t_eval is None else 0)
    with (
        Monitor(span, limits, Observer(watched, observe_every, span), saver, progress) as monitor,
        np.errstate(over="ignore", invalid="ignore", divide="ignore"),
    ):
        monitor.start(vector)
        outcome = Outcome(monitor, layout, flow, way, notes)
        if monitor.t == end:
            return outcome.last()
        if saver.resumed is not None and "first_step" in options:
            options["first_step"] = end - monitor.t  # any that is allowed: the saved solver brings its own
        solver = monitored(used.solver if nearest is None else kept_on(used.solver, nearest), monitor)
        with outcome.watched(field):
            outcome.result = scipy.integrate.solve_ivp(
                field, (monitor.t, end), monitor.y, method=solver, t_eval=t_eval, **options
            )
        return outcome.trajectory()
