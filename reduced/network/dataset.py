"""Samples to train or to test on."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Dataset:
    """One-hot inputs and targets of a modular operation.

    Parameters
    ----------
    X : (n, p) or (n, 2p) array
        Inputs: e_a + e_b for addition, (e_a, e_b) side by side for the other operations.
    Y : (n, p) array
        Targets e_c, c the label.
    pairs : (n, 2) integer array
        The operands (a, b).
    labels : (n,) integer array
        c, the result modulo p.
    """

    X: Array
    Y: Array
    pairs: Integers
    labels: Integers


@dataclass(frozen=True)
class Sizes:
    """How many training and test samples a task has, of how many inputs and outputs."""

    train: int
    test: int
    inputs: int
    outputs: int
