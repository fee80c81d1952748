"""Own data: what is read, and what is refused in one line."""

import os
import warnings
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reduced.inputs import memory
from reduced.runs.experiment import Experiment, draw, run, task_of
from reduced.runs.formats import configuration
from reduced.runs.provenance import refuse_changed_files
from reduced.runs.results import dataset, save
from reduced.runs.ridge import said, with_ridge

RNG = np.random.default_rng(0)
X = RNG.normal(size=(20, 3)).round(3)
COLOURS = np.array(["red", "green"])[(X[:, 0] > 0).astype(int)]
NUMBERS = (X @ [1.0, -2.0, 0.5]).round(4)


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(*rows, name="own.csv"):
    with open(name, "w", encoding="utf8", newline="") as file:
        file.write("".join(row if row.endswith("\n") else row + "\n" for row in rows))
    return name


def table(targets, header="x,y,z,target", name="own.csv", separator=","):
    rows = [separator.join(map(str, [*row, target])) for row, target in zip(X.tolist(), targets, strict=True)]
    return written(*([header] if header else []), *rows, name=name)


def parts(**options):
    return draw(Experiment(hidden=40, **options))[:2]


def together(**options):
    """All samples in the order of the file, not standardized."""
    task = task_of(Experiment(standardize=False, **options))
    train, test = task.draw(0)
    order = np.random.default_rng(0).permutation(len(train.Y) + len(test.Y))
    found = [np.empty((len(order), part.shape[1])) for part in (train.X, train.Y)]
    for values, one, other in zip(found, (train.X, train.Y), (test.X, test.Y), strict=True):
        values[order] = np.vstack([one, other])
    return found


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("header", [True, False])
def test_classes_of_text_become_one_hot(separator, header):
    name = table(COLOURS, separator.join(["x", "y", "z", "colour"]) * header, separator=separator)
    inputs, targets = together(data=name)
    assert np.array_equal(inputs, X)
    assert np.array_equal(targets, np.stack([COLOURS == "green", COLOURS == "red"], axis=1))
    assert task_of(Experiment(data=name)).measures == "accuracy"
    told = task_of(Experiment(data=name)).told()
    assert "20 rows of 3 inputs" in told
    assert "2 classes (green, red)" in told
    assert ("'colour'" in told) == header


def test_columns_named_by_numbers_are_a_header():
    inputs, _ = together(data=table(COLOURS.tolist(), "0,1,2,target"))
    assert len(inputs) == 21  # the names may be a sample: nothing tells text from text
    inputs, _ = together(data=table((X[:, 0] > 0).astype(int), "0,1,2,target"))
    assert len(inputs) == 20


@pytest.mark.parametrize("target", ["first", "0"])
def test_any_column_may_be_the_target(target):
    header = ["first,second,third"] if target == "first" else []
    rows = [f"{'ab'[int(row[0] > 0)]},{row[1]},{row[2]}" for row in X]
    inputs, targets = together(data=written(*header, *rows), target=target)
    assert np.array_equal(inputs, X[:, 1:])
    assert np.array_equal(targets[:, 1] == 1, X[:, 0] > 0)


def test_numbers_are_learned_as_numbers_and_standardized_with_the_training_samples():
    name = table(NUMBERS)
    assert np.array_equal(together(data=name)[1][:, 0], NUMBERS)
    train, test = parts(data=name)
    assert task_of(Experiment(data=name)).measures == "error"
    for values in (train.X, train.Y):
        assert values.mean(axis=0) == pytest.approx(0, abs=1e-12)
        assert values.std(axis=0) == pytest.approx(1)
    assert abs(test.Y.mean()) > 1e-3
    observed = run(Experiment(data=name, hidden=40, slow_time=0.02)).observed
    assert observed["train_error"][-1] < 1e-12 < observed["test_error"][-1]


def test_integers_are_classes_unless_said_otherwise():
    whole = (3 * X[:, 0]).astype(int)
    name = table(whole)
    assert together(data=name)[1].shape == (20, len(set(whole)))
    assert np.array_equal(together(data=name, target_kind="numbers")[1][:, 0], whole)
    halves = table(np.repeat([0.5, 1.5], 10), name="halves.csv")
    assert together(data=halves, target_kind="classes")[1].shape == (20, 2)
    with pytest.raises(ValueError, match=r"20 different integers in 20 rows: say with target_kind"):
        parts(data=table(range(20), name="many.csv"))


