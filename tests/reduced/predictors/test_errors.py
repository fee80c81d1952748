"""Errors of the laws on the stored runs: references, what was changed, and the exact cases among them."""

import math
from dataclasses import replace

import pytest

from reduced.predictors.errors import CHANGES, changed, errors, kind, median, references
from reduced.predictors.law import laws
from reduced.predictors.runs import Setting
from reduced.predictors.table import stored
from reduced.studies.timing_cases import reference

RUNS = stored()
ERRORS = errors(laws().values(), RUNS)


def of(law, path, space, where):
    mine = [
        error
        for error in ERRORS
        if (error.law, kind(error.run.setting)[:2], error.changed) == (law, (path, space), where)
    ]
    assert mine
    return median(mine)


def test_the_reference_is_the_run_from_which_the_cases_were_made():
    for run in RUNS:
        assert references(RUNS)[kind(run.setting)].setting == reference(run.setting)


def test_each_law_meets_every_run_that_generalized_but_its_reference():
    generalized = sum(math.isfinite(run.measured.generalized) for run in RUNS)
    assert len(ERRORS) == len(laws()) * (generalized - len(references(RUNS)))


@pytest.mark.parametrize("name", CHANGES[1:])
def test_a_change_is_named(name):
    other = replace(Setting(), **{name: 0.5 if name not in ("hidden", "seed") else 7})
    assert changed(other, Setting()) == name
    assert changed(replace(other, p=5), Setting()) == "p"


@pytest.mark.parametrize("space", ["dense", "frequency"])
def test_decay_elimination_gives_every_initial_scale_of_the_first_layer_flow(space):
    """To the error of relative steps of 1 % and of observations 0.02 apart."""
    error, made, asked = of("decay elimination", "first-layer flow", space, "init_factor")
    assert error < 0.03
    assert made == asked == 4


def test_the_clock_knows_momentum_in_smooth_training():
    assert of("heavy-ball clock", "training", "frequency", "momentum")[0] < 0.02


def test_no_law_knows_the_share_of_the_pairs():
    assert all(
        of(law, "training", "dense", "train_fraction")[0] > 0.3
        for law in ("heavy-ball clock", "initial scale")
    )


def test_the_lower_bound_holds_on_the_zero_loss_flow_with_its_own_threshold():
    law = laws()["fastest contraction"]
    for run in RUNS:
        if run.setting.path == "zero-loss flow" and math.isfinite(run.measured.generalized):
            assert law(run, run) <= run.measured.generalized
