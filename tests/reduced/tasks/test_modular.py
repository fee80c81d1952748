import numpy as np
import pytest

from reduced import modular_addition, modular_operation


def test_addition_is_the_papers_data_set():
    train, test = modular_addition(37, 0.7, 0)
    assert (len(train.X), len(test.X)) == (492, 211)
    pairs = np.vstack([train.pairs, test.pairs])
    assert len({tuple(pair) for pair in pairs}) == 37 * 38 // 2
    assert np.all(pairs[:, 0] <= pairs[:, 1])


@pytest.mark.parametrize(
    ("operation", "compute"), [("add", np.add), ("subtract", np.subtract), ("multiply", np.multiply)]
)
@pytest.mark.parametrize("p", [2, 5, 6])
def test_rows_encode_their_pair_and_result(operation, compute, p):
    for part in modular_operation(operation, p, 0.5, 1):
        a, b = part.pairs.T
        assert np.array_equal(part.labels, compute(a, b) % p)
        assert np.array_equal(part.Y, np.eye(p)[part.labels])
        one_hot = [np.eye(p)[a], np.eye(p)[b]]
        assert np.array_equal(part.X, sum(one_hot) if operation == "add" else np.hstack(one_hot))


def test_a_seed_and_its_generator_give_the_same_split():
    by_seed, by_generator = (modular_addition(7, 0.6, rng)[0] for rng in (3, np.random.default_rng(3)))
    assert np.array_equal(by_seed.pairs, by_generator.pairs)
    assert not np.array_equal(by_seed.pairs, modular_addition(7, 0.6, 4)[0].pairs)


@pytest.mark.parametrize(
    ("p", "fraction", "message"),
    [
        (1, 0.5, "p = 1: must be an integer >= 2"),
        (2.5, 0.5, "p = 2.5"),
        (5, 0.0, "train_fraction = 0.0: must lie strictly between 0 and 1"),
        (5, float("nan"), "train_fraction = nan"),
        (5, 0.01, "leaves 0 training and 15 test samples of 15"),
        (5, 0.99, "leaves 15 training and 0 test samples of 15"),
    ],
)
def test_unusable_options_are_refused(p, fraction, message):
    with pytest.raises(ValueError, match=message):
        modular_addition(p, fraction, 0)


def test_an_unknown_operation_suggests_the_nearest():
    with pytest.raises(ValueError, match="did you mean 'subtract'"):
        modular_operation("substract", 5, 0.5, 0)
