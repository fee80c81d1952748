"""One sample to fit, and a sum to learn: the regression of the paper's Figures 1 and 2."""

from dataclasses import dataclass

import numpy as np

from reduced.inputs.memory import refuse_beyond_memory
from reduced.inputs.ranges import Count
from reduced.network.dataset import Dataset, Sizes
from reduced.tasks.registry import ERROR, Task, declare


@declare("regression", "the sum of the inputs, from the one sample of ones: the paper's Figures 1 and 2")
@dataclass(frozen=True)
class Regression(Task):
    """The sample (1, …, 1) with their number as its target trains; normal inputs with their sums test.

    Parameters
    ----------
    inputs : int
        Numbers of a sample: 2 in Figure 1, 3 in Figure 2.
    samples : int
        Number of test samples.

    References
    ----------
    arXiv:2511.01938, Section 3.

    Examples
    --------
    >>> train, test = Regression().draw(0)
    >>> train.X.tolist(), train.Y.tolist(), test.X.shape
    ([[1.0, 1.0]], [[2.0]], (100, 2))
    """

    inputs: Count = 2
    samples: Count = 100

    @property
    def measures(self) -> str:
        """Error."""
        return ERROR

    def sizes(self) -> Sizes:
        """One sample, and those of the test."""
        refuse_beyond_memory(f"samples = {self.samples}", float(self.samples) * (self.inputs + 1))
        return Sizes(1, self.samples, self.inputs, 1)

    def draw(self, rng: int | np.random.Generator) -> tuple[Dataset, Dataset]:
        """The sample, and the test samples."""
        self.sizes()
        X = np.random.default_rng(rng).standard_normal((self.samples, self.inputs))
        ones = np.ones((1, self.inputs))
        return Dataset(ones, ones.sum(axis=1)), Dataset(X, X.sum(axis=1))
