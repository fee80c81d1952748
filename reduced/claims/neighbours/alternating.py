"""Kunin et al., alternating gradient flows (arXiv:2506.06489): plateaus of the loss from a small start.

Translation: inputs are a template shifted by a and by b side by side, targets the template shifted by a + b, all p²
pairs, σ = z², full flow without decay; their loss is half of ours over p², and so are their plateaus.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from reduced.claims.claim import Claim
from reduced.claims.neighbours.measuring import printed
from reduced.flows.two_layer import full_flow
from reduced.integration.solve import integrate

Array = NDArray[np.float64]
SOURCE = "Kunin et al., arXiv:2506.06489; abstract read, levels from our notes"
P, UNITS, SMALL = 5, 24, 1e-3
END = 400.0
#: |x̂_k|² of the template's two frequencies, the second the larger one.
POWERS = (2.0, 12.0)
HOW = f"p = {P}, {UNITS} units, start of size 10⁻³, powers 12 and 2 of the two frequencies; plateau: least speed"


def claims() -> list[Claim]:
    """The two plateaus and the order in which frequencies are learned."""
    return [
        printed(
            "the first plateau of the loss is (1/p)Σ|x̂_k|² of all frequencies: measured over predicted",
            SOURCE,
            lambda: _plateaus()[0],
            1.0,
            0.01,
            "a start that is not 0",
            HOW,
            quick=False,
        ),
        printed(
            "the next plateau is that of the smaller power alone, the larger being learned first",
            SOURCE,
            lambda: _plateaus()[1],
            1.0,
            0.05,
            "the saddle is passed at a distance",
            HOW,
            quick=False,
        ),
    ]


def template() -> Array:
    """A real template of zero mean with the given powers |x̂_k|²."""
    angles = 2 * np.pi * np.arange(P) / P
    return np.asarray(
        sum(2 / P * np.sqrt(power) * np.cos(k * angles + k) for k, power in enumerate(POWERS, 1))
    )


@cache
def _plateaus() -> tuple[float, float]:
    """Loss per pair at the two least speeds, each over its level."""
    x = template()
    a, b = np.divmod(np.arange(P * P), P)
    shifted = np.array([np.roll(x, shift) for shift in range(P)])
    X, Y = np.hstack([shifted[a], shifted[b]]), shifted[(a + b) % P]
    rng = np.random.default_rng(0)
    start = SMALL * rng.standard_normal((2 * P, UNITS)), SMALL * rng.standard_normal((UNITS, P))
    end = END
    flow = full_flow(X, Y, "quadratic")
    times = np.linspace(0, end, 4001)
    path = integrate(flow, start, (0, end), method="LSODA", t_eval=times, rtol=1e-8, atol=1e-12)
    losses = np.array(
        [
            np.sum((np.square(X @ first) @ second - Y) ** 2) / P**2
            for first, second in zip(*path.y, strict=True)
        ]
    )
    levels = 2 / P * np.cumsum(POWERS)[::-1]
    speed = -np.gradient(losses, times)
    middle = (losses < 0.75 * levels[0]) & (losses > 0.25 * levels[1])
    second = losses[middle][np.argmin(speed[middle])] if middle.any() else np.nan
    return float(losses[1] / levels[0]), float(second / levels[1])
