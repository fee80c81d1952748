"""The vector fields, bound to data: each factory returns a pure function of (time, state).

Two regimes share every formula: ``ridge = 0`` is the zero-loss limit λ → 0, ``ridge > 0`` keeps λ. With
ridge > 0 and more samples than hidden units, the smaller d_h × d_h system is solved. The first-layer flow of a large
problem is pure within its tolerance only: it remembers its last solution (:mod:`reduced.readout.iterated`).
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.flows.first_layer import FirstLayerFlow
from reduced.inputs.arrays import without_overflow
from reduced.network.activations import Activation
from reduced.network.equations import generated
from reduced.network.problem import Problem, bind, both_layers, interpolable
from reduced.readout.direct import solvable, solve_directly

Array = NDArray[np.float64]
Pair = tuple[Array, Array]


def first_layer_flow(
    X: Any,
    Y: Any,
    activation: str | Activation = "relu",
    ridge: float = 0.0,
    *,
    tolerance: float = 1e-8,
) -> FirstLayerFlow:
    """First layer's motion with the readout held optimal, in slow time τ = 2λt.

        dW1/dτ = Xᵀ[(B Bᵀ H) ⊙ σ′(XW1)] − W1,   H = σ(XW1),   B = (HHᵀ + ridge·I)⁻¹ Y

    Parameters
    ----------
    X : (n, d_in) array or SciPy sparse array
        Inputs, one sample a row.
    Y : (n, d_out) array
        Targets.
    activation : str or Activation
        σ, see :data:`reduced.network.activations.ACTIVATIONS`.
    ridge : float
        λ ≥ 0; 0 is the zero-loss limit and needs d_h ≥ n.
    tolerance : float
        Relative error of B, and of the readout, that is good enough where they are found by iteration: for large
        problems, see :mod:`reduced.readout.iterated`. A tenth of the integrator's ``rtol`` suffices: a step that moves
        the state by less than itself then gains a tenth at most of the error that the integrator accepts.

    Returns
    -------
    FirstLayerFlow
        ``flow(tau, W1) -> dW1/dτ``, both (d_in, d_h). It raises ``ValueError`` for a W1 that does not fit the
        data and :class:`reduced.errors.SingularGramError` where the Gram matrix cannot be inverted.

    References
    ----------
    arXiv:2511.01938, equation (20), there at λ → 0.

    Examples
    --------
    >>> flow = first_layer_flow(np.eye(1), np.eye(1), "linear")
    >>> flow(0.0, np.array([[2.0]]))  # w' = y²/w³ − w
    array([[-1.875]])
    """
    if not 0 < tolerance < 1:
        raise ValueError(f"tolerance = {tolerance}: must lie strictly between 0 and 1")
    return FirstLayerFlow(interpolable(bind(X, Y, activation, ridge)), tolerance)


def reduced_cost(
    X: Any, Y: Any, activation: str | Activation = "relu", ridge: float = 0.0
) -> Callable[[Array], float]:
    """Reduced cost R/λ = ‖W1‖² + Tr(Yᵀ(HHᵀ + ridge·I)⁻¹Y), of which the first-layer flow is −½ the gradient.

    At ridge 0 it is ‖W1‖² + ‖W2‖² on the zero-loss set. Parameters as in :func:`first_layer_flow`; returns
    ``cost(W1) -> float``.

    References
    ----------
    arXiv:2511.01938, equations (16) and (19).

    Examples
    --------
    >>> reduced_cost(np.eye(1), np.eye(1), "linear")(np.array([[2.0]]))
    4.25
    """
    return partial(_reduced_cost, interpolable(bind(X, Y, activation, ridge)))


def optimal_readout(
    X: Any, Y: Any, activation: str | Activation = "relu", ridge: float = 0.0
) -> Callable[[Array], Array]:
    """Second layer that minimizes the regularized loss, Hᵀ(HHᵀ + ridge·I)⁻¹Y; at ridge 0 it interpolates.

    Parameters as in :func:`first_layer_flow`; returns ``readout(W1) -> W2`` of shape (d_h, d_out).

    References
    ----------
    arXiv:2511.01938, equations (15) and (18).

    Examples
    --------
    >>> optimal_readout(np.eye(1), np.eye(1), "linear")(np.array([[2.0]]))
    array([[0.5]])
    """
    return partial(_optimal_readout, interpolable(bind(X, Y, activation, ridge)))


def full_flow(
    X: Any, Y: Any, activation: str | Activation = "relu", *, weight_decay: float
) -> Callable[[float, Pair], Pair]:
    """Gradient flow of the regularized loss in both layers, in flow time t.

        d(W1, W2)/dt = −∇(‖HW2 − Y‖² + weight_decay·(‖W1‖² + ‖W2‖²))

    Parameters as in :func:`first_layer_flow`, with λ = ``weight_decay`` ≥ 0; returns
    ``flow(t, (W1, W2)) -> (dW1/dt, dW2/dt)``.

    References
    ----------
    arXiv:2511.01938, equation (3) with the loss (13).

    Examples
    --------
    >>> flow = full_flow(np.eye(1), np.eye(1), "linear", weight_decay=0.5)
    >>> flow(0.0, (np.array([[2.0]]), np.array([[1.0]])))
    (array([[-4.]]), array([[-5.]]))
    """
    try:
        problem = bind(X, Y, activation, weight_decay)
    except ValueError as error:
        raise ValueError(str(error).replace("ridge", "weight_decay", 1)) from None
    return partial(_full_flow, problem)


def _reduced_cost(problem: Problem, W1: Array) -> float:
    return float(
        without_overflow(
            "the cost", solve_directly("reduced_cost", "reduced_cost_primal", problem, solvable(problem, W1))
        )
    )


def _optimal_readout(problem: Problem, W1: Array) -> Array:
    return without_overflow(
        "the readout", solve_directly("dual_readout", "readout", problem, solvable(problem, W1))
    )


def _full_flow(problem: Problem, t: float, state: Pair) -> Pair:
    W1, W2 = both_layers(problem, state)
    first, second = generated("full_flow", problem.activation)(W1, W2, problem.X, problem.Y, problem.ridge)
    return without_overflow("the flow", first), without_overflow("the flow", second)
