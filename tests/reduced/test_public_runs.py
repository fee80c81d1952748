"""Every option of a run and of a sweep, and every number given to a derived model, is answered if it is hostile."""

import importlib
import inspect
import pkgutil
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

import reduced
from derivations import decouple
from reduced.flows.decoupled import fast_values, jacobian, vector_field
from reduced.flows.scalar import flow_of, gradient_flow
from reduced.inputs.choices import one_of
from reduced.integration.checkpoint import Checkpoints
from reduced.network.observables import rings
from reduced.predictors.laws import (
    first_passage,
    heavy_ball,
    initial_scale,
    one_mode,
    rate,
    regression_bounds,
)
from reduced.runs.experiment import Experiment, draw, first_euler_step, run
from reduced.runs.parallel import pinned_pool
from reduced.runs.seeds import with_seeds
from reduced.runs.sweep import grid
from reduced.studies.hard_margin import hard_margin
from tests.hostile import ANYTHING, Call, hostile, judge
from tests.reduced.test_public_functions import CALLS as ON_ARRAYS

SMALL = asdict(Experiment(p=5, hidden=30, integrator="paper-euler", step=0.01, slow_time=0.02))
w1, w2, target, decay = sp.symbols("w1 w2 rate lambda")
LOSS = (w1 * w2 - target) ** 2 + decay * (w1**2 + w2**2)
MODEL = decouple(LOSS, slow=w1, fast=w2)
IMPLICIT = decouple(
    (sp.log(sp.cosh(w1 * w2) + sp.sinh(w1 * w2)) - target) ** 2 + decay * (w1**2 + w2**2), w1, w2
)


def open_pool(tasks):
    with pinned_pool(tasks):
        return tasks


