"""Networks with several hidden layers, their linear readout held optimal."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.codegen.functions import Generated, matrix_function
from reduced.errors import IllConditionedError
from reduced.inputs.arrays import finite_array, without_overflow
from reduced.integration.bound import About, BoundFlow
from reduced.integration.preference import RESOLVED
from reduced.network.activations import Activation
from reduced.network.problem import Problem, bind
from reduced.readout.orthogonal import PIVOTS, Interpolation, interpolate

Array = NDArray[np.float64]
Layers = tuple[Array, ...]


def hidden_flow(
    X: Any, Y: Any, activation: str | Activation = "relu", ridge: float = 0.0
) -> BoundFlow[Layers]:
    """Hidden layers' motion with the readout held optimal, in slow time τ = 2λt.

        dW_i/dτ = −½ ∂(R/λ)/∂W_i,   R/λ = Σ‖W_i‖² + Tr(Yᵀ(HHᵀ + ridge·I)⁻¹Y),   H = σ(…σ(XW1)…W_L)

    Parameters
    ----------
    X, Y, activation
        As in :func:`reduced.flows.two_layer.first_layer_flow`; σ is that of every hidden layer.
    ridge : float
        λ ≥ 0; 0 is the zero-loss limit and needs the last hidden layer at least as wide as n.

    Returns
    -------
    callable
        ``flow(tau, (W1, …, WL)) -> (dW1/dτ, …, dWL/dτ)``; the state's length is the number of hidden layers. It
        raises ``ValueError`` for layers that do not fit, :class:`reduced.errors.SingularGramError` where the Gram
        matrix cannot be inverted. At ridge 0 an ill-conditioned Gram matrix is left for the orthogonal factorization
        of :mod:`reduced.readout.orthogonal`, which warns beyond what it can do.

    References
    ----------
    arXiv:2511.01938, equation (20) for L = 1; derived for any L in :mod:`derivations.deep`.

    Examples
    --------
    >>> flow = hidden_flow(np.eye(1), np.eye(1), "linear")
    >>> flow(0.0, (np.array([[2.0]]), np.array([[1.0]])))  # w1' = 1/(w1³w2²) − w1
    (array([[-1.875]]), array([[-0.75]]))
    """
    problem = bind(X, Y, activation, ridge)
    equation = "dW_i/dτ = −½ ∂(R/λ)/∂W_i, the readout optimal"
    about = About("hidden_flow", equation, "slow time τ = 2λt", RESOLVED, problem.facts)
    return BoundFlow(partial(_hidden_flow, problem), about)


def hidden_cost(
    X: Any, Y: Any, activation: str | Activation = "relu", ridge: float = 0.0
) -> Callable[[Layers], float]:
    """Reduced cost R/λ = Σ‖W_i‖² + Tr(Yᵀ(HHᵀ + ridge·I)⁻¹Y), of which the hidden flow is −½ the gradient.

    Parameters as in :func:`hidden_flow`; returns ``cost((W1, …, WL)) -> float``.

    Examples
    --------
    >>> hidden_cost(np.eye(1), np.eye(1), "linear")((np.array([[2.0]]), np.array([[1.0]])))
    5.25
    """
    return partial(_hidden_cost, bind(X, Y, activation, ridge))


@cache
def generated(quantity: str, hidden_layers: int, activation: Activation) -> Generated:
    """NumPy source of ``"hidden_flow"`` or ``"reduced_cost"`` of :mod:`derivations.deep`.

    A function of ``(W1, …, WL, X, Y, ridge)``; ``"hidden_flow_given_readout"`` takes B and V after the layers.
    """
    from derivations import deep
    from derivations import two_layer as eq

    sigma = activation.lambdas[activation.name]
    derived = getattr(deep, quantity)(hidden_layers)
    several = derived if isinstance(derived, tuple) else (derived,)
    outputs = tuple(eq.with_activation(expression, sigma) for expression in several)
    weights, layers = deep.weights(hidden_layers), deep.activations(hidden_layers)
    given = {"B": eq.B, "V": deep.V} if quantity == "hidden_flow_given_readout" else {}
    named = {}
    for i, W in enumerate(weights):
        named[f"Z{i + 1}"] = eq.with_activation(layers[i] * W, sigma)
        named[f"H{i + 1}"] = eq.with_activation(layers[i + 1], sigma)
    return matrix_function(
        quantity,
        {W.name: W for W in weights} | given | {"X": eq.X, "Y": eq.Y, "ridge": eq.ridge},
        outputs if isinstance(derived, tuple) else outputs[0],
        functions=activation.lambdas,
        named=named,
    )


def _hidden_flow(problem: Problem, tau: float, layers: Layers) -> Layers:
    layers = _fitting(problem, layers)
    data = problem.X, problem.Y, problem.ridge

    def otherwise(found: Interpolation) -> Any:
        flow = generated("hidden_flow_given_readout", len(layers), problem.activation)
        return flow(*layers, found.dual, found.readout, *data)

    velocity = _solved("hidden_flow", problem, layers, otherwise)
    return tuple(without_overflow("the flow", part) for part in velocity)


def _hidden_cost(problem: Problem, layers: Layers) -> float:
    layers = _fitting(problem, layers)
    norms = sum(float(np.sum(W**2)) for W in layers)
    cost = _solved("reduced_cost", problem, layers, lambda found: norms + found.squares)
    return float(without_overflow("the cost", cost))


def _solved(
    quantity: str, problem: Problem, layers: Layers, otherwise: Callable[[Interpolation], Any]
) -> Any:
    """Evaluate through the Gram matrix; without a ridge, where it loses too many digits, from the interpolation."""
    function = generated(quantity, len(layers), problem.activation)
    worst = PIVOTS if problem.ridge == 0 else np.inf
    try:
        return function.within(worst, *layers, problem.X, problem.Y, problem.ridge)
    except IllConditionedError:
        if problem.ridge > 0:
            raise
    below = problem.X
    for W in layers[:-1]:
        below = problem.activation.value(below @ W)
    return otherwise(interpolate(replace(problem, X=below), layers[-1]))


def _fitting(problem: Problem, layers: Layers) -> Layers:
    if not isinstance(layers, tuple | list):
        raise ValueError("layers is not a tuple of matrices (W1, …, WL)")
    rows, fitting = problem.X.shape[1], []
    for i, W in enumerate(layers):
        fitting.append(finite_array(f"W{i + 1}", W, rows, "width"))
        rows = fitting[-1].shape[1]
    if problem.ridge == 0 and rows < problem.samples:
        raise ValueError(
            f"the last hidden layer is {rows} wide, less than the {problem.samples} training samples, and ridge = 0: "
            f"widen it to {problem.samples} or take ridge > 0"
        )
    return tuple(fitting)
