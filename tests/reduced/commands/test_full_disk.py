"""A disk that is full: the first write that fails ends every command with one line, and nothing is tried again."""

import os
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from reduced.claims import Claim
from reduced.console.entry import main

RUN = ["--p", "5", "--hidden", "30", "--slow-time", "0.05", "--integrator", "paper-euler", "--step", "1e-2"]
LOSS = ["(a*b-1)**2 + lam*(a**2+b**2)", "--slow", "a", "--fast", "b", "--set", "lam=0.1", "--start", "a=2"]
#: Command line, the name that is written when the disk is full, and how often it has been written before.
WRITES = {
    "a checkpoint on the way": (["simulate", *RUN, "--checkpoint-every", "1e-9"], "checkpoint-seed0", 0),
    "the second checkpoint": (["simulate", *RUN, "--checkpoint-every", "1e-9"], "checkpoint-seed0", 1),
    "the checkpoint at the end": (["simulate", *RUN], "checkpoint-seed0", 0),
    "the result": (["simulate", *RUN], "result.nc", 0),
    "a run of a sweep": (["sweep", *RUN], ".nc", 0),
    "the whole sweep": (["sweep", *RUN], "sweep.nc", 0),
    "why a run failed": (["sweep", *RUN, "--hidden", "9"], ".error.json", 0),
    "the empty table of claims": (["validate", "--json", "table.json"], "table.json", 0),
    "the table after a claim": (["validate", "--json", "table.json"], "table.json", 1),
    "the path of a loss": (["decouple", *LOSS], "trajectory.csv", 0),
}
#: Command line, the function that writes without a temporary file, and the name that it is given.
OTHERS = {
    "a picture of a run": (["simulate", *RUN], (Figure, "savefig"), "circles.png"),
    "a picture of a loss": (["decouple", *LOSS], (Figure, "savefig"), "trajectory.png"),
    "a model": (["decouple", *LOSS], (Path, "write_text"), "model.py"),
    "a derivation": (["decouple", *LOSS], (Path, "write_text"), "derivation.html"),
}


def full(*_, **__):
    raise OSError(28, "No space left on device")


@pytest.fixture
def command(tmp_path, monkeypatch, capsys):
    """Run a command line in a folder of its own, and say how it ended and on which line."""
    monkeypatch.chdir(tmp_path)
    claim = Claim("closed forms", "one", "Section 1", lambda: 0.0, 0.0, 1e-3, "rounding", method="by hand")
    monkeypatch.setattr("reduced.claims.all_claims", lambda: [claim])

    def call(words):
        status = main([*words, *(["--out", "out"] if words[0] != "validate" else [])])
        return status, capsys.readouterr().err.splitlines()[-1]

    return call


@pytest.mark.parametrize("write", WRITES)
def test_a_write_that_fails_ends_the_command(write, command, monkeypatch):
    words, name, before = WRITES[write]
    replace, tried = os.replace, []

    def replaced(source, target):
        if str(target).endswith(name):
            tried.append(target)
            if len(tried) > before:
                full()
        replace(source, target)

    monkeypatch.setattr(os, "replace", replaced)
    status, line = command(words)
    assert (status, len(tried)) == (1, before + 1)
    assert line.endswith("No space left on device")
    assert not list(Path().rglob(f".*{name}.*"))


@pytest.mark.parametrize("write", OTHERS)
def test_a_file_that_cannot_be_written_ends_the_command(write, command, monkeypatch):
    words, (owner, function), name = OTHERS[write]
    original = getattr(owner, function)

    def written(*arguments, **options):
        if any(str(one).endswith(name) for one in arguments):
            full()
        return original(*arguments, **options)

    monkeypatch.setattr(owner, function, written)
    status, line = command(words)
    assert status == 1
    assert line.endswith("No space left on device")
