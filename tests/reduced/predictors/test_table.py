"""The stored runs: as many as promised, each of a setting that the list of cases has."""

from dataclasses import replace

import numpy as np
import pytest

from reduced.predictors.runs import Run, Setting
from reduced.predictors.table import read, stored, written
from reduced.studies.timing import timed
from reduced.studies.timing_cases import cases, reference

RUNS = stored()


def test_every_case_is_stored_once_and_nothing_else():
    assert [run.setting for run in RUNS] == cases()
    dense = [run for run in RUNS if run.setting.space == "dense"]
    assert len(dense) >= 60
    assert len(RUNS) - len(dense) >= 40
    assert {run.setting.p for run in dense} >= {11, 13, 17, 23, 29, 37}
    assert max(run.setting.p for run in RUNS) == 251


def test_references_are_among_the_runs_and_generalize():
    known = {run.setting: run.measured for run in RUNS}
    for run in RUNS:
        assert np.isfinite(known[reference(run.setting)].generalized)


def test_the_table_comes_back_as_it_was_written():
    assert written(read(written(RUNS))) == written(RUNS)


@pytest.mark.parametrize("path", ["training", "first-layer flow", "zero-loss flow"])
def test_stored_numbers_come_again(path):
    """The cheapest stored run of each path, measured anew, the flows for a short time."""
    run = min((run for run in RUNS if run.setting.path == path), key=lambda run: run.setting.p)
    end = run.setting.slow_time if path == "training" else 0.1
    again = timed(replace(run.setting, slow_time=end))
    assert again.squared_norm_start == pytest.approx(run.measured.squared_norm_start, rel=1e-6)
    assert again.contraction == pytest.approx(run.measured.contraction, rel=0.02)


def test_frequency_space_agrees_with_itself_on_paths_from_one_start():
    """At the start both flows know the same network: one ‖θ‖², contractions of their own."""
    first, zero = (
        timed(Setting(path, "frequency", p=11, hidden=5, activation="gelu", slow_time=0.02))
        for path in ("first-layer flow", "zero-loss flow")
    )
    assert first.squared_norm_start == pytest.approx(zero.squared_norm_start, rel=1e-6)
    assert zero.contraction < 1 < first.contraction


def test_a_run_that_never_memorizes_is_nan():
    run = timed(
        Setting(p=5, hidden=4, train_fraction=0.6, weight_decay=10.0, learning_rate=1e-3, slow_time=0.5)
    )
    assert np.isnan(run.memorized)
    assert np.isnan(run.generalized)
    assert read(written([Run(Setting(), run)]))[0].setting == Setting()
