"""When a network generalizes: the two reduced flows and real training from one start, side by side."""

import numpy as np
from numpy.typing import NDArray

from reduced.data import modular_addition
from reduced.flows import first_layer_flow, optimal_readout
from reduced.integrate import integrate
from reduced.ladder import start_on_set
from reduced.observables import accuracy
from reduced.problem import bind
from reduced.scalars import positive, whole
from reduced.training import slow_time, train
from reduced.zero_loss_flow import retracted, zero_loss_flow

Array = NDArray[np.float64]
#: Steps of explicit Euler in slow time, for the first-layer flow and for the retracted zero-loss flow.
EULER, RETRACTED = 5e-3, 0.05
#: Learning rate and weight decay of training, mean-squared error.
RATE, DECAY = 2.0, 1e-4


def accuracy_curves(seed: int, p: int, d_h: int, end: float) -> Array:
    """Test accuracies of first-layer flow, zero-loss flow and training at 101 slow times, shape (3, 101).

    Parameters
    ----------
    seed : int
        Seed of the split, nine tenths of all pairs, and of the start on the zero-loss set.
    p, d_h : int
        Modulus and hidden width of a ReLU network.
    end : float
        Last slow time, a multiple of 0.1.
    """
    whole(0, seed=seed)
    positive(end=end)
    if not (end > 0.05 and np.isclose(end, round(end, 1))):
        raise ValueError(f"end = {end}: must be a multiple of 0.1")
    training, test = modular_addition(p, 0.9, seed)
    problem = bind(training.X, training.Y)
    start = start_on_set(problem, d_h, seed)
    times = np.linspace(0, end, 101)
    readout = optimal_readout(training.X, training.Y)
    first = integrate(
        first_layer_flow(training.X, training.Y), start[0], (0, end), method="euler", step=EULER, t_eval=times
    ).y
    on_set = integrate(
        retracted(problem, zero_loss_flow(training.X, training.Y), RETRACTED),
        start,
        (0, end),
        method="euler",
        step=RETRACTED,
        t_eval=times,
    ).y
    steps = round(end / slow_time(1, RATE, DECAY))
    trained = train(
        training.X,
        training.Y,
        start,
        steps=steps,
        learning_rate=RATE,
        weight_decay=DECAY,
        observe=lambda step, at: {"test": accuracy(*at, test)},
        observe_every=steps // 100,
    )
    return np.array(
        [
            [accuracy(W1, readout(W1), test) for W1 in first],
            [accuracy(W1, W2, test) for W1, W2 in zip(*on_set, strict=True)],
            trained.observed["test"],
        ]
    )
