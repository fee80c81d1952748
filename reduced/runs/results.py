"""Results on disk: one labelled NetCDF file that says how it was made."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from reduced.integration.atomic import replacing
from reduced.integration.trajectory import Trajectory
from reduced.runs.experiment import draw
from reduced.runs.folders import run_name, writable_folder
from reduced.runs.options import Experiment, task_of
from reduced.runs.provenance import provenance, stored_experiments
from reduced.runs.quantities import BY_CLASS, FREQUENCIES, LEVEL, UNITS
from reduced.runs.sizes import sizes
from reduced.runs.steps import readout_tolerance
from reduced.runs.summary import summary

if TYPE_CHECKING:
    import xarray as xr

__all__ = [
    "BY_CLASS",
    "FREQUENCIES",
    "LEVEL",
    "UNITS",
    "dataset",
    "provenance",
    "run_name",
    "save",
    "stored_experiments",
    "summary",
    "writable_folder",
]


def dataset(experiments: Sequence[Experiment], trajectories: Sequence[Trajectory]) -> "xr.Dataset":
    """Collect runs that differ in their seed into one labelled data set.

    Parameters
    ----------
    experiments, trajectories : sequences
        The runs, in the same order.

    Returns
    -------
    xarray.Dataset
        Observables over (seed, tau[, frequency[, other_frequency]]), the final ``W1`` (or ``templates``, with margins
        by class and shares by template), evaluation counts, seconds and the tolerance of the readout; the configuration
        and the provenance are attributes.
    """
    import xarray as xr

    observed = [trajectory.observed for trajectory in trajectories]
    variables = {}
    for name in observed[0].keys() - {"t"}:
        values = np.stack([rows[name] for rows in observed])
        beyond = (BY_CLASS[name],) if name in BY_CLASS else FREQUENCIES[: values.ndim - 2]
        variables[name] = (("seed", "tau", *beyond), values)
    last = np.stack([trajectory.y[-1] for trajectory in trajectories])
    if experiments[0].templates is None:
        variables["W1"] = (("seed", "input", "hidden"), last)
    else:
        variables["templates"] = (("seed", "template", "residue"), last)
        drawn = [draw(experiment) for experiment in experiments]
        variables["train_classes"] = (("seed", "train_class"), np.array([one.train for one in drawn]))
        variables["test_classes"] = (("seed", "test_class"), np.array([one.test for one in drawn]))
    for name in ("nfev", "steps", "seconds"):
        variables[name] = (("seed",), np.array([getattr(trajectory, name) for trajectory in trajectories]))
    samples = sizes(experiments[0]).train
    variables["readout_tolerance"] = (
        ("seed",),
        np.array([readout_tolerance(one, samples) for one in experiments]),
    )
    residues = task_of(experiments[0]).residues
    frequencies = {} if residues is None else dict.fromkeys(FREQUENCIES, np.arange(1, residues // 2 + 1))
    result = xr.Dataset(
        dict(sorted(variables.items())),
        coords={
            "seed": [experiment.seed for experiment in experiments],
            "tau": observed[0]["t"],
            **frequencies,
        },
        attrs=provenance(experiments),
    )
    for name in UNITS.keys() & set(result.variables):
        meaning, units = UNITS[name]
        result[name].attrs = {"long_name": meaning, "units": units}
    return result


def save(result: "xr.Dataset", path: Path) -> None:
    """Write a NetCDF file; a reader sees the old file or the whole new one, never a part.

    The file is built in memory: HDF5 answers a full disk with pages of its own, a plain write with one error.
    """
    content = result.to_netcdf(None, engine="h5netcdf")
    with replacing(path) as temporary:
        temporary.write_bytes(content)