CALLS = {
    "runs.experiment.draw": Call(lambda **options: draw(Experiment(**options))[2], SMALL),
    "runs.experiment.run": Call(
        lambda **options: run(Experiment(**options)).y, SMALL, endless=("step", "slow_time")
    ),
    "runs.experiment.first_euler_step": Call(
        lambda **options: first_euler_step(Experiment(**options)), SMALL
    ),
    "runs.seeds.with_seeds": Call(
        lambda seeds: [one.seed for one in with_seeds(Experiment(**SMALL), seeds)], {"seeds": 2}
    ),
    "integration.checkpoint.Checkpoints": Call(
        lambda checkpoint_every: Checkpoints(Path("file"), "", checkpoint_every), {"checkpoint_every": 1.0}
    ),
    "runs.parallel.pinned_pool": Call(open_pool, {"tasks": 1}),
    "inputs.choices.one_of": Call(
        lambda colour: one_of("colour", colour, ["red", "blue"]), {"colour": "red"}
    ),
    "flows.decoupled.vector_field": Call(
        lambda y, **numbers: vector_field(MODEL, named(numbers))(0.0, y),
        {"y": np.array([2.0]), "rate": 1.0, "lambda": 0.1},
    ),
    "flows.decoupled.jacobian": Call(
        lambda y, **numbers: jacobian(MODEL, named(numbers))(0.0, y),
        {"y": np.array([2.0]), "rate": 1.0, "lambda": 0.1},
    ),
    "flows.decoupled.fast_values": Call(
        lambda y, fast_start, **numbers: fast_values(IMPLICIT, named(numbers), fast_start)(y),
        {"y": np.array([2.0]), "fast_start": np.array([1.0]), "rate": 1.0, "lambda": 0.1},
    ),
    "flows.scalar.flow_of": Call(
        lambda y, rate: flow_of([-sp.Symbol("rate") * w1], [w1], sp.Symbol("t"), rate=rate)(0.0, y),
        {"y": np.array([2.0]), "rate": 0.5},
    ),
    "flows.scalar.gradient_flow": Call(
        lambda y, rate: gradient_flow((w1 - sp.Symbol("rate")) ** 2, [w1], rate=rate)(0.0, y),
        {"y": np.array([2.0]), "rate": 0.5},
    ),
    "network.observables.rings": Call(rings, {"W1": np.eye(5), "frequencies": 2}),
    "studies.hard_margin.hard_margin": Call(
        hard_margin, {"X": np.eye(2), "Y": np.eye(2), "W1": np.eye(2), "activation": "relu"}
    ),
    "predictors.laws.first_passage.delay": Call(
        first_passage.delay, {"squared_norm": 4.0, "threshold": 1.0, "contraction": 1.0}
    ),
    "predictors.laws.heavy_ball.steps": Call(
        heavy_ball.steps, {"ratio": 4.0, "learning_rate": 0.1, "weight_decay": 0.1, "momentum": 0.5}
    ),
    "predictors.laws.initial_scale.transition": Call(
        initial_scale.transition, {"alpha": 2.0, "constant": 1.0}
    ),
    "predictors.laws.one_mode.constant_coupling": Call(
        one_mode.constant_coupling, {"start": 2.0, "end": 1.5, "coupling": 1.0, "target": 1.0, "ridge": 0.1}
    ),
    "predictors.laws.one_mode.proportional_coupling": Call(
        one_mode.proportional_coupling, {"start": 2.0, "end": 1.5, "ratio": 1.0, "target": 1.0, "ridge": 0.1}
    ),
    "predictors.laws.rate.delay": Call(
        rate.delay, {"squared_distance": 4.0, "tolerance": 2.0, "constant": 1.0}
    ),
    "predictors.laws.regression_bounds.regression_bounds": Call(
        lambda **given: np.array(regression_bounds.regression_bounds(**given)),
        {"X": np.eye(2), "y": np.ones(2), "start": np.zeros(2), "ridge": 0.1, "tolerance": 0.01},
    ),
}
FIGURE = "measures one figure, with options of its script; tests/scripts/test_hostile_options.py"
#: Public functions of modules that take nothing from a user: (module or function, what holds it instead).
ELSEWHERE = {
    "flows.any_features": "tests/reduced/flows/test_any_features.py",
    "flows.decoupled_source": "takes a decoupled loss; tests/reduced/commands/test_decouple.py",
    "flows.rest": "tests/reduced/flows/test_spectrum.py",
    "flows.spectrum": "tests/reduced/flows/test_spectrum.py",
    "inputs.assignments": "reads text; tests/reduced/commands/test_decouple.py",
    "predictors.errors": "takes checked runs; tests/reduced/predictors",
    "predictors.known": "takes experiments and results; tests/reduced/commands/test_predict.py",
    "runs.decoupled_files": "takes results; tests/reduced/commands/test_decouple.py",
    "runs.replay": "takes experiments and paths; tests/reduced/commands/test_simulate.py",
    "studies.adaptive": FIGURE,
    "studies.controls": FIGURE,
    "display": "draws what it is given; tests/reduced/test_display.py",
    "explorer": "takes checked options and runs; tests/reduced/explorer",
    "flows.clock": "is called by closed forms alone; tests/reduced/flows/test_decoupled_runs.py",
    "flows.decoupled_runs": "tests/reduced/flows/test_decoupled_runs.py",
    "flows.first_layer.about": "takes a problem that is bound",
    "flows.tangent.descent_of_the_norm": "takes a state that a flow has checked",
    "flows.zero_loss_set.missed": "takes a state that a flow has checked",
    "inputs.packages": "takes names of packages from our own code",
    "integration.preference": "is called by integrate alone",
    "integration.stored": "takes trajectories; tests/reduced/integration/test_display.py",
    "integration.surface": "is called by integrate alone",
    "network.retraction": "takes states that flows have checked",
    "predictors.law": "is called where a law is defined",
    "predictors.laws": "those of numbers are in the table, the others take checked runs; tests/reduced/predictors",
    "predictors.table": "reads what it wrote; tests/reduced/predictors/test_table.py",
    "studies.paths": "through ridge_errors and rate_ratio_errors",
    "studies.timing": FIGURE,
    "studies.timing_cases": FIGURE,
    "studies.timing_networks": FIGURE,
    "symmetry.zero_loss": "is in the table under both_layers; tests/reduced/symmetry/test_both_layers.py",
    "inputs.arrays": "is what the others check with; tests/reduced/test_hostile.py",
    "inputs.scalars": "is what the others check with",
    "inputs.memory": "is what the others check with; tests/reduced/test_hostile.py",
    "inputs.choices": "one_of is in the table",
    "integration.atomic": "takes a path; tests/faults",
    "integration.snapshot": "reads files; tests/reduced/integration/test_checkpoint.py",
    "runs.folders": "takes experiments and paths; tests/reduced/runs/test_results.py",
    "runs.provenance": "takes experiments and paths; tests/reduced/commands/test_resume.py, tests/faults",
    "runs.quantities": "takes results; tests/reduced/runs/test_results.py",
    "runs.summary": "takes results; tests/reduced/runs/test_results.py",
    "runs.results": "takes experiments, trajectories and paths; tests/reduced/commands/test_resume.py, tests/faults",
    "runs.store": "takes experiments, outcomes and folders; tests/reduced/commands/test_sweep.py, tests/faults",
    "runs.executors": "opens pools and clusters; tests/faults",
    "runs.estimate": "takes experiments; tests/reduced/runs/test_estimate.py",
    "codegen.functions": "generates code from derivations",
    "codegen.stable": "generates code from derivations",
    "inputs.formula": "reads text; tests/reduced/inputs/test_formula.py",
    "inputs.formula_parts": "puts together what inputs.formula has read; tests/reduced/inputs/test_formula.py",
    "network.dataset": "tests/reduced/network/test_measures.py",
    "network.measures": "accuracy and predictions are in the table; tests/reduced/network/test_measures.py",
    "flows.sources": "takes nothing",
    "flows.convex": "is called by the flows, with data that are bound",
    "network.descent": "is called by the full flow and by training, with data that are bound",
    "network.losses.targets": "is called by the check of a user's loss",
    "readout.convex": "is called by the flows alone; tests/reduced/readout/test_convex.py",
    "readout.convex_system": "is called by the flows alone; tests/reduced/readout/test_convex.py",
    "integration.methods": "is called by integrate alone",
    "integration.monitor": "is called by integrate alone",
    "integration.registry": "is called where a method is defined",
    "integration.states": "is called by integrate alone",
    "readout.block_cg": "is called by matrix_free alone",
    "readout.iterated": "is called by the first-layer flow alone; tests/reduced/readout/test_iterated.py",
    "readout.direct": "is called by flows alone, with data that are bound",
    "readout.orthogonal.interpolate": "is called by the first-layer flow, its readout and cost",
    "readout.gram.factored_gram": "is called by gram_condition and the iteration",
    "codegen.names": "takes symbols of formulas",
    "flows.cells": "takes a decoupled loss and checked numbers",
    "flows.underflow": "is called by vector_field, jacobian and fast_values; tests/reduced/flows/test_decoupled.py",
    "training.units.averaged": "ridge_of and train are in the table",
    "training.units.terms": "ridge_of and train are in the table",
    "training.units.checked_descent": "train is in the table",
    "training.units.below_1": "train and slow_time are in the table",
    "flows.evaluators": "vector_field, jacobian and fast_values are in the table, these build them",
    "flows.minimum": "takes cells at checked numbers",
    "flows.polish": "takes cells at checked numbers",
    "flows.starts": "takes cells at checked numbers",
    "flows.jumps": "checks its states as the fields do; tests/reduced/flows/test_jumps.py",
    "symmetry.classes": "draw_classes and difference_classes are in the table, the others are their checks",
    "symmetry.blocks": "is called with spectra alone",
    "symmetry.workspace": "is called with what the flows have checked",
    "symmetry.both_layers": "both flows are in the table, the others are their checks and their arithmetic",
    "training.loop": "is called by both kinds of training alone",
    "training.batches": "is called by train alone",
    "training.units": "slow_time and ridge_of are in the table, the others are their checks",
    "symmetry.templates": "both expansions are in the table, the other is their check",
    "symmetry.transforms": "takes a modulus that is checked; tests/reduced/symmetry/test_transforms.py",
    "symmetry.powers": "takes a group that is checked; tests/reduced/symmetry/test_transforms.py",
    "symmetry.group": "is made by the classes' check; tests/reduced/symmetry/test_group.py",
    "symmetry.inner": "is called by the flows alone; tests/reduced/symmetry/test_losses.py",
    "symmetry.evaluation": "is called by the flows alone",
    "runs.equivariant": "takes what an experiment or a study has checked; tests/reduced/symmetry/test_observables.py",
    "symmetry.accuracy": "class_outputs is in the table, the others read its result",
    "network.problem": "bind, interpolable and the layers are checked through every flow",
    "integration.environment": "takes nothing from a user; tests/reduced/integration/test_environment.py",
    "network.parameters": "pair and like are the checks; arithmetic on checked states",
    "commands": "takes what a command line has checked; tests/reduced/commands, tests/scripts/test_hostile_options.py",
    "console": "reads command lines; tests/reduced/commands, tests/scripts/test_options.py",
    "plots": "draws results that are stored",
    "runs.milestones": "takes an experiment and what it drew",
    "claims": "takes nothing from a user",
    "runs.observed": "takes a checked experiment and its flow",
    "runs.formats": "takes any experiment",
    "runs.sizes": "is the check of draw",
    "runs.steps": "takes an experiment that draw checks",
    "runs.options": "takes an experiment that draw checks",
    "tasks.files": "tests/reduced/tasks/test_data.py",
    "tasks.table": "tests/reduced/tasks/test_data.py",
    "tasks.labelled": "tests/reduced/tasks/test_data.py",
    "tasks.group": "tests/reduced/tasks/test_group.py",
    "tasks.parity": "tests/reduced/tasks/test_built_in.py",
    "tasks.polynomial": "tests/reduced/tasks/test_built_in.py",
    "tasks.modular.of_pairs": "takes pairs that a task made",
    "runs.ridge": "tests/reduced/tasks/test_data.py",
    "tasks.registry": "is called where a task is defined, and with what is declared",
    "tasks.split": "split_sizes is the check of every task, split is given what a task made",
    "tasks.modular.modular_sizes": "is the check of modular_operation",
    "inputs.ranges": "is what the options are checked with",
    "inputs.renamed": "is what parameters are refused with",
    "runs.experiment.bound_flow": "takes an experiment that problem checks",
    "runs.seeds.checkpoints_in": "takes an experiment and a folder; tests/reduced/commands/test_resume.py",
    "runs.seeds.storable": "tests/reduced/commands/test_finished_work.py",
    "runs.seeds.run_seeds": "takes checked experiments; tests/reduced/commands/test_resume.py",
    "runs.sweep.grid": "test_a_grid_names_what_it_cannot_use",
    "runs.sweep.execute": "takes experiments; tests/reduced/commands/test_sweep.py",
    "studies.ladder.unequal_rates_errors": "as rate_ratio_errors, through the same paths",
    "studies.theorems.distances_after_training": "minutes long; positive_entries checks it as gradient_tilt",
    "studies.hard_margin": "its arrays are checked by bind and first_layer; tests/reduced/studies/test_hard_margin.py",
    "studies.convex_losses": "tests/reduced/studies/test_convex_losses.py",
    "studies.work_precision": FIGURE,
    "studies.memorization": FIGURE,
    "studies.attraction": FIGURE,
    "studies.classes": FIGURE,
    "studies.class_training": FIGURE,
    "studies.alignment.cosines_by_decay": FIGURE,
    "studies.sliding": "takes what studies.alignment has checked",
    "studies.counterfactual.follow": FIGURE,
    "training.curvature.descend_with_the_curvature": FIGURE,
    "studies.generalization.first_layer_states": FIGURE,
    "studies.generalization.measured": FIGURE,
    "studies.generalization.path_curves": FIGURE,
    "studies.generalization.start_of_size": FIGURE,
    "studies.generalization.zero_loss_states": FIGURE,
    "studies.ladder.rungs": FIGURE,
    "studies.theorems.constraints": FIGURE,
    "studies.theorems.near_the_set": FIGURE,
    "studies.theorems.rank": FIGURE,
}
ARGUMENTS = [(function, name) for function, call in CALLS.items() for name in call.arguments]


