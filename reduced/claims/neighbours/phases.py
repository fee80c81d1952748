"""He et al. (arXiv:2602.16849): phases of the two layers, one frequency a unit, and other activations at test.

Translation: their embedding is fixed and their units see both residues; ours share one embedding, the sum of two rows
of W1, so a unit's input phase is that of its column of W1 and its output phase that of its row of W2.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.claims.claim import Claim
from reduced.claims.modular_measurements import network_at_the_end
from reduced.claims.neighbours.measuring import GROUP, printed
from reduced.network.dataset import Dataset
from reduced.runs.experiment import Experiment

Array = NDArray[np.float64]
Complex = NDArray[np.complex128]
SOURCE = "He et al., arXiv:2602.16849; abstract read, numbers from our notes"
END = "first-layer flow, λ → 0, addition modulo 23, 256 ReLU units, 80 % train, seed 0, τ = 5"
SWAPS: dict[str, Callable[[Array], Array]] = {
    "|z|": np.abs,
    "z²": np.square,
    "z⁴": lambda z: z**4,
    "eᶻ": np.exp,
    "z³": lambda z: z**3,
}


def claims() -> list[Claim]:
    """Phases, swapped activations, purity."""
    return [
        printed(
            "the output phase is twice the input phase: median distance over units, in radians",
            SOURCE,
            partial(_phase_error, 0),
            0.0,
            0.15,
            "a tenth of what random phases have, π/2",
            f"{END}; leading frequency of each unit",
        ),
        *(
            printed(
                f"ReLU may be swapped for {name} at test: accuracy on the test pairs",
                SOURCE,
                partial(_swapped, name, 0),
                1.0,
                0.05,
                "95 %",
                f"{END}; the readout is kept",
            )
            for name in ("|z|", "z²", "z⁴", "eᶻ")
        ),
        printed(
            "ReLU may be swapped for eᶻ at test: the same from another start",
            SOURCE,
            partial(_swapped, "eᶻ", 1),
            1.0,
            0.05,
            "95 %",
            END.replace("seed 0", "seed 1"),
            quick=False,
        ),
        Claim(
            GROUP,
            "an odd activation, z³, for comparison: accuracy on the test pairs",
            SOURCE,
            partial(_swapped, "z³", 0),
            1 / 23,
            None,
            "no claim: even parts carry the answer",
            method=END,
        ),
        *(
            printed(
                "each unit has one frequency: share of units with 0.9 of their variance in the leading one"
                + (", another start" if seed else ""),
                SOURCE,
                partial(_pure, seed),
                1.0,
                0.1,
                "nine in ten",
                END.replace("seed 0", f"seed {seed}"),
                quick=seed == 0,
            )
            for seed in (0, 1)
        ),
    ]


def _end(seed: int) -> tuple[Array, Array, Dataset]:
    return network_at_the_end(Experiment(p=23, hidden=256, train_fraction=0.8, seed=seed))


def _waves(seed: int) -> tuple[Complex, Complex, Any]:
    """Fourier coefficients of inputs and outputs (frequency, unit), and each unit's leading frequency."""
    W1, W2, _ = _end(seed)
    first, second = np.fft.rfft(W1, axis=0)[1:], np.fft.rfft(W2.T, axis=0)[1:]
    return first, second, np.abs(first).argmax(axis=0)


def _phase_error(seed: int) -> float:
    first, second, leading = _waves(seed)
    units = np.arange(first.shape[1])
    apart = np.angle(second[leading, units]) - 2 * np.angle(first[leading, units])
    return float(np.median(np.abs(np.angle(np.exp(1j * apart)))))


def _swapped(name: str, seed: int) -> float:
    W1, W2, test = _end(seed)
    outputs = SWAPS[name](test.X @ W1) @ W2
    return float(np.mean(outputs.argmax(axis=1) == test.labels))


def _pure(seed: int) -> float:
    first, _, leading = _waves(seed)
    powers = np.abs(first) ** 2
    shares = powers[leading, np.arange(powers.shape[1])] / powers.sum(axis=0)
    return float(np.mean(shares > 0.9))
