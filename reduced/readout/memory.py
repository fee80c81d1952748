"""What an iterated readout remembers from one first layer to the next."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Memory:
    """Where the next solution starts from, and what led there.

    Parameters
    ----------
    W1 : (d_in, d_h) array
        First layer at which the system was last factored.
    factor : (m, m) array
        Its lower Cholesky factor there.
    condition : float
        Its condition number there.
    solution : (m, q) array
        Last solution.
    last, total : float
        Work of the last solution, and of all since that factorization, itself included.
    solutions : int
        How many those are.
    """

    W1: Array
    factor: Array
    condition: float
    solution: Array
    last: float
    total: float
    solutions: int

    @property
    def worn(self) -> bool:
        """Whether the last solution cost more than the average since the factorization, so that a new one is due.

        Where solutions only get dearer with age, this makes the average the least possible.
        """
        return self.last * self.solutions > self.total
