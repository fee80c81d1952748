"""Controls of two experiments: at which foot the direction of training is compared, and at which norm paths are."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.flows.zero_loss_set import retract, tangent_part
from reduced.network.dataset import Dataset
from reduced.network.neural_tangent import linearize
from reduced.network.observables import first_crossing
from reduced.network.parameters import Pair, cosine, moved
from reduced.network.problem import Problem, bind
from reduced.studies.counterfactual import DIRECTIONS, follow
from reduced.studies.generalization import zero_loss_states
from reduced.studies.ladder import start_on_set
from reduced.tasks.modular import modular_addition
from reduced.training.gradient_descent import slow_time, train, uniform_start
from reduced.training.projection import project_by_descent

Array = NDArray[np.float64]
#: Learning rate and weight decay of Figure 5, mean-squared error; steps of an update.
RATE, DECAY, UPDATE = 1.0, 1e-4, 10


def two_feet(train_set: Dataset, activation: str, hidden: int, tau: float, seed: int) -> Array:
    """Cosine of the last ten steps of training with −Pθ at two feet, and what the paper's foot leaves of the residual.

    Parameters
    ----------
    train_set : Dataset
    activation : str
    hidden : int
    tau : float
        Slow time of the comparison.
    seed : int
        Of the initial layers.

    Returns
    -------
    (3,) array
        At the end of the paper's hundred steps of descent; at the nearest state of the zero-loss set; and ‖F − Y‖
        after the hundred steps over that before.
    """
    problem = bind(train_set.X, train_set.Y, activation)
    start = uniform_start(train_set.X.shape[1], hidden, train_set.Y.shape[1], seed)
    before = _trained(problem, start, round(tau / slow_time(1, RATE, DECAY)) - UPDATE)
    end = _trained(problem, before, UPDATE)
    update = moved(end, before, by=-1.0)
    near, foot = project_by_descent(problem, end, RATE), retract(problem, end, 1e-10)
    cosines = [cosine(update, tangent_part(problem, one, (-one[0], -one[1]))) for one in (near, foot)]
    left = [float(np.linalg.norm(linearize(problem, one).residual)) for one in (near, end)]
    return np.array([*cosines, left[0] / left[1]])


def _trained(problem: Problem, state: Pair, steps: int) -> Pair:
    how: dict[str, Any] = {"learning_rate": RATE, "weight_decay": DECAY, "activation": problem.activation}
    run = train(problem.X, problem.Y, state, steps=steps, **how)
    return run.y[0][-1], run.y[1][-1]


def at_equal_norm(seed: int, level: float, p: int = 11, hidden: int = 128) -> tuple[float, float]:
    """Test accuracy of norm descent and of ℓ1 descent when √(2Σ‖w1_j‖‖w2_j‖) falls to a level; NaN if it does not.

    Paths as in :func:`reduced.studies.counterfactual.follow`, to slow time 5 in steps of 0.05.
    """
    found = []
    for name in ("norm descent", "ℓ1 descent"):
        path = follow((seed, name), p, hidden, 5.0, 0.05)
        reached = first_crossing(path["t"], -path["rescaled_norm"], -level)
        found.append(
            float(path["test"][np.searchsorted(path["t"], reached)]) if np.isfinite(reached) else np.nan
        )
    return found[0], found[1]


def nuclear_closeness(seed: int, p: int = 11, hidden: int = 128) -> Array:
    """Cosine of the projected directions of nuclear-norm and of norm descent, along norm descent at τ = 0, 1, …, 5."""
    pairs, _ = modular_addition(p, 0.9, seed)
    problem = bind(pairs.X, pairs.Y)
    states = zero_loss_states(problem, start_on_set(problem, hidden, seed), np.arange(6.0), 0.05)
    found = []
    for state in zip(*states, strict=True):
        norm, nuclear = (
            tangent_part(problem, state, DIRECTIONS[name](state))
            for name in ("norm descent", "nuclear-norm descent")
        )
        found.append(cosine(norm, nuclear))
    return np.array(found)
