"""Homogeneous neurons that see one sample each, in the first-layer flow and slow time τ."""

from functools import partial

import numpy as np

from reduced import solutions
from reduced.claims.claim import Claim
from reduced.claims.closed_forms.comparison import TIMES, Array, gap, held, numeric
from reduced.flows.two_layer import first_layer_flow

X, Y = np.array([[0.9, 1.2]]), np.array([[1.0, -0.5]])
STRENGTH = float(np.sum(X**2) * np.sum(Y**2))
DEGREES = {"relu": 1, "quadratic": 2, "cubic": 3}
PRE = np.array([0.9, 1.3, 0.4])


def claims() -> list[Claim]:
    """One neuron, several sharing a sample, several competing for one, several samples."""
    source = "(20) on one sample, active homogeneous neurons"
    return [
        *(
            held(f"one active neuron, degree {degree}, in τ", partial(_one, activation, degree), source)
            for activation, degree in DEGREES.items()
        ),
        held("three active ReLU neurons share a sample, in τ", _relu, source),
        *(
            held(
                f"three neurons of degree {DEGREES[activation]}: the largest takes all, in τ",
                partial(_race, activation),
                source,
            )
            for activation in ("quadratic", "cubic")
        ),
        held(
            "ReLU neurons on orthogonal samples, in τ",
            _orthogonal,
            "(20), every neuron active on one sample at most",
        ),
    ]


def _pre_activations(activation: str, pre: Array) -> Array:
    """x·w_j along the flow from given ones; what is orthogonal to x starts at one."""
    across = np.array([[-X[0, 1], X[0, 0]]])
    start = (X.T * pre + across.T) / np.sum(X**2)
    return np.asarray((X @ numeric(first_layer_flow(X, Y, activation), start))[:, 0])


def _one(activation: str, degree: int) -> float:
    expected = _pre_activations(activation, PRE[:1])[:, 0]
    return gap(solutions.one_neuron(STRENGTH, degree)(TIMES, PRE[0]), expected)


def _relu() -> float:
    return gap(solutions.relu_neurons(STRENGTH)(TIMES, PRE), _pre_activations("relu", PRE))


def _race(activation: str) -> float:
    closed = solutions.winner_takes_all(STRENGTH, DEGREES[activation])(TIMES, PRE)
    return gap(closed, _pre_activations(activation, PRE))


def _orthogonal() -> float:
    inputs, targets = np.array([[3.0, 4.0, 0.0], [-4.0, 3.0, 0.0]]), np.array([[1.0, 2.0], [0.5, -1.0]])
    pre = np.array([[1.0, 2.0, -0.5, -1.0], [-0.3, -1.0, 2.0, -2.0], [0.5, 0.4, 0.3, 0.2]])
    start = np.linalg.solve(np.vstack([inputs, [0.0, 0.0, 1.0]]), pre)
    expected = numeric(first_layer_flow(inputs, targets, "relu"), start)
    return gap(solutions.orthogonal_samples(inputs, targets)(TIMES, start), expected)
