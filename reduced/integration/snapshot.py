"""The file behind a checkpoint: one line of JSON that says what it is, then all that later steps depend on.

The line carries a checksum of itself and of the rest, which is parsed only if it agrees.
"""

import hashlib
import io
import json
import warnings
from collections.abc import Collection
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.integration.atomic import replacing
from reduced.integration.environment import kernel

Array = NDArray[np.float64]
FORMAT = "grokking-reduced checkpoint 3"
#: The dictionaries of a snapshot.
PARTS = ("solver", "flow", "observed")
#: The entry of the first line that may differ: files of earlier versions do not have it.
KERNEL = "BLAS kernel"


class CheckpointError(ValueError):
    """A file is not a checkpoint that this run can go on from; the message says why and what to do."""


@dataclass(frozen=True)
class Snapshot:
    """All that the steps after an accepted step depend on.

    Parameters
    ----------
    t : float
        Time, in the flow's own time.
    y : (d,) array
        Flattened state.
    steps, nfev : int
        Accepted steps and evaluations of the flow so far.
    seconds : float
        Wall time so far.
    solver : dict
        What the solver remembers besides time and state, see :class:`reduced.integration.registry.Method`.
    flow : dict
        What the flow remembers, see :class:`reduced.integration.saving.Remembering`.
    observed : dict of arrays
        Observations so far, as in :class:`reduced.integration.trajectory.Trajectory`.
    """

    t: float
    y: Array
    steps: int
    nfev: int
    seconds: float
    solver: dict[str, Any]
    flow: dict[str, Any]
    observed: dict[str, Array]


def header(configuration: str) -> dict[str, str]:
    """What should agree between the run that saves and the run that goes on, by the name it has in messages."""
    packages = {f"{name} version": version(name) for name in ("grokking-reduced", "numpy", "scipy")}
    digest = hashlib.sha256(configuration.encode()).hexdigest()
    return {"format": FORMAT, **packages, "configuration": digest, KERNEL: kernel()}


def write(path: Path, expected: dict[str, str], snapshot: Snapshot) -> None:
    """Replace a checkpoint file; ``expected`` is the header to find when it is read."""
    numbers = {name: getattr(snapshot, name) for name in ("t", "y", "steps", "nfev", "seconds")}
    arrays: dict[str, Any] = numbers | {
        f"{part}.{name}": value for part in PARTS for name, value in getattr(snapshot, part).items()
    }
    content = io.BytesIO()
    np.savez(content, **arrays)
    line = json.dumps(expected | {"checksum": _checksum(expected, content.getvalue())})
    with replacing(path) as temporary:
        temporary.write_bytes(line.encode() + b"\n" + content.getvalue())


def read(path: Path, expected: dict[str, str], older: Collection[str] = ()) -> Snapshot:
    """Read a checkpoint file, without unpickling anything; ``older`` are digests of the same options as once written.

    One that was saved where BLAS has another kernel is read with a warning: the run that goes on from it agrees with an
    uninterrupted one to rounding, and not to the bit.

    Raises
    ------
    CheckpointError
        If the file is damaged, of another format or version, or of another run.
    """
    line, _, content = path.read_bytes().partition(b"\n")
    try:
        found = json.loads(line)
    except ValueError:
        found = None
    if not isinstance(found, dict) or "checksum" not in found:
        raise CheckpointError(f"{path}: not a checkpoint; choose another folder, or delete it to start again")
    checksum = found.pop("checksum")
    for name, value in expected.items():
        written_anew = name == "configuration" and found.get(name) in older
        if name != KERNEL and found.get(name) != value and not written_anew:
            raise CheckpointError(
                f"{path}: its {name} is {found.get(name)}, this run's is {value}; go on with what it was started "
                "with, or delete it to start again"
            )
    if checksum != _checksum(found, content):
        raise CheckpointError(
            f"{path}: does not match its checksum (truncated, damaged or altered); delete it to start again"
        )
    if found.get(KERNEL) != expected[KERNEL]:
        warnings.warn(
            f"{path}: its {KERNEL} is {found.get(KERNEL, 'not recorded')}, this run's is {expected[KERNEL]}; it goes "
            "on, and its last digits will differ from those of a run that was not interrupted",
            RuntimeWarning,
            stacklevel=3,
        )
    numbers: dict[str, Any] = {}
    parts: dict[str, dict[str, Any]] = {part: {} for part in PARTS}
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        for label, array in file.items():
            part, _, name = label.rpartition(".")
            parts.get(part, numbers)[name] = array if array.ndim else array.item()
    return Snapshot(**numbers | parts)


def _checksum(texts: dict[str, str], content: bytes) -> str:
    return hashlib.sha256(json.dumps(texts, sort_keys=True).encode() + content).hexdigest()
