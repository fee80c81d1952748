"""The check of a run's options together, before anything is drawn."""

from reduced.inputs.memory import EVALUATION, refuse_beyond_memory, run_numbers
from reduced.inputs.ranges import check
from reduced.integration.methods import check_step
from reduced.network.dataset import Sizes
from reduced.network.loss import Targets
from reduced.network.losses import LOSSES
from reduced.runs.equivariant import class_sizes
from reduced.runs.options import USUAL, Experiment, task_of
from reduced.runs.steps import method_options, observed_numbers, readout_tolerance
from reduced.tasks.registry import ERROR


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
    task = task_of(experiment)
    if equivariant(experiment):
        return class_sizes(
            experiment.p, experiment.train_fraction, experiment.templates or 0, experiment.ridge
        )
    beginning = EVALUATION * task.counted() * experiment.train_fraction * experiment.hidden
    refuse_beyond_memory(f"{task.counted()} samples with hidden = {experiment.hidden}", beginning)
    size = task.sizes()
    if task.measures == ERROR and LOSSES[experiment.loss].targets is not Targets.ANY:
        raise ValueError(
            f"loss = {experiment.loss!r}: takes classes, and the targets of task = {experiment.task!r} are numbers; "
            "take the squared loss"
        )
    numbers = run_numbers(
        (size.train, size.test),
        size.inputs,
        size.outputs,
        experiment.hidden,
        iterates=readout_tolerance(experiment, size.train) > 0,
    )
    scale = f"p = {experiment.p}" if "p" in vars(task) else f"{size.train + size.test} samples"
    refuse_beyond_memory(f"{scale} with hidden = {experiment.hidden}", numbers)
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
    if e.task != USUAL:
        raise ValueError(f"task = {e.task!r}: symmetry = 'translation' is for {USUAL!r}")
    return True
