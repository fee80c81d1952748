"""A random split into training and test samples."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.inputs.memory import SPLITS, refuse_beyond_memory
from reduced.inputs.scalars import finite, generator
from reduced.network.dataset import Dataset, Sizes


def split_sizes(samples: int, train_fraction: float, inputs: int, outputs: int, what: str = "") -> Sizes:
    """How many of the samples train and how many test, rounded to the nearest; ``what`` names what decides the size.

    Raises
    ------
    ValueError
        If the fraction is out of range, or leaves one of the two sets empty, or the samples do not fit in memory.

    Examples
    --------
    >>> split_sizes(10, 0.7, 2, 3)
    Sizes(train=7, test=3, inputs=2, outputs=3)
    """
    (train_fraction,) = finite(train_fraction=train_fraction)
    if not 0 < train_fraction < 1:
        raise ValueError(f"train_fraction = {train_fraction}: must lie strictly between 0 and 1")
    train = round(train_fraction * samples)
    if not 0 < train < samples:
        raise ValueError(
            f"train_fraction = {train_fraction}: leaves {train} training and {samples - train} test "
            f"samples of {samples}; both need at least one"
        )
    refuse_beyond_memory(what or f"samples = {samples}", SPLITS * float(samples) * (inputs + outputs))
    return Sizes(train, samples - train, inputs, outputs)


def split(data: Dataset, train: int, rng: int | np.random.Generator) -> tuple[Dataset, Dataset]:
    """So many samples at random to train on, and the rest to test.

    Examples
    --------
    >>> train, test = split(Dataset(np.eye(3), [0, 1, 2]), 2, 0)
    >>> sorted([*train.labels.tolist(), *test.labels.tolist()])
    [0, 1, 2]
    """
    order = generator(rng).permutation(len(data.Y))

    def part(rows: NDArray[np.int64]) -> Dataset:
        pairs = None if data.pairs is None else data.pairs[rows]
        labels = None if data.labels is None else data.labels[rows]
        return Dataset(data.X[rows], data.Y[rows], pairs, labels)

    return part(order[:train]), part(order[train:])


def standardized(train: Dataset, test: Dataset) -> tuple[Dataset, Dataset]:
    """Both sets with inputs of mean 0 and standard deviation 1 over the training samples; numbers to learn as well.

    An input that does not vary over the training samples is only shifted.

    Examples
    --------
    >>> train, test = standardized(Dataset([[0.0], [2.0]], [0, 1]), Dataset([[4.0]], [1]))
    >>> train.X.tolist(), test.X.tolist()
    ([[-1.0], [1.0]], [[3.0]])
    """

    def scaled(values: Any, reference: Any) -> Any:
        spread = reference.std(axis=0)
        return (values - reference.mean(axis=0)) / np.where(spread > 0, spread, 1.0)

    def part(data: Dataset) -> Dataset:
        Y = scaled(data.Y, train.Y) if train.labels is None else data.Y
        return Dataset(scaled(data.X, train.X), Y, data.pairs, data.labels)

    return part(train), part(test)
