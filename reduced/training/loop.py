"""The loop of gradient descent: steps with momentum on two layers, observed on the way."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.errors import IntegrationError
from reduced.integration.trajectory import Trajectory
from reduced.network.parameters import Pair

Array = NDArray[np.float64]


def take_steps(
    descent: Callable[[Array, Array], Pair],
    state: Pair,
    *,
    steps: int,
    rates: tuple[float, float],
    momentum: float,
    observe: Callable[[int, Pair], Mapping[str, Any]] | None,
    observe_every: int,
) -> Trajectory:
    """Steps v ← momentum·v + descent(θ), θ ← θ + rate·v, each layer with its rate.

    Parameters
    ----------
    descent : callable
        ``descent(first, second) -> (velocity, velocity)``.
    state : (first, second)
        Where to start; it is not changed.
    steps, rates, momentum, observe, observe_every
        Checked, as in :func:`reduced.train`.

    Returns
    -------
    Trajectory
        As of :func:`reduced.train`.

    Raises
    ------
    IntegrationError
        If the state diverges.
    """
    first, second = state[0].copy(), state[1].copy()
    velocity: Pair = (np.zeros_like(first), np.zeros_like(second))
    rows: list[dict[str, Any]] = []
    began = time.perf_counter()

    def trajectory(step: int) -> Trajectory:
        observed = {name: np.array([row[name] for row in rows]) for name in (rows[0] if rows else ())}
        elapsed = time.perf_counter() - began
        return Trajectory(np.array([step]), (first[None], second[None]), step, step, elapsed, observed)

    def look(step: int) -> None:
        if not (np.isfinite(first).all() and np.isfinite(second).all()):
            raise IntegrationError(f"diverged before step {step}: lower the learning rate", trajectory(step))
        if observe is not None:
            rows.append({"t": step, **observe(step, (first.copy(), second.copy()))})

    with np.errstate(over="ignore", invalid="ignore"):
        look(0)
        for step in range(1, steps + 1):
            moves = descent(first, second)
            if momentum:
                velocity = (momentum * velocity[0] + moves[0], momentum * velocity[1] + moves[1])
                moves = velocity
            first += rates[0] * moves[0]
            second += rates[1] * moves[1]
            if step % observe_every == 0 or step == steps:
                look(step)
    return trajectory(steps)
