"""Roughly how long runs take, before they run: the beginning of each size, times the number of its steps."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from threadpoolctl import threadpool_limits

from reduced.errors import IntegrationError
from reduced.integration.integrators import INTEGRATORS
from reduced.integration.solve import integrate
from reduced.integration.trajectory import Trajectory
from reduced.runs.experiment import bound_flow, draw, run
from reduced.runs.options import Experiment, task_of
from reduced.runs.sizes import sizes
from reduced.runs.steps import method_options, observe_every, step_of

#: A run is timed on this many of its first steps, or on those of so many seconds.
TRIAL_STEPS, TRIAL_SECONDS = 30, 5.0
#: Modulus up to which the steps of a resolved flow are counted by taking them, and the seconds after which that count
#: is extrapolated from where it has come to.
COUNTED, PATIENCE = 29, 10.0
#: Seconds to start the workers and to derive the equations there, and to store one result.
STARTING, STORING = 4.0, 0.1


def expected_seconds(experiments: Sequence[Experiment], workers: int) -> float:
    """Rough wall time of runs on so many workers at once, measured on one run of each size.

    A run that will be refused counts as none; initial weights of any factor count as those of factor 1.
    """
    seconds: dict[Experiment, float] = {}
    total = 0.0
    for experiment in experiments:
        size = replace(experiment, seed=0, init_factor=1.0)
        if size not in seconds:
            seconds[size] = _run_seconds(size)
        total += seconds[size]
    return STARTING + total / max(1, min(workers, len(experiments))) if total else 0.0


def _run_seconds(experiment: Experiment) -> float:
    try:
        evaluation, observation = _seconds_each(experiment)
        return (
            evaluations(experiment) * evaluation
            + (experiment.slow_time / observe_every(experiment) + 1) * observation
            + STORING
        )
    except (ValueError, OverflowError, IntegrationError):
        return 0.0


def _seconds_each(experiment: Experiment) -> tuple[float, float]:
    """Seconds of an evaluation and of an observation, on the run's own first steps with and without observations.

    Where the readout is found by iteration, these steps hold a factorization and the solutions that start from it.
    """
    train, _, W1 = draw(experiment)
    with threadpool_limits(1):
        bound_flow(experiment, train).at(W1)  # derives what the run evaluates
        bound_flow(experiment, train)(0.0, W1)
    path = _beginning(experiment, max_steps=TRIAL_STEPS, max_seconds=TRIAL_SECONDS)
    observed = run(replace(experiment, slow_time=float(path.t[-1])))
    observation = max(0.0, observed.seconds - path.seconds) / len(observed.observed["t"])
    return path.seconds / path.nfev, observation


def evaluations(experiment: Experiment) -> float:
    """Evaluations of the flow that a run takes between observations; for Euler, its steps.

    The steps of a resolved flow move the state by a share of its norm, and their number hardly depends on the modulus:
    with 1.109 units a sample, 301 evaluations take p = 29 to slow time 1, and 298 take p = 53 there. Steps of a task
    without a modulus are counted at its own size.

    Examples
    --------
    >>> round(evaluations(Experiment(integrator="paper-euler")))
    5000
    """
    if INTEGRATORS[experiment.integrator].method == "euler":
        return experiment.slow_time / step_of(experiment)
    if not hasattr(task_of(experiment), "p"):
        path = _beginning(experiment, max_seconds=PATIENCE)
        return path.nfev * experiment.slow_time / float(path.t[-1])
    small = replace(experiment, p=min(experiment.p, COUNTED))
    samples, fewer = (sizes(one).train for one in (experiment, small))
    if experiment.templates is None:
        small = replace(small, hidden=-(-experiment.hidden * fewer // samples))
    else:
        classes, less = samples // experiment.p, fewer // small.p
        small = replace(small, templates=-(-experiment.templates * less // classes))
    path = _beginning(small, max_seconds=PATIENCE)
    return path.nfev * experiment.slow_time / float(path.t[-1])


def _beginning(experiment: Experiment, **caps: Any) -> Trajectory:
    """The steps of a run up to a cap, without its observations."""
    train, _, W1 = draw(experiment)
    end = experiment.slow_time
    try:
        with threadpool_limits(1):
            flow = bound_flow(experiment, train)
            return integrate(flow, W1, (0.0, end), t_eval=[end], **caps, **method_options(experiment))
    except IntegrationError as stopped:
        if stopped.trajectory.steps == 0:
            raise
        return stopped.trajectory
