"""Motion within the zero-loss set: both layers move so that the outputs on the training inputs stay put."""

from collections.abc import Callable
from typing import Any

from reduced.flows.tangent import OffTheSetWarning, TangentFlow, descent_of_the_norm
from reduced.flows.zero_loss_set import retract
from reduced.inputs.arrays import without_overflow
from reduced.inputs.renamed import renamed
from reduced.inputs.scalars import between_0_and_1, positive
from reduced.network.activations import Activation
from reduced.network.parameters import Pair, moved
from reduced.network.problem import Problem, bind, both_layers

__all__ = ["OffTheSetWarning", "TangentFlow", "retracted", "tangent_flow", "zero_loss_flow"]


@renamed(lag="rate_ratio")
def zero_loss_flow(
    X: Any,
    Y: Any,
    activation: str | Activation = "relu",
    *,
    rate_ratio: float = 1.0,
    tolerance: float | None = None,
) -> TangentFlow:
    """Steepest descent of ‖θ‖² within the zero-loss set, in slow time τ = 2λt: training after memorization.

        dθ/dτ = −P(θ) θ,   P = I − J⁺J

    For a positively homogeneous σ of degree q this is dW1/dτ = −W1 + J₁ᵀM, dW2/dτ = −W2 + J₂ᵀM with
    Θ M = (1 + q) Y, since Jθ = (1 + q)F.

    Parameters
    ----------
    X, Y, activation
        As in :func:`reduced.flows.two_layer.first_layer_flow`.
    rate_ratio : float
        ε > 0, the learning rate of the first layer over that of the readout. 1 is plain training; ε → 0 is the
        first-layer flow. Time is that of the first layer.
    tolerance : float, optional
        Relative residual of the conjugate gradients, 1e-11 by default. Their error in the velocity is normal to the
        set: a retraction takes it out again, so 1e-2 does under :func:`retracted`, and where
        :func:`reduced.integrate` puts each step back on the set at kinks.

    Returns
    -------
    TangentFlow
        ``flow(tau, (W1, W2)) -> (dW1/dτ, dW2/dτ)``. :func:`reduced.integrate` keeps its states on the set: by RK45
        where σ is smooth; at kinks by stabilized steps of first order, which slide along them as gradient descent
        does. A start off the set is first moved to a state on it nearby. The flow raises ``ValueError`` for layers
        that do not fit the data and :class:`reduced.errors.SingularGramError` where Θ cannot be inverted.

    Warns
    -----
    OffTheSetWarning
        If states that were on the set come to miss the targets by more than a tenth of their size.

    Notes
    -----
    Off the set, the outputs relax: d(F − Y)/dτ = −(1/ε + q)(F − Y), with q = 1 where σ is not homogeneous, so
    integration errors decay. For homogeneous σ this is what Θ M = (1 + q)Y does as it stands.

    References
    ----------
    arXiv:2511.01938, Section 4.

    Examples
    --------
    >>> import numpy as np
    >>> flow = zero_loss_flow(np.eye(1), np.eye(1), "linear")
    >>> flow(0.0, (np.array([[2.0]]), np.array([[0.5]])))  # tangent to w1 w2 = 1
    (array([[-1.76470588]]), array([[0.44117647]]))
    """
    return tangent_flow(X, Y, descent_of_the_norm, activation, rate_ratio=rate_ratio, tolerance=tolerance)


def tangent_flow(
    X: Any,
    Y: Any,
    direction: Callable[[Pair], Pair],
    activation: str | Activation = "relu",
    *,
    rate_ratio: float = 1.0,
    tolerance: float | None = None,
) -> TangentFlow:
    """Motion along a direction projected on the tangent space of the zero-loss set.

    dθ/dτ = P(θ) direction(θ), and off the set the outputs relax as in :func:`zero_loss_flow`, which is the
    direction −θ.

    Parameters
    ----------
    X, Y, activation, rate_ratio, tolerance
        As in :func:`zero_loss_flow`.
    direction : callable
        ``direction((W1, W2)) -> (V1, V2)``.
    """
    (rate_ratio,) = positive(rate_ratio=rate_ratio)
    if tolerance is not None:
        (tolerance,) = between_0_and_1(tolerance=tolerance)
    return TangentFlow(bind(X, Y, activation), direction, rate_ratio, tolerance)


def retracted(
    problem: Problem,
    flow: Callable[[float, Pair], Pair],
    step: float,
    *,
    tolerance: float = 1e-10,
    rate_ratio: float = 1.0,
) -> Callable[[float, Pair], Pair]:
    """Velocity with which explicit Euler steps of the given size end on the zero-loss set.

        (retract(θ + step · flow(τ, θ)) − θ) / step

    At a ReLU kink the flow jumps, and where it points at the kink from both sides no error-controlled method
    advances. Euler steps slide along the kink, as gradient descent does, and the retraction removes their drift.
    There the drift is of first order, so the retraction takes part in the motion: give it the flow's own
    ``rate_ratio``. Relative residual after every step: at most ``tolerance``.
    """
    step, tolerance, rate_ratio = positive(step=step, tolerance=tolerance, rate_ratio=rate_ratio)

    def velocity(tau: float, state: Pair) -> Pair:
        state = both_layers(problem, state)
        first, second = moved(state, flow(tau, state), by=step)
        ahead = without_overflow("the step", first), without_overflow("the step", second)
        end = retract(problem, ahead, tolerance, rate_ratio)
        return (end[0] - state[0]) / step, (end[1] - state[1]) / step

    return velocity
