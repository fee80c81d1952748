"""The options of one run, each with its range: command lines, checks and file names follow from them."""

import dataclasses
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

from reduced.inputs.ranges import Count, Fraction, Modulus, NonNegative, OneOf, Positive, Range, Seed
from reduced.inputs.renamed import renamed_options
from reduced.inputs.scalars import plain
from reduced.integration.integrators import INTEGRATORS
from reduced.network.activations import ACTIVATIONS, get_activation
from reduced.network.losses import LOSSES
from reduced.tasks.registry import TASKS, Task, option_types, option_words, task_words

#: Exponent e of the initial standard deviation n^e: n^(-1/2) read as standard deviation or as variance.
INIT_EXPONENTS = {"std": -0.5, "var": -0.25}
#: Symmetries that a network may have.
SYMMETRIES = ("none", "translation")
#: Old names of options.
RENAMED = {"operation": "task"}
#: The task of a run that names none, and gives no option that one task alone has.
USUAL = "add"
#: Options that several tasks have and that are fields of every run.
SHARED = ("p", "train_fraction")


@dataclasses.dataclass(frozen=True)
class NamedOrFormula(Range):
    """The name of an activation, or a formula of one."""

    def names(self) -> list[str]:
        """The names, for ``--help``."""
        return list(ACTIVATIONS)

    def __call__(self, name: str, value: Any) -> None:
        """Refuse anything else."""
        get_activation(value)


def _task_options() -> Any:
    """A dataclass of the options that the tasks declare; None stands for the default of the run's own task."""
    types = {name: kind for name, kind in option_types().items() if name not in SHARED}
    made = [
        (name, kind | None, dataclasses.field(default=None, metadata={"words": partial(option_words, name)}))
        for name, kind in types.items()
    ]
    return dataclasses.make_dataclass("TaskOptions", made, frozen=True, kw_only=True)


TaskOptions: Any = _task_options()
#: The options that are fields of a run because a task declares them.
OF_TASKS = tuple(field.name for field in dataclasses.fields(TaskOptions))


@renamed_options(**RENAMED)
@dataclass(frozen=True, repr=False)
class Experiment(TaskOptions):
    """Configuration of one run; the defaults are the paper's.

    The options of the tasks, see :data:`reduced.tasks.registry.TASKS`, are fields too.

    Parameters
    ----------
    p : int
        Modulus, of tasks that have one.
    hidden : int
        Hidden width d_h.
    train_fraction : float
        Share of the samples that trains.
    activation : str
        σ: a name, or a formula in ``z`` such as ``"z/(1 + exp(-z))"``.
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
        Seed of the data and of the initial first layer.
    init_scale : str
        ``"std"``: n^(-1/2) is the standard deviation of the initial weights; ``"var"``: their variance; n is the
        modulus, or the number of inputs.
    init_factor : float
        Positive factor on the initial weights.
    task : str, optional
        What to learn, see :data:`reduced.tasks.registry.TASKS`; by default the one task that has the options given,
        or ``"add"``, addition modulo p.
    loss : str
        Name of the loss, see :data:`reduced.network.losses.LOSSES`.
    symmetry : str
        ``"none"``, or ``"translation"``: the first layer is tied to templates, whole difference classes train, and the
        flow is evaluated in frequency space; for addition modulo an odd p. Then ``train_fraction`` is that of the
        classes, and the hidden width is p times ``templates``.
    templates : int, optional
        Number of templates of a translation-equivariant network; with ridge 0 at least that of the training classes.

    Examples
    --------
    >>> Experiment(p=97, task="divide")
    Experiment(p=97, task='divide')
    """

    p: Modulus = 37
    hidden: Count = 512
    train_fraction: Fraction = 0.7
    activation: Annotated[str, NamedOrFormula()] = "relu"
    ridge: NonNegative = 0.0
    integrator: Annotated[str, OneOf(lambda: INTEGRATORS)] = "resolved"
    step: Positive | None = None
    slow_time: Positive = 5.0
    seed: Seed = 0
    init_scale: Annotated[str, OneOf(lambda: INIT_EXPONENTS)] = "std"
    init_factor: Positive = 1.0
    task: Annotated[str, OneOf(lambda: TASKS)] | None = dataclasses.field(
        default=None, metadata={"words": partial(task_words, USUAL)}
    )
    loss: Annotated[str, OneOf(lambda: LOSSES)] = "squared"
    symmetry: Annotated[str, OneOf(lambda: SYMMETRIES)] = "none"
    templates: Count | None = None

    def __post_init__(self) -> None:
        for option in dataclasses.fields(self):
            object.__setattr__(self, option.name, plain(getattr(self, option.name)))
        if self.task is None:
            object.__setattr__(self, "task", _implied(given_options(self)))

    def __repr__(self) -> str:
        usual = {field.name: repr(field.default) for field in dataclasses.fields(self)} | {
            "task": repr(USUAL)
        }
        shown = {name: repr(getattr(self, name)) for name in usual}
        return f"Experiment({', '.join(f'{name}={shown[name]}' for name in usual if shown[name] != usual[name])})"

    @property
    def minimizes(self) -> bool:
        """Whether the readout is found by minimization: with any loss but the squared one, unless ridge is 0."""
        return self.loss != "squared" and self.ridge > 0


def given_options(experiment: Experiment) -> dict[str, Any]:
    """The options of tasks that an experiment gives."""
    named = {name: getattr(experiment, name) for name in OF_TASKS}
    return {name: value for name, value in named.items() if value is not None}


def _implied(given: dict[str, Any]) -> str:
    fitting = [task.name for task in TASKS.values() if given.keys() <= set(task.options)]
    return fitting[0] if given and len(fitting) == 1 else USUAL


def task_of(experiment: Experiment) -> Task:
    """The task of a checked experiment, with its options.

    Raises
    ------
    ValueError
        If an option belongs to another task.

    Examples
    --------
    >>> task_of(Experiment(p=5)).sizes()
    Sizes(train=10, test=5, inputs=5, outputs=5)
    """
    declared = TASKS[str(experiment.task)]
    shared = {field.name: field.default for field in dataclasses.fields(Experiment) if field.name in SHARED}
    given = {name: getattr(experiment, name) for name in SHARED} | given_options(experiment)
    for name, value in given.items():
        if name not in declared.options and value != shared.get(name):
            owners = ", ".join(task.name for task in TASKS.values() if name in task.options)
            raise ValueError(
                f"{name} = {value!r}: belongs to the tasks {owners}, and task = {experiment.task!r} has it not; leave "
                "it out, or choose another task"
            )
    task: Task = declared.made(**{name: given[name] for name in given if name in declared.options})
    return task
