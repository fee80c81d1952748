"""The derived equations of the two-layer network as generated functions, one for each activation."""

from collections.abc import Callable
from enum import StrEnum
from functools import cache
from typing import Any

from reduced.codegen.functions import Generated, matrix_function
from reduced.inputs.choices import one_of
from reduced.network.activations import Activation


class Quantity(StrEnum):
    """What can be generated; each is a function of :mod:`derivations.two_layer` or :mod:`derivations.convex_loss`."""

    #: (20), with the readout through the n × n Gram matrix; its primal form is through the d_h × d_h one.
    FIRST_LAYER_FLOW = "first_layer_flow"
    FIRST_LAYER_FLOW_PRIMAL = "first_layer_flow_primal"
    FIRST_LAYER_FLOW_AND_READOUT = "first_layer_flow_and_readout"
    FIRST_LAYER_FLOW_AND_READOUT_PRIMAL = "first_layer_flow_and_readout_primal"
    #: (16) and (19).
    REDUCED_COST = "reduced_cost"
    REDUCED_COST_PRIMAL = "reduced_cost_primal"
    #: (18) through the n × n Gram matrix, and (15) through the d_h × d_h one.
    DUAL_READOUT = "dual_readout"
    READOUT = "readout"
    #: (3) with the loss (13).
    FULL_FLOW = "full_flow"
    #: (20) where B = K⁻¹Y, the readout, or the multiplier of any convex loss was found before.
    FIRST_LAYER_FLOW_GIVEN_DUAL = "first_layer_flow_given_dual"
    FIRST_LAYER_FLOW_GIVEN_READOUT = "first_layer_flow_given_readout"
    FIRST_LAYER_FLOW_GIVEN_MULTIPLIER = "first_layer_flow_given_multiplier"
    #: (3) for any loss, G its gradient in the outputs.
    FULL_FLOW_GIVEN_GRADIENT = "full_flow_given_gradient"

    @property
    def given(self) -> tuple[str, ...]:
        """The matrices that the generated function takes after ``W1``."""
        return _GIVEN.get(self, ())


_GIVEN = {
    Quantity.FULL_FLOW: ("W2",),
    Quantity.FIRST_LAYER_FLOW_GIVEN_DUAL: ("B",),
    Quantity.FIRST_LAYER_FLOW_GIVEN_READOUT: ("W2",),
    Quantity.FIRST_LAYER_FLOW_GIVEN_MULTIPLIER: ("M", "W2"),
    Quantity.FULL_FLOW_GIVEN_GRADIENT: ("W2", "G"),
}


@cache
def generated(quantity: Quantity | str, activation: Activation) -> Generated:
    """Derive one quantity with SymPy, put the activation in, and generate its NumPy source.

    Parameters
    ----------
    quantity : Quantity
        What to compute; a member's value will do.
    activation : Activation
        Stands for the derivation's undefined σ.

    Returns
    -------
    Generated
        Function of ``(W1, X, Y, ridge)``; some take more matrices after ``W1``, see :attr:`Quantity.given`.

    Examples
    --------
    from reduced.network.activations import get_activation
    >>> from reduced.network.activations import get_activation
    >>> print(generated("first_layer_flow", get_activation("relu")))
    def relu(z):
        return numpy.maximum(0, z)
    <BLANKLINE>
    def relu_slope(z):
        return (1.0*(z > 0))
    <BLANKLINE>
    def first_layer_flow(W1, X, Y, ridge):
        Z = product(X, W1)
        H = apply(relu, Z)
        K = gram(H, ridge)
        L = cholesky(K)
        B = solve(L, Y)
        W2T = product(B.T, H)
        T1 = product(B, W2T)
        T2 = hadamard(T1, relu_slope, Z)
        T3 = product(X.T, T2)
        T4 = T3 - W1
        return T4
    """
    from derivations import convex_loss
    from derivations import two_layer as eq

    quantity = Quantity(one_of("quantity", quantity, list(Quantity)))
    derive: Callable[[], Any] = getattr(eq, quantity, None) or getattr(convex_loss, quantity)
    sigma = activation.lambdas[activation.name]

    def concrete(expression: Any) -> Any:
        return eq.with_activation(expression.xreplace({eq.H: eq.HIDDEN}), sigma)

    symbols = vars(convex_loss) | vars(eq)
    states = {name: symbols[name] for name in ("W1", *quantity.given)}
    H = concrete(eq.H)
    K = eq.gram().xreplace({eq.H: H})
    derived = derive()
    return matrix_function(
        quantity,
        states | {"X": eq.X, "Y": eq.Y, "ridge": eq.ridge},
        tuple(map(concrete, derived)) if isinstance(derived, tuple) else concrete(derived),
        functions=activation.lambdas,
        named={"Z": eq.X * eq.W1, "H": H, "K": K, "L": K.I, "B": K.I * eq.Y, "W2T": eq.Y.T * K.I * H},
    )
