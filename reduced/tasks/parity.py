"""Sparse parity: the product of a few of many signs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reduced.inputs.ranges import Count, Fraction
from reduced.network.dataset import Dataset, Sizes
from reduced.tasks.registry import Task, declare
from reduced.tasks.split import split, split_sizes

#: Up to this many bits, samples are drawn by their numbers.
FEW = 30


@declare("parity", "the parity of a few secret bits among many, of random samples")
@dataclass(frozen=True)
class Parity(Task):
    """Whether the product of the secret ones among random signs is -1 or +1, as two classes.

    Parameters
    ----------
    bits : int
        Signs of a sample, each -1 or +1.
    secret : int
        How many of them, drawn by the seed, decide the class.
    samples : int
        Number of samples, training and test; no two are alike.
    train_fraction : float
        Share of the samples that trains.

    Examples
    --------
    >>> train, test = Parity(bits=8, secret=3, samples=50).draw(0)
    >>> train.X.shape, train.Y.shape, sorted(set(train.X.ravel().tolist()))
    ((35, 8), (35, 2), [-1.0, 1.0])
    """

    bits: Count = 20
    secret: Count = 2
    samples: Count = 700
    train_fraction: Fraction = 0.7

    def sizes(self) -> Sizes:
        """Sizes of the split of the samples."""
        if self.secret > self.bits:
            raise ValueError(f"secret = {self.secret}: must be at most bits = {self.bits}")
        if self.bits < FEW and self.samples > 2**self.bits:
            raise ValueError(
                f"samples = {self.samples}: bits = {self.bits} make {2**self.bits} different ones alone"
            )
        return split_sizes(self.samples, self.train_fraction, self.bits, 2)

    def draw(self, rng: int | np.random.Generator) -> tuple[Dataset, Dataset]:
        """Secret bits and samples, in this order."""
        train, drawn = self.sizes().train, np.random.default_rng(rng)
        secret = drawn.permutation(self.bits)[: self.secret]
        X = different_signs(self.samples, self.bits, drawn)
        labels = (X[:, secret].prod(axis=1) > 0).astype(np.int64)
        return split(Dataset(X, np.eye(2)[labels], None, labels), train, drawn)


def different_signs(samples: int, bits: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Random rows of signs, no two of them alike.

    Examples
    --------
    >>> sorted(different_signs(4, 2, np.random.default_rng(0)).tolist())
    [[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]]
    """
    if bits < FEW:
        numbers = rng.choice(2**bits, samples, replace=False)
        return np.asarray(2.0 * (numbers[:, None] >> np.arange(bits) & 1) - 1, dtype=float)
    while True:
        rows = rng.choice([-1.0, 1.0], (samples, bits))
        if len(np.unique(rows, axis=0)) == samples:
            return rows
