"""The four operations modulo p."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from reduced.inputs.ranges import Fraction, Modulus
from reduced.network.dataset import Dataset, Sizes
from reduced.tasks.modular import modular_operation, modular_sizes
from reduced.tasks.registry import Task, declare


@dataclass(frozen=True)
class Arithmetic(Task):
    """An operation on two residues, all pairs of them split at random.

    Parameters
    ----------
    p : int
        Modulus.
    train_fraction : float
        Share of the pairs that trains.
    """

    operation: ClassVar[str]

    p: Modulus = 37
    train_fraction: Fraction = 0.7

    @property
    def residues(self) -> int:
        """Those of the first operand, or of both where they are summed."""
        return self.p

    @property
    def fan_in(self) -> int:
        """The modulus, as in the paper."""
        return self.p

    def sizes(self) -> Sizes:
        """As :func:`reduced.tasks.modular.modular_sizes`."""
        return modular_sizes(self.operation, self.p, self.train_fraction)

    def draw(self, rng: int | np.random.Generator) -> tuple[Dataset, Dataset]:
        """As :func:`reduced.tasks.modular.modular_operation`."""
        return modular_operation(self.operation, self.p, self.train_fraction, rng)


@declare("add", "a + b modulo p, of unordered pairs whose one-hot codes are summed")
class Addition(Arithmetic):
    """Modular addition, the paper's task."""

    operation = "add"


@declare("subtract", "a - b modulo p, of ordered pairs side by side")
class Subtraction(Arithmetic):
    """Modular subtraction."""

    operation = "subtract"


@declare("multiply", "a * b modulo p, of ordered pairs side by side")
class Multiplication(Arithmetic):
    """Modular multiplication."""

    operation = "multiply"


@declare("divide", "a / b modulo a prime p, of ordered pairs side by side, b not 0")
class Division(Arithmetic):
    """Modular division."""

    operation = "divide"
