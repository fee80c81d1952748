"""Roughly how long runs take, before they run: a few steps and observations of each size, times their numbers."""

import time
from collections.abc import Sequence
from dataclasses import replace

from threadpoolctl import threadpool_limits

from reduced.experiment import OBSERVE_EVERY, Experiment, problem, run
from reduced.flows import first_layer_flow
from reduced.integrate import IntegrationError

#: Evaluations for each unit of slow time by the error-controlled method: so many, and so many more times n/d_h.
FLOW_EVALUATIONS, CROWDED_EVALUATIONS = 90, 340
#: Steps of the trial run.
TRIAL = 4
#: Seconds to start the workers and to derive the equations there, and to store one result.
STARTING, STORING = 4.0, 0.1


def expected_seconds(experiments: Sequence[Experiment], workers: int) -> float:
    """Rough wall time of runs on so many workers at once, measured on one run of each size.

    A run that will be refused counts as none. The error-controlled method chooses its steps on the way; their number is
    a fit to ReLU runs modulo 23 and 37 and can be wrong by a factor of 2.
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
    trial = replace(experiment, method="protocol", step=OBSERVE_EVERY, slow_time=TRIAL * OBSERVE_EVERY)
    try:
        evaluation = _evaluation_seconds(experiment)
        run(trial)
        trial_seconds = run(trial).seconds
    except (ValueError, IntegrationError):
        return 0.0
    observation = max(0.0, trial_seconds - TRIAL * evaluation) / (TRIAL + 1)
    observations = experiment.slow_time / OBSERVE_EVERY
    return evaluations(experiment) * evaluation + observations * observation + STORING


def evaluations(experiment: Experiment) -> float:
    """Evaluations of the flow that a run takes between observations: exact for Euler, else roughly.

    Examples
    --------
    >>> round(evaluations(Experiment()))
    5000
    """
    if experiment.method == "protocol":
        return experiment.slow_time / experiment.step
    crowding = len(problem(experiment)[0].X) / experiment.hidden
    return experiment.slow_time * (FLOW_EVALUATIONS + CROWDED_EVALUATIONS * crowding)


def _evaluation_seconds(experiment: Experiment) -> float:
    """Shortest of a few evaluations on one thread."""
    times = []
    with threadpool_limits(limits=1):
        train, _, W1 = problem(experiment)
        flow = first_layer_flow(train.X, train.Y, experiment.activation, experiment.ridge)
        for _ in range(TRIAL):
            began = time.perf_counter()
            flow(0.0, W1)
            times.append(time.perf_counter() - began)
    return min(times)
