"""The folder of a sweep: one result file a run, named by a hash of its options."""

import fcntl
import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reduced.integration.atomic import replacing
from reduced.integration.trajectory import Trajectory
from reduced.runs.formats import configuration, older_configurations
from reduced.runs.options import Experiment
from reduced.runs.quantities import learned, learned_at
from reduced.runs.results import dataset, provenance, save
from reduced.runs.sweep import Outcome

if TYPE_CHECKING:
    import xarray as xr

#: Dimensions of a run's result that a sweep leaves in the run's own file.
DETAILS = (
    "frequency",
    "other_frequency",
    "input",
    "hidden",
    "template",
    "residue",
    "train_class",
    "test_class",
)


def key(experiment: Experiment) -> str:
    """Name of a run: a hash of its options that are not the defaults.

    Examples
    --------
    >>> len(key(Experiment())), key(Experiment()) == key(Experiment(seed=1))
    (16, False)
    """
    return _digest(configuration(experiment))


def result_path(folder: Path, experiment: Experiment) -> Path:
    """Where the result of a run is; the file exists once the run is finished and never holds a part.

    A file that an older version stored under another name is found.
    """
    path = folder / "runs" / f"{key(experiment)}.nc"
    older = [folder / "runs" / f"{_digest(line)}.nc" for line in older_configurations(experiment)]
    return next((stored for stored in (path, *older) if stored.exists()), path)


def error_path(folder: Path, experiment: Experiment) -> Path:
    """Where the options and the error of a failed run are."""
    return folder / "runs" / f"{key(experiment)}.error.json"


def missing(folder: Path, experiments: Sequence[Experiment]) -> list[Experiment]:
    """Those without a result, each once; a run that failed is among them."""
    return [one for one in dict.fromkeys(experiments) if not result_path(folder, one).exists()]


def store(folder: Path, experiment: Experiment, trajectory: Trajectory) -> None:
    """Write the result of a finished run, and forget an earlier failure."""
    save(dataset([experiment], [trajectory]), result_path(folder, experiment))
    error_path(folder, experiment).unlink(missing_ok=True)


def store_error(folder: Path, experiment: Experiment, error: str) -> None:
    """Write down why a run failed."""
    record = {"options": asdict(experiment), "error": error}
    with replacing(error_path(folder, experiment)) as temporary:
        temporary.write_text(json.dumps(record, indent=1) + "\n")


def store_outcome(folder: Path, outcome: Outcome) -> None:
    """Write the result of a run, or why there is none."""
    if outcome.trajectory is None:
        store_error(folder, outcome.experiment, str(outcome.error))
    else:
        store(folder, outcome.experiment, outcome.trajectory)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep a second sweep out of the folder.

    The operating system holds the lock and gives it back when the process ends, however it ends, so that none is stale.

    Raises
    ------
    ValueError
        If another sweep is at work there.
    """
    (folder / "runs").mkdir(exist_ok=True)
    with (folder / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ValueError(
                f"out = {folder}: another sweep is at work there; wait for it, or choose another folder"
            ) from None
        yield


def assemble(folder: Path, experiments: Sequence[Experiment]) -> "xr.Dataset":
    """One data set of all finished runs, labelled by the options that differ, and by the seed.

    Returns
    -------
    xarray.Dataset
        What each run observed over slow time, its counts, and ``grokking_time``, the time at which test accuracy
        reaches 0.95, or test error 0.05; NaN where a run is missing or a time was not reached. Fourier comparisons and
        weights stay in the files of the runs.

    Raises
    ------
    ValueError
        If no run is finished, or a file in the folder is damaged.
    """
    import pandas as pd
    import xarray as xr

    finished = [one for one in dict.fromkeys(experiments) if result_path(folder, one).exists()]
    if not finished:
        raise ValueError(f"{folder}: no run is finished, so there is nothing to assemble")
    runs = xr.concat([_curves(result_path(folder, one)) for one in finished], "run", join="outer")
    axes = _differing(experiments)
    labels = [[getattr(one, axis) for one in finished] for axis in axes]
    index = pd.MultiIndex.from_arrays(labels, names=axes)
    together = runs.assign_coords(xr.Coordinates.from_pandas_multiindex(index, "run")).unstack("run")
    return together.assign_attrs(provenance(experiments), axes=json.dumps(axes))


def _curves(path: Path) -> "xr.Dataset":
    import xarray as xr

    try:
        with xr.open_dataset(path, engine="h5netcdf") as result:
            run = result.drop_dims(DETAILS, errors="ignore").squeeze("seed", drop=True).load().drop_encoding()
    except (OSError, KeyError, ValueError):
        raise ValueError(f"{path}: damaged; delete it and sweep again") from None
    about = {"long_name": f"slow time at which test {learned(run, 'test')[0]} is reached", "units": "1"}
    return run.assign(grokking_time=((), learned_at(run, "test"), about)).assign_attrs({})


def _differing(experiments: Sequence[Experiment]) -> list[str]:
    def values(name: str) -> set[Any]:
        return {getattr(one, name) for one in experiments}

    return [field.name for field in fields(Experiment) if field.name == "seed" or len(values(field.name)) > 1]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
