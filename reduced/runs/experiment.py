"""One run of the first-layer flow on modular arithmetic: its configuration, and what is observed along it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from reduced.flows.convex import ConvexFlow
from reduced.flows.first_layer import FirstLayerFlow
from reduced.flows.two_layer import first_layer_flow
from reduced.inputs.arrays import without_overflow
from reduced.inputs.memory import refuse_beyond_memory, run_numbers
from reduced.inputs.ranges import Count, Fraction, Modulus, NonNegative, OneOf, Positive, Seed, check
from reduced.integration.checkpoint import Checkpoints
from reduced.integration.integrators import INTEGRATORS
from reduced.integration.methods import check_step
from reduced.integration.solve import integrate
from reduced.integration.trajectory import Trajectory
from reduced.network.activations import ACTIVATIONS
from reduced.network.dataset import Sizes
from reduced.network.losses import LOSSES
from reduced.readout.iterated import pays
from reduced.runs.equivariant import class_sizes, equivariant_start
from reduced.runs.observed import observer
from reduced.symmetry.classes import held_out
from reduced.symmetry.evaluation import EquivariantFlow
from reduced.symmetry.flow import equivariant_flow
from reduced.tasks.modular import OPERATIONS, modular_operation, modular_sizes

Array = NDArray[np.float64]
#: Slow time between observations.
OBSERVE_EVERY = 0.01
#: Relative error of a velocity that is found by iteration, as a share of the step: over a step h it moves the state by
#: h²/20, where Euler's step errs by h²/2 and three Legendre stages by 7h²/24, times the acceleration.
ITERATION_SHARE = 0.05
#: Exponent e of the initial standard deviation p^e: p^(-1/2) read as standard deviation or as variance.
INIT_EXPONENTS = {"std": -0.5, "var": -0.25}


#: Symmetries that a network may have.
SYMMETRIES = ("none", "translation")


class Drawn(NamedTuple):
    """What a seed decides: the training set, the test set, and the initial first layer.

    With the symmetry of translations these are two sets of difference classes, and the templates.
    """

    train: Any
    test: Any
    W1: Array


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
    integrator : str
        ``"resolved"``: stabilized relative steps, which resolve the start; ``"paper-euler"``: the paper's explicit
        Euler with fixed steps, whose first one overshoots.
    step : float, optional
        Of the integrator; by default its own: a share of 1e-2 of the norm of W1 for ``resolved``, 1e-3 of slow time for
        ``paper-euler``.
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
    symmetry : str
        ``"none"``, or ``"translation"``: the first layer is tied to templates, whole difference classes train, and the
        flow is evaluated in frequency space; for addition modulo an odd p. Then ``train_fraction`` is that of the
        classes, and the hidden width is p times ``templates``.
    templates : int, optional
        Number of templates of a translation-equivariant network; with ridge 0 at least that of the training classes.
    """

    p: Modulus = 37
    hidden: Count = 512
    train_fraction: Fraction = 0.7
    activation: Annotated[str, OneOf(lambda: ACTIVATIONS)] = "relu"
    ridge: NonNegative = 0.0
    integrator: Annotated[str, OneOf(lambda: INTEGRATORS)] = "resolved"
    step: Positive | None = None
    slow_time: Positive = 5.0
    seed: Seed = 0
    init_scale: Annotated[str, OneOf(lambda: INIT_EXPONENTS)] = "std"
    init_factor: Positive = 1.0
    operation: Annotated[str, OneOf(lambda: OPERATIONS)] = "add"
    loss: Annotated[str, OneOf(lambda: LOSSES)] = "squared"
    symmetry: Annotated[str, OneOf(lambda: SYMMETRIES)] = "none"
    templates: Count | None = None

    @property
    def minimizes(self) -> bool:
        """Whether the readout is found by minimization: with any loss but the squared one, unless ridge is 0."""
        return self.loss != "squared" and self.ridge > 0


def sizes(experiment: Experiment) -> Sizes:
    """Check an experiment and say how large its data are, without drawing them.

    Raises
    ------
    ValueError
        If any option is out of range, with what is allowed, or the run asks for more memory than there is.
    """
    check(experiment)
    if experiment.ridge == 0:
        LOSSES[experiment.loss].refuse_zero_ridge()
    try:
        check_step(**method_options(experiment), length=float(experiment.slow_time))
    except ValueError as refused:
        raise ValueError(f"{refused}, with slow_time = {experiment.slow_time}") from None
    size = _sizes(experiment)
    refuse_beyond_memory(f"slow_time = {experiment.slow_time}", observed_numbers(experiment))
    return size


def _sizes(experiment: Experiment) -> Sizes:
    if equivariant(experiment):
        return class_sizes(
            experiment.p, experiment.train_fraction, experiment.templates or 0, experiment.ridge
        )
    size = modular_sizes(experiment.operation, experiment.p, experiment.train_fraction)
    numbers = run_numbers(
        (size.train, size.test),
        size.inputs,
        size.outputs,
        experiment.hidden,
        iterates=readout_tolerance(experiment, size.train) > 0,
    )
    refuse_beyond_memory(f"p = {experiment.p} with hidden = {experiment.hidden}", numbers)
    return size


