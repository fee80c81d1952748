"""What the laws may know of a run of the first-layer flow: from its start, or from a stored result."""

from pathlib import Path
from typing import Any

import numpy as np

from reduced.network.observables import first_crossing
from reduced.predictors.runs import Measured, Run, Setting
from reduced.runs.experiment import INIT_EXPONENTS, Experiment, bound_flow, draw

NAN = float("nan")


def setting_of(experiment: Experiment) -> Setting:
    """The setting of a run of the first-layer flow.

    Raises
    ------
    ValueError
        If the stored runs say nothing of it: another task or loss, or a λ > 0.
    """
    e = experiment
    for name, allowed in (("task", "add"), ("loss", "squared"), ("ridge", 0.0)):
        if getattr(e, name) != allowed:
            raise ValueError(
                f"{name} = {getattr(e, name)}: the laws are compared on runs with {name} = {allowed}"
            )
    wider = float(e.p) ** (INIT_EXPONENTS[e.init_scale] - INIT_EXPONENTS["std"])
    return Setting(
        path="first-layer flow",
        space="dense" if e.templates is None else "frequency",
        p=e.p,
        hidden=e.hidden if e.templates is None else e.templates,
        train_fraction=e.train_fraction,
        activation=e.activation,
        init_factor=wider * e.init_factor,
        slow_time=e.slow_time,
        seed=e.seed,
    )


def of_start(experiment: Experiment) -> Run:
    """What the start of a run tells: ‖θ‖² and the contraction there; it is on the zero-loss set, so memorized."""
    setting = setting_of(experiment)
    train, _, W1 = draw(experiment)
    at = bound_flow(experiment, train).at(W1)
    copies = 1 if experiment.templates is None else experiment.p
    squared = copies * float(np.sum(W1**2) + np.sum(at.readout**2))
    contraction = copies * float(np.sum(at.velocity**2)) / squared
    return Run(setting, Measured(squared, 0.0, squared, contraction, NAN, NAN, NAN, NAN, NAN))


def of_result(path: Path) -> list[Run]:
    """What a stored result tells of each of its seeds; it holds no states, so no distance."""
    import xarray as xr

    from reduced.runs.provenance import stored_experiments

    experiments = stored_experiments(path)
    with xr.open_dataset(path, engine="h5netcdf") as result:
        return [_seen(one, result.sel(seed=one.seed)) for one in experiments]


def _seen(experiment: Experiment, result: Any) -> Run:
    name = "tau" if "tau" in result.coords else "t"
    tau, accuracy = result[name].values, result["test_accuracy"].values
    squared = result["squared_norm_W1"].values + result["squared_norm_W2"].values
    generalized = first_crossing(tau, accuracy, 0.95)
    return Run(
        setting_of(experiment),
        Measured(
            squared_norm_start=float(squared[0]),
            memorized=0.0,
            squared_norm_memorized=float(squared[0]),
            contraction=float(result["speed"].values[0] ** 2 / squared[0]),
            generalized=generalized,
            squared_norm_generalized=float(np.interp(generalized, tau, squared)),
            squared_norm_end=float(squared[-1]),
            squared_distance=NAN,
            accuracy_end=float(accuracy[-1]),
        ),
    )
