"""Processes that are killed, disks that fill, folders that are shared: nothing lost, nothing wrong, a clear line."""

import os
import random
import resource
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest
import xarray as xr

pytestmark = pytest.mark.faults
SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
FLOW = ["--integrator", "resolved", "--p", 23, "--hidden", 384]
LONG = ["--integrator", "paper-euler", "--p", 19, "--hidden", 256, "--slow-time", 4]
SEEDS = [*LONG, "--slow-time", 2, "--seeds", 2]
SHORT = ["--integrator", "paper-euler", "--p", 5, "--hidden", 30, "--slow-time", 0.05]


@pytest.fixture
def start():
    """Starts a script in a process of its own; what still runs after the test is killed."""
    started = []

    def begin(script, *arguments, **options):
        command = [sys.executable, str(SCRIPTS / f"{script}.py"), *map(str, arguments)]
        pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
        started.append(subprocess.Popen(command, **pipes, **options))
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def until(condition, seconds=120):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def children(process):
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(child) for child in listed.read_text().split()]


def alive(pid):
    """Whether a process runs; one that ended and was not waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def stored(folder):
    """Finished runs of a sweep, and when each was stored."""
    return {path.name: path.stat().st_mtime_ns for path in (folder / "runs").glob("*.nc")}


def has_stored(folder, runs):
    return len(stored(folder)) >= runs


def none_alive(pids):
    return not any(map(alive, pids))


def written(folder):
    """When the checkpoint of a run was last written; None if there is none."""
    try:
        return (folder / "checkpoint-seed0").stat().st_mtime_ns
    except FileNotFoundError:
        return None


def numbers(folder):
    """All that a result holds except its wall time, date and command."""
    with xr.open_dataset(folder / "result.nc", engine="h5netcdf") as result:
        return result.load().drop_vars("seconds")


def one_line(process):
    error = process.communicate(timeout=300)[1]
    assert error.count("\n") == 1, error
    return error


def small_files():
    """No file of this process may grow beyond 20 kB: writing fails as on a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))


