"""Learning rates and decays of descent in the units of the theory, and the slow time that its steps take.

Learning rate η and weight decay follow the usage of deep-learning libraries: decay adds ``weight_decay``·θ to the
gradient of the error E. In the units of the theory, with L the sum of squared errors,

    error     E              λ                        step in flow time t
    "sum"     L              weight_decay / 2         η
    "mean"    L / (n·d_out)  weight_decay·n·d_out/2   η / (n·d_out)

With another loss, L is that loss; one that does not separate into outputs, as cross-entropy, is averaged over the n
samples alone, as libraries do, and n takes the place of n·d_out. In all cases k steps take the slow time
τ = 2λt = η·weight_decay·k, and with momentum β that time over 1 − β.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.inputs.arrays import finite_array, without_overflow
from reduced.inputs.choices import one_of
from reduced.inputs.renamed import renamed
from reduced.inputs.scalars import non_negative, positive, whole
from reduced.network.loss import Loss
from reduced.network.losses import get_loss

Array = NDArray[np.float64]
REDUCTIONS = ("mean", "sum")


def slow_time(steps: Any, learning_rate: float, weight_decay: float, momentum: float = 0.0) -> Any:
    """Slow time τ = η·weight_decay·k / (1 − momentum) after k steps, for either error.

    Examples
    --------
    >>> float(slow_time(60_000, learning_rate=1.0, weight_decay=1e-4))
    6.0
    """
    (learning_rate,), (weight_decay,) = (
        positive(learning_rate=learning_rate),
        non_negative(weight_decay=weight_decay),
    )
    momentum = below_1(momentum)
    taken = finite_array("steps", steps, ...)
    return without_overflow("the time", taken * learning_rate * weight_decay / (1 - momentum))[()]


@renamed(error="reduction")
def ridge_of(weight_decay: Any, Y: Array, reduction: str = "mean", loss: str | Loss = "squared") -> Any:
    """λ of the regularized loss ℓ(F) + λ‖θ‖² that a weight decay, or each of an array of them, stands for.

    Examples
    --------
    >>> float(ridge_of(1e-4, np.zeros((59, 11))))
    0.03245
    """
    decays = finite_array("weight_decay", weight_decay, ...)
    if (decays < 0).any():
        raise ValueError(f"weight_decay holds {decays.min()}: must not be negative")
    terms_averaged = averaged(finite_array("Y", Y, "n", "d_out"), reduction, get_loss(loss))
    return without_overflow("the ridge", decays * terms_averaged / 2)[()]


def averaged(Y: Array, reduction: str, loss: Loss) -> int:
    """How many terms of the loss at targets Y the reduction averages over."""
    return terms(loss.terms(Y), reduction)


def terms(size: int, reduction: str) -> int:
    """How many terms the reduction averages over, of so many."""
    return size if one_of("reduction", reduction, REDUCTIONS) == "mean" else 1


@dataclass(frozen=True)
class Descent:
    """Checked numbers of a gradient descent; see :func:`reduced.train`."""

    steps: int
    learning_rate: float
    weight_decay: float
    momentum: float
    rate_ratio: float
    observe_every: int

    def rates(self, averaged: int) -> tuple[float, float]:
        """Step of each layer in flow time t, the error averaged over so many terms."""
        first = self.learning_rate / averaged
        return first, first / self.rate_ratio


def checked_descent(
    steps: int,
    learning_rate: float,
    weight_decay: float,
    momentum: float,
    rate_ratio: float,
    observe_every: int,
) -> Descent:
    """Python's own integers and doubles of numbers that a descent can use.

    Raises
    ------
    ValueError
        Naming the parameter, its value and what is allowed.
    """
    steps, observe_every = whole(1, steps=steps, observe_every=observe_every)
    learning_rate, rate_ratio = positive(learning_rate=learning_rate, rate_ratio=rate_ratio)
    (weight_decay,) = non_negative(weight_decay=weight_decay)
    return Descent(steps, learning_rate, weight_decay, below_1(momentum), rate_ratio, observe_every)


def below_1(momentum: float) -> float:
    """The momentum, in [0, 1).

    Raises
    ------
    ValueError
        If it is anything else.
    """
    (momentum,) = non_negative(momentum=momentum)
    if momentum >= 1:
        raise ValueError(f"momentum = {momentum}: must lie in [0, 1)")
    return momentum
