"""Every convex loss ℓ of the outputs Z = H W2: readout, reduced cost, duality gap and first-layer flow.

ℓ stays undefined. Of its gradient only the name is used, G = ∇ℓ(Z): by the definition of a gradient, a derivative of
ℓ(Z) is that of Tr(GᵀZ) at fixed G. At the optimal readout the multiplier M = −G/(2λ) takes the place that B = K⁻¹Y has
for the squared loss.

References
----------
The flow (20) of arXiv:2511.01938 is the squared loss; with λ > 0 it is Y. Tian, *Li₂*, arXiv:2509.21519, equation (4).
"""

from functools import cache
from typing import Any

import sympy as sp

from derivations.two_layer import (
    HIDDEN,
    W1,
    W2,
    H,
    Y,
    collect,
    d_h,
    d_out,
    differentiate,
    gram,
    n,
    ridge,
    squared_norm,
)

#: Gradient of the loss at the outputs.
G = sp.MatrixSymbol("G", n, d_out)
#: M = −∇ℓ/(2λ), the multiplier.
M = sp.MatrixSymbol("M", n, d_out)
#: The optimal readout, where it stands for any.
FROM_MULTIPLIER = {G: -2 * ridge * M}


@cache
def gradient_in_readout() -> Any:
    """∂L_λ/∂W2 = HᵀG + 2λW2."""
    return collect(differentiate(sp.Trace(G.T * H * W2), W2) + differentiate(ridge * squared_norm(W2), W2))


@cache
def gradient_in_first_layer() -> Any:
    """∂L_λ/∂W1 = Xᵀ[(G W2ᵀ) ⊙ σ′(XW1)] + 2λW1 at fixed W2, the chain rule one map at a time."""
    C = sp.MatrixSymbol("C", n, d_h)
    in_hidden = differentiate(sp.Trace(G.T * H * W2), H)
    through = differentiate(sp.Trace(C.T * HIDDEN), W1).xreplace({C: in_hidden})
    return collect(through + differentiate(ridge * squared_norm(W1), W1))


@cache
def readout() -> Any:
    """W2 = HᵀM: where the gradient in W2 vanishes, with G = −2λM."""
    found = (W2 - gradient_in_readout().xreplace(FROM_MULTIPLIER) / (2 * ridge)).expand().doit()
    return collect(found)


@cache
def multiplier_equation() -> tuple[Any, Any]:
    """Outputs HHᵀM and gradient −2λM that belong together: 2λM + ∇ℓ(HHᵀM) = 0."""
    return H * readout(), G.xreplace(FROM_MULTIPLIER)


@cache
def duality_gap() -> Any:
    """λ‖W2 − HᵀM‖² for any W2, with M = −∇ℓ(HW2)/(2λ)."""
    return ridge * squared_norm(W2 - H.T * M)


@cache
def first_layer_flow_given_multiplier() -> Any:
    """−1/(2λ) ∂L_λ/∂W1 in slow time τ = 2λt, with M and W2 given: Xᵀ[(M W2ᵀ) ⊙ σ′(XW1)] − W1."""
    return collect((-gradient_in_first_layer().xreplace(FROM_MULTIPLIER) / (2 * ridge)).expand().doit())


@cache
def first_layer_flow() -> Any:
    """The same at the optimal readout, Xᵀ[(M MᵀH) ⊙ σ′(XW1)] − W1."""
    at_optimum = first_layer_flow_given_multiplier().xreplace({W2: readout()}).doit()
    return at_optimum.xreplace({H: HIDDEN})


@cache
def full_flow_given_gradient() -> tuple[Any, Any]:
    """(dW1/dt, dW2/dt) = −∇L_λ in flow time t, with G = ∇ℓ(HW2) given."""
    return collect(-gradient_in_first_layer()), collect(-gradient_in_readout()).xreplace({H: HIDDEN})


def squared_gradient() -> Any:
    """G of the squared loss, 2(HW2 − Y)."""
    R = sp.MatrixSymbol("R", n, d_out)
    return differentiate(squared_norm(R), R).xreplace({R: H * W2 - Y})


@cache
def strong_decay_flow() -> Any:
    """Flow as λ → ∞, where outputs and W2 vanish and G = ∇ℓ(0): Xᵀ[(G GᵀH) ⊙ σ′(XW1)]/(4λ²) − W1."""
    return collect(first_layer_flow().xreplace({M: -G / (2 * ridge)}).expand().doit())


@cache
def squared_flow() -> Any:
    """The flow with the multiplier of the squared loss, M = K⁻¹Y."""
    return first_layer_flow().xreplace({M: sp.Inverse(gram()) * Y}).xreplace({H: HIDDEN}).doit()
