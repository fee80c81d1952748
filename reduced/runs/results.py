"""Results on disk: one labelled NetCDF file that says how it was made."""

import contextlib
import datetime
import hashlib
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from reduced.integration.atomic import replacing
from reduced.integration.environment import commit, kernel
from reduced.integration.trajectory import Trajectory
from reduced.network.observables import first_crossing
from reduced.runs.experiment import Experiment, draw, readout_tolerance, sizes
from reduced.runs.formats import VERSION, configuration, experiment_of

if TYPE_CHECKING:
    import xarray as xr

#: Accuracy that counts as memorized, or as generalized.
LEVEL = 0.95
UNITS = {
    "tau": ("slow time tau = 2 lambda t", "1"),
    "train_accuracy": ("share of training samples predicted right", "1"),
    "test_accuracy": ("share of test samples predicted right", "1"),
    "squared_norm_W1": ("squared Frobenius norm of the first layer", "1"),
    "squared_norm_W2": ("squared Frobenius norm of the optimal readout", "1"),
    "residual": (
        "Frobenius norm of the training residual; at ridge 0 it is rounding, or the error of the iteration where "
        "readout_tolerance > 0",
        "1",
    ),
    "speed": ("Frobenius norm of dW1/dtau", "1"),
    "gram_condition": (
        "condition number of the ridge Gram matrix, 1-norm estimate; at the last factorization, some steps back, where "
        "readout_tolerance > 0",
        "1",
    ),
    "loss": ("training loss at the optimal readout, summed over samples", "1"),
    "squared_norm_M": (
        "squared Frobenius norm of the multiplier M = -(gradient of the loss)/(2 lambda)",
        "1",
    ),
    "duality_gap": (
        "duality gap of the optimal readout, as a share of the loss with the readout's decay",
        "1",
    ),
    "readout_tolerance": (
        "relative error to which the readout was iterated, or the root of the duality gap where it was minimized; 0 "
        "where a factorization at every step gave it",
        "1",
    ),
    "real_norm": ("norm of the real part of a Fourier feature", "1"),
    "imag_norm": ("norm of the imaginary part of a Fourier feature", "1"),
    "within": ("|cos| of the angle between real and imaginary part", "1"),
    "between": ("largest cosine between the planes of two frequencies", "1"),
    "overlap": ("cosine between the absolute values of two Fourier features", "1"),
    "train_margin": ("output at the label less the largest other, by training class", "1"),
    "test_margin": ("output at the label less the largest other, by held-out class", "1"),
    "largest_share": ("largest share of one frequency in a template's variance", "1"),
    "leading_frequency": ("frequency that has the largest share", "1"),
}
FREQUENCIES = ("frequency", "other_frequency")
#: Dimension of what a run with a symmetry observes of each of its classes or templates.
BY_CLASS = {
    "train_margin": "train_class",
    "test_margin": "test_class",
    "largest_share": "template",
    "leading_frequency": "template",
}


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
    frequencies = np.arange(1, experiments[0].p // 2 + 1)
    result = xr.Dataset(
        dict(sorted(variables.items())),
        coords={
            "seed": [experiment.seed for experiment in experiments],
            "tau": observed[0]["t"],
            **dict.fromkeys(FREQUENCIES, frequencies),
        },
        attrs=provenance(experiments),
    )
    for name in UNITS.keys() & set(result.variables):
        meaning, units = UNITS[name]
        result[name].attrs = {"long_name": meaning, "units": units}
    return result


def provenance(experiments: Sequence[Experiment]) -> dict[str, str | int]:
    """What it takes to make a result again: options, versions, commit, command, date."""
    packages = ("grokking-reduced", "numpy", "scipy", "sympy")
    return {
        "format_version": VERSION,
        "options": json.dumps(asdict(experiments[0]) | {"seeds": len(experiments)}, sort_keys=True),
        "versions": json.dumps(
            {"python": sys.version.split()[0]} | {name: version(name) for name in packages}
        ),
        "commit": commit(),
        "kernel": kernel(),
        "command": _utf8(" ".join([Path(sys.argv[0]).name, *sys.argv[1:]])),
        "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "time": "slow time tau = 2 lambda t",
    }


def _utf8(text: str) -> str:
    """Text that every file can hold: the bytes of a name that is no UTF-8 are written as numbers."""
    return text.encode("utf-8", "backslashreplace").decode()


def save(result: "xr.Dataset", path: Path) -> None:
    """Write a NetCDF file; a reader sees the old file or the whole new one, never a part.

    The file is built in memory: HDF5 answers a full disk with pages of its own, a plain write with one error.
    """
    content = result.to_netcdf(None, engine="h5netcdf")
    with replacing(path) as temporary:
        temporary.write_bytes(content)


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


def _refuse_a_sweep(path: Path) -> None:
    """A sweep's file holds the options of its first run alone; each run has a file of its own."""
    import h5py

    if path.is_file() and h5py.is_hdf5(path):
        with contextlib.suppress(OSError), h5py.File(path) as file:
            if "axes" in file.attrs:
                raise ValueError(
                    f"{path}: holds a sweep; name the file of one run, in {path.parent / 'runs'}"
                )


def run_name(experiment: Experiment, seeds: int) -> str:
    """Folder name of a run: its main options, and a hash of all of them.

    Examples
    --------
    >>> run_name(Experiment(), 1)
    'add-p37-h512-relu-resolved-f6438c'
    """
    digest = hashlib.sha256(f"{configuration(experiment)} x {seeds}".encode()).hexdigest()[:6]
    e = experiment
    loss = "" if e.loss == "squared" else f"-{e.loss}"
    width = f"h{e.hidden}" if e.templates is None else f"{e.symmetry}-m{e.templates}"
    return f"{e.operation}-p{e.p}-{width}-{e.activation}{loss}-{e.integrator}-{digest}"


def writable_folder(path: Path) -> Path:
    """Make a folder and try to write in it, before anything is computed.

    Raises
    ------
    ValueError
        If it cannot be made or written.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=path).close()
    except OSError as error:
        raise ValueError(f"{path}: cannot be written ({error.strerror}); choose another folder") from None
    return path


def _fit(one: "xr.Dataset") -> str:
    """How well the readout of one seed fits: its residual, or how far from its minimum it may be."""
    if "duality_gap" in one:
        return f"largest duality gap {float(one.duality_gap.max()):.1e} of the loss"
    tolerance = float(one.readout_tolerance)
    iterated = f" (readout iterated to {tolerance:.0e})" if tolerance else ""
    return f"largest training residual {float(one.residual.max()):.1e}{iterated}"


def summary(result: "xr.Dataset") -> str:
    """One line for each seed: memorization and generalization time, final accuracy, norms, residual, cost."""
    lines = []
    for seed in result.seed.values:
        one = result.sel(seed=seed)
        memorized, grokked = (
            f"{first_crossing(result.tau.values, curve.values, LEVEL):.2f}".replace("nan", "never")
            for curve in (one.train_accuracy, one.test_accuracy)
        )
        last = one.isel(tau=-1)
        fit = _fit(one)
        lines.append(
            f"seed {seed}: training accuracy {LEVEL} at tau = {memorized}, test accuracy {LEVEL} at tau = {grokked}, "
            f"in the end {float(last.test_accuracy):.3f}; "
            f"|W1|^2 = {float(last.squared_norm_W1):.1f}, |W2|^2 = {float(last.squared_norm_W2):.1f}; {fit}; "
            f"{int(one.nfev)} evaluations in {float(one.seconds):.0f} s"
        )
    return "\n".join(lines)
