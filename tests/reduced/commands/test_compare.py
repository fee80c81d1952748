import json
import shutil

import numpy as np
import pytest
import xarray as xr

from reduced.commands import compare, simulate
from reduced.console.answer import run
from reduced.console.entry import main

SMALL = ["--p", "7", "--hidden", "40", "--slow-time", "0.1", "--step", "0.05"]


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Two runs that differ in one option and in their seeds."""
    folder = tmp_path_factory.mktemp("runs")
    for name, more in {"plain": [], "ridged": ["--ridge", "0.1", "--seeds", "2"]}.items():
        assert run(simulate.main, simulate.Options, [*SMALL, *more, "--out", str(folder / name)]) == 0
    return folder


def printed(folder, capsys, *names):
    paths = [str(folder / name / "result.nc") for name in names]
    assert main(["compare", *paths, "--out", str(folder / "pictures" / "both.png")]) == 0
    return capsys.readouterr().out


def test_the_table_says_what_differs_and_what_came_of_it(runs, capsys):
    head, plain, ridged, *rest = printed(runs, capsys, "plain", "ridged").splitlines()
    assert head.split()[:3] == ["run", "ridge", "seed"]
    assert plain.split()[:3] == ["plain", "0.0", "0"]
    assert ridged.split()[:4] == ["ridged", "0.1", "0,", "1"]
    with xr.open_dataset(runs / "ridged" / "result.nc", engine="h5netcdf") as result:
        last = result.squared_norm_W1.isel(tau=-1).values
    assert f"{last.mean():.4g} ± {last.std():.2g}" in ridged
    assert rest == [f"wrote {runs / 'pictures' / 'both.png'}"]
    assert (runs / "pictures" / "both.png").stat().st_size > 10_000


def test_the_time_of_generalization_is_that_of_the_curve(runs, tmp_path, capsys):
    with xr.open_dataset(runs / "plain" / "result.nc", engine="h5netcdf") as result:
        changed = result.load().copy()
    changed["test_accuracy"][:] = np.where(changed.tau < 0.0499, 0.0, 1.0)
    (tmp_path / "late").mkdir()
    changed.to_netcdf(tmp_path / "late" / "result.nc", engine="h5netcdf")
    shutil.copytree(runs / "plain", tmp_path / "plain")
    late = printed(tmp_path, capsys, "plain", "late").splitlines()[2].split()
    assert float(late[1]) == pytest.approx(0.05, abs=0.011)


def test_runs_of_one_name_are_told_apart_by_their_paths(runs, tmp_path, capsys):
    shutil.copytree(runs / "plain", tmp_path / "plain")
    files = [str(folder / "plain" / "result.nc") for folder in (runs, tmp_path)]
    assert main(["compare", *files, "--out", str(tmp_path / "both.png")]) == 0
    assert all(file in capsys.readouterr().out for file in files[1:])


@pytest.mark.parametrize("names", [(), ("plain",), ("plain", "plain"), ("plain", "nothing")])
def test_what_cannot_be_compared_is_refused_before_anything_is_written(names, runs, tmp_path, capsys):
    status = main(
        ["compare", *(str(runs / name / "result.nc") for name in names), "--out", str(tmp_path / "both.png")]
    )
    assert status == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "both.png").exists()


def test_differences_are_those_of_the_stored_options(runs):
    with xr.open_dataset(runs / "ridged" / "result.nc", engine="h5netcdf") as result:
        assert json.loads(result.attrs["options"])["ridge"] == 0.1
    stored = [compare.stored_experiments(runs / name / "result.nc") for name in ("plain", "ridged")]
    assert compare.differences(stored) == [{"ridge": "0.0", "seed": "0"}, {"ridge": "0.1", "seed": "0, 1"}]
