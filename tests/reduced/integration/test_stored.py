"""What a trajectory shows of itself, and what of it survives a file."""

import xml.etree.ElementTree as xml

import numpy as np
import pytest
import xarray as xr

from reduced import Dataset, first_layer_flow, integrate, modular_addition, optimal_readout, zero_loss_flow
from reduced.claims.claim import Claim, check
from reduced.display import svg_curves

TRAIN, _ = modular_addition(5, 0.8, 0)
W1 = np.random.default_rng(0).standard_normal((5, 20)) / 5**0.5


def both_layers():
    start = W1, optimal_readout(TRAIN.X, TRAIN.Y)(W1)
    observe = {"observe": lambda tau, state: {"norm": np.sum(state[0] ** 2), "units": state[1][:, 0]}}
    return integrate(zero_loss_flow(TRAIN.X, TRAIN.Y), start, (0, 0.2), t_eval=[0.1, 0.2], **observe)


def test_a_trajectory_survives_a_file(tmp_path):
    path = both_layers()
    path.to_xarray().to_netcdf(tmp_path / "path.nc")
    with xr.open_dataset(tmp_path / "path.nc") as read:
        assert np.array_equal(read.time, path.t)
        assert np.array_equal(read.W1, path.y[0])
        assert np.array_equal(read.W2, path.y[1])
        assert np.array_equal(read.observation_time, path.observed["t"])
        assert np.array_equal(read.norm, path.observed["norm"])
        assert read.units.dims == ("observation_time", "units_0")
        assert read.time.attrs["long_name"] == "slow time τ = 2λt"
        assert read.time.attrs["units"] == "1"
        assert read.attrs["flow"].startswith("zero_loss_flow (samples 12")
        assert read.attrs["method"].startswith("relative_legendre")
        assert read.attrs["steps"] == path.steps
        assert {"commit", "blas", "grokking_reduced", "notes", "start", "seconds"} <= read.attrs.keys()


def test_a_plain_function_has_plain_names():
    path = integrate(lambda t, y: (-y[0], y[1]), (np.ones(2), np.ones((1, 3))), (0, 1), t_eval=[1.0])
    stored = path.to_xarray()
    assert stored.y1.dims == ("time", "y1_0")
    assert stored.y2.shape == (1, 1, 3)
    assert stored.time.attrs["long_name"] == "the flow's own time"


def test_an_observation_named_like_a_state_is_kept_apart():
    path = integrate(lambda t, y: -y, [1.0], (0, 1), observe=lambda t, y: {"y": y[0]})
    assert {"y", "observed_y"} <= set(path.to_xarray().data_vars)


def test_a_trajectory_shows_a_table_and_a_curve():
    path = both_layers()
    html = path._repr_html_()
    assert all(
        word in html for word in ("zero_loss_flow", "relative_legendre", "2 states of W1", "slow time")
    )
    picture = xml.fromstring(html[html.index("<svg") :])
    lines = picture.findall("polyline")
    assert len(lines) == 1  # the scalar that was observed; arrays have no curve
    ups = [float(point.split(",")[1]) for point in lines[0].get("points").split()]
    assert np.all(np.diff(ups) > 0)  # the norm falls, and pictures count from above
    assert "2 states" in repr(path)


def test_without_observations_the_norms_are_drawn():
    html = integrate(first_layer_flow(TRAIN.X, TRAIN.Y), W1, (0, 0.1))._repr_html_()
    assert "norm of W1" in html


def test_curves_that_are_not_finite_are_left_out():
    assert svg_curves(np.arange(2.0), {"y": np.array([np.nan, np.inf])}, "t") == ""
    assert svg_curves(np.zeros(1), {"y": np.zeros(1)}, "t") == ""
    assert "NaN" not in svg_curves(np.arange(3.0), {"<y>": np.array([1.0, np.nan, 1.0])}, "t")


CLAIM = Claim("paper's claims", "one < two", "nowhere", lambda: 1.0, 1.0, 0.1, "exact")


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (TRAIN, ("12", "samples", "classes")),
        (Dataset(np.eye(2), [0.3, 2.0]), ("samples", "outputs")),
        (CLAIM, ("one &lt; two", "1 ± 0.1")),
        (check(CLAIM), ("holds", "one &lt; two")),
        (first_layer_flow(TRAIN.X, TRAIN.Y), ("first_layer_flow", "relative_legendre", "slow time")),
    ],
)
def test_objects_show_what_they_are(shown, words):
    html = shown._repr_html_()
    xml.fromstring(f"<div>{html}</div>")
    assert all(word in html for word in words)
