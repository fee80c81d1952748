"""The way back to a zero-loss set: damped Gauss–Newton steps of least length, for any linearized network."""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from reduced.errors import RetractionError
from reduced.network.parameters import Pair, moved

Array = NDArray[np.float64]
MAX_ITERATIONS = 50
#: A step must lower the residual by this share of what its linear model promises.
SUFFICIENT = 1e-2
#: Relative tolerance of the first linear solve, and the share of the last step's success, squared, in that of the next.
LOOSEST, FORCING = 0.1, 0.5


class Linearized(Protocol):
    """A network at one state, with its Jacobian J and its neural tangent kernel Θ."""

    @property
    def residual(self) -> Array:
        """F − Y."""

    def adjoint(self, M: Array) -> Pair:
        """Jᵀ M."""

    def solve(self, right: Array, tolerance: float) -> Array:
        """Θ⁻¹ right."""


Network = TypeVar("Network", bound=Linearized)


def nearest_on_set(
    linearized: Callable[[Pair, Any], Network], state: Pair, target: float, rate_ratio: float = 1.0
) -> Pair:
    """State whose residual is at most the target, by steps θ ← θ − s J⁺(F − Y); always in arrays of its own.

    Parameters
    ----------
    linearized : callable
        ``linearized(state, near)``, with the linearization at a state close by, or None.
    state : (W1, W2)
    target : float
        ‖F − Y‖ at which to stop.
    rate_ratio : float
        ε of the kernel: steps are shortest where a change of W2 costs ε times one of W1.

    Raises
    ------
    RetractionError
        If no step lowers the residual, or 50 do not reach the target.
    """
    network, forcing = linearized(state, None), LOOSEST
    near, size = network, _size(network)
    for _ in range(MAX_ITERATIONS):
        if size <= target:
            return state[0].copy(), state[1].copy()
        exactness = max(forcing, FORCING * target / size)
        first, second = network.adjoint(network.solve(network.residual, exactness))
        step, scale = (rate_ratio * first, second), 1.0
        while True:
            trial = moved(state, step, by=-scale)
            network = linearized(trial, near)
            found = _size(network)
            if found <= (1 - SUFFICIENT * scale) * size:
                break
            scale /= 2
            if scale <= np.finfo(float).eps:
                raise RetractionError(
                    f"no Gauss-Newton step lowers the residual {size:.3g}: it is as small as rounding allows"
                )
        state, forcing, size = trial, min(LOOSEST, FORCING * (found / size) ** 2), found
    raise RetractionError(
        f"residual {size:.3g} after {MAX_ITERATIONS} Gauss-Newton steps, wanted {target:.3g}"
    )


def _size(network: Linearized) -> float:
    return float(np.linalg.norm(network.residual))
