import json
import os
import shutil
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
import xarray as xr

from reduced.commands import sweep
from reduced.console.answer import run
from reduced.runs import store
from reduced.runs.executors import local
from reduced.runs.experiment import Experiment
from reduced.runs.parallel import pinned_pool
from reduced.runs.sweep import execute, grid

GRID = ["--p", "5", "--hidden", "9", "30", "--seed", "0", "1", "--slow-time", "0.05"]
GRID += ["--integrator", "paper-euler", "--step", "1e-2"]


def command(folder, *arguments):
    return run(sweep.main, sweep.Options, [*GRID, "--out", str(folder), *map(str, arguments)])


def results(folder):
    return {path.name: path.stat().st_mtime_ns for path in (folder / "runs").glob("*.nc")}


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """Two widths by two seeds; width 9 is too narrow for the 10 training samples."""
    folder = tmp_path_factory.mktemp("finished")
    assert command(folder) == 1
    return folder


@pytest.fixture
def swept(finished, tmp_path):
    """A copy to write in, with the times of its files."""
    return shutil.copytree(finished, tmp_path, dirs_exist_ok=True)


def test_a_failed_run_is_recorded_and_the_others_go_on(swept, capsys):
    assert len(results(swept)) == 2
    errors = [json.loads(path.read_text()) for path in (swept / "runs").glob("*.error.json")]
    assert {error["options"]["hidden"] for error in errors} == {9}
    assert all("d_h = 9 is less than the 10 training samples" in error["error"] for error in errors)


