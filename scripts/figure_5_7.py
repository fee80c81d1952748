"""Figures 5 and 7 and what they leave out: real training against both predictions of its direction."""

import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from _cases import map_cases
from _cli import run as run_command
from _curves import reporting, save
from _ranges import OutPath
from _training_panels import training_panels

from reduced.inputs.ranges import Count, Modulus
from reduced.network.observables import first_crossing
from reduced.studies.alignment import aligned_training, all_but_seven


def network(case: tuple[int, str], p: int, hidden: int, steps: int, every: int) -> dict[str, Any]:
    """Train one network and compare."""
    seed, activation = case
    return aligned_training(
        *all_but_seven(p, seed), hidden=hidden, steps=steps, every=every, activation=activation, rng=seed
    )


@dataclass(frozen=True)
class Options:
    """Figures 5 and 7 and what they leave out: real training against both predictions of its direction."""

    p: Modulus = 11
    """Modulus of the addition."""
    hidden: Count = 128
    """Hidden width."""
    steps: Count = 60_000
    """Steps of gradient descent."""
    every: Count = 1000
    """Steps between comparisons."""
    networks: Count = 5
    """Number of networks."""
    out: OutPath = Path("figures/training_against_predictions.png")
    """Where to save the figure."""


def draw(options: Options) -> dict[str, float]:
    """Train the paper's networks (7 test pairs, rate 1, decay 1e-4) and draw six panels over slow time.

    One tanh network is the control without kinks. Returns the largest mean cosine with the zero-loss flow and its
    slow time, the last mean cosine, the same with the sliding flow, the last of the control, when the mean test
    accuracy reaches a half, and the median generalization time.
    """
    run = partial(network, p=options.p, hidden=options.hidden, steps=options.steps, every=options.every)
    cases = [*((seed, "relu") for seed in range(options.networks)), (0, "tanh")]
    *runs, smooth = map_cases(run, cases)
    tau = smooth["tau"]
    save(training_panels(runs, smooth), options.out)
    cosines = np.mean([one["zero_loss_cosine"] for one in runs], axis=0)
    sliding = np.mean([one["sliding_cosine"] for one in runs], axis=0)
    times = [first_crossing(tau, one["test_accuracy"], 0.95) for one in runs]
    accuracy = np.mean([one["test_accuracy"] for one in runs], axis=0)
    return {
        "largest mean cosine": float(cosines.max()),
        "at tau": float(tau[cosines.argmax()]),
        "last mean cosine": float(cosines[-1]),
        "largest mean cosine, sliding": float(np.nanmax(sliding)),
        "last mean cosine, sliding": float(sliding[-1]),
        "least cosine, sliding": float(np.nanmin([one["sliding_cosine"][2:] for one in runs])),
        "last cosine, tanh": float(smooth["zero_loss_cosine"][-1]),
        "mean test accuracy a half at tau": first_crossing(tau, accuracy, 0.5),
        "networks that generalized": float(np.isfinite(times).sum()),
        "median generalization tau": float(np.median(np.nan_to_num(times, nan=np.inf))),
    }


main = reporting(draw)


if __name__ == "__main__":
    sys.exit(run_command(main, Options))
