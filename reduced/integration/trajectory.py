"""What an integration produces."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from reduced.integration import stored

if TYPE_CHECKING:
    import xarray as xr

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Trajectory:
    """What an integration produced.

    Parameters
    ----------
    t : (m,) array
        Times of the stored states, in the flow's own time.
    y : (m, ...) array, or tuple of them
        Stored states stacked along the first axis, one array for each matrix of the state.
    nfev, steps : int
        Evaluations of the flow, and accepted steps.
    seconds : float
        Wall time.
    observed : dict of arrays
        ``"t"`` and every observable, each stacked along the times of observation.
    start : float
        When the integration began; the first stored time may be later.
    notes : tuple of str
        What is to be said about it: that its start was moved, why it stopped early.
    about : dict of str
        The ``"flow"`` that was integrated, its ``"time"``, the names of its ``"state"``, and the ``"method"``; empty
        where nothing is known of them.
    """

    t: Array
    y: Any
    nfev: int
    steps: int
    seconds: float
    observed: dict[str, Array]
    start: float = 0.0
    notes: tuple[str, ...] = ()
    about: dict[str, str] = field(default_factory=dict)

    def to_xarray(self) -> "xr.Dataset":
        """The trajectory as an ``xarray.Dataset``, ready for ``to_netcdf``.

        Returns
        -------
        xarray.Dataset
            States over the coordinate ``time``, one variable a matrix; observations over ``observation_time``. The
            times are without unit; ``long_name`` says which time it is. Attributes: flow, method, start, steps,
            evaluations, seconds, notes, version, commit and kernels of the BLAS.

        Examples
        --------
        >>> from reduced import integrate
        >>> path = integrate(lambda t, w: -w, np.eye(2), (0, 1), method="euler", step=0.5)
        >>> dict(path.to_xarray().sizes)
        {'time': 3, 'y_0': 2, 'y_1': 2}
        """
        return stored.dataset(self)

    def __repr__(self) -> str:
        rows = stored.summary(self)
        return f"<Trajectory of {'; '.join(f'{name}: {value}' for name, value in rows.items())}>"

    def _repr_html_(self) -> str:
        return stored.html(self)
