"""One run of the first-layer flow: from its options to its trajectory."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from reduced.flows.convex import ConvexFlow
from reduced.flows.first_layer import FirstLayerFlow
from reduced.flows.two_layer import first_layer_flow
from reduced.inputs.arrays import without_overflow
from reduced.integration.checkpoint import Checkpoints
from reduced.integration.solve import integrate
from reduced.integration.trajectory import Trajectory
from reduced.network.losses import LOSSES
from reduced.runs.equivariant import equivariant_start
from reduced.runs.observed import observer
from reduced.runs.options import INIT_EXPONENTS, SYMMETRIES, Experiment, task_of
from reduced.runs.sizes import equivariant, sizes
from reduced.runs.steps import (
    ITERATION_SHARE,
    OBSERVE_EVERY,
    euler_step,
    method_options,
    observe_every,
    observed_numbers,
    readout_tolerance,
    step_of,
)
from reduced.symmetry.classes import held_out
from reduced.symmetry.evaluation import EquivariantFlow
from reduced.symmetry.flow import equivariant_flow

__all__ = [
    "INIT_EXPONENTS",
    "ITERATION_SHARE",
    "OBSERVE_EVERY",
    "SYMMETRIES",
    "Drawn",
    "Experiment",
    "bound_flow",
    "draw",
    "equivariant",
    "euler_step",
    "first_euler_step",
    "method_options",
    "observe_every",
    "observed_numbers",
    "readout_tolerance",
    "run",
    "sizes",
    "step_of",
    "task_of",
]

Array = NDArray[np.float64]


class Drawn(NamedTuple):
    """What a seed decides: the training set, the test set, and the initial first layer.

    With the symmetry of translations these are two sets of difference classes, and the templates.
    """

    train: Any
    test: Any
    W1: Array


def draw(experiment: Experiment) -> Drawn:
    """Training set, test set and initial first layer of an experiment, drawn from its seed.

    Raises
    ------
    ValueError
        As :func:`reduced.runs.sizes.sizes`.
    """
    size, task = sizes(experiment), task_of(experiment)
    scale = experiment.init_factor * float(task.fan_in) ** INIT_EXPONENTS[experiment.init_scale]
    if experiment.templates is not None:
        how = experiment.p, experiment.train_fraction, experiment.templates, scale, experiment.seed
        classes, f = equivariant_start(*how)
        return Drawn(classes, held_out(experiment.p, classes), f)
    rng = np.random.default_rng(experiment.seed)
    train, test = task.draw(rng)
    return Drawn(train, test, scale * rng.standard_normal((size.inputs, experiment.hidden)))


def run(
    experiment: Experiment,
    *,
    drawn: Drawn | None = None,
    progress: str | None = None,
    report: Callable[[dict[str, Any]], None] | None = None,
    checkpoints: Checkpoints | None = None,
) -> Trajectory:
    """Integrate an experiment; its observations are those of :func:`reduced.runs.observed.observer`.

    It takes one BLAS thread: the same bits alone, among other seeds and in a sweep, and no waiting on a busy machine.

    Parameters
    ----------
    experiment : Experiment
        What to run.
    drawn : Drawn, optional
        Its data and initial first layer, where they are at hand.
    progress : str, optional
        Label of a progress bar.
    report : callable, optional
        Receives every row of observations as it is made.
    checkpoints : Checkpoints, optional
        Saves the run while it runs, and holds the step to go on from.

    Returns
    -------
    Trajectory
        Stores the last state; ``observed`` as often as :func:`reduced.runs.steps.observe_every` says.
    """
    train, test, W1 = drawn or draw(experiment)
    flow = bound_flow(experiment, train)
    with threadpool_limits(1):
        return integrate(
            flow,
            W1,
            (0.0, experiment.slow_time),
            t_eval=[experiment.slow_time],
            observe=observer(experiment, flow, train, test, report),
            observe_every=observe_every(experiment),
            progress=progress,
            checkpoints=checkpoints,
            **method_options(experiment),
        )


def bound_flow(experiment: Experiment, train: Any) -> FirstLayerFlow | ConvexFlow | EquivariantFlow:
    """The first-layer flow of a run, with the error that it allows a readout found by iteration."""
    loss, tolerance = LOSSES[experiment.loss], ITERATION_SHARE * step_of(experiment)
    if experiment.templates is not None:
        named = experiment.p, train, experiment.activation, experiment.ridge, loss
        return equivariant_flow(*named, tolerance=tolerance)
    arguments = (train.X, loss.from_one_hot(train.Y), experiment.activation, experiment.ridge)
    return first_layer_flow(*arguments, loss=loss, tolerance=tolerance)


def first_euler_step(experiment: Experiment, drawn: Drawn | None = None) -> tuple[float, float, float]:
    """Initial speed ‖dW1/dτ‖, and ‖W1‖² before and after one Euler step: the run's own, or the paper's of 10⁻³."""
    train, _, W1 = drawn or draw(experiment)
    step = euler_step(experiment)
    copies = 1 if experiment.templates is None else experiment.p  # of every template's entries in W1
    with np.errstate(over="ignore", invalid="ignore"):
        velocity = bound_flow(experiment, train)(0.0, W1)
    after = copies * without_overflow("the first step", np.sum((W1 + step * velocity) ** 2))
    return float(np.sqrt(copies) * np.linalg.norm(velocity)), float(copies * np.sum(W1**2)), float(after)
