"""Integration of a flow on matrices: the only ``solve_ivp``, and the only place where states are flattened."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import scipy.integrate
from numpy.typing import NDArray

from reduced.errors import IntegrationError, ReadoutError, SingularGramError
from reduced.inputs.arrays import finite_array
from reduced.inputs.memory import refuse_beyond_memory
from reduced.inputs.scalars import non_negative
from reduced.integration.checkpoint import Checkpoints
from reduced.integration.limits import Limits
from reduced.integration.methods import METHODS, solver_options
from reduced.integration.monitor import Monitor, monitored
from reduced.integration.observation import Observer
from reduced.integration.saving import Saver
from reduced.integration.states import Layout, State, flattened, initial, span_of
from reduced.integration.trajectory import Trajectory

Array = NDArray[np.float64]
Flow = Callable[[float, Any], Any]
#: A flow that changes by more than this share between the ends of the time span depends on time.
AUTONOMOUS = 1e-6


def integrate(
    flow: Callable[[float, Any], Any],
    y0: State,
    t_span: tuple[float, float],
    *,
    method: str = "RK45",
    t_eval: Sequence[float] | Array | None = None,
    step: float | None = None,
    first_step: float | None = None,
    rtol: float = 1e-6,
    atol: float = 1e-9,
    max_step: float = np.inf,
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
        ``flow(t, state) -> velocity``, of the state's shapes.
    y0 : array or tuple of arrays
        Initial state.
    t_span : (float, float)
        Start and end, in the flow's own time.
    method : str
        ``"euler"`` (fixed steps), ``"relative_euler"`` and ``"relative_legendre"`` (each step moves the state by a
        share of its norm; the second for stiff gradient flows), or a method of ``scipy.integrate.solve_ivp``.
    t_eval : sequence of float, optional
        Times to store states at; by default every accepted step is stored, up to 2 GiB.
    step : float, optional
        Euler's step in the flow's own time, or the share ‖Δy‖/‖y‖ of a relative step; required by these three methods,
        refused elsewhere.
    first_step, rtol, atol, max_step
        Of the error-controlled methods, as in ``solve_ivp``.
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
    Interrupted
        If a signal asked for a last checkpoint.

    Examples
    --------
    >>> trajectory = integrate(lambda t, w: -w, np.eye(2), (0, 1), method="euler", step=0.5)
    >>> trajectory.y[-1]
    array([[0.25, 0.  ],
           [0.  , 0.25]])
    """
    span = start, end = span_of(t_span)
    layout, vector = initial(y0)
    chosen = solver_options(method, step, first_step, rtol, atol, max_step, jac, end - start)
    if t_eval is not None:
        t_eval = finite_array("t_eval", t_eval, "m")
    non_negative(observe_every=observe_every)
    if observe_every > 0:
        refuse_beyond_memory(f"observe_every = {observe_every}", (end - start) / observe_every)
    if checkpoints is not None:
        checkpoints.check(method, t_eval, vector, end)
    saver = Saver(checkpoints, METHODS[method].memory, flow)
    field = _Field(flow, layout)
    if METHODS[method].share and _depends_on_time(field, span, vector, saver):
        chosen["max_step"] = chosen["step"] * (end - start)  # a state that rests now may move later
    watched = None if observe is None else lambda t, y: observe(t, layout.matrices(y.copy()))
    observer = Observer(watched, observe_every, span)
    limits = Limits(max_steps, max_seconds, vector.nbytes if t_eval is None else 0)

    with (
        Monitor(span, limits, observer, saver, progress) as monitor,
        np.errstate(over="ignore", invalid="ignore", divide="ignore"),
    ):
        monitor.start(vector)
        if monitor.t == end:
            return _last(monitor, layout)
        if saver.resumed is not None and "first_step" in chosen:
            chosen["first_step"] = end - monitor.t  # any that is allowed: the saved solver brings its own
        solver = monitored(METHODS[method].solver, monitor)
        reason = ""
        try:
            result = scipy.integrate.solve_ivp(
                field, (monitor.t, end), monitor.y, method=solver, t_eval=t_eval, **chosen
            )
        except (SingularGramError, ReadoutError) as error:
            reason = str(error)
        except ValueError:
            if not field.broke:  # LAPACK refuses what an implicit method was given
                raise
            reason = "the flow is not finite"
        if not reason and result.success:
            if checkpoints is not None:
                monitor.nfev = int(result.nfev)
                # SciPy interpolates the end: it may not have the last step's bits.
                saver.save(monitor.snapshot(result.y[:, -1], {}, {}))
            return _trajectory(monitor, layout, np.asarray(result.t), result.y.T, int(result.nfev))
        reason = reason or str(result.message)
    message = f"stopped at t = {monitor.t:.6g} after {monitor.steps} steps: {reason}"
    raise IntegrationError(message, _last(monitor, layout))


class _Field:
    """A flow on flattened states, each of which it may read only."""

    def __init__(self, flow: Flow, layout: Layout) -> None:
        self._flow, self._layout, self.broke = flow, layout, False

    def __call__(self, t: float, y: Array) -> Array:
        velocity = self._velocity(t, y) if np.isfinite(y).all() else None
        if velocity is None:  # a trial step went too far; the solver takes a smaller one, or gives up
            self.broke = True
            return np.full_like(y, np.nan)
        self.broke = self.broke or not np.isfinite(velocity).all()
        return velocity

    def _velocity(self, t: float, y: Array) -> Array | None:
        try:
            velocity = self._flow(t, self._layout.locked(y))
        except OverflowError:
            return None
        found = Layout.of("flow", velocity)
        if found != self._layout:
            raise ValueError(f"flow returned shapes {found} for a state of shapes {self._layout}")
        return flattened("flow", velocity)


def _depends_on_time(field: _Field, span: tuple[float, float], y: Array, saver: Saver) -> bool:
    """Whether the initial state would move otherwise at the end of the time span."""
    velocities = []
    for t in span:
        saver.forget()
        try:
            with np.errstate(all="ignore"):
                velocities.append(field(t, y))
        except (SingularGramError, ReadoutError):
            return False
    first, last = velocities
    return bool(np.abs(last - first).max() > AUTONOMOUS * np.abs(velocities).max())


def _trajectory(monitor: Monitor, layout: Layout, t: Array, y: Array, nfev: int) -> Trajectory:
    observed = monitor.observer.observations()
    return Trajectory(t, layout.matrices(y), nfev, monitor.steps, monitor.seconds, observed, monitor.origin)


def _last(monitor: Monitor, layout: Layout) -> Trajectory:
    return _trajectory(monitor, layout, np.array([monitor.t]), monitor.y[None], monitor.nfev)
