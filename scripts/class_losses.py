"""Do other losses generalize to whole difference classes, and when? The reduced flow of each, at one ridge."""

import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from _cli import run as run_command
from _plot import STYLE, save
from _pyplot import plt
from _ranges import LossName, OutPath
from threadpoolctl import threadpool_limits

from reduced.inputs.ranges import Count, Fraction, Modulus, Positive
from reduced.studies.classes import generalization

COLORS = ("tab:purple", "tab:blue", "tab:green", "tab:orange", "tab:red")


@dataclass(frozen=True)
class Options:
    """Follow the first-layer flow of equivariant ReLU networks for several losses until they generalize."""

    p: Modulus = 113
    """Modulus, odd."""
    share: Fraction = 0.7
    """Share of the classes that trains."""
    ratio: Positive = 2.0
    """Templates over training classes."""
    ridge: Positive = 1e-3
    """Weight decay lambda that the readout keeps, of the loss summed over samples."""
    losses: tuple[LossName, ...] = ("squared", "cross_entropy", "logistic", "pseudo_huber")
    """Losses; the squared hinge takes a hundred times as long."""
    seeds: Count = 5
    """Seeds of classes and initial templates."""
    slow_time: Positive = 4.0
    """Slow time at most."""
    out: OutPath = Path("figures/class_losses.png")
    """Figure."""


def main(options: Options) -> None:
    """Run, draw, and print when each loss generalizes, and what it took."""
    with plt.rc_context(STYLE), threadpool_limits(1):
        figure, axis = plt.subplots(figsize=(8, 5))
        latest = 0.0
        for loss, color in zip(options.losses, COLORS, strict=False):
            began = time.process_time()
            runs = [
                generalization(
                    options.p,
                    options.share,
                    options.ratio,
                    seed,
                    options.slow_time,
                    ridge=options.ridge,
                    loss=loss,
                )
                for seed in range(options.seeds)
            ]
            for seed, one in enumerate(runs):
                tau, accuracy = (
                    np.append(one.tau, options.slow_time),
                    np.append(one.accuracy, one.accuracy[-1]),
                )
                width = 4.0 if loss == "squared" else 1.2  # pseudo-Huber covers it
                axis.plot(
                    tau, accuracy, color=color, lw=width, label=None if seed else loss.replace("_", " ")
                )
            latest = np.nanmax([latest, *(one.time for one in runs)])
            times = ", ".join(f"{one.time:.2f}".replace("nan", "never") for one in runs)
            print(
                f"{loss}: 95 % at tau = {times}; {sum(one.evaluations for one in runs)} evaluations and their "
                f"observations took {time.process_time() - began:.0f} s"
            )
        axis.set(xlabel=r"slow time $\tau$", ylabel=f"test accuracy ({runs[0].held} held-out classes)")
        axis.set_xlim(0, min(options.slow_time, 1.5 * latest) or options.slow_time)
        axis.legend(loc="lower right")
        save(
            figure,
            options.out,
            f"p = {options.p}, {options.share:g} of the classes, {options.ratio:g} templates a class, "
            rf"ReLU, $\lambda$ = {options.ridge:g}",
        )


if __name__ == "__main__":
    sys.exit(run_command(main, Options))
