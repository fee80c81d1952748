"""Both layers of an equivariant network in training: at finite weight decay, and in its limit, the zero-loss flow."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.inputs.scalars import non_negative, positive, whole
from reduced.integration.solve import integrate
from reduced.network.parameters import Pair
from reduced.runs.equivariant import equivariant_start
from reduced.symmetry.accuracy import outputs_of, right_classes
from reduced.symmetry.both_layers import equivariant_full_flow
from reduced.symmetry.classes import held_out
from reduced.symmetry.evaluation import bind_classes
from reduced.symmetry.flow import equivariant_readout
from reduced.symmetry.workspace import Workspace
from reduced.symmetry.zero_loss import equivariant_zero_loss_flow

Array = NDArray[np.float64]
#: Relative residual of the conjugate gradients of the zero-loss flow.
TOLERANCE = 1e-2


def trained_path(
    p: int,
    share: float,
    ratio: float,
    seed: int,
    end: float,
    *,
    activation: str,
    weight_decay: float = 0.0,
    step: float = 0.02,
    every: float = 0.1,
) -> dict[str, Array]:
    """Follow training of both layers with equal learning rates, from templates with their optimal readout.

    Parameters
    ----------
    p, share, ratio, seed, end
        As in :func:`reduced.studies.classes.generalization`; the same classes and templates.
    activation : str
        σ.
    weight_decay : float
        λ of the gradient flow; 0 is the zero-loss flow, its limit in slow time.
    step : float
        Share of its norm by which a step moves the state: stabilized steps for the stiff gradient flow, Euler's, half
        as long, for the zero-loss flow, whose outputs relax by themselves.
    every : float
        Slow time between observations.

    Returns
    -------
    dict of arrays
        ``t`` in slow time τ = 2λt, ``test_accuracy``, the ``residual`` relative to the targets, the ``norm`` ‖θ‖.
    """
    (p,), (weight_decay,) = whole(3, p=p), non_negative(weight_decay=weight_decay)
    ratio, end, step, every = positive(ratio=ratio, end=end, step=step, every=every)
    classes, _ = equivariant_start(p, share, 1, 1.0, seed)
    classes, f = equivariant_start(p, share, round(ratio * len(classes)), p**-0.5, seed)
    here, there = (
        Workspace(bind_classes(p, which, activation), len(f)) for which in (classes, held_out(p, classes))
    )

    def observe(tau: float, state: Pair) -> dict[str, Any]:
        misses = outputs_of(here, *state) - np.eye(1, p)
        return {
            "test_accuracy": float(right_classes(outputs_of(there, *state)).mean()),
            "residual": float(np.linalg.norm(misses) / np.sqrt(len(classes))),
            "norm": float(np.sqrt(p * sum(np.sum(part**2) for part in state))),
        }

    how: dict[str, Any] = {"t_eval": [end], "observe": observe, "observe_every": every}
    state = f, equivariant_readout(p, classes, activation)(f)
    if weight_decay == 0:
        limit = equivariant_zero_loss_flow(p, classes, activation, tolerance=TOLERANCE)
        return integrate(limit, state, (0, end), method="relative_euler", step=step / 2, **how).observed
    training = equivariant_full_flow(p, classes, activation, ridge=weight_decay)

    def in_slow_time(tau: float, state: Pair) -> Pair:
        first, second = training(tau, state)
        return first / (2 * weight_decay), second / (2 * weight_decay)

    return integrate(in_slow_time, state, (0, end), method="relative_legendre", step=step, **how).observed
