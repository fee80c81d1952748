"""Every public function answers every hostile argument with a reason or with numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reduced import (
    accuracy,
    circularity,
    difference_classes,
    draw_classes,
    equivariant_cost,
    equivariant_flow,
    equivariant_flows,
    equivariant_full_flow,
    equivariant_readout,
    equivariant_train,
    equivariant_zero_loss_flow,
    expand_readout,
    expand_templates,
    first_crossing,
    first_layer_flow,
    fourier_features,
    full_flow,
    get_activation,
    integrate,
    modular_addition,
    modular_operation,
    optimal_readout,
    reduced_cost,
    rescale,
    rescaled_time,
    train,
    zero_loss_flow,
)
from reduced.flows import zero_loss_set
from reduced.flows.deep import hidden_cost, hidden_flow
from reduced.flows.zero_loss import retracted, tangent_flow
from reduced.inputs.arrays import finite_array
from reduced.network import neural_tangent
from reduced.network.losses import get_loss
from reduced.network.observables import predictions
from reduced.network.problem import bind
from reduced.readout.gram import gram_condition
from reduced.studies import counterfactual, ladder, theorems
from reduced.studies.alignment import aligned_training, all_but_seven
from reduced.studies.generalization import accuracy_curves
from reduced.symmetry.accuracy import class_outputs
from reduced.symmetry.observables import fourier_shares, template_circles
from reduced.tasks.targets import quadratic_addition
from reduced.training import gradient_descent, projection
from reduced.training.curvature import descend, largest_eigenvalue
from tests.hostile import Call, hostile, judge

draw = np.random.default_rng(0).standard_normal
X, Y, W1, W2 = draw((3, 4)), draw((3, 2)), draw((4, 5)), draw((5, 2))
PROBLEM = bind(X, Y, "tanh")
FOOT = zero_loss_set.retract(PROBLEM, (W1, W2))
DATA = {"X": X, "Y": Y, "activation": "tanh"}
STATE = {"state": FOOT}
TRAIN, TEST = modular_addition(5, 0.8, 0)
PATH = integrate(first_layer_flow(X, Y, "linear", 0.1), W1, (0, 0.1), t_eval=[0, 0.1])


#: Arguments that decide how long an integration takes.
SLOW = ("state", "ridges", "rate_ratios", "slow_time")


def on_problem(function, endless=(), **arguments):
    """A function of the zero-loss set at a state on it."""
    return Call(lambda **given: function(PROBLEM, **given), STATE | arguments, endless)


RISE = {"times": np.arange(3.0), "values": np.arange(3.0), "level": 1.5}


CALLS = {
    "flows.two_layer.first_layer_flow": Call(
        lambda W1, **data: first_layer_flow(**data)(0.0, W1), DATA | {"ridge": 0.1, "W1": W1}
    ),
    "flows.two_layer.first_layer_flow:loss": Call(
        lambda W1, **data: first_layer_flow(**data)(0.0, W1),
        DATA | {"ridge": 0.1, "W1": W1, "loss": "pseudo_huber", "tolerance": 1e-4},
    ),
    "flows.two_layer.reduced_cost:loss": Call(
        lambda W1, **data: reduced_cost(**data)(W1), DATA | {"ridge": 0.1, "W1": W1, "loss": "pseudo_huber"}
    ),
    "flows.two_layer.optimal_readout:loss": Call(
        lambda W1, **data: optimal_readout(**data)(W1),
        {"X": X, "Y": np.eye(3)[:, :2] + np.array([[0, 0], [0, 0], [0.5, 0.5]]), "ridge": 0.1}
        | {"W1": W1, "loss": "cross_entropy"},
    ),
    "flows.two_layer.full_flow:loss": Call(
        lambda state, **data: full_flow(**data)(0.0, state),
        DATA | {"ridge": 0.1, "loss": "pseudo_huber"} | STATE,
    ),
    "network.losses.get_loss": Call(get_loss, {"loss": "squared"}),
    "flows.two_layer.reduced_cost": Call(
        lambda W1, **data: reduced_cost(**data)(W1), DATA | {"ridge": 0.1, "W1": W1}
    ),
    "flows.two_layer.optimal_readout": Call(
        lambda W1, **data: optimal_readout(**data)(W1), DATA | {"ridge": 0.1, "W1": W1}
    ),
    "readout.gram.gram_condition": Call(
        lambda W1, **data: gram_condition(**data)(W1), DATA | {"ridge": 0.1, "W1": W1}
    ),
    "flows.two_layer.full_flow": Call(
        lambda state, **data: full_flow(**data)(0.0, state), DATA | STATE | {"ridge": 0.1}
    ),
    "flows.zero_loss.zero_loss_flow": Call(
        lambda state, **data: zero_loss_flow(**data)(0.0, state),
        DATA | STATE | {"rate_ratio": 0.5, "tolerance": 1e-6},
    ),
    "flows.zero_loss.tangent_flow": Call(
        lambda state, **data: tangent_flow(direction=lambda at: at, **data)(0.0, state),
        DATA | STATE | {"rate_ratio": 0.5},
    ),
    "studies.counterfactual.matched_flow": Call(
        lambda state, **data: counterfactual.matched_flow(direction=lambda at: at, **data)(0.0, state),
        DATA | STATE,
    ),
    "flows.zero_loss.retracted": Call(
        lambda state, **how: retracted(PROBLEM, zero_loss_flow(X, Y, "tanh"), **how)(0.0, state),
        STATE | {"step": 0.01, "tolerance": 1e-10, "rate_ratio": 1.0},
    ),
    "studies.counterfactual.constant_direction": Call(
        lambda state, rng: counterfactual.constant_direction(state, rng)(state), STATE | {"rng": 0}
    ),
    "flows.deep.hidden_flow": Call(
        lambda W1, W2, **data: hidden_flow(**data)(0.0, (W1, W2)), DATA | {"ridge": 0.1, "W1": W1, "W2": W2}
    ),
    "flows.deep.hidden_cost": Call(
        lambda W1, W2, **data: hidden_cost(**data)((W1, W2)), DATA | {"ridge": 0.1, "W1": W1, "W2": W2}
    ),
    "integration.solve.integrate": Call(
        lambda **how: integrate(lambda t, y: -np.asarray(y), max_steps=20, **how),
        {"y0": W1, "t_span": (0.0, 0.1), "method": "RK45", "t_eval": np.array([0.1])}
        | {"rtol": 1e-3, "atol": 1e-6, "max_step": 1.0, "observe_every": 0.01},
        endless=("t_span",),
    ),
    "training.gradient_descent.train": Call(
        train,
        DATA
        | STATE
        | {"steps": 2, "learning_rate": 0.1, "weight_decay": 0.1, "reduction": "sum", "momentum": 0.0}
        | {"rate_ratio": 1.0, "observe_every": 1, "batch_size": 2, "rng": 0},
        endless=("steps",),
    ),
    "training.units.slow_time": Call(
        gradient_descent.slow_time,
        {"steps": np.array([1.0, 2.0]), "learning_rate": 0.1, "weight_decay": 0.1, "momentum": 0.5},
    ),
    "training.units.ridge_of": Call(
        gradient_descent.ridge_of,
        {"weight_decay": np.array([0.1, 0.2]), "Y": Y, "reduction": "mean", "loss": "cross_entropy"},
    ),
    "training.gradient_descent.uniform_start": Call(
        gradient_descent.uniform_start, {"d_in": 4, "hidden": 5, "d_out": 2, "rng": 0}
    ),
    "tasks.modular.modular_addition": Call(modular_addition, {"p": 5, "train_fraction": 0.5, "rng": 0}),
    "tasks.modular.modular_operation": Call(
        modular_operation, {"operation": "add", "p": 5, "train_fraction": 0.5, "rng": 0}
    ),
    "network.activations.get_activation": Call(
        lambda activation: get_activation(activation).value(X), {"activation": "tanh"}
    ),
    "network.measures.predictions": Call(predictions, {"W1": W1, "W2": W2, "X": X, "activation": "relu"}),
    "network.measures.accuracy": Call(
        lambda **layers: accuracy(dataset=TRAIN, **layers),
        {"W1": draw((5, 6)), "W2": draw((6, 5)), "activation": "relu"},
    ),
    "network.observables.fourier_features": Call(fourier_features, {"E": W1}),
    "network.observables.circularity": Call(circularity, {"F": W1 + 1j}),
    "network.observables.first_crossing": Call(
        lambda **curve: np.nan_to_num(first_crossing(**curve)),
        RISE,
    ),
    "flows.scaling.rescaled_time": Call(rescaled_time, {"tau": np.arange(3.0), "alpha": 2.0, "degree": 1}),
    "flows.scaling.rescale": Call(lambda **by: rescale(PATH, **by), {"alpha": 2.0, "degree": 1}),
    "network.neural_tangent.linearize": Call(
        lambda **at: neural_tangent.linearize(PROBLEM, **at).residual, STATE | {"rate_ratio": 1.0}
    ),
    "flows.zero_loss_set.retract": on_problem(zero_loss_set.retract, tolerance=1e-10, rate_ratio=1.0),
    "flows.zero_loss_set.distance": on_problem(zero_loss_set.distance),
    "training.projection.project_by_descent": on_problem(projection.project_by_descent, learning_rate=0.1),
    "flows.zero_loss_set.normal_part": on_problem(zero_loss_set.normal_part, direction=(W1, W2)),
    "flows.zero_loss_set.tangent_part": on_problem(zero_loss_set.tangent_part, direction=(W1, W2)),
    "flows.zero_loss_set.singular_values": on_problem(zero_loss_set.singular_values),
    "training.curvature.largest_eigenvalue": on_problem(largest_eigenvalue),
    "training.curvature.descend": on_problem(
        lambda problem, **how: descend(problem, observe=lambda step, at: {"loss": 0.0}, **how)["loss"][-1],
        ("state", "slow_time", "ridge", "rate"),
        slow_time=0.1,
        ridge=0.1,
        rate=0.01,
    ),
    "studies.alignment.all_but_seven": Call(all_but_seven, {"p": 5, "rng": 0}),
    "studies.ladder.start_on_set": Call(
        lambda **start: ladder.start_on_set(PROBLEM, **start), {"hidden": 5, "rng": 0}
    ),
    "studies.ladder.fitted_slope": Call(
        ladder.fitted_slope, {"x": np.arange(1.0, 4), "y": np.arange(1.0, 4)}
    ),
    "studies.ladder.ridge_errors": on_problem(
        ladder.ridge_errors, SLOW, ridges=np.array([0.1]), slow_time=0.01
    ),
    "studies.ladder.rate_ratio_errors": on_problem(
        ladder.rate_ratio_errors,
        rate_ratios=np.array([0.5]),
        slow_time=0.01,
        endless=("state", "ridges", "rate_ratios", "slow_time"),
    ),
    "studies.theorems.gradient_tilt": Call(
        lambda **how: theorems.gradient_tilt(PROBLEM, **how),
        {"foot": FOOT, "distances": np.array([0.1]), "rng": 0},
    ),
    "studies.theorems.smallest_singular_value": Call(
        lambda **start: theorems.smallest_singular_value(PROBLEM, **start), {"hidden": 5, "rng": 0}
    ),
    "tasks.targets.quadratic_addition": Call(quadratic_addition, {"p": 5}),
    "inputs.arrays.finite_array": Call(
        lambda values: finite_array("values", values, "n", "m"), {"values": W1}
    ),
    "studies.alignment.aligned_training": Call(
        lambda **how: aligned_training(TRAIN, TEST, **how)["distance"],
        {
            "hidden": 30,
            "steps": 20,
            "every": 20,
            "learning_rate": 0.1,
            "weight_decay": 0.1,
            "activation": "tanh",
            "rng": 0,
        },
        endless=("steps",),
    ),
    "studies.generalization.accuracy_curves": Call(
        accuracy_curves, {"seed": 0, "p": 3, "hidden": 40, "slow_time": 0.1}, endless=("slow_time",)
    ),
}
F, OMEGA = draw((4, 7)), draw((4, 7))
CLASSES = {"p": 7, "classes": (0, 2)}
CALLS |= {
    f"symmetry.flow.{factory.__name__}": Call(
        lambda f, factory=factory, result=result, **given: result(factory(**given), f),
        CLASSES | {"activation": "tanh", "ridge": 0.1, "loss": "squared", "f": F},
    )
    for factory, result in (
        (equivariant_flow, lambda flow, f: flow(0.0, f)),
        (equivariant_readout, lambda readout, f: readout(f)),
        (equivariant_cost, lambda cost, f: cost(f)),
    )
}
CALLS["symmetry.several.equivariant_flows"] = Call(
    lambda f, **given: equivariant_flows(**given)(0.0, f),
    {"p": 7, "classes": ((0, 2), (1, 3)), "activation": "tanh", "ridge": 0.1, "f": np.stack([F, OMEGA])},
)
NETWORK = {"state": (F, OMEGA), "activation": "tanh"}
CALLS |= {
    "symmetry.both_layers.equivariant_full_flow": Call(
        lambda state, **given: equivariant_full_flow(**given)(0.0, state),
        CLASSES | NETWORK | {"ridge": 0.1},
    ),
    "symmetry.zero_loss.equivariant_zero_loss_flow": Call(
        lambda state, **given: equivariant_zero_loss_flow(**given)(0.0, state),
        CLASSES | NETWORK | {"rate_ratio": 1.0, "tolerance": 1e-6},
    ),
    "training.equivariant.equivariant_train": Call(
        equivariant_train,
        CLASSES
        | NETWORK
        | {"steps": 2, "learning_rate": 0.1, "weight_decay": 0.1, "reduction": "sum", "momentum": 0.5}
        | {"rate_ratio": 1.0, "observe_every": 1},
        endless=("steps",),
    ),
    "symmetry.observables.fourier_shares": Call(fourier_shares, {"f": F}),
    "symmetry.observables.template_circles": Call(template_circles, {"f": F}),
    "symmetry.templates.expand_templates": Call(expand_templates, {"f": F}),
    "symmetry.templates.expand_readout": Call(expand_readout, {"omega": OMEGA}),
    "symmetry.classes.draw_classes": Call(draw_classes, {"p": 7, "share": 0.5, "rng": 0}),
    "symmetry.classes.difference_classes": Call(difference_classes, CLASSES),
    "symmetry.accuracy.class_outputs": Call(
        class_outputs, {"f": F, "omega": OMEGA, "classes": (0, 2), "activation": "tanh"}
    ),
}
ARGUMENTS = [(function, name) for function, call in CALLS.items() for name in call.arguments]


@pytest.mark.parametrize(("function", "name"), ARGUMENTS, ids=map(" ".join, ARGUMENTS))
@given(data=st.data())
def test_a_hostile_argument_is_answered(function, name, data):
    call = CALLS[function]
    judge(call, name, data.draw(hostile(call.arguments[name], name in call.endless)))
