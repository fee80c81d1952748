import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from reduced.flows.first_layer import FirstLayerFlow
from reduced.inputs.memory import evaluation_numbers, run_numbers
from reduced.network.problem import bind
from reduced.readout.iterated import pays
from reduced.runs.experiment import Experiment, draw, readout_tolerance, run

#: Two observations and a few steps between them.
SHORT = Experiment(slow_time=0.01, integrator="paper-euler", step=2e-3)
EXPERIMENTS = {
    "nearly as many samples as units": replace(SHORT, p=31, hidden=391),
    "larger": replace(SHORT, p=53, hidden=1113, step=5e-3),
    "wide": replace(SHORT, p=29, hidden=1207),
    "relative steps": replace(SHORT, p=31, hidden=393, integrator="resolved", step=None, slow_time=1e-3),
    "smooth": replace(SHORT, p=31, hidden=397, activation="gelu"),
    "more samples than units": replace(SHORT, p=31, hidden=211, ridge=1e-2),
    "mostly a test set": replace(SHORT, p=31, hidden=401, train_fraction=0.3),
    "both operands": replace(SHORT, p=23, hidden=409, task="subtract"),
}
WAYS = {"directly": np.inf, "by iteration": 0.0}


@pytest.fixture(params=WAYS, ids=list(WAYS))
def way(request, monkeypatch):
    monkeypatch.setattr("reduced.readout.iterated.CROSSING", WAYS[request.param])
    return request.param


def peak(call):
    """Most numbers in double precision that a call holds at once."""
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1] / 8
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("experiment", EXPERIMENTS.values(), ids=EXPERIMENTS)
def test_a_run_holds_what_is_estimated(experiment, way):
    run(replace(experiment, train_fraction=0.9 * experiment.train_fraction))  # derives, with other sizes
    train, test, _ = draw(experiment)
    iterates = readout_tolerance(experiment, len(train.X)) > 0
    assert iterates == (way == "by iteration")
    sizes = (len(train.X), len(test.X)), train.X.shape[1], experiment.p, experiment.hidden
    assert run_numbers(*sizes, iterates) == pytest.approx(peak(lambda: run(experiment)), rel=0.1)


@pytest.mark.parametrize(("p", "hidden"), [(37, 547), (53, 1117)])
def test_evaluations_hold_what_is_estimated(p, hidden, way):
    """With data and W1 left out of the estimate, it is the lower one."""

    def evaluate(train):
        flow = FirstLayerFlow(bind(train.X, train.Y), 1e-3, pays)
        for seed in range(3):
            flow(0.0, np.random.default_rng(seed).normal(size=(train.X.shape[1], hidden)))

    smaller, train = (draw(Experiment(p=modulus, hidden=hidden))[0] for modulus in (23, p))
    evaluate(smaller)  # derives, with other sizes
    n = len(train.X)
    measured = peak(lambda: evaluate(train))
    assert 0.8 * measured < evaluation_numbers(n, hidden, n, way == "by iteration") < measured


def test_a_run_beyond_memory_is_refused_before_it_allocates(way, monkeypatch):
    experiment = EXPERIMENTS["larger"]
    run(replace(experiment, train_fraction=0.6))  # derives, with other sizes
    needed = peak(lambda: run(experiment))
    for share in (0.8, 1.2):
        pages = {"SC_PHYS_PAGES": int(8 * share * needed), "SC_PAGE_SIZE": 1}
        monkeypatch.setattr("os.sysconf", pages.__getitem__)
        if share > 1:
            assert draw(experiment)
            continue
        with pytest.raises(
            ValueError, match=r"p = 53 with hidden = 1113: needs about .* GiB, and this machine has"
        ):
            draw(experiment)