@pytest.mark.parametrize("kind", [np.int8, np.float32, bool, str])
@pytest.mark.parametrize("label", ["y", "Y"])
def test_arrays_are_read(kind, label):
    y = (X[:, 0] > 0).astype(kind)
    np.savez("own.npz", X=X, **{label: y})
    expected = np.unique(y)
    inputs, targets = together(data="own.npz")
    assert np.array_equal(inputs, X)
    if kind is np.float32:
        assert np.array_equal(targets[:, 0], y)
    else:
        assert np.array_equal(targets, np.stack([y == one for one in expected], axis=1))


def test_a_pair_of_files_is_read_and_one_hot_rows_are_classes():
    np.save("X.npy", X)
    np.save("Y.npy", np.eye(4)[RNG.integers(4, size=20)])
    assert together(data="X.npy", target="Y.npy")[1].shape == (20, 4)
    assert task_of(Experiment(data="X.npy", target="Y.npy")).measures == "accuracy"
    np.save("two.npy", X[:, :2])
    assert task_of(Experiment(data="X.npy", target="two.npy")).measures == "error"


def test_a_file_to_test_on():
    with pytest.raises(ValueError, match=r"train_fraction = 0\.5: test_file = own\.csv says what tests"):
        parts(data=table(COLOURS), test_file="own.csv", train_fraction=0.5)
    name, other = table(COLOURS), written("x,y,z,target", "1,2,3,red", "4,5,6,green", name="test.csv")
    train, test = parts(data=name, test_file=other, standardize=False)
    assert np.array_equal(train.X, X)
    assert test.X.tolist() == [[1, 2, 3], [4, 5, 6]]
    assert test.Y.tolist() == [[0, 1], [1, 0]]
    for rows, message in (
        (["x,y,z,target", "1,2,3,blue"], "'blue', which no training sample has"),
        (["x,y,target", "1,2,red"], "has 2 inputs, and the data have 3"),
    ):
        with pytest.raises(ValueError, match=message):
            parts(data=name, test_file=written(*rows, name="test.csv"))


GOOD = ["a,b,c", *(f"{i},{i * i % 7},{'xy'[i % 2]}" for i in range(9))]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "holds no rows"),
        (["", "  "], "holds no rows"),
        (GOOD[:1], "holds a header and no rows|one column|no rows"),
        (GOOD[:2], "has one class alone|leaves 1 training and 0 test"),
        ([*GOOD, "1,2"], r"line 11 has 2 columns, and the first has 3"),
        ([*GOOD, "1,,x"], r"line 11: column 'b' is missing"),
        ([*GOOD, "1,NaN,x"], r"line 11: column 'b' is missing"),
        ([*GOOD, "1,2,"], r"line 11: column 'c' is missing"),
        ([*GOOD, "1,inf,x"], r"column 'b' is not finite \('inf' in line 11\)"),
        ([*GOOD, "1,1_000,x"], r"column 'b' holds text"),
        ([*GOOD, "1,blue,x"], r"column 'b' holds text \('blue' in line 11\)"),
        (["a,b,c", *(f"{i},2,x" for i in range(9))], "has one class alone, 'x'"),
        (["a,b,c", *(f"{i},2,3.5" for i in range(9))], "is 3.5 in every row"),
        (["a,a,c", *GOOD[1:]], "names two columns alike"),
        (["1", "2", "3"], "has one column alone"),
    ],
)
def test_a_hostile_table_is_one_line(rows, message):
    with pytest.raises(ValueError, match=message) as refused:
        parts(data=written(*rows))
    assert "\n" not in str(refused.value)
    assert (
        "own.csv" in str(refused.value)
        or "samples of 1" in str(refused.value)
        or "target" in str(refused.value)
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"data": "missing.csv"}, r"data = missing.csv: cannot be read \(No such file"),
        ({"data": "."}, "cannot be read"),
        ({"data": "a\0b"}, "cannot be read"),
        ({"data": "bytes.csv"}, "bytes that are no text"),
        ({"data": "own.csv", "target": "d"}, r"target = 'd': choose one of a, b, c"),
        ({"data": "own.csv", "target_kind": "class"}, "did you mean 'classes'"),
        ({"data": "own.csv", "target_kind": "numbers"}, "holds text"),
        ({"data": "own.csv", "test_file": "missing.csv"}, "cannot be read"),
        ({"data": "own.csv", "p": 7}, "p = 7: belongs to the tasks"),
        ({"task": "data"}, "name a .csv, .npz or .npy file"),
        ({"target": "c", "task": "add"}, "belongs to the tasks"),
        ({"data": "text.npz"}, "is no .npz file|does not hold"),
        ({"data": "noX.npz"}, "does not hold an array X"),
        ({"data": "noy.npz"}, "holds no array y or Y"),
        ({"data": "object.npz"}, "does not hold an array y"),
        ({"data": "short.npz"}, "has 20 rows of inputs and 3 targets"),
        ({"data": "flat.npz"}, r"X has shape \(20,\): must be \(n, d_in\)"),
        ({"data": "nan.npz"}, "X holds NaN"),
        ({"data": "X.npy"}, "name the .npy file of the targets"),
        ({"data": "X.npy", "target": "missing.npy"}, "cannot be read"),
        ({"data": "empty.npy"}, "does not hold an array"),
        ({"data": "huge.npy", "target": "X.npy"}, "needs about|does not hold"),
    ],
)
def test_hostile_files_and_options_are_one_line(options, message, here):
    written(*GOOD)
    (here / "bytes.csv").write_bytes(b"a,b\n\xff\xfe,1\n")
    (here / "text.npz").write_text("hello")
    (here / "empty.npy").write_bytes(b"")
    np.save("X.npy", X)
    y = np.tile([0, 1], 10)
    np.savez("noX.npz", Z=X, y=y)
    np.savez("noy.npz", X=X)
    np.savez("object.npz", X=X, y=np.array([{}] * 20))
    np.savez("short.npz", X=X, y=np.array([0, 1, 0]))
    np.savez("flat.npz", X=X[:, 0], y=y)
    np.savez("nan.npz", X=np.where(X > 1, np.nan, X), y=y)
    with open("huge.npy", "wb") as file:
        np.lib.format.write_array_header_1_0(
            file, {"shape": (10**9, 10**3), "fortran_order": False, "descr": "<f8"}
        )
    with pytest.raises(ValueError, match=message) as refused:
        parts(**options)
    assert "\n" not in str(refused.value)


