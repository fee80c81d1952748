"""Runs that are interrupted and go on, and what it means that they end alike."""

import os
import signal

import numpy as np
import pytest

from reduced.errors import Interrupted
from reduced.integration.checkpoint import Checkpoints
from reduced.runs.experiment import Experiment, run

SMALL = Experiment(p=7, hidden=40, slow_time=0.1, integrator="paper-euler")


def same(resumed, whole):
    assert np.array_equal(resumed.y, whole.y)
    assert np.array_equal(resumed.t, whole.t)
    assert (resumed.nfev, resumed.steps) == (whole.nfev, whole.steps)
    assert resumed.observed.keys() == whole.observed.keys()
    for name, values in whole.observed.items():
        assert values.dtype == resumed.observed[name].dtype
        assert np.array_equal(resumed.observed[name], values), name


def signal_after(rows, number=signal.SIGTERM):
    """A report that sends this process a signal once it has seen so many rows."""
    seen = []

    def report(row):
        seen.append(row)
        if len(seen) == rows:
            os.kill(os.getpid(), number)

    return report


def interrupted_at(rows, path, experiment=SMALL, number=signal.SIGTERM):
    with Checkpoints(path, "options") as checkpoints:
        checkpoints.resume()
        with pytest.raises(Interrupted, match="go on with --resume") as stopped:
            run(experiment, report=signal_after(rows, number), checkpoints=checkpoints)
    return stopped.value


def resumed(path, experiment=SMALL):
    with Checkpoints(path, "options") as checkpoints:
        assert checkpoints.resume()
        return run(experiment, checkpoints=checkpoints)
