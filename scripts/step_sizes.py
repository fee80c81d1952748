"""How much of the zero-loss flow on ReLU depends on its step and its linear solve, and where error control gets."""

import itertools
import sys
import time
from dataclasses import dataclass
from functools import partial

import numpy as np
from _cases import map_cases
from _cli import run as run_command
from paper_size import SIZES

from reduced.errors import IntegrationError
from reduced.flows.zero_loss import zero_loss_flow
from reduced.inputs.ranges import Count, Positive
from reduced.integration.solve import integrate
from reduced.network.observables import first_crossing
from reduced.network.problem import bind
from reduced.studies.generalization import LOOK_EVERY, LOOSE, measured, start_of_size, zero_loss_states

Size = tuple[int, int, int]
#: A retracted Euler step, and the relative residual to which the velocity is solved.
Setting = tuple[float, float]
#: Test accuracy whose time is printed.
LEVEL = 0.9
RTOL = 1e-6


@dataclass(frozen=True)
class Options:
    """How much of the zero-loss flow on ReLU depends on its step and its linear solve, and where error control gets.

    From the starts of paper_size.py, half the step and a tighter solve are compared with the step as it is used there.
    """

    sizes: tuple[Size, ...] = SIZES
    """Moduli, hidden widths and numbers of training samples; RK45 tries the smallest."""
    step: Positive = 0.02
    """Retracted Euler step in slow time."""
    tolerance: Positive = 1e-6
    """Relative residual of the tighter solve for the velocity; the other is 0.01, as in paper_size.py."""
    slow_time: Positive = 5.0
    """Slow time at which states are compared."""
    max_steps: Count = 300
    """Steps after which RK45 stops."""


def followed(case: tuple[Size, Setting], slow_time: float) -> tuple[np.ndarray, str]:
    """The last state, and what to print about it."""
    size, (step, tolerance) = case
    training, test, start = start_of_size(*size)
    times = np.linspace(0, slow_time, round(slow_time / LOOK_EVERY) + 1)
    began = time.perf_counter()
    states = zero_loss_states(bind(training.X, training.Y), start, times, step, tolerance)
    seconds = time.perf_counter() - began
    seen = measured(states, training, test)
    return np.concatenate([layer[-1].ravel() for layer in states]), (
        f"p = {size[0]}, step {step:g}, velocity to {tolerance:g}: |W1|^2 = {seen['squared_norm_W1'][-1]:.2f}, "
        f"|W2|^2 = {seen['squared_norm_W2'][-1]:.2f}, test accuracy {seen['test_accuracy'][-1]:.3f}, "
        f"{LEVEL} at tau = {first_crossing(times, seen['test_accuracy'], LEVEL):.2f}, {seconds:.0f} s"
    )


def controlled(size: Size, slow_time: float, max_steps: int) -> str:
    """How far RK45 gets."""
    training, _, start = start_of_size(*size)
    flow = zero_loss_flow(training.X, training.Y)
    try:
        steps = integrate(
            flow, start, (0, slow_time), method="RK45", rtol=RTOL, t_eval=[slow_time], max_steps=max_steps
        ).steps
    except IntegrationError as stopped:
        return str(stopped)
    return f"arrived after {steps} steps"


def main(options: Options) -> None:
    """Print a line for each size and setting, and one for RK45."""
    first = options.step, LOOSE
    cases = list(
        itertools.product(
            options.sizes, (first, (options.step / 2, LOOSE), (options.step, options.tolerance))
        )
    )
    results = dict(zip(cases, map_cases(partial(followed, slow_time=options.slow_time), cases), strict=True))
    for (size, _), (state, line) in results.items():
        away, length = np.linalg.norm(state - results[size, first][0]), np.linalg.norm(state)
        print(f"{line}; state {away:.2f} of {length:.2f} from the first")
    smallest = min(options.sizes)
    print(
        f"p = {smallest[0]}, RK45 at rtol {RTOL:g}: {controlled(smallest, options.slow_time, options.max_steps)}"
    )


if __name__ == "__main__":
    sys.exit(run_command(main, Options))
