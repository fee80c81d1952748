"""How far each way of integrating the first-layer flow is from a converged one, and what it costs."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from reduced.errors import IntegrationError
from reduced.flows.two_layer import first_layer_flow, optimal_readout
from reduced.integration import methods
from reduced.integration.solve import integrate
from reduced.network.observables import accuracy
from reduced.runs.experiment import Experiment, draw

Array = NDArray[np.float64]
#: Times at which paths are compared.
SAMPLES = 60
#: First step of the error-controlled methods, below the fastest time scale of the start.
FIRST_STEP = 1e-7


@dataclass(frozen=True)
class Work:
    """One integration: its cost, and its path at the times of comparison.

    Parameters
    ----------
    method : str
        As in :func:`reduced.integration.solve.integrate`.
    setting : float
        Step, share or relative tolerance; the absolute tolerance is a hundredth of that.
    evaluations : int
        Of the field.
    seconds : float
        Wall time on one BLAS thread.
    states : (SAMPLES, d_in, d_h) array
        First layers.
    accuracies : (SAMPLES,) array
        Their test accuracies.
    reached : float
        Slow time reached; short of the end where the time ran out, and then there are no states.
    """

    method: str
    setting: float
    evaluations: int
    seconds: float
    states: Array
    accuracies: Array
    reached: float


@dataclass(frozen=True)
class Errors:
    """Distance of a path from the reference: of the state relative to its norm, at most; of the test accuracy."""

    state: float
    accuracy_mean: float
    accuracy_most: float


def integrated(experiment: Experiment, method: str, setting: float, max_seconds: float | None = None) -> Work:
    """Integrate an experiment's first layer to its ``slow_time`` by one method.

    Parameters
    ----------
    experiment : Experiment
        Data, start and span; its ``method`` and ``step`` play no part.
    method, setting
        As in :class:`Work`.
    max_seconds : float, optional
        When to give up; by default never.
    """
    train, test, start = draw(experiment)
    arguments = (train.X, train.Y, experiment.activation, experiment.ridge)
    readout = optimal_readout(*arguments)
    end = experiment.slow_time
    options: dict[str, Any] = {"step": setting}
    if not methods.METHODS[method].step:
        options = {"rtol": setting, "atol": setting / 100, "first_step": FIRST_STEP}
    times = np.linspace(0, end, SAMPLES + 1)[1:]
    with threadpool_limits(1):
        try:
            path = integrate(
                first_layer_flow(*arguments), start, (0.0, end), method=method, t_eval=times,
                max_seconds=max_seconds, **options,
            )  # fmt: skip
        except IntegrationError as stopped:
            path = replace(stopped.trajectory, y=np.empty((0, *start.shape)))
        accuracies = np.array([accuracy(W1, readout(W1), test, experiment.activation) for W1 in path.y])
    return Work(method, setting, path.nfev, path.seconds, path.y, accuracies, float(path.t[-1]))


def errors(work: Work, reference: Work) -> Errors:
    """Errors of an integration that reached the end, from a reference that did."""
    apart = np.linalg.norm(work.states - reference.states, axis=(1, 2))
    sizes = np.linalg.norm(reference.states, axis=(1, 2))
    accuracies = np.abs(work.accuracies - reference.accuracies)
    return Errors(float((apart / sizes).max()), float(accuracies.mean()), float(accuracies.max()))
