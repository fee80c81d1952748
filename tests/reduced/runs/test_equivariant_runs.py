"""Runs of translation-equivariant networks: options that go together, results, sweeps, and going on after a stop."""

import signal
from dataclasses import replace

import numpy as np
import pytest

from reduced.errors import Interrupted
from reduced.integration.checkpoint import Checkpoints
from reduced.runs import results, store
from reduced.runs.estimate import expected_seconds
from reduced.runs.experiment import Experiment, draw, first_euler_step, run, sizes
from reduced.runs.formats import canonical, configuration
from reduced.runs.sweep import Outcome, grid

SMALL = Experiment(p=11, symmetry="translation", templates=8, train_fraction=0.6, slow_time=0.2)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"p": 12}, "p = 12: must be odd"),
        ({"templates": None}, "templates = None: symmetry = 'translation' needs"),
        ({"templates": 3}, "templates = 3: less than the 4 training classes, and ridge = 0"),
        ({"hidden": 64}, "hidden = 64: symmetry = .translation. makes it p times"),
        ({"task": "subtract"}, "task = 'subtract': symmetry = 'translation' is for 'add'"),
        ({"symmetry": "none"}, "templates = 8: belongs to symmetry = 'translation'"),
        ({"symmetry": "rotation"}, "symmetry = 'rotation': choose one of none, translation"),
        ({"train_fraction": 0.01}, "train_fraction = 0.01: .*leave at least one of the 6 classes"),
        ({"templates": 10**9}, "p = 11 with 4 classes and templates = 1000000000: needs about .* GiB"),
    ],
)
def test_options_that_do_not_go_together_are_refused(options, message):
    with pytest.raises(ValueError, match=message) as refused:
        sizes(replace(SMALL, **options))
    assert "\n" not in str(refused.value)


def test_a_ridge_allows_few_templates():
    assert sizes(replace(SMALL, templates=1, ridge=0.1)).train == 44


def test_the_seed_draws_classes_and_templates():
    drawn, again = draw(SMALL), draw(SMALL)
    assert drawn.train == again.train
    assert sorted(drawn.train + drawn.test) == list(range(6))
    assert np.array_equal(drawn.W1, again.W1)
    assert drawn.W1.shape == (8, 11)
    assert draw(replace(SMALL, seed=1)).train != drawn.train or not np.array_equal(
        draw(replace(SMALL, seed=1)).W1, drawn.W1
    )


def test_a_plain_run_is_told_apart_as_before():
    assert canonical(Experiment()) == {}
    assert set(canonical(SMALL)) == {"p", "symmetry", "templates", "train_fraction", "slow_time"}


def test_the_first_step_is_that_of_the_dense_network():
    speed, before, after = first_euler_step(SMALL)
    assert before == pytest.approx(11 * np.sum(draw(SMALL).W1 ** 2))
    assert after != before
    assert speed > 0


def test_a_result_has_every_class_and_template():
    experiments = [SMALL, replace(SMALL, seed=1)]
    result = results.dataset(experiments, [run(one) for one in experiments])
    assert result.templates.dims == ("seed", "template", "residue")
    assert result.test_margin.dims == ("seed", "tau", "test_class")
    assert result.sizes["test_class"] == 2
    assert result.largest_share.sizes["template"] == 8
    assert result.tau.values[1] == pytest.approx(0.02)
    assert result.train_accuracy.values.min() == 1
    assert float(result.residual.max()) < 1e-9
    right = (result.test_margin > 0).mean("test_class")
    assert np.array_equal(right, result.test_accuracy)
    assert "test accuracy" in results.summary(result)
    assert results.run_name(SMALL, 1).startswith("add-p11-translation-m8-relu-resolved-")


@pytest.mark.parametrize("loss", ["cross_entropy", "squared_hinge"])
def test_a_run_with_another_loss_states_its_gap(loss):
    path = run(replace(SMALL, loss=loss, ridge=0.05, slow_time=0.04))
    assert (path.observed["duality_gap"] > 0).all()
    assert (path.observed["duality_gap"] < 1e-6).all()
    for name in ("loss", "squared_norm_M"):
        assert path.observed[name].shape == path.observed["t"].shape
    assert "residual" not in path.observed


def test_a_sweep_stores_and_assembles_equivariant_runs(tmp_path):
    experiments = grid({**{name: [value] for name, value in canonical(SMALL).items()}, "templates": [6, 8]})
    with store.locked(tmp_path):
        for one in experiments:
            store.store_outcome(tmp_path, Outcome(one, run(one), None))
        together = store.assemble(tmp_path, experiments)
    assert store.missing(tmp_path, experiments) == []
    assert together.templates.values.tolist() == [6, 8]
    assert results.stored_experiments(store.result_path(tmp_path, experiments[0])) == experiments[:1]


def test_a_stopped_run_goes_on_bit_for_bit(tmp_path):
    whole = run(SMALL)
    stopped = Checkpoints(tmp_path / "checkpoint", configuration(SMALL))
    stopped._signal = signal.SIGTERM
    with pytest.raises(Interrupted):
        run(SMALL, checkpoints=stopped)
    resumed = Checkpoints(tmp_path / "checkpoint", configuration(SMALL))
    assert resumed.resume()
    assert 0 < resumed.resumed.t < SMALL.slow_time
    again = run(SMALL, checkpoints=resumed)
    assert np.array_equal(again.y, whole.y)
    for name, values in whole.observed.items():
        assert np.array_equal(again.observed[name], values), name


def test_an_estimate_counts_equivariant_runs():
    assert 0 < expected_seconds([SMALL], 1) < 60
