"""Every closed form answers every hostile parameter, start and time with a reason or with numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reduced import solutions
from tests.hostile import Call, hostile, judge

draw = np.random.default_rng(0).standard_normal
X, Y, W1 = np.eye(3), draw((3, 2)), np.eye(3)
G0 = np.diag([1.0, 2.0, 3.0])
LATER = np.array([0.0, 0.5])


def solved(make, parameters, starts, time="tau"):
    """A solution made from its parameters and evaluated at times and at a start."""

    def evaluate(**given):
        solution = make(**{name: given[name] for name in parameters})
        return solution(given[time], *(given[name] for name in starts))

    return Call(evaluate, parameters | starts | {time: LATER})


CALLS = {
    "balanced_network": solved(
        solutions.balanced_network,
        {"Y": Y, "ridge": 0.1},
        {"start": (np.eye(3)[:, :2], np.eye(2))},
        "t",
    ),
    "gradient_cosine": Call(solutions.gradient_cosine, {"foot": LATER, "distance": LATER}),
    "gram_mode": solved(solutions.gram_mode, {"q": LATER}, {"g0": LATER}),
    "gram_trace": solved(solutions.gram_trace, {"Q": G0}, {"G0": G0}),
    "isotropic_gram": solved(solutions.isotropic_gram, {"q": 1.0}, {"G0": G0}),
    "leaky_weights": solved(solutions.leaky_weights, {"ridge": 0.1}, {"w0": np.array([-3.0, 1.0])}, "t"),
    "linear_regression": solved(
        solutions.linear_regression, {"X": X, "y": Y[:, 0], "ridge": 0.1}, {"w0": np.ones(3)}, "t"
    ),
    "one_neuron": solved(
        solutions.one_neuron, {"strength": 2.0, "degree": 2.0}, {"z0": np.array([1.0, 2.0])}
    ),
    "one_output_gram": solved(solutions.one_output_gram, {"y": np.arange(1.0, 4)}, {"G0": G0}),
    "orthogonal_samples": solved(solutions.orthogonal_samples, {"X": X, "Y": Y}, {"W1": W1}),
    "parabola_point": Call(solutions.parabola_point, {"foot": LATER, "distance": LATER}),
    "parabola_projection": Call(solutions.parabola_projection, {"point": np.array([0.5, 1.0])}),
    "product_cross": solved(solutions.product_cross, {"a": 1.0, "ridge": 0.5}, {"start": (1.0, 2.0)}, "t"),
    "product_first_layer": solved(solutions.product_first_layer, {"s": 1.0, "ridge": 0.5}, {"w1": 2.0}),
    "product_full": solved(
        solutions.product_full, {"a": 1.0, "s": 0.75, "ridge": 0.25}, {"start": (2.0, -0.5)}, "t"
    ),
    "product_two_rates": solved(solutions.product_two_rates, {"s": 1.0, "epsilon": 0.5}, {"w1": 2.0}),
    "product_zero_loss": solved(solutions.product_zero_loss, {}, {"start": (4.0, -1.0)}),
    "relu_neurons": solved(solutions.relu_neurons, {"strength": 2.0}, {"z0": np.array([1.0, 2.0])}),
    "two_weights": solved(solutions.two_weights, {"ridge": 0.1}, {}, "t"),
    "two_weights_descent": solved(solutions.two_weights_descent, {"ridge": 0.1, "step_size": 0.01}, {}, "k"),
    "two_weights_losses": solved(solutions.two_weights_losses, {"ridge": 0.1}, {}, "t"),
    "whitened": Call(solutions.whitened, {"X": X, "Y": Y, "W1": W1}),
    "winner_takes_all": solved(
        solutions.winner_takes_all, {"strength": 2.0, "degree": 2.0}, {"z0": np.array([1.0, 2.0])}
    ),
}
ARGUMENTS = [(function, name) for function, call in CALLS.items() for name in call.arguments]


@pytest.mark.parametrize(("function", "name"), ARGUMENTS, ids=map(" ".join, ARGUMENTS))
@given(data=st.data())
def test_a_hostile_argument_is_answered(function, name, data):
    call = CALLS[function]
    judge(call, name, data.draw(hostile(call.arguments[name])))


def test_every_solution_is_in_the_table():
    assert set(CALLS) == set(solutions.__all__)
