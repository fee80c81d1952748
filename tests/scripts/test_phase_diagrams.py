import numpy as np
import phase_diagrams
import pytest
import xarray as xr

from reduced.console.answer import run
from reduced.flows.scaling import rescaled_time
from reduced.runs.sweep import grid


def test_both_diagrams_are_swept_and_drawn(tmp_path, monkeypatch):
    tiny = {"p": [5], "hidden": [40], "integrator": ["resolved"], "slow_time": [0.2]}
    monkeypatch.setattr(
        phase_diagrams, "widths", lambda: grid({**tiny, "train_fraction": [0.5, 0.8], "hidden": [30, 40]})
    )
    scales = grid({**tiny, "train_fraction": [0.6, 0.7, 0.8], "init_factor": [0.5, 1.0]})
    monkeypatch.setattr(phase_diagrams, "scales", lambda: scales)
    assert run(phase_diagrams.main, phase_diagrams.Options, ["--out", str(tmp_path)]) == 0
    for name in ("fraction_width", "fraction_scale"):
        assert (tmp_path / f"phase_{name}.png").stat().st_size > 10_000
    with xr.open_dataset(tmp_path / "fraction_scale" / "sweep.nc", engine="h5netcdf") as result:
        assert result.sizes["init_factor"] == 2
        start = result.squared_norm_W1.isel(tau=0).squeeze()
        assert (start.sel(init_factor=1) / start.sel(init_factor=0.5)).values == pytest.approx(4)


def test_predictions_are_held_against_the_measured_times():
    times = xr.DataArray(
        [[[1.0], [rescaled_time(1.0, 2.0, 1) + 0.1], [rescaled_time(1.0, 4.0, 1)]]],
        coords={"train_fraction": [0.6], "init_factor": [1.0, 2.0, 4.0], "seed": [0]},
    )
    numbers = phase_diagrams.predictions(xr.Dataset({"grokking_time": times}))
    assert len(numbers) == 3
    assert numbers["mean and largest difference"] == pytest.approx((0.05, 0.1))


def test_accuracies_are_those_of_the_cells_that_ran():
    last = xr.DataArray(
        [[[[0.0, 0.5], [0.0, 1.0]], [[np.nan, np.nan], [np.nan, np.nan]]]],
        coords={"train_fraction": [0.6], "hidden": [40, 30], "seed": [0, 1], "tau": [0.0, 1.0]},
    )
    numbers = phase_diagrams.accuracies(xr.Dataset({"test_accuracy": last}))
    assert list(numbers.values()) == [(0.75, 0.5)]


def test_no_cell_lies_below_the_interpolation_threshold():
    assert len(phase_diagrams.widths()) == 120
    assert len(phase_diagrams.scales()) == 18
