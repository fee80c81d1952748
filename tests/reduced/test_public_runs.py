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
from reduced.checkpoint import Checkpoints
from reduced.choices import one_of
from reduced.decoupled import fast_values, jacobian, vector_field
from reduced.experiment import Experiment, first_euler_step, problem, run
from reduced.parallel import pinned_pool
from reduced.scalar_flows import flow_of, gradient_flow
from reduced.seeds import with_seeds
from reduced.sweep import grid
from tests.hostile import ANYTHING, Call, hostile, judge
from tests.reduced.test_public_functions import CALLS as ON_ARRAYS

SMALL = asdict(Experiment(p=5, hidden=30, step=0.01, slow_time=0.02))
w1, w2, rate, decay = sp.symbols("w1 w2 rate lambda")
LOSS = (w1 * w2 - rate) ** 2 + decay * (w1**2 + w2**2)
MODEL = decouple(LOSS, slow=w1, fast=w2)
IMPLICIT = decouple(
    (sp.log(sp.cosh(w1 * w2) + sp.sinh(w1 * w2)) - rate) ** 2 + decay * (w1**2 + w2**2), w1, w2
)


def open_pool(tasks):
    with pinned_pool(tasks):
        return tasks


CALLS = {
    "experiment.problem": Call(lambda **options: problem(Experiment(**options))[2], SMALL),
    "experiment.run": Call(
        lambda **options: run(Experiment(**options)).y, SMALL, endless=("step", "slow_time")
    ),
    "experiment.first_euler_step": Call(lambda **options: first_euler_step(Experiment(**options)), SMALL),
    "seeds.with_seeds": Call(
        lambda seeds: [one.seed for one in with_seeds(Experiment(**SMALL), seeds)], {"seeds": 2}
    ),
    "checkpoint.Checkpoints": Call(
        lambda checkpoint_every: Checkpoints(Path("file"), "", checkpoint_every), {"checkpoint_every": 1.0}
    ),
    "parallel.pinned_pool": Call(open_pool, {"tasks": 1}),
    "choices.one_of": Call(lambda colour: one_of("colour", colour, ["red", "blue"]), {"colour": "red"}),
    "decoupled.vector_field": Call(
        lambda y, **numbers: vector_field(MODEL, named(numbers))(0.0, y),
        {"y": np.array([2.0]), "rate": 1.0, "lambda": 0.1},
    ),
    "decoupled.jacobian": Call(
        lambda y, **numbers: jacobian(MODEL, named(numbers))(0.0, y),
        {"y": np.array([2.0]), "rate": 1.0, "lambda": 0.1},
    ),
    "decoupled.fast_values": Call(
        lambda y, fast_start, **numbers: fast_values(IMPLICIT, named(numbers), fast_start)(y),
        {"y": np.array([2.0]), "fast_start": np.array([1.0]), "rate": 1.0, "lambda": 0.1},
    ),
    "scalar_flows.flow_of": Call(
        lambda y, rate: flow_of([-sp.Symbol("rate") * w1], [w1], sp.Symbol("t"), rate=rate)(0.0, y),
        {"y": np.array([2.0]), "rate": 0.5},
    ),
    "scalar_flows.gradient_flow": Call(
        lambda y, rate: gradient_flow((w1 - sp.Symbol("rate")) ** 2, [w1], rate=rate)(0.0, y),
        {"y": np.array([2.0]), "rate": 0.5},
    ),
}
FIGURE = "measures one figure, with options of its script; tests/scripts/test_hostile_options.py"
#: Public functions of modules that take nothing from a user: (module or function, what holds it instead).
ELSEWHERE = {
    "arrays": "is what the others check with; tests/reduced/test_hostile.py",
    "scalars": "is what the others check with",
    "memory": "is what the others check with; tests/reduced/test_hostile.py",
    "choices": "one_of is in the table",
    "atomic": "takes a path; tests/faults",
    "snapshot": "reads files; tests/reduced/test_checkpoint.py",
    "results": "takes experiments, trajectories and paths; tests/scripts/test_resume.py, tests/faults",
    "store": "takes experiments, outcomes and folders; tests/scripts/test_sweep.py, tests/faults",
    "executors": "opens pools and clusters; tests/faults",
    "expectation": "takes experiments; tests/reduced/test_expectation.py",
    "codegen": "generates code from derivations",
    "lowering": "generates code from derivations",
    "printing": "generates code from derivations",
    "equations": "names derivations",
    "sources": "takes nothing",
    "kernels": "is called by generated code alone",
    "methods": "is called by integrate alone",
    "monitor": "is called by integrate alone",
    "block_cg": "is called by matrix_free alone",
    "matrix_free": "is called by the first-layer flow alone; tests/reduced/test_matrix_free.py",
    "first_layer": "is called by flows alone, with data that are bound",
    "gram.factored_gram": "is called by gram_condition and the iteration",
    "solvers": "is called by integrate alone",
    "problem": "bind, interpolable and the layers are checked through every flow",
    "parameters": "pair and like are the checks; arithmetic on checked states",
    "validation": "takes nothing from a user",
    "experiment.configuration": "writes down any experiment",
    "experiment.bound_flow": "takes an experiment that problem checks",
    "experiment.method_options": "takes an experiment that problem checks",
    "experiment.observed_numbers": "takes an experiment that problem checks",
    "experiment.readout_tolerance": "takes an experiment that problem checks",
    "seeds.checkpoints_in": "takes an experiment and a folder; tests/scripts/test_resume.py",
    "seeds.run_seeds": "takes checked experiments; tests/scripts/test_resume.py",
    "sweep.grid": "test_a_grid_names_what_it_cannot_use",
    "sweep.execute": "takes experiments; tests/scripts/test_sweep.py",
    "neural_tangent.generated": "names derivations",
    "deep.generated": "names derivations",
    "ladder.lagged_training_errors": "as lag_errors, through the same paths",
    "ladder.zero_loss_path": "through ridge_errors",
    "ladder.first_layer_path": "through lag_errors",
    "ladder.training_path": "through ridge_errors",
    "theorems.distances_after_training": "minutes long; positive_entries checks it as gradient_tilt",
    "work_precision": FIGURE,
    "memorization": FIGURE,
    "alignment.cosines_by_decay": FIGURE,
    "counterfactual.follow": FIGURE,
    "descent.descend_with_the_curvature": FIGURE,
    "generalization.first_layer_states": FIGURE,
    "generalization.measured": FIGURE,
    "generalization.path_curves": FIGURE,
    "generalization.start_of_size": FIGURE,
    "generalization.zero_loss_states": FIGURE,
    "ladder.rungs": FIGURE,
    "theorems.constraints": FIGURE,
    "theorems.near_the_set": FIGURE,
    "theorems.rank": FIGURE,
}
ARGUMENTS = [(function, name) for function, call in CALLS.items() for name in call.arguments]


def public_functions():
    """Names such as flows.full_flow of all that modules of reduced define, without the closed forms."""
    for module in pkgutil.iter_modules(reduced.__path__):
        if module.name != "solutions":
            found = inspect.getmembers(importlib.import_module(f"reduced.{module.name}"), inspect.isfunction)
            for name, function in found:
                if not name.startswith("_") and function.__module__ == f"reduced.{module.name}":
                    yield f"{module.name}.{name}"


def test_every_public_function_is_in_a_table_or_has_a_reason():
    held = {name.partition(":")[0] for name in (*ON_ARRAYS, *CALLS)} | set(ELSEWHERE)
    missing = [name for name in public_functions() if name not in held and name.partition(".")[0] not in held]
    assert missing == []


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
