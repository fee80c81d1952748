"""How a run steps and observes, by its options."""

from typing import Any

from reduced.integration.integrators import INTEGRATORS
from reduced.readout.iterated import pays
from reduced.runs.options import Experiment, task_of

#: Slow time between observations.
OBSERVE_EVERY = 0.01
#: Relative error of a velocity that is found by iteration, as a share of the step: over a step h it moves the state by
#: h²/20, where Euler's step errs by h²/2 and three Legendre stages by 7h²/24, times the acceleration.
ITERATION_SHARE = 0.05


def step_of(experiment: Experiment) -> float:
    """The step of a run: its own, or its integrator's."""
    chosen = INTEGRATORS[experiment.integrator]
    return float(chosen.step if experiment.step is None else experiment.step)


def method_options(experiment: Experiment) -> dict[str, Any]:
    """How :func:`reduced.integrate` takes the steps of a run."""
    return {"method": INTEGRATORS[experiment.integrator].method, "step": step_of(experiment)}


def euler_step(experiment: Experiment) -> float:
    """The fixed step of a run by the paper's protocol; of another run, the paper's."""
    if experiment.integrator == "paper-euler":
        return step_of(experiment)
    return INTEGRATORS["paper-euler"].step


def readout_tolerance(experiment: Experiment, samples: int) -> float:
    """Relative error to which a run on so many samples iterates its readout; 0 where it factors at every step.

    Where it minimizes, the root of the duality gap as a share of the cost.
    """
    iterates = experiment.templates is None and pays(
        samples, experiment.hidden, task_of(experiment).sizes().outputs
    )
    if not experiment.minimizes and not iterates:
        return 0.0
    return ITERATION_SHARE * step_of(experiment)


def observe_every(experiment: Experiment) -> float:
    """Slow time between observations; in frequency space one costs more than an evaluation."""
    return OBSERVE_EVERY if experiment.templates is None else 2 * OBSERVE_EVERY


def observed_numbers(experiment: Experiment) -> int:
    """How many numbers the observations of a run hold: two K × K comparisons and some smaller ones a row."""
    frequencies = (task_of(experiment).residues or 0) // 2
    row = 2 * frequencies**2 + 4 * frequencies + 9 + 2 * (experiment.templates or 0)
    return int(experiment.slow_time / observe_every(experiment)) * row
