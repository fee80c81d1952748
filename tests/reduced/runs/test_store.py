"""The folder of a sweep: what is stored is heard of when it fails, and assembled by the level that counts."""

import os
from dataclasses import replace

import numpy as np
import pytest

from reduced.runs import store
from reduced.runs.experiment import Experiment, run
from reduced.runs.sweep import Outcome

SMALL = Experiment(p=5, hidden=30, slow_time=0.05, step=1e-2)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "runs").mkdir()
    return tmp_path


@pytest.mark.parametrize("finished", [True, False])
def test_an_outcome_that_cannot_be_written_is_an_error(finished, folder, monkeypatch):
    trajectory = run(SMALL) if finished else None

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="No space left"):
        store.store_outcome(folder, Outcome(SMALL, trajectory, None if finished else "a reason"))
    assert os.listdir(folder / "runs") == []


def test_a_sweep_times_generalization_at_an_accuracy_of_95_percent(folder):
    """Test accuracy rises evenly over the run here, so that every level has a time of its own."""
    trajectory = run(SMALL)
    rising = np.linspace(0, 1, len(trajectory.observed["t"]))
    observed = trajectory.observed | {"test_accuracy": rising}
    store.store(folder, SMALL, replace(trajectory, observed=observed))
    assembled = store.assemble(folder, [SMALL])
    assert assembled.grokking_time.item() == pytest.approx(0.95 * SMALL.slow_time, rel=1e-12)
