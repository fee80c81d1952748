"""Stopping ``simulate`` and going on; making a stored result again."""

import os
import signal
from dataclasses import replace

import pytest
import xarray as xr

from reduced.commands import simulate, sweep
from reduced.console.answer import run
from reduced.runs import results
from reduced.runs.experiment import Experiment
from reduced.runs.experiment import run as run_experiment
from reduced.runs.results import stored_experiments

SMALL = ["--p", "7", "--hidden", "40", "--slow-time", "0.3", "--integrator", "paper-euler"]


def command(*arguments):
    return run(simulate.main, simulate.Options, list(map(str, arguments)))


def numbers(folder):
    """All that a result holds except its wall time, date and command."""
    with xr.open_dataset(folder / "result.nc", engine="h5netcdf") as result:
        return result.load().drop_vars("seconds")


@pytest.fixture(params=[[], ["--loss", "cross_entropy", "--ridge", "1e-2"]], ids=["squared", "cross_entropy"])
def small(request):
    """Options of a small run, with the readout from equations and from a minimization."""
    return [*SMALL, *request.param]


@pytest.fixture
def stopped(tmp_path, monkeypatch, capsys, small):
    """A folder where SIGTERM stopped a run after its tenth observation."""
    report = simulate.Milestones.__call__

    def stop(self, row):
        if abs(row["tau"] - 0.1) < 1e-9:
            os.kill(os.getpid(), signal.SIGTERM)
        report(self, row)

    with monkeypatch.context() as patch:
        patch.setattr(simulate.Milestones, "__call__", stop)
        status = command(*small, "--checkpoint-every", 1000, "--out", tmp_path / "stopped")
    assert status == 128 + signal.SIGTERM
    assert "SIGTERM at t = 0.1: saved as" in capsys.readouterr().err
    return tmp_path / "stopped"


@pytest.fixture
def whole(tmp_path, small):
    assert command(*small, "--out", tmp_path / "whole") == 0
    return tmp_path / "whole"


def test_a_stopped_run_goes_on_to_the_same_result(stopped, whole, capsys, small):
    assert os.listdir(stopped) == ["checkpoint-seed0"]
    assert command(*small, "--resume", "--out", stopped) == 0
    assert "goes on from there" in capsys.readouterr().out
    assert numbers(stopped).equals(numbers(whole))
    assert sorted(os.listdir(stopped)) == ["circles.png", "learning_curves.png", "norms.png", "result.nc"]


def test_a_checkpoint_is_not_written_over_by_accident(stopped, capsys, small):
    before = (stopped / "checkpoint-seed0").read_bytes()
    assert command(*small, "--checkpoint-every", 1, "--out", stopped) == 2
    assert "go on with --resume, or delete it" in capsys.readouterr().err
    assert (stopped / "checkpoint-seed0").read_bytes() == before


def test_other_options_do_not_go_on(stopped, capsys, small):
    assert command(*small, "--hidden", 41, "--resume", "--out", stopped) == 2
    assert "its configuration is" in capsys.readouterr().err


def test_resume_without_a_checkpoint_starts_at_the_beginning(whole, tmp_path, capsys, small):
    assert command(*small, "--resume", "--out", tmp_path / "new") == 0
    assert "not there, starts at the beginning" in capsys.readouterr().out
    assert numbers(tmp_path / "new").equals(numbers(whole))


def test_several_seeds_save_and_go_on_each_for_itself(stopped, tmp_path, small):
    """Seed 0 goes on from its checkpoint, seed 1 starts."""
    assert command(*small, "--seeds", 2, "--resume", "--out", stopped) == 0
    assert command(*small, "--seeds", 2, "--out", tmp_path / "whole") == 0
    assert numbers(stopped).equals(numbers(tmp_path / "whole"))


