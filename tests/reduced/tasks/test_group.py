"""Groups that are built in, and tables of one's own."""

import itertools

import numpy as np
import pytest

from reduced.runs.experiment import Experiment, draw
from reduced.tasks.group import Group, checked_table, group_order, group_table


def orders(table):
    """How many elements have each order."""
    identity = next(e for e in range(len(table)) if np.array_equal(table[e], np.arange(len(table))))
    found = []
    for a in range(len(table)):
        power, order = a, 1
        while power != identity:
            power, order = table[power, a], order + 1
        found.append(order)
    return sorted(found)


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("S3", [1, 2, 2, 2, 3, 3]),
        ("D3", [1, 2, 2, 2, 3, 3]),
        ("S4", [1] + 9 * [2] + 8 * [3] + 6 * [4]),
        ("D4", [1, 2, 2, 2, 2, 2, 4, 4]),
        ("S5", [1] + 25 * [2] + 20 * [3] + 30 * [4] + 24 * [5] + 20 * [6]),
    ],
)
def test_built_in_groups_are_groups_with_elements_of_the_right_orders(group, expected):
    table = checked_table(group, group_table(group).astype(float))
    assert len(table) == group_order(group) == len(expected)
    assert orders(table) == expected


def test_permutations_compose_as_functions():
    elements = list(itertools.permutations(range(4)))
    table = group_table("S4")
    for i, j in ((3, 17), (5, 22), (20, 1)):
        assert elements[table[i, j]] == tuple(elements[i][x] for x in elements[j])


def test_the_samples_are_the_products():
    for part in Group("D5").draw(0):
        i, j = part.pairs.T
        assert np.array_equal(part.labels, group_table("D5")[i, j])
        assert np.array_equal(part.X, np.hstack([np.eye(10)[i], np.eye(10)[j]]))


@pytest.mark.parametrize("ending", ["csv", "npy"])
def test_a_table_of_ones_own(ending, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    cyclic = (np.arange(6)[:, None] + np.arange(6)) % 6
    np.save("z6.npy", cyclic)
    np.savetxt("z6.csv", cyclic, fmt="%d", delimiter=",")
    train, _, _ = draw(Experiment(group=f"z6.{ending}", hidden=40))
    assert np.array_equal(train.labels, train.pairs.sum(axis=1) % 6)


CYCLIC = (np.arange(4)[:, None] + np.arange(4)) % 4


def altered(entries):
    table = CYCLIC.astype(float)
    for place, value in entries.items():
        table[place] = value
    return table


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (altered({(1, 2): 4}), r"not closed: 1·2 is 4, and the elements are 0 to 3"),
        (altered({(1, 2): 0.5}), r"not closed: 1·2 is 0.5"),
        (altered({(0, 0): 1}), "it has no identity"),
        (altered({(2, 2): 1}), r"not associative: \(\d·\d\)·\d = \d and \d·\(\d·\d\) = \d"),
        (np.array([[0, 1], [1, 1]]), "element 1 has no inverse"),
        (CYCLIC[:3], r"shape \(3, 4\): must be square"),
        (np.zeros((1, 1)), r"shape \(1, 1\)"),
    ],
)
def test_the_failing_axiom_is_named(table, message):
    with pytest.raises(ValueError, match=message):
        checked_table("own", table)


def test_the_element_that_is_not_associative_is_found_where_it_is():
    table = altered({(2, 2): 1})
    with pytest.raises(ValueError, match="not associative") as refused:
        checked_table("own", table)
    a, b, c = (int(one) for one in str(refused.value).split("(")[1].replace(")", "").split(" ")[0].split("·"))
    whole = table.astype(int)
    assert whole[whole[a, b], c] != whole[a, whole[b, c]]


@pytest.mark.parametrize(
    ("group", "message"),
    [
        ("S1", "must be S2 to S12"),
        ("S99", "must be S2 to S12"),
        ("S9", "needs about"),
        ("D100000", "needs about"),
        ("A4", "choose S3, S4, S5"),
        ("missing.csv", "cannot be read"),
        ("text.csv", "line 1 holds something that is no number"),
        ("empty.csv", "holds no rows"),
        ("bad.npy", "does not hold an array"),
    ],
)
def test_a_group_that_cannot_be_had_is_one_line(group, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.csv").write_text("a,b\nb,a\n")
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "bad.npy").write_text("nothing")
    with pytest.raises(ValueError, match=message) as refused:
        draw(Experiment(group=group, hidden=40))
    assert "\n" not in str(refused.value)
