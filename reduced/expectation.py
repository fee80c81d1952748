"""Roughly how long runs take, before they run: a few steps and observations of each size, times their numbers."""

import time
from collections.abc import Sequence
from dataclasses import replace

from threadpoolctl import threadpool_limits

from reduced.experiment import METHODS, OBSERVE_EVERY, Experiment, problem, run
from reduced.flows import first_layer_flow
from reduced.integrate import IntegrationError, integrate

#: Steps of the trial run, and how much longer than the run's own those are that count the steps of a resolved flow.
TRIAL, COARSER = 4, 10
#: Seconds after which that count is extrapolated from where it has come to.
PATIENCE = 10.0
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
    trial = replace(experiment, method="protocol", step=OBSERVE_EVERY, slow_time=TRIAL * OBSERVE_EVERY)
    try:
        evaluation = _evaluation_seconds(experiment)
        run(trial)  # warms up what the next one times
        trial_seconds = run(trial).seconds
        steps = evaluations(experiment)
    except (ValueError, IntegrationError):
        return 0.0
    observation = max(0.0, trial_seconds - TRIAL * evaluation) / (TRIAL + 1)
    return steps * evaluation + observation * experiment.slow_time / OBSERVE_EVERY + STORING


def evaluations(experiment: Experiment) -> float:
    """Evaluations of the flow that a run takes between observations, for Euler exactly.

    The resolved flow's steps are a share of the state's norm: a run with ten times that share takes a tenth of them, to
    within a factor of 2.

    Examples
    --------
    >>> round(evaluations(Experiment()))
    5000
    """
    if experiment.method == "protocol":
        return experiment.slow_time / experiment.step
    train, _, W1 = problem(experiment)
    flow = first_layer_flow(train.X, train.Y, experiment.activation, experiment.ridge)
    options = METHODS[experiment.method]
    coarse = options | {"step": COARSER * options["step"]}
    end = experiment.slow_time
    with threadpool_limits(1):
        try:
            path = integrate(flow, W1, (0.0, end), t_eval=[end], max_seconds=PATIENCE, **coarse)
        except IntegrationError as stopped:
            path = stopped.trajectory
    reached = float(path.t[-1])
    return COARSER * path.nfev * (end / reached if reached > 0 else 1.0)


def _evaluation_seconds(experiment: Experiment) -> float:
    """Shortest of a few evaluations on one thread."""
    times = []
    with threadpool_limits(1):
        train, _, W1 = problem(experiment)
        flow = first_layer_flow(train.X, train.Y, experiment.activation, experiment.ridge)
        for _ in range(TRIAL):
            began = time.perf_counter()
            flow(0.0, W1)
            times.append(time.perf_counter() - began)
    return min(times)
