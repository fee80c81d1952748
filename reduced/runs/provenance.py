"""What it takes to make a result again, written into it and read from it."""

import contextlib
import datetime
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from reduced.integration.environment import commit, kernel
from reduced.runs.formats import VERSION, experiment_of
from reduced.runs.options import Experiment, task_of
from reduced.tasks.registry import TASKS, option_types


def provenance(experiments: Sequence[Experiment]) -> dict[str, str | int]:
    """What it takes to make a result again: options, versions, commit, command, date."""
    files = task_of(experiments[0]).fingerprint()
    packages = ("grokking-reduced", "numpy", "scipy", "sympy")
    found: dict[str, str | int] = {
        "format_version": VERSION,
        "options": json.dumps(_written(experiments[0]) | {"seeds": len(experiments)}, sort_keys=True),
        "versions": json.dumps(
            {"python": sys.version.split()[0]} | {name: version(name) for name in packages}
        ),
        "commit": commit(),
        "kernel": kernel(),
        "command": _utf8(" ".join([Path(sys.argv[0]).name, *sys.argv[1:]])),
        "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "time": "slow time tau = 2 lambda t",
    }
    return found | {"files": files} if files else found


def _written(experiment: Experiment) -> dict[str, Any]:
    """All options but those of other tasks."""
    options = asdict(experiment)
    others = option_types().keys() - set(TASKS[str(experiment.task)].options)
    return {name: value for name, value in options.items() if name not in others}


def _utf8(text: str) -> str:
    """Text that every file can hold: the bytes of a name that is no UTF-8 are written as numbers."""
    return text.encode("utf-8", "backslashreplace").decode()


def stored_experiments(path: Path) -> list[Experiment]:
    """Read from a result file what it takes to make it again: one experiment a seed.

    Raises
    ------
    ValueError
        If the file is not there, not a result of this program, or a whole sweep.
    """
    import xarray as xr

    _refuse_a_sweep(path)
    try:
        with xr.open_dataset(path, engine="h5netcdf") as result:
            options = json.loads(result.attrs["options"])
            version = int(result.attrs.get("format_version", 1))
            shared = experiment_of({name: options[name] for name in options.keys() - {"seeds"}}, version)
            return [replace(shared, seed=int(seed)) for seed in result.seed.values]
    except FileNotFoundError:
        raise ValueError(f"{path}: no such file; name the result.nc of a run") from None
    except (OSError, AttributeError, KeyError, TypeError, ValueError):
        raise ValueError(f"{path}: not a whole result of this version; name the result.nc of a run") from None


def refuse_changed_files(path: Path) -> None:
    """Refuse to make a result again whose data have changed since, or are not there.

    Raises
    ------
    ValueError
        Naming the files.
    """
    import xarray as xr

    experiments = stored_experiments(path)
    with xr.open_dataset(path, engine="h5netcdf") as result:
        files = result.attrs.get("files", "")
    task = task_of(experiments[0])
    if files != task.fingerprint():
        raise ValueError(
            f"{path}: {', '.join(task.files())} changed since this result was made, or is not there; put it back, or "
            "run it anew with its options"
        )


def _refuse_a_sweep(path: Path) -> None:
    """A sweep's file holds the options of its first run alone; each run has a file of its own."""
    import h5py

    if path.is_file() and h5py.is_hdf5(path):
        with contextlib.suppress(OSError), h5py.File(path) as file:
            if "axes" in file.attrs:
                raise ValueError(
                    f"{path}: holds a sweep; name the file of one run, in {path.parent / 'runs'}"
                )
