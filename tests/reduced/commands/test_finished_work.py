"""What is computed is kept: whatever happens to the streams, names and the backend, and when a person stops a run."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import xarray as xr

from reduced.commands import simulate
from reduced.console.answer import run

ROOT = Path(__file__).resolve().parents[3]
SIMULATE = [sys.executable, "-m", "reduced", "simulate"]
SMALL = ["--p", "5", "--hidden", "30", "--slow-time", "0.05", "--step", "1e-2"]


def shell(script, folder, **environment):
    """Exit status of a line of shell in which ``$RUN`` is a small run, written to a folder."""
    line = [*SIMULATE, *SMALL, "--out", folder]
    root = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    given = os.environ | {"PYTHONPATH": root} | environment
    command = ["bash", "-o", "pipefail", "-c", script.replace("$RUN", '"$@"'), "bash", *line]
    return subprocess.run(command, env=given, capture_output=True)


@pytest.mark.parametrize(
    ("script", "environment"),
    [
        ("$RUN 2>&-", {}),
        ("$RUN >&-", {}),
        ("$RUN | head -1", {}),
        ("$RUN | true", {"PYTHONUNBUFFERED": "1"}),
        ("$RUN", {"MPLBACKEND": "nonsense"}),
        ("$RUN", {"PYTHONIOENCODING": "latin-1"}),
    ],
)
def test_a_run_is_whole_whatever_its_surroundings(script, environment, tmp_path):
    found = shell(script, str(tmp_path), **environment)
    assert found.returncode == 0, found.stderr
    assert sorted(os.listdir(tmp_path)) == ["circles.png", "learning_curves.png", "norms.png", "result.nc"]


def test_a_folder_whose_name_is_no_utf8_gets_its_result(tmp_path):
    folder = os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xe9")
    found = shell("$RUN", folder)
    assert found.returncode == 0, found.stderr
    with (Path(folder) / "result.nc").open("rb") as file, xr.open_dataset(file, engine="h5netcdf") as result:
        assert r"\udcff\udce9" in result.attrs["command"]


def command(*arguments):
    return run(simulate.main, simulate.Options, list(map(str, arguments)))


def test_ctrl_c_keeps_a_run_that_asked_for_no_checkpoints(tmp_path, monkeypatch, capsys):
    report = simulate.Milestones.__call__

    def stop(self, row):
        if abs(row["tau"] - 0.03) < 1e-9:
            os.kill(os.getpid(), signal.SIGINT)
        report(self, row)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with monkeypatch.context() as patch:
        patch.setattr(simulate.Milestones, "__call__", stop)
        assert command(*SMALL, "--out", tmp_path) == 128 + signal.SIGINT
    signal.signal(signal.SIGINT, before)
    error = capsys.readouterr().err
    assert "SIGINT at t = 0.03" in error
    assert "go on with --resume" in error
    assert command(*SMALL, "--resume", "--out", tmp_path) == 0
    assert "goes on from there" in capsys.readouterr().out


def test_a_result_that_cannot_be_written_is_not_computed_again(tmp_path, monkeypatch, capsys):
    def fail(*_):
        raise OSError("the disk is gone")

    with monkeypatch.context() as patch:
        patch.setattr("reduced.runs.results.save", fail)
        assert command(*SMALL, "--out", tmp_path) == 1
    monkeypatch.setattr("scipy.integrate.solve_ivp", lambda *_, **__: pytest.fail("computed"))
    assert command(*SMALL, "--resume", "--out", tmp_path) == 0
    assert "finished" in capsys.readouterr().out


@pytest.mark.parametrize("seed", [2**63, 2**127 + 1])
def test_a_seed_that_no_file_can_hold_is_refused_before_it_runs(seed, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("scipy.integrate.solve_ivp", lambda *_, **__: pytest.fail("computed"))
    assert command(*SMALL, "--seed", seed, "--out", tmp_path) == 2
    error = capsys.readouterr().err
    assert "seed = " in error
    assert error.count("\n") == 1


def test_the_largest_seed_is_stored(tmp_path):
    assert command(*SMALL, "--seed", 2**63 - 1, "--out", tmp_path) == 0
    with xr.open_dataset(tmp_path / "result.nc", engine="h5netcdf") as result:
        assert result.seed.values.tolist() == [2**63 - 1]
