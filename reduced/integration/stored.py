"""A trajectory as a table for notebooks, and as an xarray data set that survives a file."""

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from reduced.display import html_table, svg_curves
from reduced.integration.environment import commit, kernel

if TYPE_CHECKING:
    import xarray as xr

    from reduced.integration.trajectory import Trajectory

Array = NDArray[np.float64]


def parts(trajectory: "Trajectory") -> dict[str, Array]:
    """The matrices of the states by name: those of the flow, or y, or y1, y2 and so on."""
    several = isinstance(trajectory.y, tuple)
    matrices = list(trajectory.y) if several else [trajectory.y]
    known = trajectory.about.get("state", "").split()
    if len(known) != len(matrices):
        known = [f"y{i + 1}" for i in range(len(matrices))] if several else ["y"]
    return dict(zip(known, matrices, strict=True))


def time_of(trajectory: "Trajectory") -> str:
    """The time in which the flow runs."""
    return trajectory.about.get("time", "the flow's own time")


def summary(trajectory: "Trajectory") -> dict[str, str]:
    """What a trajectory is, in a few rows."""
    states = ", ".join(f"{name} {matrix.shape[1:]}" for name, matrix in parts(trajectory).items())
    span = f"{trajectory.start:g} to {trajectory.t[-1]:g}" if len(trajectory.t) else "empty"
    rows = {
        "flow": trajectory.about.get("flow", "unknown"),
        "method": trajectory.about.get("method", "unknown"),
        "time": f"{span} ({time_of(trajectory)})",
        "stored": f"{len(trajectory.t)} states of {states}",
        "work": f"{trajectory.steps} steps, {trajectory.nfev} evaluations, {trajectory.seconds:.3g} s",
        "observed": ", ".join(name for name in trajectory.observed if name != "t") or "nothing",
    }
    return rows | {f"note {i + 1}": note for i, note in enumerate(trajectory.notes)}


def html(trajectory: "Trajectory") -> str:
    """Table and curves: the scalars that were observed, or else the norms of the states."""
    seen = {name: values for name, values in trajectory.observed.items() if values.ndim == 1 and name != "t"}
    times = trajectory.observed.get("t", trajectory.t) if seen else trajectory.t
    norms = {
        f"norm of {name}": np.linalg.norm(matrix.reshape(len(matrix), -1), axis=1)
        for name, matrix in parts(trajectory).items()
    }
    return html_table("Trajectory", summary(trajectory)) + svg_curves(times, seen or norms, "time")


def dataset(trajectory: "Trajectory") -> "xr.Dataset":
    """States over ``time``, observations over ``observation_time``, and where they come from as attributes."""
    import xarray as xr

    units = {"long_name": time_of(trajectory), "units": "1"}
    data: dict[str, Any] = {}
    for name, matrix in parts(trajectory).items():
        data[name] = (["time", *(f"{name}_{i}" for i in range(matrix.ndim - 1))], matrix)
    coordinates: dict[str, Any] = {"time": ("time", trajectory.t, units)}
    if trajectory.observed:
        coordinates["observation_time"] = ("observation_time", trajectory.observed["t"], units)
    for name, values in trajectory.observed.items():
        if name != "t":
            label = f"observed_{name}" if name in data else name
            data[label] = (["observation_time", *(f"{label}_{i}" for i in range(values.ndim - 1))], values)
    try:
        released = version("grokking-reduced")
    except PackageNotFoundError:
        released = "unknown"
    attributes = {
        "flow": trajectory.about.get("flow", "unknown"),
        "method": trajectory.about.get("method", "unknown"),
        "start": trajectory.start,
        "steps": trajectory.steps,
        "evaluations": trajectory.nfev,
        "seconds": trajectory.seconds,
        "notes": "\n".join(trajectory.notes),
        "grokking_reduced": released,
        "commit": commit(),
        "blas": kernel(),
    }
    return xr.Dataset(data, coordinates, attributes)
