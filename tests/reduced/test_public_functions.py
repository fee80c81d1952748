"""Every public function answers every hostile argument with a reason or with numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reduced import (
    accuracy,
    circularity,
    counterfactual,
    first_crossing,
    first_layer_flow,
    fourier_features,
    full_flow,
    get_activation,
    integrate,
    ladder,
    modular_addition,
    modular_operation,
    neural_tangent,
    optimal_readout,
    reduced_cost,
    rescale,
    rescaled_time,
    theorems,
    train,
    training,
    zero_loss_flow,
    zero_loss_set,
)
from reduced.alignment import aligned_training, all_but_seven
from reduced.arrays import finite_array
from reduced.deep import hidden_cost, hidden_flow
from reduced.descent import descend, largest_eigenvalue
from reduced.generalization import accuracy_curves
from reduced.gram import gram_condition
from reduced.observables import predictions
from reduced.problem import bind
from reduced.targets import quadratic_addition
from reduced.zero_loss_flow import retracted, tangent_flow
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
SLOW = ("state", "ridges", "lags", "end")


def on_problem(function, endless=(), **arguments):
    """A function of the zero-loss set at a state on it."""
    return Call(lambda **given: function(PROBLEM, **given), STATE | arguments, endless)


RISE = {"times": np.arange(3.0), "values": np.arange(3.0), "level": 1.5}


CALLS = {
    "flows.first_layer_flow": Call(
        lambda W1, **data: first_layer_flow(**data)(0.0, W1), DATA | {"ridge": 0.1, "W1": W1}
    ),
    "flows.reduced_cost": Call(lambda W1, **data: reduced_cost(**data)(W1), DATA | {"ridge": 0.1, "W1": W1}),
    "flows.optimal_readout": Call(
        lambda W1, **data: optimal_readout(**data)(W1), DATA | {"ridge": 0.1, "W1": W1}
    ),
    "gram.gram_condition": Call(
        lambda W1, **data: gram_condition(**data)(W1), DATA | {"ridge": 0.1, "W1": W1}
    ),
    "flows.full_flow": Call(
        lambda state, **data: full_flow(**data)(0.0, state), DATA | STATE | {"weight_decay": 0.1}
    ),
    "zero_loss_flow.zero_loss_flow": Call(
        lambda state, **data: zero_loss_flow(**data)(0.0, state), DATA | STATE | {"lag": 0.5}
    ),
    "zero_loss_flow.tangent_flow": Call(
        lambda state, **data: tangent_flow(direction=lambda at: at, **data)(0.0, state),
        DATA | STATE | {"lag": 0.5},
    ),
    "counterfactual.matched_flow": Call(
        lambda state, **data: counterfactual.matched_flow(direction=lambda at: at, **data)(0.0, state),
        DATA | STATE,
    ),
    "zero_loss_flow.retracted": Call(
        lambda state, **how: retracted(PROBLEM, zero_loss_flow(X, Y, "tanh"), **how)(0.0, state),
        STATE | {"step": 0.01, "tolerance": 1e-10, "lag": 1.0},
    ),
    "counterfactual.constant_direction": Call(
        lambda state, rng: counterfactual.constant_direction(state, rng)(state), STATE | {"rng": 0}
    ),
    "deep.hidden_flow": Call(
        lambda W1, W2, **data: hidden_flow(**data)(0.0, (W1, W2)), DATA | {"ridge": 0.1, "W1": W1, "W2": W2}
    ),
    "deep.hidden_cost": Call(
        lambda W1, W2, **data: hidden_cost(**data)((W1, W2)), DATA | {"ridge": 0.1, "W1": W1, "W2": W2}
    ),
    "integrate.integrate": Call(
        lambda **how: integrate(lambda t, y: -np.asarray(y), max_steps=20, **how),
        {"y0": W1, "t_span": (0.0, 0.1), "method": "RK45", "t_eval": np.array([0.1])}
        | {"rtol": 1e-3, "atol": 1e-6, "max_step": 1.0, "observe_every": 0.01},
        endless=("t_span",),
    ),
    "training.train": Call(
        train,
        DATA
        | STATE
        | {"steps": 2, "learning_rate": 0.1, "weight_decay": 0.1, "error": "sum", "momentum": 0.5}
        | {"lag": 1.0, "observe_every": 1},
        endless=("steps",),
    ),
    "training.slow_time": Call(
        training.slow_time,
        {"steps": np.array([1.0, 2.0]), "learning_rate": 0.1, "weight_decay": 0.1, "momentum": 0.5},
    ),
    "training.ridge_of": Call(
        training.ridge_of, {"weight_decay": np.array([0.1, 0.2]), "Y": Y, "error": "mean"}
    ),
    "training.uniform_start": Call(training.uniform_start, {"d_in": 4, "d_h": 5, "d_out": 2, "rng": 0}),
    "data.modular_addition": Call(modular_addition, {"p": 5, "train_fraction": 0.5, "rng": 0}),
    "data.modular_operation": Call(
        modular_operation, {"operation": "add", "p": 5, "train_fraction": 0.5, "rng": 0}
    ),
    "activations.get_activation": Call(
        lambda activation: get_activation(activation).value(X), {"activation": "tanh"}
    ),
    "observables.predictions": Call(predictions, {"W1": W1, "W2": W2, "X": X, "activation": "relu"}),
    "observables.accuracy": Call(
        lambda **layers: accuracy(dataset=TRAIN, **layers),
        {"W1": draw((5, 6)), "W2": draw((6, 5)), "activation": "relu"},
    ),
    "observables.fourier_features": Call(fourier_features, {"E": W1}),
    "observables.circularity": Call(circularity, {"F": W1 + 1j}),
    "observables.first_crossing": Call(
        lambda **curve: np.nan_to_num(first_crossing(**curve)),
        RISE,
    ),
    "rescale.rescaled_time": Call(rescaled_time, {"tau": np.arange(3.0), "alpha": 2.0, "degree": 1}),
    "rescale.rescale": Call(lambda **by: rescale(PATH, **by), {"alpha": 2.0, "degree": 1}),
    "neural_tangent.linearize": Call(
        lambda **at: neural_tangent.linearize(PROBLEM, **at).residual, STATE | {"lag": 1.0}
    ),
    "zero_loss_set.retract": on_problem(zero_loss_set.retract, tolerance=1e-10, lag=1.0),
    "zero_loss_set.distance": on_problem(zero_loss_set.distance),
    "zero_loss_set.project_by_descent": on_problem(zero_loss_set.project_by_descent, learning_rate=0.1),
    "zero_loss_set.normal_part": on_problem(zero_loss_set.normal_part, direction=(W1, W2)),
    "zero_loss_set.tangent_part": on_problem(zero_loss_set.tangent_part, direction=(W1, W2)),
    "zero_loss_set.singular_values": on_problem(zero_loss_set.singular_values),
    "descent.largest_eigenvalue": on_problem(largest_eigenvalue),
    "descent.descend": on_problem(
        lambda problem, **how: descend(problem, observe=lambda step, at: {"loss": 0.0}, **how)["loss"][-1],
        ("state", "end", "ridge", "rate"),
        end=0.1,
        ridge=0.1,
        rate=0.01,
    ),
    "alignment.all_but_seven": Call(all_but_seven, {"p": 5, "rng": 0}),
    "ladder.start_on_set": Call(lambda **start: ladder.start_on_set(PROBLEM, **start), {"d_h": 5, "rng": 0}),
    "ladder.fitted_slope": Call(ladder.fitted_slope, {"x": np.arange(1.0, 4), "y": np.arange(1.0, 4)}),
    "ladder.ridge_errors": on_problem(ladder.ridge_errors, SLOW, ridges=np.array([0.1]), end=0.01),
    "ladder.lag_errors": on_problem(
        ladder.lag_errors, lags=np.array([0.5]), end=0.01, endless=("state", "ridges", "lags", "end")
    ),
    "theorems.gradient_tilt": Call(
        lambda **how: theorems.gradient_tilt(PROBLEM, **how),
        {"foot": FOOT, "distances": np.array([0.1]), "rng": 0},
    ),
    "theorems.smallest_singular_value": Call(
        lambda **start: theorems.smallest_singular_value(PROBLEM, **start), {"d_h": 5, "rng": 0}
    ),
    "targets.quadratic_addition": Call(quadratic_addition, {"p": 5}),
    "arrays.finite_array": Call(lambda values: finite_array("values", values, "n", "m"), {"values": W1}),
    "alignment.aligned_training": Call(
        lambda **how: aligned_training(TRAIN, TEST, **how)["distance"],
        {
            "d_h": 30,
            "steps": 20,
            "every": 20,
            "learning_rate": 0.1,
            "weight_decay": 0.1,
            "activation": "tanh",
            "rng": 0,
        },
        endless=("steps",),
    ),
    "generalization.accuracy_curves": Call(
        accuracy_curves, {"seed": 0, "p": 3, "d_h": 40, "end": 0.1}, endless=("end",)
    ),
}
ARGUMENTS = [(function, name) for function, call in CALLS.items() for name in call.arguments]


@pytest.mark.parametrize(("function", "name"), ARGUMENTS, ids=map(" ".join, ARGUMENTS))
@given(data=st.data())
def test_a_hostile_argument_is_answered(function, name, data):
    call = CALLS[function]
    judge(call, name, data.draw(hostile(call.arguments[name], name in call.endless)))
