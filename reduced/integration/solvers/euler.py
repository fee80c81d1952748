"""Explicit Euler with fixed and with relative steps, as solvers that ``scipy.integrate.solve_ivp`` accepts."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import DenseOutput, OdeSolver

from reduced.integration.registry import declare

Array = NDArray[np.float64]


class Stepped(OdeSolver):
    """What the first-order methods share: a ``step`` and no error control, and a chord within each step."""

    t: float
    y: Array

    def __init__(
        self,
        fun: Callable[[float, Array], Array],
        t0: float,
        y0: Array,
        t_bound: float,
        step: float,
        vectorized: bool = False,
        max_step: float = np.inf,
    ) -> None:
        super().__init__(fun, t0, y0, t_bound, vectorized)
        self._length, self._longest = step, max_step

    def _dense_output_impl(self) -> "Chord":
        return Chord(self.t_old, self.t, self._y_old, self.y)


@declare(
    "euler",
    description="explicit Euler with fixed steps: the paper's integrator",
    order=1,
    step="a step in the flow's own time",
    memory=("origin", "taken"),
)
class Euler(Stepped):
    """Explicit Euler, y ← y + step · f(t, y): the paper's integrator, first order.

    Parameters
    ----------
    fun, t0, y0, t_bound, vectorized
        As for every ``scipy.integrate.OdeSolver``.
    step : float
        Fixed step, positive; the last one is shortened to end at ``t_bound``.

    Examples
    --------
    >>> from scipy.integrate import solve_ivp
    >>> solve_ivp(lambda t, y: -y, (0, 1), [1.0], method=Euler, step=0.5).y[0]
    array([1.  , 0.5 , 0.25])
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.origin, self.taken = self.t, 0

    def _step_impl(self) -> tuple[bool, str | None]:
        self.taken += 1
        t = self.origin + self.direction * self.taken * self._length
        last = self.direction * (t - self.t_bound) > -1e-9 * self._length
        step = self.t_bound - self.t if last else self.direction * self._length
        self._y_old = self.y
        self.y = self.y + step * self.fun(self.t, self.y)
        self.t = self.t_bound if last else t
        return True, None


@declare(
    "relative_euler",
    description="explicit Euler, each step moving the state by the same share of its norm: violent starts",
    order=1,
    step="a share of the state's norm",
    share=True,
    memory=(),
)
class RelativeEuler(Stepped):
    """Explicit Euler whose every step moves the state by the same share of its norm, ‖Δy‖ = step · ‖y‖; first order.

    A flow that is homogeneous in the state, as the first-layer flow's fast part is for ReLU, has the time scale
    ‖y‖/‖f‖ everywhere; a fixed share resolves a violent start and wastes nothing later. Where ReLU's kinks make every
    method first order, no step is rejected and none needs a second evaluation. Where the flow is stiff the steps
    chatter, see :class:`reduced.integration.solvers.legendre.RelativeLegendre`.

    Parameters
    ----------
    fun, t0, y0, t_bound, vectorized
        As for every ``scipy.integrate.OdeSolver``.
    step : float
        The share, above 0 and at most 1; the last step is shortened to end at ``t_bound``.
    max_step : float
        No step is longer, in the flow's own time.

    Examples
    --------
    >>> from scipy.integrate import solve_ivp
    >>> solve_ivp(lambda t, y: -(y**3), (0, 3), [1.0], method=RelativeEuler, step=0.5).t
    array([0. , 0.5, 2.5, 3. ])
    """

    def _step_impl(self) -> tuple[bool, str | None]:
        velocity = self.fun(self.t, self.y)
        left = abs(self.t_bound - self.t)
        longest = min(left, self._longest)
        speed = np.linalg.norm(velocity)
        length = self._length * np.linalg.norm(self.y)
        step = self.direction * (longest if length >= speed * longest else length / speed)
        if self.t + step == self.t:
            return False, self.TOO_SMALL_STEP
        self._y_old = self.y
        self.y = self.y + step * velocity
        self.t = self.t_bound if abs(step) == left else self.t + step
        return True, None


class Chord(DenseOutput):
    """Linear interpolation over one step of a first-order method."""

    def __init__(self, t_old: float, t: float, y_old: Array, y: Array) -> None:
        super().__init__(t_old, t)
        self._y_old, self._slope = y_old, (y - y_old) / (t - t_old)

    def _call_impl(self, t: Any) -> Array:
        elapsed = np.asarray(t) - self.t_old
        return np.asarray(
            self._y_old.reshape(-1, *[1] * elapsed.ndim) + np.multiply.outer(self._slope, elapsed)
        )
