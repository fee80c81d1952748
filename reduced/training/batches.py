"""Minibatches: steps along the gradient of a few samples, which stands for that of all."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from reduced.inputs.scalars import generator, whole
from reduced.network.descent import descent_on
from reduced.network.parameters import Pair
from reduced.network.problem import Problem

Array = NDArray[np.float64]


def batch_descent(
    problem: Problem, batch_size: int, momentum: float, rng: int | np.random.Generator
) -> Callable[[Array, Array], Pair]:
    """−∇((n/b) ℓ_B + λ‖θ‖²) for the next batch B of b samples at each call; its mean over the shuffles is that of all.

    Raises
    ------
    ValueError
        If the size is not that of a part of the samples, or momentum comes with it.
    """
    (size,) = whole(1, batch_size=batch_size)
    if size > problem.samples:
        raise ValueError(f"batch_size = {size}: must be at most the {problem.samples} samples")
    if momentum and size < problem.samples:
        raise ValueError(
            f"momentum = {momentum} with batch_size = {size}: no slow time is derived for minibatches with momentum; "
            "set one of them to 0 or None"
        )
    of_samples, chosen = descent_on(problem), batches(problem.samples, size, generator(rng))

    def next_batch(W1: Array, W2: Array) -> Pair:
        rows = next(chosen)
        share = len(rows) / problem.samples
        first, second = of_samples(W1, W2, problem.X[rows], problem.Y[rows], problem.ridge * share)
        return first / share, second / share

    return next_batch


def batches(samples: int, size: int, rng: np.random.Generator) -> Iterator[NDArray[np.intp]]:
    """Rows of batch after batch, without end; every epoch holds each sample once.

    Examples
    --------
    >>> drawn = batches(5, 2, np.random.default_rng(0))
    >>> epoch = [next(drawn) for _ in range(3)]
    >>> [len(rows) for rows in epoch], sorted(np.concatenate(epoch).tolist())
    ([2, 2, 1], [0, 1, 2, 3, 4])
    """
    while True:
        order = rng.permutation(samples)
        for first in range(0, samples, size):
            yield order[first : first + size]
