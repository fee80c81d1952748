"""Controls of the findings: tanh at the true foot, ℓ1 at equal norm, and how near the nuclear norm is to the norm."""

import sys
from dataclasses import dataclass
from functools import partial

import numpy as np
from _cases import map_cases
from _cli import run as run_command

from reduced.inputs.ranges import Count, Positive
from reduced.studies.adaptive import directions
from reduced.studies.alignment import all_but_seven, cosines_by_decay
from reduced.studies.controls import at_equal_norm, nuclear_closeness, two_feet
from reduced.tasks.modular import modular_addition

#: Weight decays at which the direction is compared at the true foot, learning rate 1.
DECAYS = (1e-4, 3e-5, 1e-5, 3e-6)


@dataclass(frozen=True)
class Options:
    """Controls of the findings: where the direction of training is compared, and at which norm paths are."""

    networks: Count = 6
    """Networks whose direction is compared."""
    slow_time: Positive = 6.0
    """Slow time of the comparison."""
    norm: Positive = 10.25
    """Norm up to rescaling at which paths are compared."""
    seeds: Count = 5
    """Seeds of the paths."""


def main(options: Options) -> None:
    """Print four tables."""
    pairs, _ = all_but_seven(11, 0)
    for activation in ("tanh", "relu"):
        feet = partial(two_feet, pairs, activation, 128, options.slow_time)
        found = np.array(map_cases(feet, range(options.networks)))
        print(
            f"{activation}, τ = {options.slow_time:g}: cosine with −Pθ {_row(found[:, 0])} after 100 steps of descent, "
            f"which leave {_row(found[:, 2])} of the residual; {_row(found[:, 1])} at the true foot"
        )
        settings = [(1.0, decay) for decay in DECAYS]
        cosines = cosines_by_decay(pairs, settings, hidden=128, activation=activation)
        print(f"{activation}, from τ = 4, at the true foot, decay {DECAYS}: {_row(cosines[:, 1])}")
    equal = np.array(map_cases(partial(at_equal_norm, level=options.norm), range(options.seeds)))
    for name, accuracies in zip(("norm descent", "ℓ1 descent"), equal.T, strict=True):
        print(f"{name}, norm up to rescaling {options.norm:g}: right of 7 {_row(7 * accuracies, 0)}")
    for activation in ("relu", "tanh"):
        for decay in (1.0, 0.1):
            seen = adamw(activation, decay)
            print(
                f"AdamW, {activation}, learning rate 1e-3, decay {decay:g}, every 2500 steps: test accuracy "
                f"{_row(seen['test'])}; cosine with −Pθ {_row(seen['zero_loss'])}, "
                f"with (20) {_row(seen['first_layer'])}"
            )
    close = np.array(map_cases(nuclear_closeness, range(options.seeds)))
    print(f"nuclear-norm and norm descent, cosine at τ = 0 … 5, mean over seeds: {_row(close.mean(axis=0))}")


def adamw(activation: str, decay: float) -> dict[str, np.ndarray]:
    """Directions of AdamW on addition modulo 13."""
    pairs, test = modular_addition(13, 0.9, 0)
    how = {"learning_rate": 1e-3, "weight_decay": decay, "steps": 20_000, "looks": 8, "seed": 0}
    return directions(pairs, test, hidden=128, activation=activation, **how)


def _row(numbers: np.ndarray, digits: int = 2) -> str:
    return " ".join(f"{number:.{digits}f}" for number in numbers)


if __name__ == "__main__":
    sys.exit(run_command(main, Options))
