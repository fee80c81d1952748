"""Grokking time against initial scale: one integration and the exact law, against one integration a scale."""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from _cli import run
from _plot import CLOSED, STYLE, save
from _pyplot import plt
from _ranges import OutPath
from threadpoolctl import threadpool_limits

from reduced.flows.scaling import rescaled_time
from reduced.flows.two_layer import first_layer_flow, optimal_readout
from reduced.inputs.ranges import Count, Fraction, Modulus, Positive, Seed
from reduced.integration.solve import integrate
from reduced.network.dataset import Dataset
from reduced.network.observables import accuracy, first_crossing
from reduced.runs.experiment import OBSERVE_EVERY, Experiment, draw

LEVEL = 0.95


@dataclass(frozen=True)
class Options:
    """Integrate from the initial first layer times alpha, and predict the same times from the run at alpha = 1.

    For ReLU without ridge, tau(alpha) = ln(1 + alpha^4 (e^(4 tau(1)) - 1)) / 4: predictions do not depend on the size
    of the first layer, and time counts only through how far the flow without decay has come.
    """

    p: Modulus = 13
    """Modulus."""
    hidden: Count = 120
    """Hidden width."""
    scales: tuple[Positive, ...] = (0.25, 0.5, 0.71, 1.0, 1.41, 2.0, 4.0)
    """Factors alpha of the initial first layer to integrate from."""
    train_fraction: Fraction = 0.8
    """Share of the pairs that trains."""
    seed: Seed = 2
    """Seed of the split and of the initial first layer."""
    step: Positive = 3e-4
    """Share of its norm by which a step moves the first layer; the error of the grokking times shrinks with it."""
    out: OutPath = Path("figures/initial_scale.png")
    """Where to save the figure."""


def grokking_time(train: Dataset, test: Dataset, start: np.ndarray, end: float, step: float) -> float:
    """Slow time at which test accuracy reaches 0.95, on one BLAS thread: small systems do not pay for two."""
    readout = optimal_readout(train.X, train.Y)
    with threadpool_limits(1):
        path = integrate(
            first_layer_flow(train.X, train.Y),
            start,
            (0.0, end),
            t_eval=[end],
            observe=lambda _, W1: {"test": accuracy(W1, readout(W1), test)},
            observe_every=OBSERVE_EVERY,
            method="relative_euler",
            step=step,
        )
    return first_crossing(path.observed["t"], path.observed["test"], LEVEL)


@plt.rc_context(STYLE)
def main(options: Options) -> None:
    """Draw the law, and what was integrated."""
    train, test, start = draw(
        Experiment(**{name: getattr(options, name) for name in ("p", "hidden", "train_fraction", "seed")})
    )
    scales = np.array(options.scales)
    once = grokking_time(train, test, start, 6.0, options.step)
    if not once > 0:
        raise ValueError(
            f"seed = {options.seed}: this run does not reach accuracy {LEVEL} by τ = 6; take another"
        )
    predicted = [float(rescaled_time(once, scale, degree=1)) for scale in options.scales]
    integrated = [
        grokking_time(train, test, scale * start, tau + 0.3, options.step)
        for scale, tau in zip(scales, predicted, strict=True)
    ]
    figure, axis = plt.subplots(figsize=(8.5, 5.6))
    fine = np.geomspace(scales.min() / 1.3, 1.3 * scales.max(), 200)
    axis.semilogx(
        fine,
        [float(rescaled_time(once, scale, degree=1)) for scale in fine],
        **CLOSED,
        label="from the run at α = 1 alone",
    )
    axis.semilogx(scales, integrated, "o", color="tab:blue", ms=9, label="integrated from α E₀")
    axis.plot(1, once, "*", color="tab:red", ms=16, label="the run at α = 1")
    axis.set(xlabel="initial scale α", ylabel=r"grokking time $\tau$ (test accuracy 0.95)")
    axis.set_xticks(scales, [f"{scale:g}" for scale in scales])
    axis.minorticks_off()
    axis.legend()
    worst = float(np.max(np.abs(np.subtract(integrated, predicted))))
    save(
        figure,
        options.out,
        f"p = {options.p}, ReLU: one run predicts the grokking times of {len(scales)} to {worst:.3f} in τ",
    )


if __name__ == "__main__":
    sys.exit(run(main, Options))
