"""What the number of BLAS threads and of worker processes may change, and what it may not."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from reduced.readout.gram import gram_condition
from reduced.runs.experiment import Experiment, draw, run
from reduced.runs.parallel import pinned_pool

#: Large enough that OpenBLAS divides the products among its threads.
WIDE = Experiment(p=23, hidden=384, integrator="paper-euler", slow_time=0.02)
CODE = """
import json, sys
import numpy as np
from threadpoolctl import threadpool_info
from reduced.runs.experiment import Experiment, draw, run
from reduced.flows.two_layer import first_layer_flow
experiment = Experiment(**json.loads(sys.argv[1]))
trajectory = run(experiment)
train, _, W1 = draw(experiment)
velocity = first_layer_flow(train.X, train.Y)(0.0, W1)
threads = max(library["num_threads"] for library in threadpool_info())
np.savez(sys.argv[2], W1=trajectory.y[-1], velocity=velocity, threads=threads, **trajectory.observed)
"""


@pytest.fixture(scope="module")
def computed(tmp_path_factory):
    """A run, and one direct evaluation of the flow, by processes with one and with two threads."""
    found = {}
    for threads in (1, 2):
        path = tmp_path_factory.mktemp("threads") / f"{threads}.npz"
        environment = os.environ | {
            name: str(threads) for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")
        }
        command = [sys.executable, "-c", CODE, json.dumps(vars(WIDE)), str(path)]
        subprocess.run(command, env=environment, check=True)
        with np.load(path) as file:
            found[threads] = dict(file)
    return found


def test_a_run_has_the_same_bits_with_any_number_of_threads(computed):
    for name, values in computed[1].items():
        if name not in ("velocity", "threads"):
            assert np.array_equal(values, computed[2][name]), name


def test_a_flow_that_is_called_directly_takes_the_threads_and_agrees_to_the_stated_tolerance(computed):
    assert [int(computed[threads]["threads"]) for threads in (1, 2)] == [1, min(2, os.cpu_count() or 1)]
    one, two = computed[1]["velocity"], computed[2]["velocity"]
    train, _, W1 = draw(WIDE)
    tolerance = np.finfo(float).eps * gram_condition(train.X, train.Y)(W1)
    assert np.linalg.norm(one - two) <= tolerance * np.linalg.norm(one)


def test_seeds_have_the_same_bits_alone_and_in_a_pool():
    small = [
        Experiment(p=11, hidden=80, integrator="paper-euler", step=1e-2, slow_time=0.05, seed=seed)
        for seed in (0, 1)
    ]
    with pinned_pool(2) as pool:
        together = list(pool.map(run, small))
    for experiment, trajectory in zip(small, together, strict=True):
        alone = run(experiment)
        assert np.array_equal(alone.y[-1], trajectory.y[-1])
        assert all(np.array_equal(alone.observed[name], trajectory.observed[name]) for name in alone.observed)
