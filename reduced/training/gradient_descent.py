"""Gradient descent on both layers: the training that the reduced models claim to describe.

Learning rate η and weight decay follow the usage of deep-learning libraries: decay adds ``weight_decay``·θ to the
gradient of the error E. In the units of the theory, with L the sum of squared errors,

    error     E              λ                        step in flow time t
    "sum"     L              weight_decay / 2         η
    "mean"    L / (n·d_out)  weight_decay·n·d_out/2   η / (n·d_out)

With another loss, L is that loss; one that does not separate into outputs, as cross-entropy, is averaged over the n
samples alone, as libraries do, and n takes the place of n·d_out. In all cases k steps take the slow time
τ = 2λt = η·weight_decay·k.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.inputs.arrays import finite_array, without_overflow
from reduced.inputs.choices import one_of
from reduced.inputs.memory import refuse_beyond_memory
from reduced.inputs.renamed import renamed
from reduced.inputs.scalars import generator, non_negative, positive, whole
from reduced.integration.trajectory import Trajectory
from reduced.network.activations import Activation
from reduced.network.descent import descent
from reduced.network.loss import Loss
from reduced.network.losses import get_loss
from reduced.network.neural_tangent import linearize
from reduced.network.parameters import Pair
from reduced.network.problem import bind
from reduced.training.loop import take_steps

Array = NDArray[np.float64]
REDUCTIONS = ("mean", "sum")


def slow_time(steps: Any, learning_rate: float, weight_decay: float, momentum: float = 0.0) -> Any:
    """Slow time τ = η·weight_decay·k / (1 − momentum) after k steps, for either error.

    Examples
    --------
    >>> float(slow_time(60_000, learning_rate=1.0, weight_decay=1e-4))
    6.0
    """
    positive(learning_rate=learning_rate)
    non_negative(weight_decay=weight_decay)
    _check_momentum(momentum)
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
    averaged = _averaged(finite_array("Y", Y, "n", "d_out"), reduction, get_loss(loss))
    return without_overflow("the ridge", decays * averaged / 2)[()]


@renamed(d_h="hidden")
def uniform_start(d_in: int, hidden: int, d_out: int, rng: int | np.random.Generator) -> Pair:
    """PyTorch's default for layers without bias, entries uniform in ±1/√fan_in.

    Examples
    --------
    >>> W1, W2 = uniform_start(4, 100, 3, 0)
    >>> W1.shape, bool(abs(W1).max() < 0.5), bool(abs(W2).max() < 0.1)
    ((4, 100), True, True)
    """
    whole(1, d_in=d_in, hidden=hidden, d_out=d_out)
    refuse_beyond_memory(f"d_in = {d_in}, hidden = {hidden}, d_out = {d_out}", (d_in + d_out) * hidden)
    draw = generator(rng).uniform
    first, second = draw(-1, 1, (d_in, hidden)), draw(-1, 1, (hidden, d_out))
    return first / np.sqrt(d_in), second / np.sqrt(hidden)


@renamed(error="reduction", lag="rate_ratio")
def train(
    X: Any,
    Y: Array,
    state: Pair,
    *,
    steps: int,
    learning_rate: float,
    weight_decay: float,
    activation: str | Activation = "relu",
    loss: str | Loss = "squared",
    reduction: str = "mean",
    momentum: float = 0.0,
    rate_ratio: float = 1.0,
    observe: Callable[[int, Pair], Mapping[str, Any]] | None = None,
    observe_every: int = 1,
) -> Trajectory:
    """Full-batch gradient descent on both layers.

        v ← momentum·v + ∇E + weight_decay·θ,   θ ← θ − learning_rate·v

    Parameters
    ----------
    X, Y, activation, loss
        As in :func:`reduced.flows.two_layer.first_layer_flow`.
    state : (W1, W2)
        Where to start.
    steps : int
        Number of steps, at least 1.
    learning_rate, weight_decay : float
        η > 0 and decay ≥ 0, in the units above.
    reduction : str
        ``"mean"`` over samples and, where the loss is a sum over outputs, over these too; or ``"sum"``.
    momentum : float
        In [0, 1).
    rate_ratio : float
        ε > 0: the readout learns with the rate η/ε.
    observe : callable, optional
        ``observe(step, state) -> {name: number or array}``.
    observe_every : int
        Steps between observations; the first and the last state are always observed.

    Returns
    -------
    Trajectory
        ``t`` in steps; ``t`` and ``y`` hold the last state alone, ``observed["t"]`` the steps of observation.

    Raises
    ------
    ValueError
        If an argument is not usable.
    IntegrationError
        If the state diverges.

    References
    ----------
    arXiv:2511.01938, Appendix D, whose runs are ``reduction="mean"``, learning rate 1, decay 1e-4, no momentum.

    Examples
    --------
    >>> start = np.array([[2.0]]), np.array([[1.0]])
    >>> run = train(np.eye(1), np.eye(1), start, steps=1, learning_rate=0.25, weight_decay=0.5)
    >>> run.y  # w1 - (2(w1 w2 - 1)w2 + w1/2)/4, likewise w2
    (array([[[1.25]]]), array([[[-0.125]]]))
    """
    check_descent(steps, learning_rate, weight_decay, momentum, rate_ratio, observe_every)
    problem = bind(X, Y, activation, ridge_of(weight_decay, Y, reduction, loss), loss)
    network = linearize(problem, state)
    first_rate = learning_rate / _averaged(problem.Y, reduction, problem.loss)
    return take_steps(
        descent(problem),
        (network.W1, network.W2),
        steps=steps,
        rates=(first_rate, first_rate / rate_ratio),
        momentum=momentum,
        observe=observe,
        observe_every=observe_every,
    )


def _averaged(Y: Array, reduction: str, loss: Loss) -> int:
    return terms(loss.terms(Y), reduction)


def terms(size: int, reduction: str) -> int:
    """How many terms the reduction averages over, of so many."""
    return size if one_of("reduction", reduction, REDUCTIONS) == "mean" else 1


def check_descent(
    steps: int,
    learning_rate: float,
    weight_decay: float,
    momentum: float,
    rate_ratio: float,
    observe_every: int,
) -> None:
    """Refuse numbers that no descent can use.

    Raises
    ------
    ValueError
        Naming the parameter, its value and what is allowed.
    """
    whole(1, steps=steps, observe_every=observe_every)
    positive(learning_rate=learning_rate, rate_ratio=rate_ratio)
    non_negative(weight_decay=weight_decay)
    _check_momentum(momentum)


def _check_momentum(momentum: float) -> None:
    non_negative(momentum=momentum)
    if momentum >= 1:
        raise ValueError(f"momentum = {momentum}: must lie in [0, 1)")