def test_a_ridge_of_zero_that_is_given_stays_and_an_absent_one_is_chosen(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.csv").write_text("a,b,c\n" + "\n".join(f"{i},{i * i % 7},{i % 2}" for i in range(20)))
    rows = ["--data", "own.csv", "--hidden", "9", "--slow-time", "0.02", "--dry-run", "--out", "swept"]
    assert run(sweep.main, sweep.Options, rows) == 0
    chosen = capsys.readouterr().out
    assert "ridge = 0.014: chosen" in chosen
    assert "ridge=0.014" in chosen
    assert run(sweep.main, sweep.Options, [*rows, "--ridge", "0", "0.5"]) == 0
    given = capsys.readouterr().out
    assert "chosen" not in given
    assert "ridge=0.5" in given
    assert "ridge=0.014" not in given
    assert (
        run(sweep.main, sweep.Options, [word for word in rows if word != "--dry-run"] + ["--ridge", "0"]) != 0
    )
    assert "d_h = 9 is less than the 14 training samples and ridge = 0" in capsys.readouterr().err


def test_results_assemble_under_the_options_that_differ(swept):
    with xr.open_dataset(swept / "sweep.nc", engine="h5netcdf") as result:
        assert result.sizes == {"tau": 6, "hidden": 1, "seed": 2}
        assert result.nfev.squeeze().values.tolist() == [5, 5]
    assert command(swept, "--ridge", 0, 1e-2) == 1
    with xr.open_dataset(swept / "sweep.nc", engine="h5netcdf") as result:
        assert set(result.test_accuracy.dims) == {"hidden", "ridge", "seed", "tau"}
        finished = result.squared_norm_W1.isel(tau=-1).notnull()
        assert finished.sel(hidden=30).all()
        assert finished.sel(hidden=9, ridge=1e-2).all()
        assert not finished.sel(hidden=9, ridge=0).any()
        assert result.nfev.sel(hidden=9, ridge=0).isnull().all()


def test_only_what_is_missing_runs_again(swept, capsys):
    before = results(swept)
    store.result_path(swept, grid_of_30(1)).unlink()
    assert command(swept, "--hidden", 30) == 0
    assert "1 runs were stored, 1 are new, 0 failed" in capsys.readouterr().out
    after = results(swept)
    assert after.keys() == before.keys()
    assert sum(after[name] != before[name] for name in after) == 1


def grid_of_30(seed):
    return Experiment(p=5, hidden=30, slow_time=0.05, integrator="paper-euler", step=1e-2, seed=seed)


def test_a_run_that_succeeds_forgets_its_failure(swept):
    store.store_error(swept, grid_of_30(0), "an old failure")
    store.result_path(swept, grid_of_30(0)).unlink()
    assert command(swept, "--hidden", 30) == 0
    assert not store.error_path(swept, grid_of_30(0)).exists()


def test_a_dry_run_says_what_would_run_and_writes_nothing(swept, tmp_path, capsys):
    before = sorted(os.listdir(swept / "runs"))
    assert command(swept, "--dry-run") == 0
    printed = capsys.readouterr().out
    assert printed.count("(failed before)") == 2
    assert "2 runs to do, 2 stored; roughly 0 seconds" in printed
    assert sorted(os.listdir(swept / "runs")) == before
    assert command(tmp_path / "new", "--dry-run") == 0
    assert not (tmp_path / "new").exists()


def test_the_same_run_named_twice_runs_once(tmp_path, capsys):
    assert command(tmp_path, "--hidden", 30, "--seed", 1, 1, 1) == 0
    assert "1 are new" in capsys.readouterr().out


def test_a_second_sweep_of_a_folder_is_kept_out(tmp_path, capsys):
    with store.locked(tmp_path):
        assert command(tmp_path) == 2
    assert "another sweep is at work there" in capsys.readouterr().err
    assert results(tmp_path) == {}


def test_the_lock_of_a_killed_sweep_is_free(tmp_path):
    hold = f"from pathlib import Path; from reduced.runs.store import locked; lock = locked(Path({str(tmp_path)!r}));"
    code = hold + "lock.__enter__(); print('held', flush=True); import time; time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(ValueError, match="another sweep"), store.locked(tmp_path):
            pass
        holder.kill()
    with store.locked(tmp_path):
        pass


def kill_the_worker_once(experiment):
    mark = Path(os.environ["MARKS"]) / "killed"
    if experiment.seed == 1 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return experiment.seed


def kill_the_worker_of_seed_1(experiment):
    if experiment.seed == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return experiment.seed


def test_runs_whose_worker_died_start_once_more(tmp_path, monkeypatch):
    monkeypatch.setenv("MARKS", str(tmp_path))
    outcomes = list(execute(grid({"seed": range(3)}), partial(local, 2), kill_the_worker_once))
    assert sorted(outcome.trajectory for outcome in outcomes) == [0, 1, 2]


def test_a_run_that_kills_its_worker_twice_fails_alone():
    outcomes = {
        one.experiment.seed: one
        for one in execute(grid({"seed": range(4)}), partial(local, 2), kill_the_worker_of_seed_1)
    }
    assert {seed: one.trajectory for seed, one in outcomes.items()} == {0: 0, 1: None, 2: 2, 3: 3}
    assert "died twice" in outcomes[1].error


def test_a_damaged_result_is_named(swept, capsys):
    path = store.result_path(swept, grid_of_30(0))
    path.write_bytes(path.read_bytes()[:500])
    assert command(swept, "--hidden", 30) == 2
    assert f"{path}: damaged; delete it and sweep again" in capsys.readouterr().err


def test_nothing_finished_is_named(tmp_path, capsys):
    assert command(tmp_path, "--hidden", 9) == 2
    assert "no run is finished" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--hidden", "wide"], "Could not find valid parse for arguments: ['wide'] (--help"),
        (["--activation", "relu", "rela"], "activation = 'rela': choose one of relu, "),
        (["--integrator", "paper-eular"], "did you mean 'paper-euler'?"),
    ],
)
def test_a_users_mistake_is_one_line(arguments, message, tmp_path, capsys):
    assert command(tmp_path, *arguments) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_a_scheduler_that_is_not_there_is_one_line(tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert command(tmp_path, "--scheduler", "tcp://127.0.0.1:1") == 2
    assert "needs dask.distributed" in capsys.readouterr().err


def test_every_pool_has_a_worker_at_least():
    with pinned_pool(0) as pool:
        assert pool.submit(abs, -1).result() == 1
