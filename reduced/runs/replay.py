"""A run again, its first layers kept at evenly spaced slow times: for pictures that move."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from reduced.inputs.memory import refuse_beyond_memory
from reduced.integration.solve import integrate
from reduced.network.measures import predictions, share_right
from reduced.runs.experiment import Drawn, bound_flow
from reduced.runs.options import Experiment, task_of
from reduced.runs.sizes import sizes
from reduced.runs.steps import method_options
from reduced.tasks.registry import ACCURACY

Array = NDArray[np.float64]
#: Ten seconds at twelve frames a second.
FRAMES = 120


class Replay(NamedTuple):
    """Slow times (m,), embeddings (m, p, d_h) with one row a residue, and test accuracies (m,)."""

    times: Array
    embeddings: Array
    accuracies: Array


def replayable(experiment: Experiment) -> None:
    """Refuse, before anything is computed, a run that has no circles to show.

    Raises
    ------
    ValueError
        If it is not on residues, measures no accuracy, is equivariant, or its frames do not fit into memory.
    """
    task = task_of(experiment)
    if experiment.templates is not None or task.residues is None or task.measures != ACCURACY:
        raise ValueError(
            "animate = True: circles of an embedding belong to tasks on residues without symmetry; leave it out"
        )
    refuse_beyond_memory(f"{FRAMES} frames", float(FRAMES) * sizes(experiment).inputs * experiment.hidden)


def replay(experiment: Experiment, drawn: Drawn) -> Replay:
    """Integrate an experiment again, by the same steps, and keep its first layers.

    Raises
    ------
    ValueError
        As :func:`replayable`.
    """
    replayable(experiment)
    train, test, start = drawn
    flow, times = bound_flow(experiment, train), np.linspace(0.0, experiment.slow_time, FRAMES)
    with threadpool_limits(1):
        path = integrate(flow, start, (0.0, experiment.slow_time), t_eval=times, **method_options(experiment))
        accuracies = [
            share_right(predictions(W1, flow.readout(W1), test.X, experiment.activation), test.Y, test.labels)
            for W1 in path.y
        ]
    return Replay(path.t, path.y[:, : task_of(experiment).residues], np.array(accuracies))
