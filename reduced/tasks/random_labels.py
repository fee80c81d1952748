"""Labels that have nothing to do with the inputs: what memorization alone does."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from reduced.inputs.ranges import AtLeast, Count, Fraction
from reduced.network.dataset import Dataset, Sizes, one_hot
from reduced.tasks.registry import Task, declare
from reduced.tasks.split import split, split_sizes


@declare("random_labels", "random classes of random inputs: nothing to generalize")
@dataclass(frozen=True)
class RandomLabels(Task):
    """Normal inputs with classes drawn at random, so that test accuracy stays at chance.

    Parameters
    ----------
    inputs : int
        Numbers of a sample.
    classes : int
        Number of classes.
    samples : int
        Number of samples, training and test.
    train_fraction : float
        Share of the samples that trains.

    Examples
    --------
    >>> train, test = RandomLabels(inputs=3, classes=4, samples=20).draw(0)
    >>> train.X.shape, test.Y.shape
    ((14, 3), (6, 4))
    """

    inputs: Count = 37
    classes: Annotated[int, AtLeast(2)] = 10
    samples: Count = 700
    train_fraction: Fraction = 0.7

    def sizes(self) -> Sizes:
        """Sizes of the split of the samples."""
        return split_sizes(self.samples, self.train_fraction, self.inputs, self.classes)

    def draw(self, rng: int | np.random.Generator) -> tuple[Dataset, Dataset]:
        """Inputs, then labels."""
        train, drawn = self.sizes().train, np.random.default_rng(rng)
        X = drawn.standard_normal((self.samples, self.inputs))
        labels = drawn.integers(self.classes, size=self.samples)
        return split(Dataset(X, one_hot(labels, self.classes), None, labels), train, drawn)
