"""One run of the first-layer flow on modular arithmetic: its configuration, and what is observed along it."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from reduced.flows.convex import ConvexFlow
from reduced.flows.first_layer import FirstLayerFlow
from reduced.flows.two_layer import first_layer_flow
from reduced.inputs.arrays import without_overflow
from reduced.inputs.choices import one_of
from reduced.inputs.memory import refuse_beyond_memory, run_numbers
from reduced.inputs.scalars import non_negative, positive, whole
from reduced.integration.checkpoint import Checkpoints
from reduced.integration.solve import integrate
from reduced.integration.trajectory import Trajectory
from reduced.network.activations import get_activation
from reduced.network.dataset import Dataset
from reduced.network.losses import LOSSES
from reduced.readout.iterated import pays
from reduced.runs.observed import observer
from reduced.tasks.modular import modular_operation

Array = NDArray[np.float64]
#: Slow time between observations.
OBSERVE_EVERY = 0.01
#: Relative error of a velocity that is found by iteration, as a share of the step: over a step h it moves the state by
#: h²/20, where Euler's step errs by h²/2 and three Legendre stages by 7h²/24, times the acceleration.
ITERATION_SHARE = 0.05
#: How the two named ways of running integrate: the paper's Euler steps, or the flow itself.
METHODS: dict[str, dict[str, Any]] = {
    "protocol": {"method": "euler"},
    "flow": {"method": "relative_legendre", "step": 1e-2},
}
#: Exponent e of the initial standard deviation p^e: p^(-1/2) read as standard deviation or as variance.
INIT_EXPONENTS = {"std": -0.5, "var": -0.25}


@dataclass(frozen=True)
class Experiment:
    """Configuration of one run; the defaults are the paper's.

    Parameters
    ----------
    p : int
        Modulus.
    hidden : int
        Hidden width d_h.
    train_fraction : float
        Share of the pairs that trains.
    activation : str
        Name of σ.
    ridge : float
        λ ≥ 0; 0 is the zero-loss limit.
    method : str
        ``"protocol"``: explicit Euler with fixed ``step``; ``"flow"``: stabilized relative steps, which
        resolve the start.
    step : float
        Euler's step η in slow time τ.
    slow_time : float
        Length of the run in slow time τ = 2λt.
    seed : int
        Seed of the split and of the initial first layer.
    init_scale : str
        ``"std"``: p^(-1/2) is the standard deviation of the initial weights; ``"var"``: their variance.
    init_factor : float
        Positive factor on the initial weights.
    operation : str
        ``"add"``, ``"subtract"`` or ``"multiply"``.
    loss : str
        Name of the loss, see :data:`reduced.network.losses.LOSSES`.
    """

    p: int = 37
    hidden: int = 512
    train_fraction: float = 0.7
    activation: str = "relu"
    ridge: float = 0.0
    method: str = "protocol"
    step: float = 1e-3
    slow_time: float = 5.0
    seed: int = 0
    init_scale: str = "std"
    init_factor: float = 1.0
    operation: str = "add"
    loss: str = "squared"

    @property
    def minimizes(self) -> bool:
        """Whether the readout is found by minimization: with any loss but the squared one, unless ridge is 0."""
        return self.loss != "squared" and self.ridge > 0


def options_of(experiment: Experiment) -> dict[str, Any]:
    """All options by name; the squared loss goes unnamed, as it did when there was no other."""
    options = asdict(experiment)
    return options if experiment.loss != "squared" else {n: v for n, v in options.items() if n != "loss"}


def configuration(experiment: Experiment) -> str:
    """All options as one line of JSON; experiments that agree in it are the same run."""
    return json.dumps(options_of(experiment), sort_keys=True)


def problem(experiment: Experiment) -> tuple[Dataset, Dataset, Array]:
    """Training set, test set and initial first layer of an experiment, drawn from its seed.

    Raises
    ------
    ValueError
        If any option is out of range, with what is allowed, or the run asks for more memory than there is.
    """
    _check(experiment)
    rng = np.random.default_rng(experiment.seed)
    train, test = modular_operation(experiment.operation, experiment.p, experiment.train_fraction, rng)
    sizes = (len(train.X), len(test.X)), train.X.shape[1], experiment.p, experiment.hidden
    numbers = run_numbers(*sizes, iterates=readout_tolerance(experiment, len(train.X)) > 0)
    refuse_beyond_memory(f"p = {experiment.p} with hidden = {experiment.hidden}", numbers)
    refuse_beyond_memory(f"slow_time = {experiment.slow_time}", observed_numbers(experiment))
    scale = experiment.init_factor * float(experiment.p) ** INIT_EXPONENTS[experiment.init_scale]
    return train, test, scale * rng.standard_normal((train.X.shape[1], experiment.hidden))


def run(
    experiment: Experiment,
    *,
    progress: str | None = None,
    report: Callable[[dict[str, Any]], None] | None = None,
    checkpoints: Checkpoints | None = None,
) -> Trajectory:
    """Integrate an experiment; its observations are those of :func:`reduced.runs.observed.observer`.

    It takes one BLAS thread: the same bits alone, among other seeds and in a sweep, and no waiting on a busy machine.

    Parameters
    ----------
    experiment : Experiment
        What to run.
    progress : str, optional
        Label of a progress bar.
    report : callable, optional
        Receives every row of observations as it is made.
    checkpoints : Checkpoints, optional
        Saves the run while it runs, and holds the step to go on from.

    Returns
    -------
    Trajectory
        Stores the last state; ``observed`` every ``OBSERVE_EVERY`` of slow time.
    """
    train, test, W1 = problem(experiment)
    flow = bound_flow(experiment, train)
    with threadpool_limits(1):
        return integrate(
            flow,
            W1,
            (0.0, experiment.slow_time),
            t_eval=[experiment.slow_time],
            observe=observer(experiment, flow, train, test, report),
            observe_every=OBSERVE_EVERY,
            progress=progress,
            checkpoints=checkpoints,
            **method_options(experiment),
        )


def method_options(experiment: Experiment) -> dict[str, Any]:
    """How :func:`reduced.integration.solve.integrate` takes the steps of a run."""
    return {"step": experiment.step} | METHODS[experiment.method]


def bound_flow(experiment: Experiment, train: Dataset) -> FirstLayerFlow | ConvexFlow:
    """The first-layer flow of a run, with the error that it allows a readout found by iteration."""
    loss = LOSSES[experiment.loss]
    arguments = (train.X, loss.from_one_hot(train.Y), experiment.activation, experiment.ridge)
    tolerance = ITERATION_SHARE * method_options(experiment)["step"]
    return first_layer_flow(*arguments, loss=loss, tolerance=tolerance)


def readout_tolerance(experiment: Experiment, samples: int) -> float:
    """Relative error to which a run on so many samples iterates its readout; 0 where it factors at every step.

    Where it minimizes, the root of the duality gap as a share of the cost.
    """
    if not experiment.minimizes and not pays(samples, experiment.hidden, experiment.p):
        return 0.0
    return ITERATION_SHARE * float(method_options(experiment)["step"])


def observed_numbers(experiment: Experiment) -> int:
    """How many numbers the observations of a run hold: two K × K comparisons and eleven smaller ones a row."""
    frequencies = experiment.p // 2
    return int(experiment.slow_time / OBSERVE_EVERY) * (2 * frequencies**2 + 3 * frequencies + 8)


def first_euler_step(experiment: Experiment) -> tuple[float, float, float]:
    """Initial speed ‖dW1/dτ‖, and ‖W1‖² before and after one Euler step of the experiment's ``step``."""
    train, _, W1 = problem(experiment)
    with np.errstate(over="ignore", invalid="ignore"):
        velocity = bound_flow(experiment, train)(0.0, W1)
    after = without_overflow("the first step", np.sum((W1 + experiment.step * velocity) ** 2))
    return float(np.linalg.norm(velocity)), float(np.sum(W1**2)), float(after)


def _check(experiment: Experiment) -> None:
    get_activation(experiment.activation)
    one_of("loss", experiment.loss, LOSSES)
    one_of("method", experiment.method, METHODS)
    one_of("init_scale", experiment.init_scale, INIT_EXPONENTS)
    positive(**{name: getattr(experiment, name) for name in ("step", "slow_time", "init_factor")})
    non_negative(ridge=experiment.ridge)
    if experiment.ridge == 0:
        LOSSES[experiment.loss].refuse_zero_ridge()
    whole(1, hidden=experiment.hidden)
    whole(0, seed=experiment.seed)
