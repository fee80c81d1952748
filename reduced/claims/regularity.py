"""Is the zero-loss set regular for the one-hot target of modular addition? Theorem 4.10 says: for almost every target.

Also what a network with two hidden layers does (Section 8 leaves it open).
"""

from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.linalg import LinearOperator, eigsh

from reduced.claims.claim import Claim
from reduced.claims.modular_measurements import FLOW, network_at_the_end
from reduced.flows.deep import hidden_flow
from reduced.integration.solve import integrate
from reduced.network.neural_tangent import linearize
from reduced.network.problem import bind
from reduced.runs.experiment import Experiment, bound_flow, draw
from reduced.tasks.modular import modular_addition

GROUP = "paper's claims"
SMALL = Experiment(p=11, hidden=96, train_fraction=0.8)


def claims() -> list[Claim]:
    """Smallest singular values at the start and at the end, and a run with two hidden layers."""
    found = [
        Claim(
            GROUP,
            f"smallest singular value of ∇F on the one-hot target, p = {experiment.p}, {when} of the first-layer flow",
            "Section 3.3 reads Theorem 4.10 so; it speaks of almost every target, and one-hot targets are not random",
            partial(_smallest, experiment, when == "at the end"),
            0.0,
            None,
            "positive: a regular point; the verdict is of this run alone",
            quick=False,
            method=f"ReLU, {experiment.hidden} units; largest eigenvalue of Θ⁻¹ by Lanczos over conjugate gradients",
        )
        for experiment in (SMALL, FLOW)
        for when in ("at the start", "at the end")
    ]
    return [
        *found,
        Claim(
            GROUP,
            "two hidden layers, the readout held optimal: test accuracy at τ = 4, where chance is 1/13",
            "Section 8 leaves deeper networks open",
            _deep_accuracy,
            1.0,
            None,
            "one run: reported",
            quick=False,
            method="addition modulo 13, 80 % train, 96 and 96 ReLU units, λ → 0, relative Euler steps of 1 %",
        ),
    ]


def _smallest(experiment: Experiment, end: bool) -> float:
    drawn = draw(experiment)
    if end:
        W1, W2, _ = network_at_the_end(experiment)
    else:
        W1, W2 = drawn.W1, bound_flow(experiment, drawn.train).at(drawn.W1).readout
    network = linearize(bind(drawn.train.X, drawn.train.Y), (W1, W2))
    shape, size = drawn.train.Y.shape, drawn.train.Y.size

    def inverse(v: NDArray[np.float64]) -> NDArray[np.float64]:
        return network.solve(v.reshape(shape), 1e-6).ravel()

    operator = LinearOperator((size, size), inverse, dtype=float)
    start = np.random.default_rng(0).standard_normal(size)
    (largest,) = eigsh(operator, k=1, tol=1e-2, v0=start, return_eigenvectors=False)
    return float(1 / np.sqrt(largest))


def _deep_accuracy() -> float:
    pairs, test = modular_addition(13, 0.8, 0)
    rng = np.random.default_rng(0)
    start = rng.standard_normal((13, 96)) / np.sqrt(13), rng.standard_normal((96, 96)) / np.sqrt(96)
    flow = hidden_flow(pairs.X, pairs.Y, "relu")
    path = integrate(flow, start, (0, 4.0), method="relative_euler", step=1e-2, t_eval=[4.0])
    first, second = (layer[-1] for layer in path.y)
    H, T = (np.maximum(np.maximum(X @ first, 0) @ second, 0) for X in (pairs.X, test.X))
    outputs = T @ (np.linalg.pinv(H) @ pairs.Y)
    return float(np.mean(outputs.argmax(axis=1) == test.labels))
