import json

import numpy as np
import pytest
import xarray as xr
from PIL import Image

from reduced import Activation, first_layer_flow
from reduced.commands import simulate
from reduced.console.answer import run
from reduced.network.losses import LOSSES
from reduced.runs.experiment import Experiment, bound_flow, draw
from reduced.runs.replay import FRAMES
from reduced.runs.results import run_name, stored_experiments

SMALL = ["--p", "7", "--hidden", "40", "--slow-time", "0.3"]
SMALL += ["--integrator", "paper-euler", "--step", "1e-2"]


def test_a_small_run_writes_its_result_and_figure(tmp_path, capsys):
    assert run(simulate.main, simulate.Options, [*SMALL, "--out", str(tmp_path)]) == 0
    with xr.open_dataset(tmp_path / "result.nc", engine="h5netcdf") as result:
        assert float(result.squared_norm_W1.isel(seed=0, tau=-1)) == pytest.approx(32.88, rel=1e-3)
        assert json.loads(result.attrs["options"])["integrator"] == "paper-euler"
    for name in ("learning_curves", "norms", "circles"):
        assert (tmp_path / f"{name}.png").stat().st_size > 10_000
    printed = capsys.readouterr().out
    assert "an Euler step of 0.01 takes |W1|^2 from" in printed
    assert "test accuracy 0.95 at tau = never" in printed


def test_circles_move_while_the_accuracy_rises(tmp_path):
    assert run(simulate.main, simulate.Options, [*SMALL, "--animate", "--out", str(tmp_path)]) == 0
    with Image.open(tmp_path / "circles.gif") as picture:
        assert picture.n_frames == FRAMES
        picture.seek(0)
        first = np.asarray(picture.convert("L"), dtype=float)
        picture.seek(FRAMES - 1)
        assert np.abs(np.asarray(picture.convert("L"), dtype=float) - first).mean() > 0.2


def test_a_run_without_circles_is_not_animated(tmp_path, capsys):
    arguments = [
        "--p",
        "7",
        "--symmetry",
        "translation",
        "--templates",
        "4",
        "--animate",
        "--out",
        str(tmp_path),
    ]
    assert run(simulate.main, simulate.Options, arguments) == 2
    assert "animate = True: circles of an embedding belong to tasks on residues" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("loss", [name for name in LOSSES if name != "squared"])
def test_every_loss_runs_and_stores_its_gap(loss, tmp_path, capsys):
    arguments = [
        *SMALL,
        "--loss",
        loss,
        "--ridge",
        "0.01",
        "--integrator",
        "resolved",
        "--out",
        str(tmp_path),
    ]
    assert run(simulate.main, simulate.Options, arguments) == 0
    with xr.open_dataset(tmp_path / "result.nc", engine="h5netcdf") as result:
        assert float(result.duality_gap.max()) <= 1e-6
        assert "residual" not in result
        assert json.loads(result.attrs["options"])["loss"] == loss
    printed = capsys.readouterr().out
    assert "largest duality gap" in printed
    assert loss in run_name(Experiment(loss=loss, ridge=0.01), 1)


def test_seeds_run_side_by_side(tmp_path):
    arguments = [*SMALL, "--seeds", "2", "--seed", "3", "--integrator", "resolved", "--out", str(tmp_path)]
    assert run(simulate.main, simulate.Options, arguments) == 0
    with xr.open_dataset(tmp_path / "result.nc", engine="h5netcdf") as result:
        assert result.seed.values.tolist() == [3, 4]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--p", "1"], "p = 1: must be an integer >= 2"),
        (["--p", "seven"], "Error parsing --p: invalid literal for int() with base 10: 'seven'"),
        (["--train-fraction", "1"], "train_fraction = 1.0: must lie strictly between 0 and 1"),
        (["--hidden", "5"], "hidden width d_h = 5 is less than the 20 training samples and ridge = 0"),
        (["--ridge", "-1"], "ridge = -1.0: must be a finite number >= 0"),
        (["--step", "0"], "step = 0.0: must be a positive number"),
        (["--slow-time", "-2"], "slow_time = -2.0: must be a positive number"),
        (["--seeds", "0"], "seeds = 0: must be an integer >= 1"),
        (["--activation", "rela"], "did you mean 'relu'?"),
        (["--integrator", "paper-eular"], "did you mean 'paper-euler'?"),
        (["--loss", "crossentropy", "--ridge", "1"], "did you mean 'cross_entropy'?"),
        (
            ["--loss", "cross_entropy"],
            "ridge = 0: with loss 'cross_entropy', the loss has no minimum at finite weights",
        ),
        (
            ["--loss", "squared_hinge"],
            "hard-margin problem with inequalities, which is not solved here; set ridge > 0",
        ),
        (["--wide", "3"], "no option --wide"),
    ],
)
def test_a_users_mistake_is_one_line(arguments, message, tmp_path, capsys):
    status = run(simulate.main, simulate.Options, [*SMALL, "--out", str(tmp_path / "out"), *arguments])
    error = capsys.readouterr().err
    assert status == 2
    assert message in error
    assert error.count("\n") == 1


