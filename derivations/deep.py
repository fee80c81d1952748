"""Any depth below a linear readout: the hidden layers' flow with the ridge readout decoupled.

The readout enters linearly whatever lies below it, so the reduced cost is that of two layers, (19) with the ridge
kept, as a function of the last hidden activations. The flow is pulled back through the hidden layers one map at a
time, each step a derivative taken by SymPy.
"""

from functools import cache
from typing import Any

import sympy as sp

from derivations import two_layer as eq

#: The readout (d_h, d_out) above any number of hidden layers.
V = sp.MatrixSymbol("V", eq.d_h, eq.d_out)


@cache
def weights(hidden_layers: int) -> tuple[Any, ...]:
    """Hidden weights W1 (d_in, d_1), W2 (d_1, d_2), …, the last with d_h columns; the readout is not among them.

    Raises
    ------
    ValueError
        If there is no hidden layer.
    """
    if hidden_layers < 1:
        raise ValueError(f"hidden_layers = {hidden_layers}: a network needs one hidden layer at least")
    inner = sp.symbols(f"d_1:{hidden_layers}", integer=True, positive=True)
    sizes = (eq.d_in, *inner, eq.d_h)
    return tuple(sp.MatrixSymbol(f"W{i + 1}", sizes[i], sizes[i + 1]) for i in range(hidden_layers))


@cache
def activations(hidden_layers: int) -> tuple[Any, ...]:
    """H_0 = X and H_i = σ(H_{i−1} W_i), elementwise."""
    layers = [eq.X]
    for W in weights(hidden_layers):
        layers.append(_layer(layers[-1], W))
    return tuple(layers)


@cache
def reduced_cost(hidden_layers: int) -> Any:
    """R/λ = Σ‖W_i‖² + Tr(Yᵀ(HHᵀ + λI)⁻¹Y) at the last hidden activations H, (16) and (19) for any depth."""
    norms = sum(eq.squared_norm(W) for W in weights(hidden_layers)[:-1])
    last = {eq.W1: weights(hidden_layers)[-1], eq.H: activations(hidden_layers)[-1]}
    return norms + eq.reduced_cost().xreplace(last)


@cache
def hidden_flow(hidden_layers: int) -> tuple[Any, ...]:
    """dW_i/dτ = −½ ∂(R/λ)/∂W_i for every hidden layer, in slow time τ = 2λt; one layer gives (20)."""
    return _pulled_back(push(), hidden_layers)


@cache
def hidden_flow_given_readout(hidden_layers: int) -> tuple[Any, ...]:
    """The same flow with B = K⁻¹Y and the readout V = HᵀB given: the push is BVᵀ, and BᵀH loses no digits."""
    return _pulled_back(eq.B * V.T, hidden_layers)


@cache
def push_given_dual() -> Any:
    """The push with B = K⁻¹Y given: Y = KB is put in and K cancels; it is BVᵀ at V = HᵀB."""
    with_K = push().doit().xreplace({eq.gram().doit(): eq.K}).xreplace({eq.Y: eq.K * eq.B}).doit()
    return with_K.xreplace({eq.K.T: eq.K}).doit()


@cache
def push() -> Any:
    """−½ ∂Tr(YᵀK⁻¹Y)/∂H: how the last hidden activations H are pushed."""
    fit = eq.reduced_cost() - eq.squared_norm(eq.W1)
    return eq.collect(-sp.Rational(1, 2) * eq.differentiate(fit, eq.H))


def _pulled_back(pushed: Any, hidden_layers: int) -> tuple[Any, ...]:
    """Every hidden layer's velocity, from a push on the last hidden activations."""
    layers, matrices = activations(hidden_layers), weights(hidden_layers)
    pulled, flows = pushed.xreplace({eq.H: layers[-1]}), []
    for features, W in zip(reversed(layers[:-1]), reversed(matrices), strict=True):
        F = sp.MatrixSymbol("F", *features.shape)
        G = sp.MatrixSymbol("G", *pulled.shape)
        values = {F: features, G: pulled}
        against = sp.Trace(G.T * _layer(F, W))
        flows.append(eq.differentiate(against, W).xreplace(values) - W)
        pulled = eq.differentiate(against, F).xreplace(values)
    return tuple(reversed(flows))


def _layer(features: Any, W: Any) -> Any:
    return (features * W).applyfunc(sp.Lambda(eq.z, eq.sigma(eq.z)))


def readable(expression: Any, hidden_layers: int) -> Any:
    """Abbreviate H_i = σ(Z_i), Z_i = H_{i−1}W_i and K = HHᵀ + λI at the last H, for reading and not for computing."""
    layers, matrices = activations(hidden_layers), weights(hidden_layers)
    below: Any = eq.X
    for i, (layer, W) in enumerate(zip(layers[1:], matrices, strict=True), start=1):
        Z, H = (sp.MatrixSymbol(f"{letter}{i}", *layer.shape) for letter in "ZH")
        named = _layer(below, W)
        expression = expression.xreplace({named: H, named.T: H.T, below * W: Z}).doit()
        below = H
    K = sp.MatrixSymbol("K", eq.n, eq.n)
    return expression.xreplace({(below * below.T + eq.ridge * sp.Identity(eq.n)).doit(): K})
