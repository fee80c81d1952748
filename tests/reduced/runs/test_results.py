import json
import os

import numpy as np
import pytest
import xarray as xr

from reduced.runs.experiment import Experiment, run
from reduced.runs.results import dataset, run_name, save, summary, writable_folder


@pytest.fixture(scope="module")
def result():
    experiments = [
        Experiment(p=5, hidden=30, slow_time=0.05, step=1e-2, integrator="paper-euler", seed=seed)
        for seed in (0, 1)
    ]
    return dataset(experiments, [run(experiment) for experiment in experiments])


def test_a_result_survives_the_disk_with_units_and_provenance(result, tmp_path):
    save(result, tmp_path / "result.nc")
    with xr.open_dataset(tmp_path / "result.nc", engine="h5netcdf") as read:
        xr.testing.assert_identical(read.load(), result)
    assert os.listdir(tmp_path) == ["result.nc"]
    assert all("units" in result[name].attrs for name in ("tau", "test_accuracy", "speed"))
    assert np.all(result.readout_tolerance == 0)
    assert json.loads(result.attrs["options"])["hidden"] == 30
    assert set(json.loads(result.attrs["versions"])) >= {"python", "numpy", "scipy", "sympy"}


def test_a_failed_write_leaves_the_old_result(result, tmp_path, monkeypatch):
    save(result, tmp_path / "result.nc")
    monkeypatch.setattr(xr.Dataset, "to_netcdf", lambda *_, **__: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        save(result, tmp_path / "result.nc")
    assert os.listdir(tmp_path) == ["result.nc"]
    monkeypatch.undo()
    with xr.open_dataset(tmp_path / "result.nc", engine="h5netcdf") as read:
        assert np.array_equal(read.W1, result.W1)


def test_summary_has_a_line_a_seed(result):
    assert [line.split(":")[0] for line in summary(result).splitlines()] == ["seed 0", "seed 1"]


@pytest.mark.parametrize(("integrator", "tolerance"), [("paper-euler", 1e-4), ("resolved", 5e-4)])
def test_a_readout_that_was_iterated_says_so_where_its_numbers_are_read(integrator, tolerance, monkeypatch):
    monkeypatch.setattr("reduced.readout.iterated.CROSSING", 0.0)
    step = 2e-3 if integrator == "paper-euler" else None
    experiment = Experiment(p=5, hidden=30, slow_time=0.02, step=step, integrator=integrator)
    result = dataset([experiment], [run(experiment)])
    assert result.readout_tolerance.values == pytest.approx([tolerance])
    for name in ("residual", "gram_condition"):
        assert "readout_tolerance > 0" in result[name].attrs["long_name"]
    assert f"(readout iterated to {tolerance:.0e})" in summary(result)


def test_a_run_is_named_by_its_options():
    names = {run_name(Experiment(p=p), seeds) for p in (5, 7) for seeds in (1, 2)}
    assert len(names) == 4


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ValueError, match=r"cannot be written .*choose another folder"):
        writable_folder(tmp_path / "file" / "below")
