"""What holds of every task, on tiny sizes."""

import dataclasses
import json
from dataclasses import replace

import numpy as np
import pytest

from reduced.inputs.ranges import check
from reduced.integration.checkpoint import Checkpoints
from reduced.network.dataset import Dataset, Sizes
from reduced.plots.run import pictures
from reduced.runs import formats
from reduced.runs.experiment import Experiment, draw, run
from reduced.runs.formats import canonical, configuration, experiment_of
from reduced.runs.options import OF_TASKS, given_options, task_of
from reduced.runs.results import dataset, run_name, save, stored_experiments, summary
from reduced.runs.store import assemble, store
from reduced.runs.sweep import grid
from reduced.tasks.registry import (
    ACCURACY,
    ERROR,
    TASKS,
    Declared,
    Task,
    option_types,
    option_words,
    task_words,
)

#: Options of a tiny run of each task; what is not named has the task's defaults.
TINY = {
    "add": {"p": 5},
    "subtract": {"p": 5},
    "multiply": {"p": 5},
    "divide": {"p": 5},
    "polynomial": {"p": 5, "formula": "a**2 + b/2"},
    "group": {"group": "S3"},
    "parity": {"bits": 6, "samples": 30},
    "digits": {"samples": 40},
    "random_labels": {"inputs": 4, "classes": 3, "samples": 30},
    "regression": {"samples": 9},
    "data": {"data": "samples.csv"},
}


@pytest.fixture(params=TASKS)
def small(request, tmp_path, monkeypatch):
    """A tiny experiment of each task."""
    monkeypatch.chdir(tmp_path)
    numbers = np.random.default_rng(0).normal(size=(30, 3)).round(3)
    rows = [f"{a},{b},{'left' if a < b else 'right'}" for a, b, _ in numbers]
    (tmp_path / "samples.csv").write_text("\n".join(["first,second,side", *rows]) + "\n")
    return Experiment(
        **{"hidden": 40, "slow_time": 0.05, "step": 1e-2, "integrator": "paper-euler", "ridge": 1e-2}
        | {"task": request.param}
        | TINY[request.param]
    )


def test_every_task_has_a_tiny_run():
    assert TINY.keys() == TASKS.keys()


def test_every_option_has_a_range_and_words():
    for name in option_types():
        assert option_words(name)


def test_the_sizes_are_those_of_what_is_drawn(small):
    train, test, W1 = draw(small)
    assert task_of(small).sizes() == Sizes(len(train.Y), len(test.Y), train.X.shape[1], train.Y.shape[1])
    assert W1.shape == (train.X.shape[1], 40)
    assert np.isfinite(train.X).all()
    check(task_of(small))


def test_a_seed_draws_the_same_again_and_another_seed_not(small):
    first, again, other = (draw(replace(small, seed=seed)) for seed in (0, 0, 1))
    for part in (0, 1):
        assert np.array_equal(first[part].X, again[part].X)
        assert np.array_equal(first[part].Y, again[part].Y)
    assert not all(np.array_equal(first[part].X, other[part].X) for part in (0, 1))


def test_classes_are_one_hot_and_numbers_are_not_all_zero(small):
    for part in draw(small)[:2]:
        if task_of(small).measures == ACCURACY:
            assert np.array_equal(part.Y.sum(axis=1), np.ones(len(part.Y)))
            assert np.array_equal(part.Y.argmax(axis=1), part.labels)
        else:
            assert task_of(small).measures == ERROR
            assert part.labels is None
            assert np.any(part.Y)


def test_it_runs_and_is_stored_and_made_again(small, tmp_path):
    path = run(small)
    measured = task_of(small).measures
    assert {f"train_{measured}", f"test_{measured}"} <= path.observed.keys()
    assert ("within" in path.observed) == (task_of(small).residues is not None)
    result = dataset([small], [path])
    save(result, tmp_path / "result.nc")
    (again,) = stored_experiments(tmp_path / "result.nc")
    assert configuration(again) == configuration(small)
    assert f"test {measured}" in summary(result)
    assert small.task in run_name(small, 1)


def test_it_is_drawn(small, tmp_path):
    drawn = pictures(dataset([small], [run(small)]), tmp_path)
    assert len(drawn) >= 3
    assert all(path.stat().st_size > 5_000 for path in drawn)


