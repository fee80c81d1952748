"""``grokking-reduced decouple``: five files from a formula, and a line for what is no use."""

import csv
import subprocess
import sys

import numpy as np
import pytest

from reduced.console.entry import main

LOSS = "(a*b-1)**2 + lam*(a**2+b**2)"
SPLIT = ("--slow", "a", "--fast", "b")
FILES = ("derivation.html", "derivation.tex", "model.py", "trajectory.csv", "trajectory.png")


def table(path):
    lines = path.read_text().splitlines()
    about = [line for line in lines if line.startswith("#")]
    rows = list(csv.reader(line for line in lines if not line.startswith("#")))
    return about, rows[0], np.array(rows[1:], dtype=float)


def run_alone(folder):
    """The generated program in an interpreter that does not see this package."""
    command = [sys.executable, "-I", str(folder / "model.py")]
    found = subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder)
    return np.array([line.split() for line in found.stdout.splitlines()[1:]], dtype=float)


def test_a_formula_becomes_five_files_that_agree(tmp_path, capsys):
    arguments = [LOSS, *SPLIT, "--set", "lam=0.1", "--start", "a=2", "--end", "30", "--out", str(tmp_path)]
    assert main(["decouple", *arguments]) == 0
    printed = capsys.readouterr().out
    assert "global minimum" in printed
    assert "lines hold" in printed
    assert all((tmp_path / name).stat().st_size > 500 for name in FILES)
    about, names, rows = table(tmp_path / "trajectory.csv")
    assert names == ["t", "a", "b", "cost"]
    assert any(line.startswith("# versions: python") for line in about)
    assert f"# loss: {LOSS}" in about
    a, b = rows[:, 1], rows[:, 2]
    np.testing.assert_allclose(b, a / (a**2 + 0.1), rtol=1e-12)
    np.testing.assert_allclose(rows[-1, 1:3], np.sqrt(0.9), atol=1e-4)
    alone = run_alone(tmp_path)
    np.testing.assert_allclose(alone[-1], rows[-1], atol=1e-6)
    page = (tmp_path / "derivation.html").read_text()
    assert "completing the square" in page
    assert 'class="failed"' not in page


def test_the_zero_loss_regime_runs_in_slow_time(tmp_path, capsys):
    arguments = [LOSS, *SPLIT, "--zero-loss", "lam", "--start", "a=2", "--end", "2", "--out", str(tmp_path)]
    assert main(["decouple", *arguments]) == 0
    _, names, rows = table(tmp_path / "trajectory.csv")
    assert names == ["tau", "a", "b", "cost/lam"]
    np.testing.assert_allclose(rows[:, 1] ** 4, 1 + 15 * np.exp(-4 * rows[:, 0]), rtol=1e-6)
    np.testing.assert_allclose(run_alone(tmp_path)[-1], rows[-1], atol=1e-6)


def test_without_a_closed_form_the_files_are_the_same_and_say_so(tmp_path, capsys):
    loss = "log(1 + exp(-a*b)) + lam*(a**2 + b**2)"
    arguments = [loss, *SPLIT, "--set", "lam=0.1", "--start", "a=1.5", "--end", "2", "--out", str(tmp_path)]
    assert main(["decouple", *arguments]) == 0
    assert "numerical search" in capsys.readouterr().out
    np.testing.assert_allclose(run_alone(tmp_path)[-1], table(tmp_path / "trajectory.csv")[2][-1], atol=1e-6)


@pytest.mark.parametrize(
    ("loss", "options", "message"),
    [
        (LOSS, {"set": None}, "'lam' is no symbol of it"),
        (LOSS, {"start": "b=1"}, "needs one number for each of a"),
        (LOSS, {"start": "a"}, "must be a name and a finite number"),
        (LOSS, {"start": "a=nan"}, "must be a name and a finite number"),
        (LOSS, {"set": "lam=0.1 lam=0.2"}, "is given twice"),
        (LOSS, {"set": "lam=0.1 mu=3"}, "does not occur in the loss"),
        (LOSS, {"set": "lam=0.1 a=3"}, "is a slow or fast parameter"),
        (LOSS, {"fast": "a"}, "each parameter belongs on one side"),
        (LOSS, {"fast": "exp"}, "cannot name a symbol"),
        (LOSS, {"fast": "b c"}, "must be one or more different symbols of the loss"),
        (LOSS, {"set": None, "zero_loss": "a"}, "no weight decay"),
        ("b*__import__('os').system('true')", {}, "is no function of it"),
        ("__import__('os').system('true')", {}, "no option"),
        ("b*__import__('os')", {}, "is no function of it"),
        ("a.b + b", {}, "is no number, no name and no call"),
        ("(lambda: b)() + a", {}, "is no function of it"),
        ("a*b +", {}, "is not a formula"),
        ("a*b*9**9**9 + lam*b**2", {}, "double precision"),
        ("a*b + lam*a**2", {}, "does not bend"),
        ("a*lam - b**2", {}, "no minimum"),
        ("sign(b) + b**2 + lam*a", {}, "jump"),
        ("a + b*" + "a" * 2000, {}, "characters"),
    ],
)
def test_what_is_no_use_is_answered_in_one_line(loss, options, message, tmp_path, capsys):
    given = {"slow": "a", "fast": "b", "set": "lam=0.1", "start": "a=2", "zero_loss": None} | options
    words = [loss]
    for name, text in given.items():
        words += [f"--{name.replace('_', '-')}", *text.split()] if text else []
    assert main(["decouple", *words, "--out", str(tmp_path / "out")]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_missing_start_is_named(tmp_path, capsys):
    assert main(["decouple", LOSS, *SPLIT, "--set", "lam=0.1", "--out", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert "start" in error
    assert error.count("\n") == 1
