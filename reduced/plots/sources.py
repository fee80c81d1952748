"""What plots read: result files of runs, and trajectories with what was observed along them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def observed(source: Any, names: tuple[str, ...]) -> tuple[Array, dict[str, Array]]:
    """Times, and those of the named observations that a source has, each (seeds, times).

    Parameters
    ----------
    source : xarray.Dataset or Trajectory
        A result of runs over ``seed`` and ``tau``, or one trajectory with ``observed``.
    names : tuple of str

    Raises
    ------
    ValueError
        If it has none of them.

    Examples
    --------
    >>> from reduced import integrate
    >>> path = integrate(lambda t, y: -y, [1.0], (0, 1), observe=lambda t, y: {"test_accuracy": y[0]})
    >>> observed(path, ("test_accuracy",))[1]["test_accuracy"].shape == (1, len(path.t))
    True
    """
    if hasattr(source, "observed"):
        times, rows = source.observed.get("t", source.t), source.observed
        found = {name: np.asarray(rows[name], dtype=float)[None] for name in names if name in rows}
    else:
        times = np.asarray(source["tau"])
        found = {name: np.asarray(source[name].transpose("seed", "tau")) for name in names if name in source}
    if not found:
        raise ValueError(f"source has none of {', '.join(names)}: observe them, or open a result of simulate")
    return np.asarray(times), found


def seeds_and_mean(ax: Any, times: Array, curves: Array, **line: Any) -> None:
    """Each seed as a thin line, their mean as a thick one that carries the label."""
    if len(curves) > 1:
        ax.plot(times, curves.T, color=line["color"], lw=0.6, alpha=0.6)
    ax.plot(times, curves.mean(axis=0), **line)
