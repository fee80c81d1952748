"""What stored runs are told apart by, and how older files are read.

An experiment is written as the options that differ from its defaults, so that a new option with a default neither
re-runs a stored sweep nor makes a stored result unreadable. Version 1 wrote all options, under older names.
"""

import json
from dataclasses import asdict, fields, replace
from typing import Any

import numpy as np

from reduced.runs.options import SHARED, USUAL, Experiment, task_of
from reduced.runs.steps import step_of
from reduced.tasks.registry import TASKS

#: Version of result files and of the folders of sweeps; 1 had none written, and up to 2 a task was an operation.
VERSION = 3
#: The tasks that versions 1 and 2 had.
_OPERATIONS = ("add", "subtract", "multiply")
_INTEGRATORS = {"protocol": "paper-euler", "flow": "resolved"}
#: All options of version 1.
_VERSION_1 = [
    "p",
    "hidden",
    "train_fraction",
    "activation",
    "ridge",
    "method",
    "step",
    "slow_time",
    "seed",
    "init_scale",
    "init_factor",
    "operation",
]
_EULER_STEP = 1e-3


def canonical(experiment: Experiment) -> dict[str, Any]:
    """The options that differ from the defaults, as plain Python numbers and text.

    A step that is the integrator's own, and an option that is the task's own, are none.

    Examples
    --------
    >>> canonical(Experiment(p=23, ridge=0, step=1e-2))
    {'p': 23}
    """
    if experiment.step is not None and step_of(experiment) == step_of(replace(experiment, step=None)):
        experiment = replace(experiment, step=None)
    usual: dict[str, Any] = {"task": USUAL}
    if experiment.task in TASKS:
        made = TASKS[experiment.task].made
        usual |= {one.name: one.default for one in fields(made) if one.name not in SHARED}
    found = {}
    for field in fields(experiment):
        value = _plain(getattr(experiment, field.name), usual.get(field.name, field.default))
        if value is not None and value != usual.get(field.name, field.default):
            found[field.name] = value
    return found


def configuration(experiment: Experiment) -> str:
    """The canonical options as one line of JSON, with a digest of the files that the task reads.

    Experiments that agree in it are the same run.
    """
    try:
        digest = task_of(experiment).fingerprint()
    except (KeyError, ValueError):
        digest = ""  # what is wrong with the options is said where they run
    return json.dumps(canonical(experiment) | ({"files": digest} if digest else {}), sort_keys=True)


def older_configurations(experiment: Experiment) -> list[str]:
    """The lines that versions 2 and 1 wrote for a run that they knew, where they differ from today's."""
    found = [configuration_2(experiment), configuration_1(experiment)]
    return [line for line in found if line is not None]


def configuration_2(experiment: Experiment) -> str | None:
    """The line that version 2 wrote, in which a task was an operation; None where it is today's, or for no such run.

    Examples
    --------
    >>> configuration_2(Experiment(task="multiply"))
    '{"operation": "multiply"}'
    """
    options = canonical(experiment)
    if "task" not in options or options["task"] not in _OPERATIONS:
        return None
    options["operation"] = options.pop("task")
    return json.dumps(options, sort_keys=True)


def configuration_1(experiment: Experiment) -> str | None:
    """The line that version 1 wrote; None for a run that it did not know.

    Examples
    --------
    >>> configuration_1(Experiment(seed=3)).startswith('{"activation": "relu", "hidden": 512')
    True
    """
    if canonical(experiment).keys() - {*_VERSION_1, "integrator", "task"}:
        return None
    if experiment.task not in _OPERATIONS:
        return None
    old = {new: name for name, new in _INTEGRATORS.items()}[experiment.integrator]
    if old == "flow" and experiment.step not in (None, step_of(replace(experiment, step=None))):
        return None  # its resolved runs took one step alone, whatever the option
    step = step_of(experiment) if old == "protocol" else _EULER_STEP
    options = asdict(experiment) | {"method": old, "step": step, "operation": experiment.task}
    return json.dumps({name: options[name] for name in _VERSION_1}, sort_keys=True)


def experiment_of(options: dict[str, Any], version: int) -> Experiment:
    """The experiment that stored options describe.

    Raises
    ------
    ValueError
        If the version is newer than this program's.
    TypeError
        If an option is not known.
    """
    if version > VERSION:
        raise ValueError(f"written by format version {version}, and this program reads up to {VERSION}")
    options = dict(options)
    if version <= 2:
        options["task"] = options.pop("operation", USUAL)
    if version == 1:
        options["integrator"] = _INTEGRATORS[options.pop("method")]
        if options["integrator"] == "resolved":
            options["step"] = None
    return Experiment(**options)


def _plain(value: Any, default: Any) -> Any:
    """A NumPy or Python number as the default has it, so that 0 and 0.0 are one ridge."""
    value = value.item() if isinstance(value, np.generic) else value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return value if isinstance(default, int) else float(value)
