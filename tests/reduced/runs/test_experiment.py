from dataclasses import replace

import numpy as np
import pytest

from reduced.runs.experiment import Experiment, draw, first_euler_step, run

SMALL = Experiment(p=7, hidden=40, slow_time=0.1, step=1e-2, integrator="paper-euler")


def test_the_defaults_are_the_papers_run():
    train, test, W1 = draw(Experiment())
    assert (train.X.shape, test.X.shape, W1.shape) == ((492, 37), (211, 37), (37, 512))
    assert np.std(W1) == pytest.approx(37**-0.5, rel=0.02)


def test_the_variance_reading_is_a_larger_start():
    std, var = (draw(replace(SMALL, init_scale=reading))[2] for reading in ("std", "var"))
    assert var == pytest.approx(7**0.25 * std, rel=1e-14)


def test_width_does_not_change_the_split():
    narrow, wide = (draw(replace(SMALL, hidden=hidden))[0] for hidden in (40, 50))
    assert np.array_equal(narrow.pairs, wide.pairs)


@pytest.mark.parametrize("integrator", ["paper-euler", "resolved"])
def test_both_ways_memorize_throughout_and_lower_the_norm(integrator):
    observed = run(replace(SMALL, integrator=integrator)).observed
    assert observed["t"] == pytest.approx(np.arange(11) / 100, abs=1e-12)
    assert np.all(observed["train_accuracy"] == 1)
    assert np.max(observed["residual"]) < 1e-9
    assert np.all(np.diff(observed["squared_norm_W1"] + observed["squared_norm_W2"]) < 0)


def test_first_euler_step_is_what_the_protocol_does():
    _, before, after = first_euler_step(SMALL)
    norms = [np.sum(W1**2) for W1 in (draw(SMALL)[2], run(replace(SMALL, slow_time=1e-2)).y[-1])]
    assert [before, after] == pytest.approx(norms, rel=1e-12)


def test_reports_rows_as_they_are_made():
    times = []
    run(SMALL, report=lambda row: times.append(row["tau"]))
    assert times == pytest.approx(np.arange(11) / 100, abs=1e-12)


@pytest.mark.parametrize("task", ["subtract", "multiply", "divide"])
def test_other_operations_embed_both_operands(task):
    trajectory = run(
        Experiment(p=5, hidden=40, slow_time=0.02, step=1e-2, integrator="paper-euler", task=task)
    )
    assert trajectory.y.shape == (1, 10, 40)
    assert trajectory.observed["real_norm"].shape == (3, 2)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"integrator": "euler"}, "integrator = 'euler': choose one of resolved, paper-euler"),
        ({"init_scale": "sd"}, "did you mean 'std'"),
        ({"activation": "rely"}, "did you mean 'relu'"),
        ({"hidden": 0}, "hidden = 0: must be an integer >= 1"),
        ({"step": 0.0}, "step = 0.0: must be a positive number"),
        ({"slow_time": float("inf")}, "slow_time = inf: must be a positive number"),
        ({"seed": -1}, "seed = -1: must be an integer >= 0"),
    ],
)
def test_unusable_options_are_refused(change, message):
    with pytest.raises(ValueError, match=message):
        draw(replace(SMALL, **change))
