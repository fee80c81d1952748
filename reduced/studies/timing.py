"""Runs of modular addition reduced to what laws of grokking times ask for: times, norms, the contraction."""

from collections.abc import Callable
from typing import Any

import numpy as np

from reduced.inputs.ranges import check
from reduced.integration.integrators import INTEGRATORS
from reduced.integration.solve import integrate
from reduced.network.observables import first_crossing
from reduced.network.parameters import Pair, moved, norm
from reduced.predictors.runs import Measured, Setting
from reduced.studies.timing_networks import Network, network_of
from reduced.training.gradient_descent import slow_time

#: Observations of training; slow time between observations of the flows and between those of the slope of another loss.
LOOKS, LOOK_EVERY, SLOPE_OVER = 400, 0.02, 0.2
#: Test accuracy that counts as generalization.
LEVEL = 0.95


def timed(setting: Setting) -> Measured:
    """Run a network, its data and start drawn from the seed, and measure it.

    Training starts from layers uniform in ±α/√fan_in, or in frequency space from templates with their optimal readout
    at λ, both scaled by α. The flows start from a first layer of variance α²/p with its optimal readout, on the
    zero-loss set.

    Parameters
    ----------
    setting : Setting

    Examples
    --------
    >>> run = timed(Setting("first-layer flow", p=5, hidden=24, slow_time=0.1))
    >>> run.memorized, run.squared_norm_end < run.squared_norm_start
    (0.0, True)
    """
    check(setting)
    network = network_of(setting)
    seen = _Seen(network)
    {"training": _train, "zero-loss flow": _zero_loss, "first-layer flow": _first_layer}[setting.path](
        setting, network, seen
    )
    return seen.measured(setting)


class _Seen:
    """Accuracies and norms along a run, with its first memorized state and its last."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.rows: list[tuple[float, float, float, float]] = []
        self.memorized: Pair | None = None
        self.last: Pair | None = None

    def look(self, tau: float, state: Pair) -> dict[str, Any]:
        """Note a state; observes nothing else."""
        fitted, tested = self.network.accuracies(state)
        self.rows.append((tau, fitted, tested, self.network.copies * norm(state) ** 2))
        if self.memorized is None and fitted == 1:
            self.memorized = state[0].copy(), state[1].copy()
        self.last = state
        return {}

    def measured(self, setting: Setting) -> Measured:
        """What the laws ask for."""
        tau, fitted, tested, squared = np.array(self.rows).T
        began = int(np.argmax(fitted == 1)) if self.memorized is not None else None
        if began is None or self.memorized is None or self.last is None:
            nan = float("nan")
            return Measured(squared[0], nan, nan, nan, nan, nan, squared[-1], nan, tested[-1])
        generalized = first_crossing(tau, tested, LEVEL)
        if setting.loss == "squared":
            contraction = self.network.contraction(self.memorized)
        else:
            later = float(np.interp(tau[began] + SLOPE_OVER, tau, np.log(squared)))
            contraction = (np.log(squared[began]) - later) / (2 * SLOPE_OVER)
        away = moved(self.last, self.memorized, by=-1.0)
        return Measured(
            squared_norm_start=float(squared[0]),
            memorized=float(tau[began]),
            squared_norm_memorized=float(squared[began]),
            contraction=float(contraction),
            generalized=generalized,
            squared_norm_generalized=float(np.interp(generalized, tau, squared)),
            squared_norm_end=float(squared[-1]),
            squared_distance=self.network.copies * norm(away) ** 2,
            accuracy_end=float(tested[-1]),
        )


def _train(setting: Setting, network: Network, seen: _Seen) -> None:
    each = slow_time(1, setting.learning_rate, setting.weight_decay, setting.momentum)
    steps = max(1, round(setting.slow_time / each))
    network.train(
        steps=steps,
        learning_rate=setting.learning_rate,
        weight_decay=setting.weight_decay,
        momentum=setting.momentum,
        observe=lambda step, state: seen.look(step * each, state),
        observe_every=max(1, steps // LOOKS),
    )


def _zero_loss(setting: Setting, network: Network, seen: _Seen) -> None:
    flow, start, options = network.zero_loss()
    _follow(flow, start, seen.look, setting, options)


def _first_layer(setting: Setting, network: Network, seen: _Seen) -> None:
    flow, start = network.first_layer()
    chosen = INTEGRATORS["resolved"]

    def look(tau: float, first: Any) -> dict[str, Any]:
        return seen.look(tau, (first, flow.at(first).readout))

    _follow(flow, start, look, setting, {"method": chosen.method, "step": chosen.step})


def _follow(
    flow: Any, start: Any, look: Callable[..., dict[str, Any]], setting: Setting, options: dict[str, Any]
) -> None:
    end = setting.slow_time
    options = {"observe_every": LOOK_EVERY} | options
    integrate(flow, start, (0, end), t_eval=[end], observe=look, **options)
