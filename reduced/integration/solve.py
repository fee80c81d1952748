"""Integration of a flow on matrices: the only ``solve_ivp``, and the only place where states are flattened."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import scipy.integrate
from numpy.typing import NDArray

from reduced.errors import IntegrationError, ReadoutError, SingularGramError
from reduced.inputs.arrays import finite_array, real_array
from reduced.inputs.memory import refuse_beyond_memory
from reduced.inputs.scalars import non_negative
from reduced.integration.checkpoint import Checkpoints
from reduced.integration.euler import MEMORY
from reduced.integration.methods import METHODS, solver_options
from reduced.integration.monitor import Monitor, monitored
from reduced.integration.trajectory import Trajectory

Array = NDArray[np.float64]
#: A state is a matrix or a tuple of matrices; so is its velocity.
State = Any


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
    start, end = _span(t_span)
    shapes, vector = _shapes("y0", y0), _flatten("y0", y0)
    if not np.isfinite(vector).all() or vector.size == 0:
        raise ValueError("y0 holds NaN or infinity, or nothing: the initial state must be finite")
    options = solver_options(method, step, first_step, rtol, atol, max_step, jac, end - start)
    if t_eval is not None:
        t_eval = finite_array("t_eval", t_eval, "m")
    non_negative(observe_every=observe_every)
    if observe_every > 0:
        refuse_beyond_memory(f"observe_every = {observe_every}", (end - start) / observe_every)
    if checkpoints is not None:
        checkpoints.check(method, t_eval, vector, end)

    def field(t: float, y: Array) -> Array:
        if not np.isfinite(y).all():  # a trial step went too far; the solver takes a smaller one, or gives up
            return np.full_like(y, np.nan)
        try:
            velocity = flow(t, _unflatten(y, shapes))
        except OverflowError:
            return np.full_like(y, np.nan)
        found = _shapes("flow", velocity)
        if found != shapes:
            raise ValueError(f"flow returned shapes {found} for a state of shapes {shapes}")
        return _flatten("flow", velocity)

    monitor = Monitor(
        observe=None if observe is None else lambda t, y: observe(t, _unflatten(y, shapes)),
        observe_every=observe_every,
        max_steps=max_steps,
        max_seconds=max_seconds,
        stored_bytes=vector.nbytes if t_eval is None else 0,
        progress=progress,
        span=(start, end),
        checkpoints=checkpoints,
        memory=MEMORY.get(method, ()),
        flow=flow,
    )

    def trajectory(t: Array, y: Array, nfev: int) -> Trajectory:
        observed = monitor.observations()
        return Trajectory(t, _unflatten(y, shapes), nfev, monitor.steps, monitor.seconds, observed)

    def last_step() -> Trajectory:
        return trajectory(np.array([monitor.t]), monitor.y[None], monitor.nfev)

    with monitor, np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        monitor.start(vector)
        if monitor.t == end:
            return last_step()
        if monitor.resumed is not None and "first_step" in options:
            options["first_step"] = end - monitor.t  # any that is allowed: the saved solver brings its own
        try:
            result = scipy.integrate.solve_ivp(
                field,
                (monitor.t, end),
                monitor.y,
                method=monitored(METHODS[method], monitor),
                t_eval=t_eval,
                **options,
            )
        except (SingularGramError, ReadoutError) as error:
            reason = str(error)
        else:
            if result.success:
                if checkpoints is not None:
                    # SciPy interpolates the end: it may not have the last step's bits.
                    checkpoints.save(monitor.snapshot(result.y[:, -1], int(result.nfev), {}, {}))
                return trajectory(np.asarray(result.t), result.y.T, int(result.nfev))
            reason = str(result.message)
    raise IntegrationError(
        f"stopped at t = {monitor.t:.6g} after {monitor.steps} steps: {reason}", last_step()
    )


def _span(t_span: tuple[float, float]) -> tuple[float, float]:
    start, end = map(float, finite_array("t_span", t_span, 2))
    if not start < end:
        raise ValueError(f"t_span = {t_span}: must be two finite times, the first before the second")
    return start, end


def _matrices(name: str, state: State) -> tuple[Array, ...]:
    return tuple(real_array(name, m) for m in (state if isinstance(state, tuple) else (state,)))


def _shapes(name: str, state: State) -> Any:
    """Shape of a matrix, or list of the shapes of a tuple of matrices."""
    shapes = [m.shape for m in _matrices(name, state)]
    return shapes if isinstance(state, tuple) else shapes[0]


def _flatten(name: str, state: State) -> Array:
    return np.concatenate([m.ravel() for m in _matrices(name, state)])


def _unflatten(vector: Array, shapes: Any) -> State:
    """Matrices from the last axis of one or several flattened states."""
    if isinstance(shapes, tuple):
        return vector.reshape((*vector.shape[:-1], *shapes))
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
    parts = np.split(vector, ends[:-1], axis=-1)
    return tuple(part.reshape(*part.shape[:-1], *shape) for part, shape in zip(parts, shapes, strict=True))
