"""``grokking-reduced predict``: a start and a stored result beside the laws, and one line for what it cannot judge."""

import pytest

from reduced.console.entry import main
from reduced.predictors.law import laws

SMALL = ["--p", "7", "--hidden", "40", "--train-fraction", "0.8"]


def rows(printed):
    return {name: line for line in printed.splitlines() for name in laws() if line.startswith(name)}


def test_a_start_has_a_row_for_every_law_and_steps_on_demand(capsys):
    assert main(["predict", *SMALL, "--init-factor", "2"]) == 0
    plain = rows(capsys.readouterr().out)
    assert set(plain) == set(laws())
    assert (
        main(["predict", *SMALL, "--learning-rate", "0.1", "--weight-decay", "0.01", "--momentum", "0.5"])
        == 0
    )
    clock = rows(capsys.readouterr().out)["heavy-ball clock"].split()
    tau, steps = float(clock[3]), int(clock[4])
    assert steps == pytest.approx(500 * tau, abs=3)


def test_a_stored_result_is_measured_beside_the_laws(tmp_path, capsys):
    folder = tmp_path / "run"
    assert main(["simulate", *SMALL, "--slow-time", "0.5", "--out", str(folder)]) == 0
    capsys.readouterr()
    assert main(["predict", "--from", str(folder / "result.nc")]) == 0
    assert "norm separation" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--ridge", "0.1"], "ridge = 0.1"),
        (["--loss", "logistic", "--ridge", "0.1"], "loss = logistic"),
        (["--momentum", "1"], "momentum = 1.0"),
        (["--learning-rate", "1"], "learning_rate, weight_decay"),
        (["--from", "missing.nc"], "missing.nc"),
        (["--from", "missing.nc", "--p", "7"], "leave out the others"),
    ],
)
def test_what_cannot_be_judged_is_refused_in_one_line(options, named, capsys):
    assert main(["predict", *options]) == 2
    error = capsys.readouterr().err
    assert named in error
    assert error.count("\n") == 1
