"""Runge–Kutta–Legendre steps of relative length, as a solver that ``scipy.integrate.solve_ivp`` accepts."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.integration.registry import declare
from reduced.integration.solvers.euler import Stepped

Array = NDArray[np.float64]
#: Stages of a step. Three leave room for a rate that has doubled since the last step, and err by 7/12 of Euler's error
#: where a flow is smooth; where ten do not suffice the step is shortened.
FEWEST, MOST = 3, 10
#: A step may be this many times as long as the last one, and move the state by this many shares.
GROWTH, EXCESS = 2.0, 2.0
#: The next step assumes at least this share of the last one's largest rate; no rejected step shrinks by more than this.
KEPT, LEAST_FACTOR = 0.7, 0.1


@declare(
    "relative_legendre",
    description="Runge-Kutta-Legendre steps of relative length: stiff gradient flows with a violent start",
    order=1,
    step="a share of the state's norm",
    share=True,
    memory=("velocity", "speed", "rate", "length"),
)
class RelativeLegendre(Stepped):
    """First-order Runge–Kutta–Legendre steps, each moving the state by about the same share of its norm.

    The s stages of a step h damp every rate of decay up to s(s + 1)/h, where s Euler steps damp up to 2s/h: made for
    gradient flows, whose Jacobian is symmetric. The first-layer flow is stiff where the Gram matrix is close to
    singular: late in the paper's run BBᵀH changes by more than its size within a step that moves W1 by 1 %. The rate is
    measured as the largest ‖Δf‖/‖Δy‖ between successive stages, and h so that the state moves by ``step`` times its
    norm if it goes on as fast as over the last step; a step that moves it twice as far is made again.

    Parameters
    ----------
    fun, t0, y0, t_bound, vectorized
        As for every ``scipy.integrate.OdeSolver``.
    step : float
        The share, above 0 and at most 1; the last step is shortened to end at ``t_bound``.
    max_step : float
        No step is longer, in the flow's own time.

    References
    ----------
    C. D. Meyer, D. S. Balsara and T. D. Aslam, J. Comput. Phys. 257, 594 (2014): RKL1.

    Examples
    --------
    Rates 1 and 1000; Euler would need 5000 steps.

    >>> from scipy.integrate import solve_ivp
    >>> path = solve_ivp(lambda t, y: [-y[0], 1000 * (1 - y[1])], (0, 10), [1, 2], method=RelativeLegendre, step=0.02)
    >>> path.y[:, -1].round(2), path.nfev < 2000
    (array([0., 1.]), True)
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.velocity = self.fun(self.t, self.y)
        self.speed = float(np.linalg.norm(self.velocity))
        self.rate = self.speed / float(np.linalg.norm(self.y) or 1.0)
        self.length = np.inf

    def _step_impl(self) -> tuple[bool, str | None]:
        left, share = abs(self.t_bound - self.t), self._length * float(np.linalg.norm(self.y))
        length = min(left, self._longest, GROWTH * self.length, _ratio(share, self.speed, otherwise=left))
        while True:
            stages = FEWEST
            while stages < MOST and stages * (stages + 1) < length * self.rate:
                stages += 1
            length = min(length, _ratio(stages * (stages + 1), self.rate, otherwise=left))
            if self.t + self.direction * length == self.t:
                return False, self.TOO_SMALL_STEP
            y, rate = self._after_stages(self.direction * length, stages)
            moved = float(np.linalg.norm(y - self.y))
            known, self.rate = self.rate, max(rate, KEPT * self.rate)
            if moved <= EXCESS * share:
                t = self.t_bound if length == left else self.t + self.direction * length
                velocity = self.fun(t, y)
                if np.isfinite(velocity).all():
                    break
                moved = np.inf
            length *= max(share / moved, LEAST_FACTOR) if np.isfinite(moved) else LEAST_FACTOR
            self.rate = min(self.rate, max(known, MOST * (MOST + 1) / length))
        self.speed, self.length = moved / length, length
        self._y_old, self.t, self.y, self.velocity = self.y, t, y, velocity
        return True, None

    def _after_stages(self, step: float, stages: int) -> tuple[Array, float]:
        """State after a step, and the largest rate between its stages."""
        share = 2 / (stages * (stages + 1))
        before, y = self.y, self.y + share * step * self.velocity
        velocity, rate = self.velocity, 0.0
        for j in range(2, stages + 1):
            last, velocity = velocity, self.fun(self.t + share * step * j * (j - 1) / 2, y)
            rate = max(
                rate, _ratio(np.linalg.norm(velocity - last), np.linalg.norm(y - before), otherwise=0.0)
            )
            before, y = y, ((2 * j - 1) * (y + share * step * velocity) - (j - 1) * before) / j
        return y, rate


def _ratio(a: Any, b: Any, *, otherwise: float) -> float:
    return float(a / b) if b > 0 else otherwise