@pytest.fixture
def finished(tmp_path, monkeypatch, capsys, small):
    """A folder where seed 0 came to its end, and the program to its own before it wrote the result."""

    def fail(*_):
        raise OSError("the disk is gone")

    with monkeypatch.context() as patch:
        patch.setattr("reduced.runs.results.save", fail)
        assert command(*small, "--checkpoint-every", 1000, "--out", tmp_path / "finished") == 1
    capsys.readouterr()
    return tmp_path / "finished"


def test_a_finished_seed_is_not_computed_again(finished, whole, monkeypatch, capsys, small):
    monkeypatch.setattr("scipy.integrate.solve_ivp", lambda *_, **__: pytest.fail("computed"))
    assert command(*small, "--resume", "--out", finished) == 0
    assert "checkpoint-seed0: finished" in capsys.readouterr().out
    assert numbers(finished).equals(numbers(whole))


def test_a_finished_seed_is_whole_beside_one_that_starts(finished, tmp_path, capsys, small):
    assert command(*small, "--seeds", 2, "--resume", "--out", finished) == 0
    found = capsys.readouterr().out
    assert "checkpoint-seed0: finished" in found
    assert "checkpoint-seed1: not there" in found
    assert command(*small, "--seeds", 2, "--out", tmp_path / "whole") == 0
    assert numbers(finished).equals(numbers(tmp_path / "whole"))


def test_a_stored_result_runs_again(whole, tmp_path):
    assert command("--from", whole / "result.nc", "--out", tmp_path / "again") == 0
    assert numbers(tmp_path / "again").identical(
        numbers(whole).assign_attrs(numbers(tmp_path / "again").attrs)
    )


def test_stored_seeds_need_not_start_at_zero(tmp_path):
    command(*SMALL, "--slow-time", 0.01, "--seed", 4, "--seeds", 2, "--out", tmp_path)
    expected = {"p": 7, "hidden": 40, "slow_time": 0.01, "integrator": "paper-euler"}
    assert stored_experiments(tmp_path / "result.nc") == [
        Experiment(**expected, seed=seed) for seed in (4, 5)
    ]


def test_a_sweep_is_not_taken_for_one_result(tmp_path, capsys):
    options = sweep.Options(out=tmp_path, p=(5, 7), hidden=(40,), slow_time=(0.01,), seed=(0, 3))
    assert sweep.main(options) == 0
    assert command("--from", tmp_path / "sweep.nc", "--out", tmp_path / "again") == 2
    assert "holds a sweep; name the file of one run" in capsys.readouterr().err
    assert command("--from", next((tmp_path / "runs").glob("*.nc")), "--out", tmp_path / "again") == 0


def test_seeds_that_do_not_count_up_have_a_folder_of_their_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    small = Experiment(p=5, hidden=30, slow_time=0.01)
    apart = [replace(small, seed=seed) for seed in (0, 3)]
    results.save(results.dataset(apart, [run_experiment(one) for one in apart]), tmp_path / "result.nc")
    assert command("--from", "result.nc") == 0
    assert command("--p", 5, "--hidden", 30, "--slow-time", 0.01, "--seeds", 2) == 0
    names = sorted(os.listdir("grokking-results"))
    assert len(names) == 2
    assert names[1] == f"{names[0]}-seeds-0-3"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "no such file"),
        (b"", "not a whole result"),
        (b"CDF\x01 of another program", "not a whole result"),
    ],
)
def test_what_is_no_result_is_refused(content, message, tmp_path, capsys):
    if content is not None:
        (tmp_path / "result.nc").write_bytes(content)
    assert command("--from", tmp_path / "result.nc") == 2
    assert message in capsys.readouterr().err


def test_a_truncated_result_is_refused(whole, capsys):
    content = (whole / "result.nc").read_bytes()
    (whole / "result.nc").write_bytes(content[: len(content) // 2])
    assert command("--from", whole / "result.nc") == 2
    assert "not a whole result" in capsys.readouterr().err


def test_options_beside_from_are_refused(whole, capsys):
    assert command("--from", whole / "result.nc", "--p", 5) == 2
    assert "leave out the others" in capsys.readouterr().err
