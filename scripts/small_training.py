"""The networks of Figure 5: how long they train, and how their direction approaches the zero-loss flow."""

import sys
import time
from dataclasses import dataclass
from functools import partial

from _cases import map_cases
from _cli import run as run_command

from reduced.inputs.ranges import Count, Modulus
from reduced.studies.alignment import all_but_seven, cosines_by_decay
from reduced.training.gradient_descent import train, uniform_start

#: Learning rates and weight decays at which the direction is compared.
SETTINGS = ((1.0, 1e-4), (1.0, 3e-5), (1.0, 1e-5), (0.25, 1e-4))


@dataclass(frozen=True)
class Options:
    """The networks of Figure 5: how long they train, and how their direction approaches the zero-loss flow."""

    p: Modulus = 11
    """Modulus of the addition."""
    hidden: Count = 128
    """Hidden width."""
    steps: Count = 60_000
    """Steps of gradient descent that are timed."""
    networks: Count = 5
    """Number of networks that are timed."""


def steps_taken(seed: int, options: Options) -> int:
    """Train one network."""
    training, _ = all_but_seven(options.p, seed)
    start = uniform_start(options.p, options.hidden, options.p, seed)
    return train(
        training.X, training.Y, start, steps=options.steps, learning_rate=1.0, weight_decay=1e-4
    ).steps


def main(options: Options) -> None:
    """Print the seconds, and the cosines for each setting."""
    began = time.perf_counter()
    taken = map_cases(partial(steps_taken, options=options), range(options.networks))
    seconds = time.perf_counter() - began
    print(f"{len(taken)} networks, {sum(taken)} steps: {seconds:.0f} s on the cores of this machine")
    training, _ = all_but_seven(options.p, 0)
    cosines = cosines_by_decay(training, SETTINGS, hidden=options.hidden)
    for (rate, decay), (sliding, pointwise) in zip(SETTINGS, cosines, strict=True):
        print(
            f"learning rate {rate:g}, decay {decay:g}: cosine {sliding:.2f} sliding, {pointwise:.2f} with −Pθ"
        )


if __name__ == "__main__":
    sys.exit(run_command(main, Options))