def test_a_million_rows_are_refused_before_anything_is_kept(monkeypatch):
    name = written(*(f"{i},{i % 7},{i % 3}" for i in range(20_000)))
    pages = {"SC_PHYS_PAGES": 8 * 20_000 * 512, "SC_PAGE_SIZE": 1}
    monkeypatch.setattr(memory.os, "sysconf", pages.__getitem__)
    monkeypatch.setattr("reduced.tasks.table.Table.targets", lambda *_: pytest.fail("kept"))
    monkeypatch.setattr("reduced.tasks.table.Table.inputs", lambda *_: pytest.fail("kept"))
    with pytest.raises(
        ValueError, match=r"20000 samples with hidden = 512: needs about .* GiB, and this machine has"
    ):
        draw(Experiment(data=name))


cells = st.sampled_from(
    ["1", "-2.5", "", "nan", "inf", "x", "1e400", '"', "'", "0", "ü", "1,2", " 3 ", "\r", "true"]
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.lists(cells, min_size=1, max_size=3).map(",".join), max_size=8),
    kind=st.sampled_from([None, "classes", "numbers"]),
)
def test_any_table_is_read_or_refused_in_one_line(rows, kind):
    reason, found = "", ()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found = parts(data=written(*rows), target_kind=kind)
    except ValueError as refused:
        reason = str(refused)
    assert bool(reason) != bool(found)
    assert "\n" not in reason
    assert all(np.isfinite(values).all() for part in found for values in (part.X, part.Y))


def test_a_ridge_is_chosen_and_said_where_samples_exceed_units():
    wide = Experiment(data=table(COLOURS), hidden=14)
    assert with_ridge(wide) == wide
    assert said(wide, wide) == ""
    narrow = replace(wide, hidden=13)
    chosen = with_ridge(narrow)
    assert chosen.ridge == pytest.approx(0.014)
    assert "ridge = 0.014: chosen, since 14 training samples are more than the 13 hidden units" in said(
        narrow, chosen
    )
    assert with_ridge(replace(narrow, ridge=0.5)).ridge == 0.5
    assert with_ridge(replace(narrow, ridge=0.5), given=True).ridge == 0.5
    assert with_ridge(wide, given=True) == wide
    with pytest.raises(ValueError, match="ridge = 0: 14 training samples are more than the 13 hidden units"):
        with_ridge(narrow, given=True)
    assert with_ridge(Experiment(hidden=13)).ridge == 0
    assert with_ridge(replace(narrow, data="missing.csv")).ridge == 0


def test_a_run_knows_when_its_file_has_changed(here):
    experiment = Experiment(data=table(COLOURS), hidden=40, slow_time=0.01)
    before = configuration(experiment)
    save(dataset([experiment], [run(experiment)]), here / "result.nc")
    refuse_changed_files(here / "result.nc")
    table(COLOURS[::-1])
    os.utime("own.csv", ns=(1, 1))
    assert configuration(experiment) != before
    with pytest.raises(ValueError, match=r"own\.csv changed since this result was made"):
        refuse_changed_files(here / "result.nc")
    assert not np.array_equal(together(data="own.csv")[1][:, 0] == 1, COLOURS == "green")
