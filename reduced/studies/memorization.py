"""Whether training with weight decay reaches the zero-loss set at all, when, and what loss it leaves."""

import numpy as np

from reduced.network.observables import accuracy, first_crossing, predictions
from reduced.tasks.modular import modular_addition
from reduced.training.gradient_descent import train, uniform_start


def memorize(case: tuple[int, float], p: int, hidden: int, steps: int) -> tuple[float, float, float]:
    """Train a ReLU network on addition modulo p: nine tenths of the pairs, mean-squared error, learning rate 1.

    Parameters
    ----------
    case : (int, float)
        Seed of split and start, and the weight decay.
    p, hidden : int
        Modulus and hidden width.
    steps : int
        Steps of gradient descent, observed every ten.

    Returns
    -------
    memorized, left, final : float
        Steps to full training accuracy (NaN if never), final ‖F − Y‖²/‖Y‖², final training accuracy.
    """
    seed, decay = case
    training, _ = modular_addition(p, 0.9, seed)
    X, Y = training.X, training.Y
    observed = train(
        X,
        Y,
        uniform_start(X.shape[1], hidden, Y.shape[1], seed),
        steps=steps,
        learning_rate=1.0,
        weight_decay=decay,
        observe=lambda step, at: {
            "accuracy": accuracy(*at, training),
            "loss": np.sum((predictions(*at, X) - Y) ** 2) / np.sum(Y**2),
        },
        observe_every=10,
    ).observed
    memorized = first_crossing(observed["t"], observed["accuracy"], 1.0)
    return memorized, float(observed["loss"][-1]), float(observed["accuracy"][-1])
