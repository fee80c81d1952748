import itertools
import os
import signal
import time
from dataclasses import replace

import numpy as np
import pytest

from reduced import first_layer_flow, integrate
from reduced.errors import Interrupted
from reduced.integration.checkpoint import Checkpoints
from reduced.readout.iterated import direct_work
from reduced.runs.experiment import Experiment, draw, run
from tests.interruption import SMALL, interrupted_at, resumed, same, signal_after


@pytest.fixture
def saved(tmp_path):
    interrupted_at(3, tmp_path / "checkpoint")
    return tmp_path / "checkpoint"


@pytest.mark.parametrize("integrator", ["paper-euler", "resolved"])
def test_a_run_stopped_three_times_ends_bit_identical(integrator, tmp_path):
    experiment = Experiment(p=7, hidden=40, slow_time=0.1, integrator=integrator)
    path = tmp_path / "checkpoint"
    for rows in (1, 2, 4):
        interrupted_at(rows, path, experiment)
    same(resumed(path, experiment), run(experiment))


@pytest.fixture
def by_iteration(monkeypatch):
    """Small systems are solved by iteration, as large ones are."""
    monkeypatch.setattr("reduced.readout.iterated.direct_work", lambda *sizes: 20 * direct_work(*sizes))


@pytest.mark.usefixtures("by_iteration")
@pytest.mark.parametrize("integrator", ["paper-euler", "resolved"])
def test_a_run_by_iteration_goes_on_from_what_it_remembered(integrator, tmp_path, monkeypatch):
    experiment = Experiment(p=7, hidden=40, slow_time=0.1, integrator=integrator, activation="gelu")
    path, whole = tmp_path / "checkpoint", run(experiment)
    for rows in (1, 2, 4):
        interrupted_at(rows, path, experiment)
    saved = path.read_bytes()
    same(resumed(path, experiment), whole)
    path.write_bytes(saved)
    monkeypatch.setattr("reduced.flows.first_layer.FirstLayerFlow.recall", lambda *_: None)
    with pytest.raises(AssertionError):
        same(resumed(path, experiment), whole)


@pytest.mark.usefixtures("by_iteration")
def test_a_solver_that_calls_the_flow_first_does_not_disturb_what_it_remembered(tmp_path):
    train, _, W1 = draw(SMALL)

    def integrated(name, report):
        def observe(t, W1):
            report({})
            return {"norm": np.sum(W1**2)}

        flow = first_layer_flow(train.X, train.Y, "gelu", tolerance=1e-4)
        with Checkpoints(tmp_path / name, "options") as checkpoints:
            checkpoints.resume()
            return integrate(
                flow, W1, (0, 0.1), method="RK23", t_eval=[0.1], observe=observe, observe_every=0.01,
                checkpoints=checkpoints,
            )  # fmt: skip

    with pytest.raises(Interrupted):
        integrated("stopped", signal_after(4))
    same(integrated("stopped", lambda _: None), integrated("whole", lambda _: None))


@pytest.mark.parametrize(
    ("method", "step"),
    [
        ("euler", 0.01),
        ("relative_euler", 0.01),
        ("relative_legendre", 0.01),
        ("RK23", None),
        ("RK45", None),
        ("DOP853", None),
    ],
)
def test_explicit_methods_go_on_bit_identically_when_time_matters(method, step, tmp_path):
    """A field that depends on time, so that the saved slope must be the one at the solver's own time."""

    def integrated(name, stop_at):
        stops = [stop_at]

        def field(t, y):
            if stops and t > stops[0]:
                stops.pop()
                os.kill(os.getpid(), signal.SIGINT)
            return np.cos(3 * t) * y - y**3

        with Checkpoints(tmp_path / name, "options") as checkpoints:
            checkpoints.resume()
            return integrate(
                field, [1.0, 2.0], (0, 4), method=method, t_eval=[4], rtol=1e-7, step=step, checkpoints=checkpoints,
                observe=lambda t, y: {"y": y}, observe_every=0.03,
            )  # fmt: skip

    with pytest.raises(Interrupted):
        integrated("stopped", 1.7)
    whole = integrated("whole", np.inf)
    same(integrated("stopped", np.inf), whole)
    same(integrated("stopped", np.inf), whole)


