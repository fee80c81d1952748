"""Scripts that keep their runs say so when a run cannot be written, and do not go on without it."""

import os

import class_share
import cross_entropy
import predictors
import pytest

from reduced.predictors.runs import Measured
from reduced.runs.experiment import Experiment
from reduced.runs.experiment import run as run_experiment
from reduced.studies.classes import generalization

SMALL = Experiment(p=5, hidden=30, ridge=0.1, slow_time=0.02)


def keep_shares(path):
    options = class_share.Options(
        moduli=(5,), ratios=(2.0,), shares=(0.5,), seeds=2, slow_time=0.02, json=path
    )
    class_share.main(options)


def keep_losses(path):
    cross_entropy._found(cross_entropy.Options(json=path), [SMALL, Experiment(p=7, hidden=60)])


def keep_laws(path):
    predictors.complete(path, 60.0)


@pytest.mark.parametrize("keep", [keep_shares, keep_losses, keep_laws])
def test_a_run_that_cannot_be_kept_is_an_error(keep, tmp_path, monkeypatch):
    made = []

    def once(function):
        def call(*arguments):
            made.append(arguments)
            return function(*arguments)

        return call

    def fail(*_):
        raise OSError(28, "No space left on device")

    measured = Measured(90.0, 0.1, 80.0, 0.7, 1.5, 40.0, 30.0, 25.0, 1.0)
    monkeypatch.setattr(class_share, "generalization", once(generalization))
    monkeypatch.setattr(class_share, "draw", lambda *_: None)
    monkeypatch.setattr(cross_entropy, "run", once(run_experiment))
    monkeypatch.setattr(predictors, "timed", once(lambda _: measured))
    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="No space left"):
        keep(tmp_path / "runs")
    assert len(made) == 1
    assert os.listdir(tmp_path) == []