@pytest.mark.parametrize("options", [LONG, FLOW], ids=["paper-euler", "resolved"])
def test_a_run_killed_at_ten_random_moments_ends_bit_identical(options, start, tmp_path):
    assert start("simulate", *options, "--out", tmp_path / "whole").wait(300) == 0
    moments, hits = random.Random(0), 0
    folder = tmp_path / "killed"
    for _ in range(10):
        before = written(folder)
        process = start("simulate", *options, "--checkpoint-every", 0.05, "--resume", "--out", folder)
        until(lambda at=before, run=process: written(folder) != at or run.poll() is not None)
        time.sleep(moments.uniform(0.0, 0.4))
        hits += process.poll() is None
        process.kill()
        process.wait()
    assert hits >= 8
    assert start("simulate", *options, "--resume", "--out", folder).wait(300) == 0
    assert numbers(folder).equals(numbers(tmp_path / "whole"))
    assert sorted(path.name for path in folder.iterdir() if path.suffix) == [
        "circles.png",
        "learning_curves.png",
        "norms.png",
        "result.nc",
    ]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Two seeds that were not interrupted."""
    folder = tmp_path_factory.mktemp("whole")
    command = [sys.executable, str(SCRIPTS / "simulate.py"), *map(str, SEEDS), "--out", str(folder)]
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return numbers(folder)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_several_seeds_save_when_their_parent_ends(number, start, whole, tmp_path):
    folder = tmp_path / "ended"
    process = start("simulate", *SEEDS, "--checkpoint-every", 0.2, "--out", folder)
    until(lambda: len(list(folder.glob("checkpoint-seed*"))) == 2)
    workers = children(process)
    process.send_signal(number)
    assert process.wait(60) != 0
    until(partial(none_alive, workers))
    assert start("simulate", *SEEDS, "--resume", "--out", folder).wait(300) == 0
    assert numbers(folder).equals(whole)


def test_a_seed_that_finished_before_the_kill_is_not_computed_again(start, whole, tmp_path):
    """One seed more than cores: the last one starts when another is finished."""
    seeds = (os.cpu_count() or 1) + 1
    options = [*SEEDS, "--seeds", seeds, "--out", tmp_path]
    process = start("simulate", *options, "--checkpoint-every", 0.05)
    until((tmp_path / f"checkpoint-seed{seeds - 1}").exists)
    workers = children(process)
    process.kill()
    process.wait()
    until(partial(none_alive, workers))
    command = [sys.executable, str(SCRIPTS / "simulate.py"), *map(str, options), "--resume"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert ": finished" in printed
    assert numbers(tmp_path).isel(seed=slice(2)).equals(whole)


def test_a_sweep_of_200_runs_killed_three_times_computes_each_once(start, tmp_path):
    options = [*SHORT, "--seed", *range(100), "--train-fraction", 0.5, 0.7, "--out", tmp_path]
    before = {}
    for killed_at in (50, 100, 150):
        process = start("sweep", *options)
        until(partial(has_stored, tmp_path, killed_at))
        workers = children(process)
        process.kill()
        process.wait()
        until(partial(none_alive, workers))
        after = stored(tmp_path)
        assert before.items() <= after.items()
        before = after
    assert start("sweep", *options).wait(300) == 0
    assert before.items() <= stored(tmp_path).items()
    assert len(stored(tmp_path)) == 200
    with xr.open_dataset(tmp_path / "sweep.nc", engine="h5netcdf") as result:
        assert result.squared_norm_W1.isel(tau=-1).notnull().sum() == 200


def test_a_worker_killed_under_a_sweep_loses_nothing(start, tmp_path):
    options = [*LONG, "--seed", *range(4), "--out", tmp_path]
    process = start("sweep", *options)
    until(partial(has_stored, tmp_path, 1))
    os.kill(children(process)[-1], signal.SIGKILL)
    error = process.communicate(timeout=300)[1]
    assert process.returncode == 0, error
    assert len(stored(tmp_path)) == 4


def test_ctrl_c_stops_a_sweep_in_one_line(start, tmp_path):
    process = start("sweep", *LONG, "--seed", *range(4), "--out", tmp_path)
    until(partial(has_stored, tmp_path, 1))
    workers = children(process)
    process.send_signal(signal.SIGINT)
    assert one_line(process) == "sweep.py: interrupted\n"
    assert process.returncode == 130
    until(partial(none_alive, workers))


def test_two_sweeps_of_one_folder_do_not_meet(start, tmp_path):
    options = [*SHORT, "--seed", *range(20), "--out", tmp_path]
    first = start("sweep", *options)
    until(partial(has_stored, tmp_path, 1))
    second = start("sweep", *options)
    assert "another sweep is at work there" in one_line(second)
    assert second.returncode == 2
    assert first.wait(300) == 0
    assert len(stored(tmp_path)) == 20


@pytest.mark.parametrize("script", ["simulate", "sweep"])
def test_a_full_disk_is_one_line_and_leaves_no_part(script, start, tmp_path):
    process = start(script, *SHORT, "--out", tmp_path, preexec_fn=small_files)
    assert "File too large" in one_line(process)
    assert process.returncode == 1
    kept = {"simulate": ["checkpoint-seed0"], "sweep": []}[script]  # a finished run, to go on from
    assert [path.name for path in tmp_path.rglob("*") if path.is_file() and path.name != "lock"] == kept


def test_a_disk_that_fills_under_a_checkpoint_keeps_the_last_one(start, tmp_path):
    options = [*LONG, "--checkpoint-every", 0.05, "--out", tmp_path]
    process = start("simulate", *options)
    until(lambda: (tmp_path / "checkpoint-seed0").exists())
    process.kill()
    process.wait()
    kept = (tmp_path / "checkpoint-seed0").read_bytes()
    process = start("simulate", *options, "--resume", preexec_fn=small_files)
    assert "File too large" in one_line(process)
    assert (tmp_path / "checkpoint-seed0").read_bytes() == kept


@pytest.mark.parametrize("script", ["simulate", "sweep"])
def test_a_folder_that_cannot_be_written_is_one_line(script, start):
    """The kernel's own folder takes no new file, not even from root."""
    process = start(script, *SHORT, "--out", "/proc/self/out")
    assert "cannot be written" in one_line(process)
    assert process.returncode == 2
