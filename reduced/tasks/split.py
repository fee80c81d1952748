"""A random split into training and test samples."""

import numpy as np

from reduced.inputs.scalars import finite, generator
from reduced.network.dataset import Dataset, Sizes


def split_sizes(samples: int, train_fraction: float, inputs: int, outputs: int) -> Sizes:
    """How many of the samples train and how many test, rounded to the nearest.

    Raises
    ------
    ValueError
        If the fraction is out of range, or leaves one of the two sets empty.

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

    def part(rows: np.ndarray) -> Dataset:
        pairs = None if data.pairs is None else data.pairs[rows]
        labels = None if data.labels is None else data.labels[rows]
        return Dataset(data.X[rows], data.Y[rows], pairs, labels)

    return part(order[:train]), part(order[train:])
