"""The derived equations of the two-layer network as generated functions, one for each activation."""

from collections.abc import Callable
from functools import cache
from typing import Any

from reduced.codegen.functions import Generated, matrix_function
from reduced.network.activations import Activation

#: Quantities of more than the first layer, with the matrices they take after it.
GIVEN = {
    "full_flow": ("W2",),
    "first_layer_flow_given_dual": ("B",),
    "first_layer_flow_given_readout": ("W2",),
    "first_layer_flow_given_multiplier": ("M", "W2"),
    "full_flow_given_gradient": ("W2", "G"),
}


@cache
def generated(quantity: str, activation: Activation) -> Generated:
    """Derive one quantity with SymPy, put the activation in, and generate its NumPy source.

    Parameters
    ----------
    quantity : str
        A function of :mod:`derivations.two_layer` that returns what to compute: ``"first_layer_flow"``,
        ``"reduced_cost"``, ``"dual_readout"`` (through the n × n Gram matrix), ``"first_layer_flow_primal"``,
        ``"reduced_cost_primal"``, ``"readout"`` (through the d_h × d_h one), or one of ``GIVEN``; or one of
        :mod:`derivations.convex_loss`: ``"first_layer_flow_given_multiplier"``, ``"full_flow_given_gradient"``.
    activation : Activation
        Stands for the derivation's undefined σ.

    Returns
    -------
    Generated
        Function of ``(W1, X, Y, ridge)``; those of ``GIVEN`` take more matrices after ``W1``.

    Examples
    --------
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

    derive: Callable[[], Any] = getattr(eq, quantity, None) or getattr(convex_loss, quantity)
    sigma = activation.lambdas[activation.name]

    def concrete(expression: Any) -> Any:
        return eq.with_activation(expression.xreplace({eq.H: eq.HIDDEN}), sigma)

    symbols = vars(convex_loss) | vars(eq)
    states = {name: symbols[name] for name in ("W1", *GIVEN.get(quantity, ()))}
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