def equivariant(experiment: Experiment) -> bool:
    """Whether the network of a run is equivariant, by options that go together.

    Raises
    ------
    ValueError
        If an option belongs to another symmetry.
    """
    e, plain = experiment, Experiment()
    if e.symmetry == "none":
        if e.templates is not None:
            raise ValueError(
                f"templates = {e.templates}: belongs to symmetry = 'translation', and this run has none"
            )
        return False
    if e.templates is None:
        raise ValueError("templates = None: symmetry = 'translation' needs the number of templates")
    if e.hidden != plain.hidden:
        raise ValueError(
            f"hidden = {e.hidden}: symmetry = 'translation' makes it p times the templates; leave it out"
        )
    if e.operation != plain.operation:
        raise ValueError(f"operation = {e.operation!r}: symmetry = 'translation' is for 'add'")
    return True


def draw(experiment: Experiment) -> Drawn:
    """Training set, test set and initial first layer of an experiment, drawn from its seed.

    Raises
    ------
    ValueError
        As :func:`sizes`.
    """
    size = sizes(experiment)
    scale = experiment.init_factor * float(experiment.p) ** INIT_EXPONENTS[experiment.init_scale]
    if experiment.templates is not None:
        how = experiment.p, experiment.train_fraction, experiment.templates, scale, experiment.seed
        classes, f = equivariant_start(*how)
        return Drawn(classes, held_out(experiment.p, classes), f)
    rng = np.random.default_rng(experiment.seed)
    train, test = modular_operation(experiment.operation, experiment.p, experiment.train_fraction, rng)
    return Drawn(train, test, scale * rng.standard_normal((size.inputs, experiment.hidden)))


def run(
    experiment: Experiment,
    *,
    drawn: Drawn | None = None,
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
    drawn : Drawn, optional
        Its data and initial first layer, where they are at hand.
    progress : str, optional
        Label of a progress bar.
    report : callable, optional
        Receives every row of observations as it is made.
    checkpoints : Checkpoints, optional
        Saves the run while it runs, and holds the step to go on from.

    Returns
    -------
    Trajectory
        Stores the last state; ``observed`` as often as :func:`observe_every` says.
    """
    train, test, W1 = drawn or draw(experiment)
    flow = bound_flow(experiment, train)
    with threadpool_limits(1):
        return integrate(
            flow,
            W1,
            (0.0, experiment.slow_time),
            t_eval=[experiment.slow_time],
            observe=observer(experiment, flow, train, test, report),
            observe_every=observe_every(experiment),
            progress=progress,
            checkpoints=checkpoints,
            **method_options(experiment),
        )


def step_of(experiment: Experiment) -> float:
    """The step of a run: its own, or its integrator's."""
    chosen = INTEGRATORS[experiment.integrator]
    return float(chosen.step if experiment.step is None else experiment.step)


def method_options(experiment: Experiment) -> dict[str, Any]:
    """How :func:`reduced.integrate` takes the steps of a run."""
    return {"method": INTEGRATORS[experiment.integrator].method, "step": step_of(experiment)}


def bound_flow(experiment: Experiment, train: Any) -> FirstLayerFlow | ConvexFlow | EquivariantFlow:
    """The first-layer flow of a run, with the error that it allows a readout found by iteration."""
    loss, tolerance = LOSSES[experiment.loss], ITERATION_SHARE * step_of(experiment)
    if experiment.templates is not None:
        named = experiment.p, train, experiment.activation, experiment.ridge, loss
        return equivariant_flow(*named, tolerance=tolerance)
    arguments = (train.X, loss.from_one_hot(train.Y), experiment.activation, experiment.ridge)
    return first_layer_flow(*arguments, loss=loss, tolerance=tolerance)


def readout_tolerance(experiment: Experiment, samples: int) -> float:
    """Relative error to which a run on so many samples iterates its readout; 0 where it factors at every step.

    Where it minimizes, the root of the duality gap as a share of the cost.
    """
    iterates = experiment.templates is None and pays(samples, experiment.hidden, experiment.p)
    if not experiment.minimizes and not iterates:
        return 0.0
    return ITERATION_SHARE * step_of(experiment)


def observe_every(experiment: Experiment) -> float:
    """Slow time between observations; in frequency space one costs more than an evaluation."""
    return OBSERVE_EVERY if experiment.templates is None else 2 * OBSERVE_EVERY


def observed_numbers(experiment: Experiment) -> int:
    """How many numbers the observations of a run hold: two K × K comparisons and some smaller ones a row."""
    frequencies = experiment.p // 2
    row = 2 * frequencies**2 + 4 * frequencies + 9 + 2 * (experiment.templates or 0)
    return int(experiment.slow_time / observe_every(experiment)) * row


def first_euler_step(experiment: Experiment, drawn: Drawn | None = None) -> tuple[float, float, float]:
    """Initial speed ‖dW1/dτ‖, and ‖W1‖² before and after one Euler step: the run's own, or the paper's of 10⁻³."""
    train, _, W1 = drawn or draw(experiment)
    step = euler_step(experiment)
    copies = 1 if experiment.templates is None else experiment.p  # of every template's entries in W1
    with np.errstate(over="ignore", invalid="ignore"):
        velocity = bound_flow(experiment, train)(0.0, W1)
    after = copies * without_overflow("the first step", np.sum((W1 + step * velocity) ** 2))
    return float(np.sqrt(copies) * np.linalg.norm(velocity)), float(copies * np.sum(W1**2)), float(after)


def euler_step(experiment: Experiment) -> float:
    """The fixed step of a run by the paper's protocol; of another run, the paper's."""
    if experiment.integrator == "paper-euler":
        return step_of(experiment)
    return INTEGRATORS["paper-euler"].step
