"""The stored runs: a table with one run a row, its setting and what was measured."""

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import asdict, fields
from importlib.resources import files
from pathlib import Path
from typing import Any

from reduced.predictors.runs import Measured, Run, Setting

#: How each field of a setting is read.
_KINDS: dict[str, Callable[[str], Any]] = {
    field.name: type(getattr(Setting(), field.name)) for field in fields(Setting)
}


def written(runs: Iterable[Run]) -> str:
    """The table as comma-separated values, numbers to nine digits."""
    rows = io.StringIO()
    names = [field.name for kind in (Setting, Measured) for field in fields(kind)]
    writer = csv.DictWriter(rows, names, lineterminator="\n")
    writer.writeheader()
    for run in runs:
        row = asdict(run.setting) | asdict(run.measured)
        writer.writerow({name: _short(value) for name, value in row.items()})
    return rows.getvalue()


def _short(value: Any) -> str:
    return f"{value:.9g}" if isinstance(value, float) else str(value)


def read(text: str) -> list[Run]:
    """The runs of a table that :func:`written` made.

    Examples
    --------
    >>> run = Run(Setting(p=11), Measured(*(float(number) for number in range(9))))
    >>> read(written([run])) == [run]
    True
    """
    found = []
    for row in csv.DictReader(io.StringIO(text)):
        setting = Setting(**{name: kind(row[name]) for name, kind in _KINDS.items()})
        measured = Measured(**{field.name: float(row[field.name]) for field in fields(Measured)})
        found.append(Run(setting, measured))
    return found


def read_file(path: Path) -> list[Run]:
    """The runs of a file; none where there is no file."""
    return read(path.read_text(encoding="utf-8")) if path.exists() else []


def stored() -> list[Run]:
    """The runs that the package carries, made by ``scripts/predictors.py``."""
    return read(files("reduced.predictors").joinpath("runs.csv").read_text(encoding="utf-8"))
