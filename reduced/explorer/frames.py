"""One run as frames: what the page shows at each moment."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reduced.flows.two_layer import first_layer_flow, optimal_readout
from reduced.integration.solve import integrate
from reduced.network.observables import circularity, fourier_features, predictions
from reduced.tasks.modular import modular_addition

Array = NDArray[np.float64]
#: Relative step of the integration. Half of it moves the time of 95 % by a few hundredths of tau.
STEP = 0.03
#: Test accuracy that counts as having generalized.
LEVEL = 0.95


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


def rings(W1: Array, frequencies: int) -> Array:
    """Coordinates of the residues in the planes of the frequencies 1 … K.

        x_a = W1[a] · Re F_k / ‖Re F_k‖,  y_a = W1[a] · Im F_k / ‖Im F_k‖

    Once Re F_k and Im F_k are orthogonal and equally long these are points of a circle, in the order of a·k mod p.

    Parameters
    ----------
    W1 : (p, d_h) array
    frequencies : int
        K, at most (p − 1)/2.

    Returns
    -------
    (K, 2, p) array

    Examples
    --------
    >>> angle = 2 * np.pi * np.arange(5) / 5
    >>> ring = rings(np.stack([np.cos(angle), np.sin(angle)], axis=1), 1)[0]
    >>> bool(np.allclose(np.hypot(*ring), 1))
    True
    """
    F = fourier_features(W1)[:frequencies]
    axes = np.stack([F.real, F.imag], axis=1)
    lengths = np.linalg.norm(axes, axis=-1, keepdims=True)
    return np.asarray((axes / np.where(lengths > 0, lengths, 1.0)) @ W1.T)


def play(setting: Setting, *, end: float, frames: int, frequencies: int, seed: int = 0) -> Frames:
    """Integrate one run and look at it at equally spaced slow times.

    Parameters
    ----------
    setting : Setting
    end : float
        Slow time of the last frame.
    frames, frequencies : int
        m, and K of :func:`rings`.
    seed : int
        Of the split and of the start.

    Returns
    -------
    Frames
    """
    rng = np.random.default_rng(seed)
    train, test = modular_addition(setting.p, 0.7, rng)
    hidden = round(setting.width * len(train.X))
    start = rng.normal(size=(setting.p, hidden)) / np.sqrt(setting.p)
    problem: dict[str, Any] = {"ridge": setting.ridge, "loss": setting.loss}
    flow = first_layer_flow(train.X, train.Y, "relu", **problem)
    readout = optimal_readout(train.X, train.Y, "relu", **problem)
    times = np.linspace(0.0, end, frames)
    path = integrate(flow, start, (0.0, end), method="relative_legendre", step=STEP, t_eval=times)
    kept = min(frequencies, (setting.p - 1) // 2)
    rows, circles = [], np.empty((frames, kept, 2, setting.p))
    for i, W1 in enumerate(path.y):
        W2 = readout(W1)
        measures = circularity(fourier_features(W1))
        lengths = np.stack([measures["real_norm"], measures["imag_norm"]])
        accuracies = (
            np.mean(predictions(W1, W2, data.X, "relu").argmax(axis=1) == data.labels)
            for data in (train, test)
        )
        norms = np.sum(W1**2), np.sum(W2**2)
        circle = np.mean(measures["within"]), np.mean(lengths.min(axis=0) / lengths.max(axis=0))
        rows.append((*accuracies, *norms, *circle))
        circles[i] = rings(W1, kept)
    names = ("train", "test", "norm_1", "norm_2", "within", "equality")
    curves = dict(zip(names, np.array(rows, dtype=float).T, strict=True))
    return Frames(path.t, curves, circles, (len(train.X), len(test.X), hidden))
