import itertools
import time
from dataclasses import replace

import numpy as np
import pytest

from reduced.readout.linear_system import System
from reduced.runs import estimate
from reduced.runs.estimate import STARTING, STORING, evaluations, expected_seconds
from reduced.runs.experiment import Experiment, run
from reduced.runs.sweep import grid

SMALL = Experiment(p=5, hidden=30, slow_time=0.05, integrator="paper-euler")
#: Seconds of a factorization on the clock of these tests, where all else takes no time.
SLOW = 0.02


@pytest.fixture(autouse=True)
def factorizations(monkeypatch):
    """Number of factorizations so far, in a list; time passes in them alone, whatever this machine is busy with."""
    factored, counted = System.factored, [0]

    def slowly(system):
        counted[0] += 1
        return factored(system)

    monkeypatch.setattr(System, "factored", slowly)
    monkeypatch.setattr(time, "perf_counter", lambda: SLOW * counted[0])
    return counted


def test_expected_time_grows_with_the_runs():
    one, ten = (
        [
            expected_seconds(grid({"p": [5], "hidden": [30], "seed": range(runs)}), workers)
            for workers in (1, 2)
        ]
        for runs in (1, 10)
    )
    run = one[0] - STARTING
    assert run > STORING
    assert one == pytest.approx([STARTING + run] * 2, rel=1e-9)
    assert ten == pytest.approx([STARTING + 10 * run, STARTING + 5 * run], rel=1e-9)


@pytest.mark.parametrize(
    "refused",
    [{"hidden": 3}, {"activation": "rely"}, {"step": 1.0}, {"integrator": "euler"}, {"ridge": 1.5e308}],
)
def test_a_run_that_will_be_refused_takes_no_time(refused):
    assert expected_seconds([replace(SMALL, **refused)], 1) == 0


@pytest.mark.parametrize("slow_time", [1e-4, 0.05, 1.0])
@pytest.mark.parametrize("integrator", ["paper-euler", "resolved"])
def test_evaluations_of_small_moduli_are_counted(integrator, slow_time):
    step = 1e-4 if integrator == "paper-euler" else None
    experiment = replace(SMALL, integrator=integrator, slow_time=slow_time, step=step)
    assert evaluations(experiment) == pytest.approx(run(experiment).nfev, rel=1e-9)


def test_evaluations_of_a_resolved_flow_are_those_of_a_smaller_modulus(monkeypatch):
    """With as many units a sample, 1.109 here."""
    flow = Experiment(p=23, hidden=214, integrator="resolved", slow_time=0.5)
    found = evaluations(flow)
    monkeypatch.setattr(estimate, "COUNTED", 13)
    assert evaluations(flow) != found
    assert evaluations(flow) == pytest.approx(found, rel=0.3)


def test_a_modulus_that_is_not_counted_may_have_as_many_units_as_samples(monkeypatch):
    monkeypatch.setattr(estimate, "COUNTED", 7)
    assert evaluations(Experiment(p=11, hidden=46, integrator="resolved", slow_time=1e-3)) > 0


def test_a_long_count_is_extrapolated(monkeypatch):
    """From where it has come to in a few steps; the start is the slowest part, so that is more than it takes."""
    flow = Experiment(p=11, hidden=80, integrator="resolved", slow_time=1.0)
    found = evaluations(flow)
    monkeypatch.setattr(time, "perf_counter", itertools.count(0.0, estimate.PATIENCE / 5).__next__)
    assert found < evaluations(flow) < 100 * found


@pytest.mark.parametrize("crossing", [np.inf, 0.0], ids=["directly", "by iteration"])
@pytest.mark.parametrize("integrator", ["paper-euler", "resolved"])
def test_factorizations_along_the_path_are_in_the_expected_time(
    integrator, crossing, monkeypatch, factorizations
):
    """Directly those of the observations, by iteration also those of the steps."""
    monkeypatch.setattr("reduced.readout.iterated.CROSSING", crossing)
    step = 3e-3 if integrator == "paper-euler" else None
    experiment = Experiment(p=11, hidden=80, integrator=integrator, slow_time=0.03, step=step)
    expected = expected_seconds([experiment], 1) - STARTING - STORING
    before = factorizations[0]
    run(experiment)
    assert factorizations[0] > before
    assert expected == pytest.approx(SLOW * (factorizations[0] - before), rel=0.25)