def test_a_forgotten_slope_would_be_noticed(saved, monkeypatch):
    """The comparison above can fail: a solver that loses its step count ends elsewhere."""
    monkeypatch.setattr("reduced.integration.saving.Saver.restore", lambda *_: None)
    with pytest.raises(AssertionError):
        same(resumed(saved), run(SMALL))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_saves_and_says_how_to_go_on(number, tmp_path):
    stopped = interrupted_at(3, tmp_path / "checkpoint", number=number)
    assert stopped.signum == number
    assert number.name in str(stopped)
    assert os.listdir(tmp_path) == ["checkpoint"]


def test_handlers_are_given_back(tmp_path):
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    with Checkpoints(tmp_path / "checkpoint", "options"):
        assert signal.getsignal(signal.SIGTERM) is not before[1]
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


def test_time_alone_saves_while_the_run_goes_on(tmp_path):
    path = tmp_path / "checkpoint"
    with Checkpoints(path, "options", every=1e-9) as checkpoints:
        whole = run(SMALL, checkpoints=checkpoints)
    same(resumed(path), whole)
    checkpoints.discard()
    assert os.listdir(tmp_path) == []


def test_a_run_that_fails_goes_on_from_the_last_time_it_saved(tmp_path):
    def fail(row):
        if row["tau"] > 0.045:
            raise ArithmeticError

    path = tmp_path / "checkpoint"
    with Checkpoints(path, "options", every=1e-9) as checkpoints, pytest.raises(ArithmeticError):
        run(SMALL, report=fail, checkpoints=checkpoints)
    with Checkpoints(path, "options") as checkpoints:
        checkpoints.resume()
        assert checkpoints.resumed.steps == 49
    same(resumed(path), run(SMALL))


@pytest.mark.parametrize("integrator", ["paper-euler", "resolved"])
def test_a_finished_run_is_read_and_not_computed(integrator, tmp_path, monkeypatch):
    experiment, path = replace(SMALL, integrator=integrator), tmp_path / "checkpoint"
    with Checkpoints(path, "options") as checkpoints:
        whole = run(experiment, checkpoints=checkpoints)
    same(whole, run(experiment))
    finished = path.read_bytes()
    monkeypatch.setattr("scipy.integrate.solve_ivp", lambda *_, **__: pytest.fail("computed"))
    same(resumed(path, experiment), whole)
    assert path.read_bytes() == finished


def test_a_finished_run_keeps_the_bits_of_scipys_interpolation(tmp_path):
    """Where the last step is much larger than the state, they are not the bits of the step."""
    options = {"method": "euler", "step": 0.35, "t_eval": [0.7]}
    runs = []
    for _ in range(2):
        checkpoints = Checkpoints(tmp_path / "checkpoint", "options")
        checkpoints.resume()
        start = np.linspace(1, 2, 500)
        runs.append(integrate(lambda t, y: 30 * y, start, (0, 0.7), checkpoints=checkpoints, **options))
    same(*runs)


def test_a_signal_during_the_last_step_leaves_a_finished_run(tmp_path):
    path, whole = tmp_path / "checkpoint", run(SMALL)
    interrupted_at(len(whole.observed["t"]), path)
    with Checkpoints(path, "options") as checkpoints:
        checkpoints.resume()
        assert checkpoints.resumed.t == SMALL.slow_time
    same(resumed(path), whole)


def test_a_clock_that_runs_backwards_does_not_matter(tmp_path, monkeypatch):
    backwards = itertools.count(1e9, -3600)
    monkeypatch.setattr(time, "time", lambda: next(backwards))
    path = tmp_path / "checkpoint"
    with Checkpoints(path, "options", every=1e-9) as checkpoints:
        whole = run(SMALL, progress="slow time", checkpoints=checkpoints)
    same(resumed(path), whole)


def test_nothing_to_go_on_from_starts_at_the_beginning(tmp_path):
    with Checkpoints(tmp_path / "checkpoint", "options") as checkpoints:
        assert not checkpoints.resume()
        same(run(SMALL, checkpoints=checkpoints), run(SMALL))
