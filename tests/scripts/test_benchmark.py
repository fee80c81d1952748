import subprocess
import sys

import numpy as np
import pytest
from _contestants import PEERS
from _race import race
from benchmark import package, table

from reduced.runs.experiment import Experiment, draw


@pytest.mark.parametrize("name", sorted(set(PEERS) - {"bare BLAS and LAPACK calls"}))
def test_contestants_compute_the_same_velocity(name):
    pytest.importorskip(package(name))
    train, _, W1 = draw(Experiment(p=7, hidden=40))
    expected = PEERS["generated field"](train.X, train.Y)(W1)
    found = PEERS[name](train.X, train.Y)(W1)
    assert np.linalg.norm(found - expected) < 1e-10 * np.linalg.norm(expected)


def test_every_contestant_is_timed_in_its_own_process_each_round(capsys):
    names = ["generated field", "bare BLAS and LAPACK calls", "printed formula, NumPy"]
    seconds = race(names, Experiment(p=7, hidden=40), threads=1, rounds=2)
    assert all((seconds[name] > 0).sum() == 2 for name in names)
    assert table(seconds)["generated field"]["ratio"] == 1
    assert "target 1.25" in capsys.readouterr().out


def test_start_up_leaves_the_heavypackages_alone():
    heavy = ("sympy", "matplotlib", "xarray", "pandas", "torch")
    code = f"import sys, reduced; print([m for m in {heavy} if m in sys.modules])"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "[]"