def test_an_output_folder_is_tried_before_computing(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(simulate, "run_seeds", lambda *_, **__: pytest.fail("computed"))
    (tmp_path / "file").write_text("")
    assert run(simulate.main, simulate.Options, [*SMALL, "--out", str(tmp_path / "file" / "out")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_a_run_that_diverges_is_one_line(tmp_path, capsys):
    arguments = [*SMALL, "--step", "3", "--slow-time", "3000", "--out", str(tmp_path)]
    status = run(simulate.main, simulate.Options, arguments)
    assert status == 1
    assert "stopped at t = " in capsys.readouterr().err


def test_help_explains_every_option(capsys):
    with pytest.raises(SystemExit) as stop:
        run(simulate.main, simulate.Options, ["--help"])
    assert stop.value.code == 0
    assert "slow time" in capsys.readouterr().out


def test_an_activation_of_ones_own_runs_and_is_stored(tmp_path, capsys):
    arguments = [*SMALL, "--activation", "z/(1+exp(-z))", "--out", str(tmp_path)]
    assert run(simulate.main, simulate.Options, arguments) == 0
    (stored,) = stored_experiments(tmp_path / "result.nc")
    assert stored.activation == "z/(1+exp(-z))"
    swish = Activation("swish", "z/(1+exp(-z))", None)
    train, _, W1 = draw(stored)
    flow = first_layer_flow(train.X, train.Y, swish)
    assert np.array_equal(bound_flow(stored, train)(0.0, W1), flow(0.0, W1))
    assert "z-1-exp-z" in run_name(stored, 1)


def test_a_file_says_what_it_holds_and_which_ridge_it_takes(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = np.random.default_rng(0).normal(size=(20, 3)).round(3)
    (tmp_path / "own.csv").write_text("a,b,c\n" + "\n".join(",".join(map(str, row)) for row in rows))
    arguments = ["--data", "own.csv", "--hidden", "9", "--slow-time", "0.05", "--out", "here"]
    assert run(simulate.main, simulate.Options, arguments) == 0
    printed = capsys.readouterr().out
    assert "own.csv: 20 rows of 2 inputs; to learn: 'c', numbers" in printed
    assert "ridge = 0.014: chosen, since 14 training samples are more than the 9 hidden units" in printed
    assert run(simulate.main, simulate.Options, [*arguments, "--ridge", "0"]) == 2
    refused = capsys.readouterr()
    assert refused.out == ""
    assert refused.err.count("\n") == 1
    assert "ridge = 0: 14 training samples are more than the 9 hidden units" in refused.err
    assert "leave out --ridge, which chooses one, or take --hidden 14 or more" in refused.err
    assert "test error" in printed.splitlines()[4]
    assert "test error 0.05 at tau = " in printed
    assert run(simulate.main, simulate.Options, ["--from", "here/result.nc", "--out", "again"]) == 0
    with xr.open_dataset("here/result.nc") as one, xr.open_dataset("again/result.nc") as other:
        assert np.array_equal(one.W1, other.W1)
    (tmp_path / "own.csv").write_text("a,b,c\n1,2,3\n")
    capsys.readouterr()
    assert run(simulate.main, simulate.Options, ["--from", "here/result.nc", "--out", "again"]) == 2
    assert "own.csv changed since this result was made" in capsys.readouterr().err


def test_an_old_name_is_refused_with_the_new_one(capsys):
    assert run(simulate.main, simulate.Options, ["--operation", "add"]) == 2
    assert "--operation is now called --task" in capsys.readouterr().err
