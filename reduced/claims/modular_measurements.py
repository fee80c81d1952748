"""What is measured on runs of modular addition: accuracies and when they are reached, norms, and circles."""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.flows.scaling import rescaled_time
from reduced.network.dataset import Dataset
from reduced.network.observables import first_crossing, predictions
from reduced.runs.experiment import Experiment, bound_flow, draw, first_euler_step, run
from reduced.tasks.targets import quadratic_addition

Array = NDArray[np.float64]
PROTOCOL = Experiment(integrator="paper-euler")
FLOW = Experiment()
WIDE_START = Experiment(init_scale="var")
QUADRATIC = Experiment(
    p=11, hidden=256, activation="quadratic", train_fraction=0.85, integrator="paper-euler"
)


@cache
def observed(experiment: Experiment) -> dict[str, Any]:
    """Observations of a run, computed once."""
    return run(experiment).observed


@cache
def network_at_the_end(experiment: Experiment) -> tuple[Array, Array, Dataset]:
    """First layer and readout at the end of a run, and its test set; computed once."""
    drawn = draw(experiment)
    W1 = run(experiment, drawn=drawn).y[-1]
    return W1, bound_flow(experiment, drawn.train).at(W1).readout, drawn.test


def target_error(p: int) -> float:
    """Larger of the closed-form network's residual on all pairs and the relative error of its printed norm."""
    W1, W2 = quadratic_addition(p)
    first, second = np.triu_indices(p)
    X, Y = np.eye(p)[first] + np.eye(p)[second], np.eye(p)[(first + second) % p]
    residual = np.max(np.abs(predictions(W1, W2, X, "quadratic") - Y))
    printed = p ** (1 / 3) * (0.75 + 1.5 * (p - 1) * 1.581071)
    return float(max(residual, abs((np.sum(W1**2) + np.sum(W2**2)) / printed - 1)))


def largest_residual(experiment: Experiment) -> float:
    """Largest training residual of a run."""
    return float(np.max(observed(experiment)["residual"]))


def at_the_end(experiment: Experiment, name: str) -> float:
    """An observation at the end of a run."""
    return float(observed(experiment)[name][-1])


def balance(experiment: Experiment) -> float:
    """‖W1‖² over q‖W2‖² at the end of a run, q the degree of its activation."""
    degree = 2 if experiment.activation == "quadratic" else 1
    return at_the_end(experiment, "squared_norm_W1") / (degree * at_the_end(experiment, "squared_norm_W2"))


def early_accuracy() -> float:
    """Best test accuracy of the paper's run up to step 500."""
    rows = observed(PROTOCOL)
    return float(np.max(rows["test_accuracy"][rows["t"] <= 0.5]))


def time_to_reach(level: float) -> float:
    """Slow time at which the test accuracy of the paper's run reaches a level."""
    rows = observed(PROTOCOL)
    return first_crossing(rows["t"], rows["test_accuracy"], level)


def ratio_of_radii() -> float:
    """Smaller over larger of ‖Re F_k‖ and ‖Im F_k‖ at the end, averaged over frequencies."""
    rows = observed(PROTOCOL)
    real, imag = rows["real_norm"][-1], rows["imag_norm"][-1]
    return float(np.mean(np.minimum(real, imag) / np.maximum(real, imag)))


def mean_cosine(name: str) -> float:
    """Mean of a table of cosines at the end, without its diagonal."""
    values = observed(PROTOCOL)[name][-1]
    return float(np.mean(values if values.ndim == 1 else values[~np.eye(len(values), dtype=bool)]))


def norm_after_one_euler_step() -> float:
    """‖W1‖² after Euler's first step."""
    return first_euler_step(PROTOCOL)[2]


def norm_of_the_flow() -> float:
    """‖W1‖² of the resolved flow at τ = 0.01."""
    return float(observed(FLOW)["squared_norm_W1"][1])


def grokking_time(experiment: Experiment) -> float:
    """Slow time at which a run reaches test accuracy 0.95."""
    rows = observed(experiment)
    return first_crossing(rows["t"], rows["test_accuracy"], 0.95)


def missed_prediction() -> float:
    """Grokking time of the run from the wider start, minus what the narrower run predicts for it."""
    factor = PROTOCOL.p**0.25
    return grokking_time(WIDE_START) - float(rescaled_time(grokking_time(FLOW), factor, degree=1))
