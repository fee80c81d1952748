"""When a network generalizes: the two reduced flows and real training from one start, side by side."""

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.flows.two_layer import first_layer_flow, optimal_readout
from reduced.flows.zero_loss import retracted, zero_loss_flow
from reduced.inputs.scalars import positive, whole
from reduced.integration.solve import integrate
from reduced.network.dataset import Dataset
from reduced.network.observables import accuracy, predictions
from reduced.network.parameters import Pair
from reduced.network.problem import Problem, bind
from reduced.runs.experiment import Experiment, method_options
from reduced.studies.ladder import start_on_set
from reduced.tasks.modular import modular_addition
from reduced.training import gradient_descent
from reduced.training.curvature import descend_with_the_curvature
from reduced.training.gradient_descent import train

Array = NDArray[np.float64]
#: Steps of explicit Euler in slow time, for the first-layer flow and for the retracted zero-loss flow.
EULER, RETRACTED = 5e-3, 0.05
#: Relative residual of the velocity's linear solve under a retraction, which takes its error out again.
LOOSE = 1e-2
#: Slow time between two looks along :func:`path_curves`.
LOOK_EVERY = 0.1
#: Learning rate and weight decay of training, mean-squared error.
RATE, DECAY = 2.0, 1e-4


def accuracy_curves(seed: int, p: int, hidden: int, slow_time: float) -> Array:
    """Test accuracies of first-layer flow, zero-loss flow and training at 101 slow times, shape (3, 101).

    Parameters
    ----------
    seed : int
        Seed of the split, nine tenths of all pairs, and of the start on the zero-loss set.
    p, hidden : int
        Modulus and hidden width of a ReLU network.
    slow_time : float
        Last slow time, a multiple of 0.1.
    """
    (seed,), (slow_time,) = whole(0, seed=seed), positive(slow_time=slow_time)
    if not (slow_time > 0.05 and np.isclose(slow_time, round(slow_time, 1))):
        raise ValueError(f"slow_time = {slow_time}: must be a multiple of 0.1")
    training, test = modular_addition(p, 0.9, seed)
    problem = bind(training.X, training.Y)
    start = start_on_set(problem, hidden, seed)
    times = np.linspace(0, slow_time, 101)
    steps = round(slow_time / gradient_descent.slow_time(1, RATE, DECAY))
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
            measured(first_layer_states(problem, start, times, method="euler", step=EULER), training, test)[
                "test_accuracy"
            ],
            measured(zero_loss_states(problem, start, times, RETRACTED), training, test)["test_accuracy"],
            trained.observed["test"],
        ]
    )


#: The flows that :func:`path_curves` knows, the slower one to compute first.
FLOWS = ("zero-loss flow", "first-layer flow")


def path_curves(
    case: tuple[str | float, tuple[int, int, int]], slow_time: float, step: float
) -> dict[str, Array | float]:
    """What :func:`measured` sees along one path of a ReLU network from a start on the zero-loss set, seed 0.

    Parameters
    ----------
    case : (str or float, (int, int, int))
        One of ``FLOWS``, or the λ of training both layers with momentum 0.9; modulus of the addition, hidden width, and
        number of training samples.
    slow_time : float
        Last slow time.
    step : float
        Retracted Euler step of the zero-loss flow.

    Returns
    -------
    dict
        ``tau``; the measurements; ``seconds``.
    """
    (path, size), (slow_time, step) = case, positive(slow_time=slow_time, step=step)
    training, test, start = start_of_size(*size)
    problem = bind(training.X, training.Y)
    times = np.linspace(0, slow_time, round(slow_time / LOOK_EVERY) + 1)
    began = time.perf_counter()
    if path == "zero-loss flow":
        states = zero_loss_states(problem, start, times, step)
    elif path == "first-layer flow":
        states = first_layer_states(problem, start, times, **method_options(Experiment()))
    else:
        states = descend_with_the_curvature(problem, start, times, float(path))
    seconds = time.perf_counter() - began
    return {"tau": times, "seconds": seconds, **measured(states, training, test)}


def start_of_size(p: int, hidden: int, samples: int) -> tuple[Dataset, Dataset, Pair]:
    """Training and test set of addition modulo p, and a start of d_h ReLU units on the zero-loss set, seed 0."""
    p, samples = whole(1, p=p, samples=samples)
    training, test = modular_addition(p, samples / (p * (p + 1) // 2), 0)
    return training, test, start_on_set(bind(training.X, training.Y), hidden, 0)


def first_layer_states(problem: Problem, start: Pair, times: Array, **options: Any) -> tuple[Array, Array]:
    """Both layers of the first-layer flow at slow times from 0 on, the readout optimal.

    Parameters
    ----------
    problem : Problem
    start : (W1, W2)
        The flow starts from W1.
    times : (m,) array
    options
        Method of :func:`reduced.integration.solve.integrate` and its options.
    """
    arguments = problem.X, problem.Y, problem.activation
    flow, readout = first_layer_flow(*arguments), optimal_readout(*arguments)
    W1 = integrate(flow, start[0], (0, times[-1]), t_eval=times, **options).y
    return W1, np.array([readout(one) for one in W1])


def zero_loss_states(
    problem: Problem, start: Pair, times: Array, step: float, tolerance: float = LOOSE
) -> tuple[Array, Array]:
    """Both layers of the zero-loss flow at slow times from 0 on, by retracted Euler steps.

    ``tolerance`` is that of :func:`reduced.flows.zero_loss.zero_loss_flow`.
    """
    flow = zero_loss_flow(problem.X, problem.Y, problem.activation, tolerance=tolerance)
    sliding = retracted(problem, flow, step)
    first, second = integrate(sliding, start, (0, times[-1]), method="euler", step=step, t_eval=times).y
    return first, second


def measured(states: tuple[Array, Array], training: Dataset, test: Dataset) -> dict[str, Array]:
    """Test accuracy, ‖W1‖², ‖W2‖² and the training residual ‖F − Y‖ of ReLU networks, each (m,)."""
    return {
        "test_accuracy": np.array([accuracy(*state, test) for state in zip(*states, strict=True)]),
        "squared_norm_W1": np.sum(states[0] ** 2, axis=(1, 2)),
        "squared_norm_W2": np.sum(states[1] ** 2, axis=(1, 2)),
        "residual": np.array(
            [
                np.linalg.norm(predictions(*state, training.X) - training.Y)
                for state in zip(*states, strict=True)
            ]
        ),
    }
