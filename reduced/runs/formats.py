"""What stored runs are told apart by, and how older files are read.

An experiment is written as the options that differ from its defaults, so that a new option with a default neither
re-runs a stored sweep nor makes a stored result unreadable. Version 1 wrote all options, under older names.
"""

import json
from dataclasses import asdict, fields, replace
from typing import Any

import numpy as np

from reduced.runs.experiment import Experiment, step_of

#: Version of result files and of the folders of sweeps; 1 had none written.
VERSION = 2
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
    """The options that differ from the defaults, as plain Python numbers and text; a step that is the default is none.

    Examples
    --------
    >>> canonical(Experiment(p=23, ridge=0, step=1e-2))
    {'p': 23}
    """
    if experiment.step is not None and step_of(experiment) == step_of(replace(experiment, step=None)):
        experiment = replace(experiment, step=None)
    given = {
        field.name: _plain(getattr(experiment, field.name), field.default) for field in fields(experiment)
    }
    return {
        field.name: given[field.name] for field in fields(experiment) if given[field.name] != field.default
    }


def configuration(experiment: Experiment) -> str:
    """The canonical options as one line of JSON; experiments that agree in it are the same run."""
    return json.dumps(canonical(experiment), sort_keys=True)


def configuration_1(experiment: Experiment) -> str | None:
    """The line that version 1 wrote; None for a run that it did not know.

    Examples
    --------
    >>> configuration_1(Experiment(seed=3)).startswith('{"activation": "relu", "hidden": 512')
    True
    """
    if canonical(experiment).keys() - {*_VERSION_1, "integrator"}:
        return None
    old = {new: name for name, new in _INTEGRATORS.items()}[experiment.integrator]
    if old == "flow" and experiment.step not in (None, step_of(replace(experiment, step=None))):
        return None  # its resolved runs took one step alone, whatever the option
    step = step_of(experiment) if old == "protocol" else _EULER_STEP
    options = asdict(experiment) | {"method": old, "step": step}
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
    if version == 1:
        options = dict(options)
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
