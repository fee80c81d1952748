"""AdamW beside the reduced flows: it has no slow time of their kind, and this measures where its motion points."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.flows.two_layer import first_layer_flow
from reduced.flows.zero_loss_set import retract, tangent_part
from reduced.inputs.scalars import positive, whole
from reduced.network.dataset import Dataset
from reduced.network.descent import descent
from reduced.network.observables import accuracy, predictions
from reduced.network.parameters import Pair, cosine, moved
from reduced.network.problem import Problem, bind
from reduced.training.gradient_descent import uniform_start

Array = NDArray[np.float64]
#: Decay rates of the mean gradient and of its square, and what is added to the root, as libraries have them.
BETAS, EPSILON = (0.9, 0.999), 1e-8
#: Steps of an update whose direction is compared.
UPDATE = 10


class AdamW:
    """θ ← θ − η(m̂/(√v̂ + ε) + decay·θ), with m̂ and v̂ the running means of the gradient and its square, unbiased.

    Parameters
    ----------
    problem : Problem
        Its gradient is that of the mean-squared error.
    state : (W1, W2)
    learning_rate, weight_decay : float

    References
    ----------
    Loshchilov and Hutter, arXiv:1711.05101.
    """

    def __init__(self, problem: Problem, state: Pair, learning_rate: float, weight_decay: float) -> None:
        self._descent, self._terms = descent(problem), problem.Y.size
        self._rates = positive(learning_rate=learning_rate, weight_decay=weight_decay)
        self.state: Pair = (state[0].copy(), state[1].copy())
        self._mean = [np.zeros_like(layer) for layer in state]
        self._square = [np.zeros_like(layer) for layer in state]
        self._steps = 0

    def take(self, steps: int) -> Pair:
        """Take steps; returns the new state."""
        (rate, decay), (first, second) = self._rates, BETAS
        for _ in range(steps):
            self._steps += 1
            gradients = [-move / self._terms for move in self._descent(*self.state)]
            new = []
            for layer, gradient, mean, square in zip(
                self.state, gradients, self._mean, self._square, strict=True
            ):
                mean += (1 - first) * (gradient - mean)
                square += (1 - second) * (gradient**2 - square)
                scaled = mean / (1 - first**self._steps)
                size = np.sqrt(square / (1 - second**self._steps)) + EPSILON
                new.append(layer - rate * (scaled / size + decay * layer))
            self.state = (new[0], new[1])
        return self.state


def directions(
    pairs: Dataset,
    test: Dataset,
    *,
    hidden: int,
    activation: str,
    learning_rate: float,
    weight_decay: float,
    steps: int,
    looks: int,
    seed: int,
) -> dict[str, Array]:
    """Cosines of AdamW's last ten steps with −Pθ at the true foot, and of their first layer with the first-layer flow.

    Returns
    -------
    dict of arrays, each (looks,)
        ``"step"``; cosines ``"zero_loss"`` and ``"first_layer"``, NaN until the training accuracy is 1; accuracies
        ``"train"`` and ``"test"``.
    """
    whole(1, steps=steps, looks=looks)
    problem = bind(pairs.X, pairs.Y, activation)
    flow = first_layer_flow(pairs.X, pairs.Y, activation)
    start = uniform_start(pairs.X.shape[1], hidden, pairs.Y.shape[1], seed)
    optimizer, rows = AdamW(problem, start, learning_rate, weight_decay), []
    for look in range(1, looks + 1):
        before = optimizer.take(steps // looks - UPDATE)
        end = optimizer.take(UPDATE)
        outputs = predictions(*end, pairs.X, activation)
        row: dict[str, Any] = {
            "step": look * (steps // looks),
            "train": float(np.mean(outputs.argmax(axis=1) == pairs.labels)),
            "test": accuracy(*end, test, activation),
            "zero_loss": np.nan,
            "first_layer": np.nan,
        }
        if row["train"] == 1:
            update, foot = moved(end, before, by=-1.0), retract(problem, end, 1e-10)
            row["zero_loss"] = cosine(update, tangent_part(problem, foot, (-foot[0], -foot[1])))
            nothing = np.zeros_like(end[1])
            row["first_layer"] = cosine((update[0], nothing), (flow(0.0, foot[0]), nothing))
        rows.append(row)
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}
