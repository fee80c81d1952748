"""Which whole classes an equivariant network generalizes to: when, how sure, and on which frequencies."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.inputs.scalars import positive, whole
from reduced.integration.solve import integrate
from reduced.network.observables import first_crossing
from reduced.runs.equivariant import equivariant_start
from reduced.symmetry.accuracy import margins, outputs_of, right_classes
from reduced.symmetry.classes import held_out
from reduced.symmetry.evaluation import bind_classes
from reduced.symmetry.flow import equivariant_flow
from reduced.symmetry.observables import fourier_shares
from reduced.symmetry.workspace import Workspace

Array = NDArray[np.float64]
#: Slow time between looks, and between the places where a run may stop.
LOOK, STRETCH = 0.05, 0.5
#: Share of the norm that a step moves; half of it moves the time of 95 % test accuracy by less than 2 %.
STEP = 0.02


@dataclass(frozen=True)
class Generalization:
    """How one run generalized.

    Parameters
    ----------
    train, held : int
        Numbers of training and of held-out classes.
    templates : int
        m.
    time : float
        Slow time at which 95 % of the held-out classes are right; NaN where that is not reached.
    end : float
        Slow time at which the run stopped: all held-out classes were right, or its time was up.
    tau, accuracy : arrays
        Test accuracy, in steps of one class, every ``LOOK``.
    margin : float
        Smallest margin of a held-out class at the end; the target is 1 against 0.
    evaluations : int
        Of the flow.
    leading, largest : (looks, m) arrays
        Leading frequency of each template, and its share of the template's variance, over ``tau``.
    """

    train: int
    held: int
    templates: int
    time: float
    end: float
    tau: Array
    accuracy: Array
    margin: float
    evaluations: int
    leading: NDArray[np.int64]
    largest: Array


def generalization(
    p: int,
    share: float,
    ratio: float,
    seed: int,
    end: float,
    *,
    activation: str = "relu",
    ridge: float = 0.0,
    loss: str = "squared",
    step: float = STEP,
    to_the_end: bool = False,
) -> Generalization:
    """Follow the first-layer flow until all held-out classes are right, at most to slow time ``end``.

    Parameters
    ----------
    p : int
        Modulus.
    share : float
        Share of the classes that trains.
    ratio : float
        Templates over training classes, at least 1.
    seed : int
        Of the classes and of the initial templates, whose entries have standard deviation p^(-1/2).
    end : float
        Slow time at most.
    activation : str
        σ.
    ridge : float
        λ.
    loss : str
        ℓ; the duality gap of another than the squared one is closed to (step/10)² of the cost.
    step : float
        Share of its norm by which a step moves the state.
    to_the_end : bool
        Go on when all held-out classes are right.
    """
    (p,), (ratio, end, step) = whole(3, p=p), positive(ratio=ratio, end=end, step=step)
    classes, _ = equivariant_start(p, share, 1, 1.0, seed)
    classes, f = equivariant_start(p, share, round(ratio * len(classes)), p**-0.5, seed)
    flow = equivariant_flow(p, classes, activation, ridge, loss, tolerance=step / 10)
    tested = Workspace(bind_classes(p, held_out(p, classes), activation), len(f))
    tau, evaluations = 0.0, 0
    rows: list[tuple[float, float, float, Array]] = []

    def look(at: float, state: Array) -> dict[str, Any]:
        if rows and at <= rows[-1][0]:  # a stretch begins where the last one ended
            return {}
        omega = flow.readout(state) if flow.given.in_closed_form else flow.at(state).readout
        outputs = outputs_of(tested, state, omega)
        rows.append((at, right_classes(outputs).mean(), margins(outputs).min(), fourier_shares(state)))
        return {}

    look(0.0, f)
    while tau < end and (to_the_end or rows[-1][1] < 1):
        ahead = min(tau + STRETCH, end)
        how: dict[str, Any] = {"method": "relative_legendre", "step": step, "t_eval": [ahead]}
        path = integrate(flow, f, (tau, ahead), observe=look, observe_every=LOOK, **how)
        tau, f, evaluations = ahead, path.y[-1], evaluations + path.nfev
    times, accuracy, margin, shares = map(np.array, zip(*rows, strict=True))
    return Generalization(
        len(classes),
        (p + 1) // 2 - len(classes),
        len(f),
        first_crossing(times, accuracy, 0.95),
        tau,
        times,
        accuracy,
        float(margin[-1]),
        evaluations,
        1 + shares.argmax(axis=2),
        shares.max(axis=2),
    )


def critical_share(shares: Array, generalized: Array) -> float:
    """Share at which half of the runs generalize, interpolated; NaN where it is not between two of the shares.

    Examples
    --------
    >>> critical_share(np.array([0.4, 0.5, 0.6]), np.array([0.0, 0.25, 0.75]))
    0.55
    """
    if generalized[0] >= 0.5:
        return float("nan")
    return float(f"{first_crossing(shares, generalized, 0.5):.4g}")
