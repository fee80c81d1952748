"""A training run seen from the zero-loss set: where its updates point, and how far away it is."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.flows.two_layer import first_layer_flow
from reduced.flows.zero_loss_set import retract, singular_values, tangent_part
from reduced.inputs.arrays import without_overflow
from reduced.inputs.memory import refuse_beyond_memory
from reduced.inputs.scalars import positive, whole
from reduced.network.dataset import Dataset
from reduced.network.observables import accuracy, predictions
from reduced.network.parameters import Pair, cosine, moved, norm
from reduced.network.problem import bind
from reduced.studies.sliding import sliding_cosine, trained
from reduced.tasks.modular import modular_addition
from reduced.training.gradient_descent import ridge_of, slow_time, uniform_start
from reduced.training.projection import project_by_descent

Array = NDArray[np.float64]
#: Steps between the two states whose difference is the update.
UPDATE_STEPS = 10


def all_but_seven(p: int, rng: int) -> tuple[Dataset, Dataset]:
    """Training and test set of Figure 5: all pairs of addition modulo p but seven, and the seven.

    Examples
    --------
    >>> train_set, test_set = all_but_seven(11, 0)
    >>> len(train_set.X), len(test_set.X)
    (59, 7)
    """
    (p,) = whole(4, p=p)
    refuse_beyond_memory(f"p = {p}", p**3)
    return modular_addition(p, 1 - 7 / (p * (p + 1) // 2), rng)


def aligned_training(
    train_set: Dataset,
    test_set: Dataset,
    *,
    hidden: int,
    steps: int,
    every: int,
    learning_rate: float = 1.0,
    weight_decay: float = 1e-4,
    activation: str = "relu",
    rng: int = 0,
) -> dict[str, Any]:
    """Train a network with mean-squared error and compare its updates with both predictions.

    Parameters
    ----------
    train_set, test_set : Dataset
    hidden : int
        Hidden width.
    steps, every : int
        Length of the run and steps between comparisons; ``every`` exceeds 10, the length of an update.
    learning_rate, weight_decay : float
        In the units of :mod:`reduced.training.gradient_descent`.
    activation : str
        See :data:`reduced.network.activations.ACTIVATIONS`.
    rng : int
        Seed of the initial layers.

    Returns
    -------
    dict of arrays
        ``t`` (steps), ``tau``; ``train_loss``, ``test_loss`` (mean-squared), ``train_accuracy``, ``test_accuracy``;
        ``zero_loss_cosine`` of the update with −Pθ after the paper's projection; ``sliding_cosine`` of the whole motion
        since the last comparison with that of the retracted zero-loss flow (NaN the first time);
        ``zero_loss_cosine_first`` and ``first_layer_cosine``, of the first layer's update with each prediction for it;
        ``distance`` to the zero-loss set over λ; ``smallest_singular_value`` of the outputs' Jacobian there;
        ``tangent_share`` ‖PΔθ‖²/‖Δθ‖² there.

    References
    ----------
    arXiv:2511.01938, Figures 5 and 7, and Appendix D.
    """
    (every,), (steps, hidden) = whole(UPDATE_STEPS + 1, every=every), whole(1, steps=steps, hidden=hidden)
    learning_rate, weight_decay = positive(learning_rate=learning_rate, weight_decay=weight_decay)
    if steps < every:
        raise ValueError(f"every = {every}: must be at most steps = {steps}")
    problem = bind(train_set.X, train_set.Y, activation)
    predicted = first_layer_flow(train_set.X, train_set.Y, activation)
    ridge = ridge_of(weight_decay, train_set.Y)
    span = slow_time(every, learning_rate, weight_decay)
    state = uniform_start(train_set.X.shape[1], hidden, train_set.Y.shape[1], rng)
    rows: list[dict[str, float]] = []
    for step in range(0, steps, every):
        last, before = state, trained(problem, state, every - UPDATE_STEPS, learning_rate, weight_decay)
        state = trained(problem, before, UPDATE_STEPS, learning_rate, weight_decay)
        update = moved(state, before, by=-1.0)
        foot = retract(problem, state, 1e-10)
        away = moved(state, foot, by=-1.0)
        near = project_by_descent(problem, state, learning_rate)
        descent = tangent_part(problem, near, (-near[0], -near[1]))
        first = update[0], np.zeros_like(update[1])
        rows.append(
            {
                "t": step + every,
                "tau": slow_time(step + every, learning_rate, weight_decay),
                **_losses("train", state, train_set, activation),
                **_losses("test", state, test_set, activation),
                "zero_loss_cosine": cosine(update, descent),
                "sliding_cosine": sliding_cosine(problem, last, state, span) if step else np.nan,
                "zero_loss_cosine_first": cosine(first, (descent[0], first[1])),
                "first_layer_cosine": cosine(first, (predicted(0.0, state[0]), first[1])),
                "distance": float(without_overflow("the distance over λ", norm(away) / ridge)),
                "smallest_singular_value": float(singular_values(problem, foot)[-1]),
                "tangent_share": (norm(tangent_part(problem, foot, update)) / norm(update)) ** 2,
            }
        )
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def cosines_by_decay(
    train_set: Dataset,
    settings: Sequence[tuple[float, float]],
    *,
    hidden: int,
    begin: float = 4.0,
    span: float = 0.1,
    activation: str = "relu",
    rng: int = 0,
) -> Array:
    """How the motion of one network agrees with the zero-loss flow as weight decay or learning rate falls.

    The network trains until slow time ``begin`` with the paper's learning rate 1 and decay 1e-4. From there, for each
    setting, it settles for one span and is compared over the next.

    Parameters
    ----------
    train_set : Dataset
    settings : sequence of (learning rate, weight decay)
        For mean-squared error.
    hidden : int
        Hidden width.
    begin, span : float
        In slow time.
    activation : str
        σ.
    rng : int
        Seed of the initial layers.

    Returns
    -------
    (len(settings), 2) array
        Cosine of the motion over the span with that of the sliding zero-loss flow; of the last ten steps with −Pθ.
    """
    begin, span = positive(begin=begin, span=span)
    problem = bind(train_set.X, train_set.Y, activation)
    start = uniform_start(train_set.X.shape[1], hidden, train_set.Y.shape[1], rng)
    network = trained(problem, start, round(begin / slow_time(1, 1.0, 1e-4)), 1.0, 1e-4)
    rows = []
    for rate, decay in settings:
        steps = round(span / slow_time(1, rate, decay))
        settled = trained(problem, network, steps, rate, decay)
        before = trained(problem, settled, steps - UPDATE_STEPS, rate, decay)
        end = trained(problem, before, UPDATE_STEPS, rate, decay)
        foot = retract(problem, end, 1e-10)
        pointwise = cosine(moved(end, before, by=-1.0), tangent_part(problem, foot, (-foot[0], -foot[1])))
        rows.append((sliding_cosine(problem, settled, end, span), pointwise))
    return np.array(rows)


def _losses(name: str, state: Pair, dataset: Dataset, activation: str) -> dict[str, float]:
    errors = predictions(*state, dataset.X, activation) - dataset.Y
    return {
        f"{name}_loss": float(np.mean(errors**2)),
        f"{name}_accuracy": accuracy(*state, dataset, activation),
    }
