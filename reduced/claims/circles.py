"""What the paper says of the embedding's circles in words: order of the labels, radii, similar patterns."""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from reduced.claims.claim import Claim
from reduced.claims.modular_measurements import network_at_the_end
from reduced.network.observables import fourier_features
from reduced.runs.experiment import Experiment, draw

Array = NDArray[np.float64]
Complex = NDArray[np.complex128]
GROUP = "paper's claims"
RUN = Experiment(p=23, hidden=256, train_fraction=0.8)
HOW = "first-layer flow, ReLU, p = 23, 256 hidden units, 80 % train, seed 0, τ = 5"


def claims() -> list[Claim]:
    """Section 7.3.2's order of the labels, then what Figure 6 compares."""
    inverse = pow(5, -1, 37)
    stated = partial(Claim, GROUP, quick=True, printed=True)
    return [
        stated(
            "round the circle of frequency k the labels come as 0, k, 2k, …: step for p = 37, k = 5",
            source="Section 7.3.2",
            measure=partial(_step, 37, 5),
            expected=5.0,
            tolerance=0.0,
            because="integers",
            method="labels j sorted by the angle of e^(2πijk/p)",
        ),
        stated(
            "the same in a trained embedding: share of the steps that are ± k, over all frequencies",
            source="Section 7.3.2",
            measure=partial(_share_of_steps, inverse=False),
            expected=1.0,
            tolerance=0.1,
            because="nine in ten",
            method=f"{HOW}; labels sorted by their angle in the plane of Re F_k and Im F_k",
        ),
        Claim(
            GROUP,
            "erratum: the labels come as 0, k⁻¹, 2k⁻¹, … modulo p: step for p = 37, k = 5",
            "our correction",
            partial(_step, 37, 5),
            float(inverse),
            0.0,
            "integers",
            method="labels j sorted by the angle of e^(2πijk/p)",
        ),
        Claim(
            GROUP,
            "erratum, in a trained embedding: share of the steps that are ± k⁻¹, over all frequencies",
            "our correction",
            partial(_share_of_steps, inverse=True),
            1.0,
            0.1,
            "nine in ten",
            method=f"{HOW}; labels sorted by their angle in the plane of Re F_k and Im F_k",
        ),
        stated(
            "the circles are equally large: standard deviation of ‖F_k‖ over its mean",
            source="Figure 6",
            measure=_spread_of_radii,
            expected=0.0,
            tolerance=0.02,
            because="not yet at rest; 3 % at the start",
            method=HOW,
        ),
        stated(
            "|Re F_k| and |Im F_k| become similar for one k: mean cosine at the end less that at the start",
            source="Figure 6, bottom right",
            measure=_change_of_similarity,
            expected=0.2,
            tolerance=0.15,
            because="an effect is a difference; uniform phases have 2/π throughout",
            method=HOW,
        ),
        Claim(
            GROUP,
            "Figure 6 shows dissimilarity between frequencies: mean cosine of |F_k| at the end less at the start",
            "our measurement",
            _change_between,
            -0.57,
            0.1,
            "one run",
            method=HOW,
        ),
    ]


def _step(p: int, k: int) -> float:
    """Label that follows 0 round the circle of frequency k."""
    return float(np.argsort(np.arange(p) * k % p)[1])


def _share_of_steps(inverse: bool) -> float:
    W1, _, _ = network_at_the_end(RUN)
    p, right = len(W1), []
    for k, feature in enumerate(fourier_features(W1), start=1):
        angles = np.angle(W1 @ feature)
        order = np.argsort(angles)
        steps = np.diff(np.append(order, order[0])) % p
        step = pow(k, -1, p) if inverse else k
        right.append(np.mean((steps == step) | (steps == p - step)))
    return float(np.mean(right))


def _features() -> tuple[Complex, Complex]:
    """Fourier features of the embedding at the start and at the end."""
    return fourier_features(draw(RUN).W1), fourier_features(network_at_the_end(RUN)[0])


def _spread_of_radii() -> float:
    radii = np.linalg.norm(_features()[1], axis=1)
    return float(radii.std() / radii.mean())


def _change_of_similarity() -> float:
    def similarity(F: Complex) -> float:
        real, imag = np.abs(F.real), np.abs(F.imag)
        cosines = np.sum(real * imag, axis=1) / np.linalg.norm(real, axis=1) / np.linalg.norm(imag, axis=1)
        return float(np.mean(cosines))

    start, end = _features()
    return similarity(end) - similarity(start)


def _change_between() -> float:
    def overlap(F: Complex) -> float:
        units = np.abs(F) / np.linalg.norm(F, axis=1)[:, None]
        return float(np.mean((units @ units.T)[~np.eye(len(F), dtype=bool)]))

    start, end = _features()
    return overlap(end) - overlap(start)
