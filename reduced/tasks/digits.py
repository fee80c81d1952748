"""Handwritten digits, of scikit-learn."""

from dataclasses import dataclass

import numpy as np

from reduced.inputs.ranges import Count, Flag, Fraction
from reduced.network.dataset import Dataset, Sizes, one_hot
from reduced.tasks.registry import Task, declare
from reduced.tasks.split import split, split_sizes, standardized

#: Samples, inputs and classes of the data set.
DIGITS, PIXELS, CLASSES = 1797, 64, 10


@declare("digits", "handwritten digits of 8 by 8 pixels, of scikit-learn (extra: digits)")
@dataclass(frozen=True)
class Digits(Task):
    """Images of 8 by 8 pixels with the digit that they show.

    Parameters
    ----------
    samples : int
        How many of the 1797 are taken, drawn by the seed.
    standardize : bool
        Subtract the mean of the training samples from every input, and divide by their standard deviation.
    train_fraction : float
        Share of the samples that trains.
    """

    samples: Count = 700
    standardize: Flag = True
    train_fraction: Fraction = 0.7

    @property
    def chooses_ridge(self) -> bool:
        """Yes: the samples are what they are."""
        return True

    def sizes(self) -> Sizes:
        """Sizes of the split of the samples."""
        if self.samples > DIGITS:
            raise ValueError(f"samples = {self.samples}: there are {DIGITS} digits")
        return split_sizes(self.samples, self.train_fraction, PIXELS, CLASSES)

    def draw(self, rng: int | np.random.Generator) -> tuple[Dataset, Dataset]:
        """A share of the digits, split.

        Raises
        ------
        ValueError
            If scikit-learn is not installed.
        """
        size = self.sizes()
        try:
            from sklearn.datasets import load_digits
        except ImportError:
            raise ValueError(
                "task = 'digits': needs scikit-learn; pip install 'grokking-reduced[digits]'"
            ) from None
        X, labels = load_digits(return_X_y=True)
        drawn = np.random.default_rng(rng)
        taken = drawn.permutation(DIGITS)[: self.samples]
        labels = labels[taken].astype(np.int64)
        parts = split(Dataset(X[taken], one_hot(labels, CLASSES), None, labels), size.train, drawn)
        return standardized(*parts) if self.standardize else parts
