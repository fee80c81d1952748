"""Gradient descent on both layers: the training that the reduced models claim to describe.

Learning rate and weight decay are those of deep-learning libraries; :mod:`reduced.training.units` says what they are in
the units of the theory, and what slow time the steps take.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.inputs.memory import refuse_beyond_memory
from reduced.inputs.renamed import renamed
from reduced.inputs.scalars import generator, whole
from reduced.integration.trajectory import Trajectory
from reduced.network.activations import Activation
from reduced.network.descent import descent
from reduced.network.loss import Loss
from reduced.network.neural_tangent import linearize
from reduced.network.parameters import Pair
from reduced.network.problem import bind
from reduced.training.batches import batch_descent
from reduced.training.loop import take_steps
from reduced.training.units import averaged, checked_descent, ridge_of, slow_time

__all__ = ["ridge_of", "slow_time", "train", "uniform_start"]

Array = NDArray[np.float64]


@renamed(d_h="hidden")
def uniform_start(d_in: int, hidden: int, d_out: int, rng: int | np.random.Generator) -> Pair:
    """PyTorch's default for layers without bias, entries uniform in ±1/√fan_in.

    Examples
    --------
    >>> W1, W2 = uniform_start(4, 100, 3, 0)
    >>> W1.shape, bool(abs(W1).max() < 0.5), bool(abs(W2).max() < 0.1)
    ((4, 100), True, True)
    """
    d_in, hidden, d_out = whole(1, d_in=d_in, hidden=hidden, d_out=d_out)
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
    batch_size: int | None = None,
    rng: int | np.random.Generator = 0,
    observe: Callable[[int, Pair], Mapping[str, Any]] | None = None,
    observe_every: int = 1,
) -> Trajectory:
    """Gradient descent on both layers, with momentum or in minibatches.

        v ← momentum·v + ∇E + weight_decay·θ,   θ ← θ − learning_rate·v

    k steps take the slow time τ = learning_rate·weight_decay·k/(1 − momentum), as :func:`slow_time` says, and
    minibatches take that of plain steps, since decay acts in each. Both are limits of small learning rates: momentum
    starts from rest and loses about momentum/(1 − momentum) steps, and each batch adds to the motion in second order.

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
        In [0, 1); 0 with minibatches, since no slow time is derived for both together.
    rate_ratio : float
        ε > 0: the readout learns with the rate η/ε.
    batch_size : int, optional
        Samples of a minibatch, at most n; by default a step takes all. Each epoch shuffles anew, and its last batch is
        smaller where the size does not divide n. Sums over a batch are scaled up to the n samples.
    rng : int or numpy.random.Generator
        Source of the shuffles.
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
    how = checked_descent(steps, learning_rate, weight_decay, momentum, rate_ratio, observe_every)
    problem = bind(X, Y, activation, ridge_of(how.weight_decay, Y, reduction, loss), loss)
    network = linearize(problem, state)
    moves = descent(problem) if batch_size is None else batch_descent(problem, batch_size, how.momentum, rng)
    return take_steps(
        moves,
        (network.W1, network.W2),
        steps=how.steps,
        rates=how.rates(averaged(problem.Y, reduction, problem.loss)),
        momentum=how.momentum,
        observe=observe,
        observe_every=how.observe_every,
    )
