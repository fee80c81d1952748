"""What is observed along one run of the first-layer flow."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.flows.convex import ConvexFlow
from reduced.flows.first_layer import FirstLayerFlow
from reduced.network.dataset import Dataset
from reduced.network.losses import LOSSES
from reduced.network.measures import predictions, share_missed, share_right
from reduced.network.observables import circularity, fourier_features
from reduced.runs.equivariant import class_observer
from reduced.runs.options import Experiment, task_of
from reduced.symmetry.evaluation import EquivariantFlow
from reduced.tasks.registry import ACCURACY

Array = NDArray[np.float64]


def observer(
    experiment: Experiment,
    flow: FirstLayerFlow | ConvexFlow | EquivariantFlow,
    train: Any,
    test: Any,
    report: Callable[[dict[str, Any]], None] | None,
) -> Callable[[float, Array], dict[str, Any]]:
    """Function of slow time and first layer that observes accuracy or error, norms, speed, fit and circles.

    Where equations give the readout, the fit is the residual and the condition of the equations; where it is minimized,
    the loss, ‖M‖² and the duality gap.

    Parameters
    ----------
    experiment, flow, train, test
        The run.
    report : callable or None
        Receives every row.
    """
    if isinstance(flow, EquivariantFlow):
        look = class_observer(flow, experiment.templates or 0)
    else:
        look = pair_observer(experiment, flow, train, test)

    def observe(tau: float, W1: Array) -> dict[str, Any]:
        row = look(tau, W1)
        if report is not None:
            report({"tau": tau, **row})
        return row

    return observe


def pair_observer(
    experiment: Experiment, flow: FirstLayerFlow | ConvexFlow, train: Dataset, test: Dataset
) -> Callable[[float, Array], dict[str, Any]]:
    """What a run without symmetry observes."""
    loss, task = LOSSES[experiment.loss], task_of(experiment)
    targets = loss.from_one_hot(train.Y)
    residues = task.residues

    def measured(outputs: Array, samples: Dataset) -> float:
        if task.measures == ACCURACY:
            return share_right(outputs, samples.Y, samples.labels)
        return share_missed(outputs, samples.Y)

    def observe(tau: float, W1: Array) -> dict[str, Any]:
        optimum = flow.at(W1)
        W2 = optimum.readout
        outputs = predictions(W1, W2, train.X, experiment.activation)
        row: dict[str, Any] = {
            f"train_{task.measures}": measured(outputs, train),
            f"test_{task.measures}": measured(predictions(W1, W2, test.X, experiment.activation), test),
            "squared_norm_W1": float(np.sum(W1**2)),
            "squared_norm_W2": float(np.sum(W2**2)),
        }
        if experiment.minimizes:
            row["loss"] = loss.value(outputs, targets)
            row["squared_norm_M"] = float(
                np.sum((loss.gradient(outputs, targets) / (2 * experiment.ridge)) ** 2)
            )
            row["duality_gap"] = optimum.duality_gap
        else:
            row["residual"] = float(np.linalg.norm(outputs - targets))
            row["gram_condition"] = optimum.gram_condition
        row["speed"] = float(np.linalg.norm(optimum.velocity))
        return row if residues is None else row | circularity(fourier_features(W1[:residues]))

    return observe