def public_functions():
    """Names such as flows.two_layer.full_flow of all that modules of reduced define, without the closed forms."""
    for found in pkgutil.walk_packages(reduced.__path__, "reduced."):
        if not found.name.startswith("reduced.solutions"):
            module = importlib.import_module(found.name)
            for name, function in inspect.getmembers(module, inspect.isfunction):
                if not name.startswith("_") and function.__module__ == found.name:
                    yield f"{found.name.removeprefix('reduced.')}.{name}"


def is_held(name, held):
    """A function is held by its own name, or by that of its module or room."""
    parts = name.split(".")
    return any(".".join(parts[:length]) in held for length in range(1, len(parts) + 1))


def test_every_public_function_is_in_a_table_or_has_a_reason():
    held = {name.partition(":")[0] for name in (*ON_ARRAYS, *CALLS)} | set(ELSEWHERE)
    names = list(public_functions())
    assert [name for name in names if not is_held(name, held)] == []
    assert [name for name in ELSEWHERE if not any(is_held(one, {name}) for one in names)] == []


def named(numbers):
    return {sp.Symbol(name): value for name, value in numbers.items()}


@pytest.mark.parametrize(("function", "name"), ARGUMENTS, ids=map(" ".join, ARGUMENTS))
@given(data=st.data())
def test_a_hostile_argument_is_answered(function, name, data):
    call = CALLS[function]
    judge(call, name, data.draw(hostile(call.arguments[name], name in call.endless)))


@pytest.mark.parametrize("bad", [*ANYTHING, 3, sp.nan, sp.oo, sp.Symbol("z"), "w1 +", sp.eye(2)])
@pytest.mark.parametrize("name", ["loss", "slow", "fast"])
def test_decoupling_names_what_it_cannot_use(name, bad):
    with pytest.raises(ValueError, match=rf"\b{name}\b|both"):
        decouple(**{"loss": LOSS, "slow": w1, "fast": w2} | {name: bad})


@pytest.mark.parametrize("bad", [*ANYTHING, 3, sp.nan, sp.Symbol("z")])
def test_a_limit_names_what_it_cannot_use(bad):
    with pytest.raises(ValueError, match="weight_decay"):
        MODEL.limit(bad)


@pytest.mark.parametrize(("name", "bad"), [("p", 5), ("p", None), ("activation", "relu"), ("nonsense", [1])])
def test_a_grid_names_what_it_cannot_use(name, bad):
    with pytest.raises(ValueError, match=f"{name} = |{name}"):
        grid({name: bad})
