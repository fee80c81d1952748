"""One run as frames: what the page shows at each moment."""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from reduced.integration.solve import integrate
from reduced.network.dataset import Dataset
from reduced.network.observables import accuracy, circularity, fourier_features, rings
from reduced.runs.experiment import bound_flow, draw, method_options
from reduced.runs.options import Experiment, task_of

Array = NDArray[np.float64]
#: Relative step of the integration. Half of it moves the time of 95 % by a few hundredths of tau.
STEP = 0.03
#: Share of the pairs that trains.
SHARE = 0.7


class Setting(NamedTuple):
    """What a run depends on.

    Parameters
    ----------
    p : int
        Modulus of the addition.
    width : float
        Hidden units a training pair.
    ridge : float
        λ of the reduced model; 0 is the zero-loss limit.
    loss : str
        Name of a loss.
    """

    p: int
    width: float
    ridge: float
    loss: str


class Frames(NamedTuple):
    """A run at m moments.

    Parameters
    ----------
    tau : (m,) array
        Slow time.
    curves : dict of (m,) arrays
        ``train``, ``test`` (accuracies), ``norm_1``, ``norm_2`` (squared norms of the layers), ``within`` (mean of
        the absolute cosine between Re F_k and Im F_k), ``equality`` (mean ratio of the smaller norm to the larger).
    rings : (m, K, 2, p) array
        Residues in the plane of the present Re F_k, Im F_k, for the frequencies k = 1 … K.
    sizes : tuple of int
        Training pairs, test pairs, hidden units.
    """

    tau: Array
    curves: dict[str, Array]
    rings: Array
    sizes: tuple[int, int, int]


def experiment_of(setting: Setting, *, end: float, seed: int) -> Experiment:
    """The options of ``grokking-reduced simulate`` that make the same run."""
    one = Experiment(p=setting.p, train_fraction=SHARE, ridge=setting.ridge, loss=setting.loss)
    hidden = max(1, round(setting.width * task_of(one).sizes().train))
    return replace(one, hidden=hidden, seed=seed, slow_time=end, step=STEP)


def play(
    experiment: Experiment,
    *,
    frames: int,
    frequencies: int,
    report: Callable[[float], None] | None = None,
) -> Frames:
    """Integrate one run and look at it at equally spaced slow times.

    Parameters
    ----------
    experiment : Experiment
        Of pairs of residues, without symmetry.
    frames, frequencies : int
        m, and K of :func:`rings`.
    report : callable, optional
        Gets the slow time reached, at every step; KeyboardInterrupt from it stops the run.

    Returns
    -------
    Frames

    Raises
    ------
    KeyboardInterrupt
        If ``report`` stopped it.
    """
    train, test, start = draw(experiment)
    flow = bound_flow(experiment, train)
    times = np.linspace(0.0, experiment.slow_time, frames)

    def observe(tau: float, W1: Array) -> dict[str, float]:
        if report is not None:
            report(tau)
        return {}

    with threadpool_limits(1):
        path = integrate(
            flow,
            start,
            (0.0, experiment.slow_time),
            t_eval=times,
            observe=observe,
            **method_options(experiment),
        )
        rows = [_row(W1, flow.at(W1).readout, train, test) for W1 in path.y]
    kept = min(frequencies, (experiment.p - 1) // 2)
    names = ("train", "test", "norm_1", "norm_2", "within", "equality")
    curves = dict(zip(names, np.array(rows, dtype=float).T, strict=True))
    circles = np.stack([rings(W1, kept) for W1 in path.y])
    return Frames(path.t, curves, circles, (len(train.X), len(test.X), experiment.hidden))


def _row(W1: Array, W2: Array, train: Dataset, test: Dataset) -> tuple[float, ...]:
    """Accuracies, squared norms, and how circular the embedding is."""
    measures = circularity(fourier_features(W1))
    lengths = np.stack([measures["real_norm"], measures["imag_norm"]])
    accuracies = (accuracy(W1, W2, data) for data in (train, test))
    circle = np.mean(measures["within"]), np.mean(lengths.min(axis=0) / lengths.max(axis=0))
    return (*accuracies, np.sum(W1**2), np.sum(W2**2), *circle)
