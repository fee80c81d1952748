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

from reduced.flows.convex import ConvexFlow, exact_minimum
from reduced.flows.first_layer import FirstLayerFlow
from reduced.inputs.arrays import without_overflow
from reduced.inputs.renamed import renamed
from reduced.inputs.scalars import between_0_and_1
from reduced.integration.bound import About, BoundFlow
from reduced.integration.preference import RESOLVED
from reduced.network.activations import Activation
from reduced.network.descent import descent
from reduced.network.equations import Quantity
from reduced.network.loss import Loss
from reduced.network.problem import Problem, bind, both_layers, first_layer, interpolable
from reduced.readout.direct import solvable, solve_directly

Array = NDArray[np.float64]
Pair = tuple[Array, Array]


def first_layer_flow(
    X: Any,
    Y: Any,
    activation: str | Activation = "relu",
    ridge: float = 0.0,
    *,
    loss: str | Loss = "squared",
    tolerance: float = 1e-8,
) -> FirstLayerFlow | ConvexFlow:
    """First layer's motion with the readout held optimal, in slow time τ = 2λt.

        dW1/dτ = Xᵀ[(B Bᵀ H) ⊙ σ′(XW1)] − W1,   H = σ(XW1),   B = (HHᵀ + ridge·I)⁻¹ Y

    With another convex loss ℓ of the outputs, B is the solution of 2·ridge·B + ∇ℓ(HHᵀB) = 0.

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
    loss : str or Loss
        ℓ, see :data:`reduced.network.losses.LOSSES`, or one of your own, see :class:`reduced.network.loss.Loss`. At
        ridge 0 only losses that are least where outputs and targets agree: ``"squared"`` and, with the same flow,
        ``"pseudo_huber"``.
    tolerance : float
        Relative error of B, and of the readout, that is good enough where they are found by iteration: for large
        problems, see :mod:`reduced.readout.iterated`. A tenth of the integrator's ``rtol`` suffices: a step that moves
        the state by less than itself then gains a tenth at most of the error that the integrator accepts. With another
        loss, the root of the duality gap as a share of the cost, see :class:`reduced.flows.convex.ConvexFlow`.

    Returns
    -------
    FirstLayerFlow or ConvexFlow
        ``flow(tau, W1) -> dW1/dτ``, both (d_in, d_h). It raises ``ValueError`` for a W1 that does not fit the
        data, :class:`reduced.errors.SingularGramError` where the Gram matrix cannot be inverted and
        :class:`reduced.errors.ReadoutError` where the readout of another loss is not found.

    References
    ----------
    arXiv:2511.01938, equation (20), there at λ → 0.

    Examples
    --------
    >>> flow = first_layer_flow(np.eye(1), np.eye(1), "linear")
    >>> flow(0.0, np.array([[2.0]]))  # w' = y²/w³ − w
    array([[-1.875]])
    """
    (tolerance,) = between_0_and_1(tolerance=tolerance)
    problem = interpolable(bind(X, Y, activation, ridge, loss))
    return FirstLayerFlow(problem, tolerance) if problem.in_closed_form else ConvexFlow(problem, tolerance)


def reduced_cost(
    X: Any,
    Y: Any,
    activation: str | Activation = "relu",
    ridge: float = 0.0,
    *,
    loss: str | Loss = "squared",
) -> Callable[[Array], float]:
    """Reduced cost R/λ = ‖W1‖² + Tr(Yᵀ(HHᵀ + ridge·I)⁻¹Y), of which the first-layer flow is −½ the gradient.

    With another loss ℓ it is ‖W1‖² + min(ℓ(HW2)/λ + ‖W2‖²) over W2. At ridge 0 it is ‖W1‖² + ‖W2‖² on the zero-loss
    set. Parameters as in :func:`first_layer_flow`; returns ``cost(W1) -> float``.

    References
    ----------
    arXiv:2511.01938, equations (16) and (19).

    Examples
    --------
    >>> reduced_cost(np.eye(1), np.eye(1), "linear")(np.array([[2.0]]))
    4.25
    """
    return partial(_reduced_cost, interpolable(bind(X, Y, activation, ridge, loss)))


def optimal_readout(
    X: Any,
    Y: Any,
    activation: str | Activation = "relu",
    ridge: float = 0.0,
    *,
    loss: str | Loss = "squared",
) -> Callable[[Array], Array]:
    """Second layer that minimizes the regularized loss, Hᵀ(HHᵀ + ridge·I)⁻¹Y; at ridge 0 it interpolates.

    With another loss it is found by minimization, to rounding.

    Parameters as in :func:`first_layer_flow`; returns ``readout(W1) -> W2`` of shape (d_h, d_out).

    References
    ----------
    arXiv:2511.01938, equations (15) and (18).

    Examples
    --------
    >>> optimal_readout(np.eye(1), np.eye(1), "linear")(np.array([[2.0]]))
    array([[0.5]])
    """
    return partial(_optimal_readout, interpolable(bind(X, Y, activation, ridge, loss)))


@renamed(weight_decay="ridge")
def full_flow(
    X: Any,
    Y: Any,
    activation: str | Activation = "relu",
    ridge: float = 0.0,
    *,
    loss: str | Loss = "squared",
) -> BoundFlow[Pair]:
    """Gradient flow of the regularized loss in both layers, in flow time t.

        d(W1, W2)/dt = −∇(‖HW2 − Y‖² + ridge·(‖W1‖² + ‖W2‖²))

    Another loss ℓ(HW2) takes the place of the squared errors.

    Parameters as in :func:`first_layer_flow`, with λ = ``ridge`` ≥ 0; returns
    ``flow(t, (W1, W2)) -> (dW1/dt, dW2/dt)``.

    References
    ----------
    arXiv:2511.01938, equation (3) with the loss (13).

    Examples
    --------
    >>> flow = full_flow(np.eye(1), np.eye(1), "linear", ridge=0.5)
    >>> flow(0.0, (np.array([[2.0]]), np.array([[1.0]])))
    (array([[-4.]]), array([[-5.]]))
    """
    problem = bind(X, Y, activation, ridge, loss)
    about = About("full_flow", "d(W1, W2)/dt = −∇L_λ", "flow time t", RESOLVED, problem.facts, ("W1", "W2"))
    return BoundFlow(partial(_full_flow, problem), about)


def _reduced_cost(problem: Problem, W1: Array) -> float:
    if not problem.in_closed_form:
        W1 = first_layer(problem, W1)
        cost = exact_minimum(problem, W1).cost / problem.ridge + np.sum(W1**2)
        return float(without_overflow("the cost", cost))
    W1 = solvable(problem, W1)
    names = Quantity.REDUCED_COST, Quantity.REDUCED_COST_PRIMAL
    cost = solve_directly(*names, problem, W1, lambda found: np.sum(W1**2) + found.squares)
    return float(without_overflow("the cost", cost))


def _optimal_readout(problem: Problem, W1: Array) -> Array:
    if not problem.in_closed_form:
        return exact_minimum(problem, first_layer(problem, W1)).readout
    names = Quantity.DUAL_READOUT, Quantity.READOUT
    readout = solve_directly(*names, problem, solvable(problem, W1), lambda found: found.readout)
    return without_overflow("the readout", readout)


def _full_flow(problem: Problem, t: float, state: Pair) -> Pair:
    W1, W2 = both_layers(problem, state)
    first, second = descent(problem)(W1, W2)
    return without_overflow("the flow", first), without_overflow("the flow", second)