def test_it_is_swept(small, tmp_path):
    (tmp_path / "runs").mkdir()
    both = [replace(small, seed=seed) for seed in (0, 1)]
    for one in both:
        store(tmp_path, one, run(one))
    together = assemble(tmp_path, both)
    assert together.sizes["seed"] == 2
    assert f"test_{task_of(small).measures}" in together


def test_it_goes_on_from_a_checkpoint_bit_for_bit(small, tmp_path):
    whole = run(small)
    half = Checkpoints(tmp_path / "file", configuration(small), 1e-9)
    seen = []

    def stop(row):
        seen.append(row)
        if len(seen) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(small, checkpoints=half, report=stop)
    rest = Checkpoints(tmp_path / "file", configuration(small))
    assert rest.resume()
    resumed = run(small, checkpoints=rest)
    assert np.array_equal(resumed.y, whole.y)
    assert resumed.observed.keys() == whole.observed.keys()
    assert all(np.array_equal(resumed.observed[name], whole.observed[name]) for name in whole.observed)


def test_an_option_that_is_the_tasks_own_names_no_run_anew(small):
    task = task_of(small)
    spelled = {field.name: getattr(task, field.name) for field in dataclasses.fields(task)}
    assert configuration(replace(small, **spelled)) == configuration(small)
    assert experiment_of(json.loads(json.dumps(canonical(small))), formats.VERSION).task == small.task


def test_an_option_of_another_task_is_refused(monkeypatch):
    monkeypatch.setitem(TASKS, "none", Declared("none", NoOptions, "has no option"))
    assert run(Experiment(task="none", hidden=20, ridge=0.1, slow_time=0.01)).observed["t"].size
    with pytest.raises(
        ValueError, match=r"p = 7: belongs to the tasks .*add.*, and task = 'none' has it not"
    ):
        task_of(Experiment(p=7, task="none"))


@dataclasses.dataclass(frozen=True)
class NoOptions(Task):
    """Nothing to choose."""

    def sizes(self):
        return Sizes(2, 2, 3, 2)

    def draw(self, rng):
        X = np.random.default_rng(rng).normal(size=(4, 3))
        return Dataset(X[:2], [0, 1]), Dataset(X[2:], [0, 1])


def test_two_types_of_one_option_are_refused(monkeypatch):
    @dataclasses.dataclass(frozen=True)
    class Odd(Task):
        p: str = "5"

    monkeypatch.setitem(TASKS, "odd", Declared("odd", Odd, "has a modulus of text"))
    with pytest.raises(TypeError, match="its option p is of another type"):
        option_types()


def test_help_names_every_task_and_the_defaults_of_its_options():
    assert all(f"{task.name}: {task.description}" in task_words("add") for task in TASKS.values())
    assert "Of task digits: How many of the 1797" in option_words("samples")
    assert "Default: S4." in option_words("group")


def test_an_activation_by_formula_is_told_apart_swept_and_resumed(tmp_path):
    formulas = ["z/(1+exp(-z))", "z*tanh(z)"]
    runs = grid({"activation": formulas, "p": [5], "hidden": [40], "slow_time": [0.05], "seed": [0]})
    (tmp_path / "runs").mkdir()
    for one in runs:
        store(tmp_path, one, run(one))
    together = assemble(tmp_path, runs)
    assert together.activation.values.tolist() == sorted(formulas)
    first, second = (together.squared_norm_W1.sel(activation=one).values for one in formulas)
    assert not np.array_equal(first, second)
    run(runs[0], checkpoints=Checkpoints(tmp_path / "file", configuration(runs[0]), 1e-9))
    with pytest.raises(ValueError, match="its configuration is"):
        Checkpoints(tmp_path / "file", configuration(runs[1])).resume()


def test_tasks_of_several_kinds_are_swept_together(tmp_path):
    runs = [
        Experiment(hidden=40, slow_time=0.02, **options)
        for options in ({"p": 5}, {"task": "regression"}, {"group": "S3"})
    ]
    (tmp_path / "runs").mkdir()
    for one in runs:
        store(tmp_path, one, run(one))
    together = assemble(tmp_path, runs)
    assert set(together.task.values) == {"add", "regression", "group"}
    assert {"test_accuracy", "test_error"} <= set(together)


def test_old_names_are_refused_with_the_new_one():
    with pytest.raises(ValueError, match="operation is now called task"):
        Experiment(operation="add")
    assert given_options(Experiment()) == {}
    assert set(OF_TASKS) <= {field.name for field in dataclasses.fields(Experiment)}
