"""The trajectory of a decoupled loss on disk: a table that says how it was made."""

import csv
import io
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from reduced.integration.atomic import replacing
from reduced.integration.environment import commit
from reduced.integration.trajectory import Trajectory


def write_table(path: Path, trajectory: Trajectory, names: Sequence[str], origin: Mapping[str, Any]) -> None:
    """Write time, slow parameters, fast optimum and cost as CSV; lines that begin with # say where they come from.

    Parameters
    ----------
    path : pathlib.Path
    trajectory : Trajectory
        From :func:`reduced.decoupled.simulate`.
    names : sequence of str
        Column titles.
    origin : mapping
        What it takes to make it again, besides the versions and the command, which are added.
    """
    packages = ("grokking-reduced", "numpy", "scipy", "sympy")
    versions = {"python": sys.version.split()[0]} | {name: version(name) for name in packages}
    command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:]])
    known = {**origin, "versions": ", ".join(f"{n} {v}" for n, v in versions.items()), "commit": commit()}
    text = io.StringIO()
    for name, value in (known | {"command": command.encode("utf-8", "backslashreplace").decode()}).items():
        text.write(f"# {name}: {' '.join(str(value).split())}\n")
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(names)
    fast, cost = trajectory.observed["fast"], trajectory.observed["cost"]
    for t, state, optimum, along in zip(trajectory.t, trajectory.y, fast, cost, strict=True):
        rows.writerow([repr(float(value)) for value in (t, *state, *optimum, along)])
    with replacing(path) as temporary:
        temporary.write_text(text.getvalue(), encoding="utf-8")
