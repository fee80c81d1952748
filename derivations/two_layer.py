"""Two-layer network: from the regularized loss (12-13) to the first-layer flow (20), by differentiating.

Everything is written on matrix symbols of symbolic shape, so one derivation serves every width. The ridge is
kept throughout: λ → 0 is the substitution ``ridge = 0`` (it needs H of full row rank, so d_h ≥ n), λ > 0 is
the same formula for any shapes.

References
----------
T. Musat, *The Geometry of Grokking: Norm Minimization on the Zero-Loss Manifold*, arXiv:2511.01938,
Sections 5 and 6.
"""

from functools import cache
from typing import Any

import sympy as sp
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

from derivations.matrix_calculus import collect as collect
from derivations.matrix_calculus import differentiate as differentiate
from derivations.matrix_calculus import solve_stationary as solve_stationary
from derivations.matrix_calculus import squared_norm as squared_norm
from derivations.matrix_calculus import z as z

n, d_in, d_h, d_out = sp.symbols("n d_in d_h d_out", integer=True, positive=True)
ridge = sp.Symbol("lambda", nonnegative=True)
sigma = sp.Function("sigma")

X = sp.MatrixSymbol("X", n, d_in)
Y = sp.MatrixSymbol("Y", n, d_out)
W1 = sp.MatrixSymbol("W1", d_in, d_h)
W2 = sp.MatrixSymbol("W2", d_h, d_out)
H = sp.MatrixSymbol("H", n, d_h)
K = sp.MatrixSymbol("K", n, n)
B = sp.MatrixSymbol("B", n, d_out)
#: The hidden activations sigma(X W1), elementwise.
HIDDEN = (X * W1).applyfunc(sp.Lambda(z, sigma(z)))


def training_loss() -> Any:
    """Sum of squared errors ‖H W2 − Y‖² with H = sigma(X W1), equation (12)."""
    return squared_norm(H * W2 - Y)


def regularized_loss() -> Any:
    """Training loss plus weight decay λ(‖W1‖² + ‖W2‖²), equation (13)."""
    return training_loss() + ridge * (squared_norm(W1) + squared_norm(W2))


@cache
def readout() -> Any:
    """Stationary point of the regularized loss in W2, (HᵀH + λI)⁻¹HᵀY, equation (15)."""
    return solve_stationary(differentiate(regularized_loss().subs(squared_norm(W1), 0), W2), W2)


def gram() -> Any:
    """Ridge Gram matrix of the hidden activations, K = HHᵀ + λI (n, n)."""
    return H * H.T + ridge * sp.Identity(n)


def dual_readout() -> Any:
    """The same readout through the n × n system, Hᵀ(HHᵀ + λI)⁻¹Y; at λ → 0 equation (18)."""
    return H.T * sp.Inverse(gram()) * Y


@cache
def reduced_cost() -> Any:
    """Regularized loss at the optimal readout over λ: ‖W1‖² + Tr(Yᵀ K⁻¹ Y), equations (16) and (19).

    Substitutes the dual readout with HHᵀ = K − λI, which turns the residual into −λK⁻¹Y, and cancels.
    """
    K_inverse_Y = sp.Inverse(K) * Y
    gram_without_ridge = K - ridge * sp.Identity(n)
    residual = (gram_without_ridge * K_inverse_Y).expand().doit() - Y
    fit = _transposed_product(residual, residual)
    readout_norm = _transposed_product(K_inverse_Y, (gram_without_ridge * K_inverse_Y).expand().doit())
    total = (fit + ridge * readout_norm).expand().doit()
    return squared_norm(W1) + sp.Trace((total / ridge).expand().doit()).xreplace({K: gram()})


def _transposed_product(left: Any, right: Any) -> Any:
    """LeftᵀRight with K symmetric."""
    return (left.T * right).doit().xreplace({sp.Inverse(K.T): sp.Inverse(K), K.T: K}).expand().doit()


@cache
def first_layer_flow() -> Any:
    """dW1/dτ = −½ ∂(R/λ)/∂W1 in slow time τ = 2λt, equation (20) with the ridge kept."""
    return collect(-sp.Rational(1, 2) * differentiate(reduced_cost().xreplace({H: HIDDEN}), W1))


@cache
def first_layer_flow_given_dual() -> Any:
    """The same flow with B = K⁻¹Y given: Y = KB is put in and K cancels."""
    hidden_gram = gram().xreplace({H: HIDDEN}).doit()
    with_K = first_layer_flow().doit().xreplace({hidden_gram: K}).xreplace({Y: K * B}).doit()
    return with_K.xreplace({K.T: K}).doit()


@cache
def first_layer_flow_primal() -> Any:
    """The same flow by the envelope theorem, through the d_h × d_h system; needs λ > 0, cheaper when n > d_h."""
    return first_layer_flow_given_readout().xreplace({W2: readout()}).xreplace({H: HIDDEN})


@cache
def first_layer_flow_given_readout() -> Any:
    """−1/(2λ) ∂L_λ/∂W1 at fixed W2: the flow (17) where W2 is the readout (15)."""
    scale, gradient = loss_gradient_first_layer()
    return -scale / (2 * ridge) * gradient - W1


def first_layer_flow_and_readout() -> tuple[Any, Any]:
    """The flow and the readout that it holds optimal, so that what they share is computed once."""
    return first_layer_flow(), dual_readout()


def first_layer_flow_and_readout_primal() -> tuple[Any, Any]:
    """The same two through the d_h × d_h system."""
    return first_layer_flow_primal(), readout()


@cache
def reduced_cost_primal() -> Any:
    """The reduced cost through the d_h × d_h system, ‖W1‖² + Tr(Yᵀ(Y − HW2))/λ at the readout (15)."""
    return squared_norm(W1) + sp.Trace(Y.T * (Y - H * readout())) / ridge


@cache
def loss_gradient_first_layer() -> tuple[Any, Any]:
    """∂L/∂W1 at fixed W2, as a scalar and a matrix factor.

    The chain rule is taken one map at a time, each the derivative of a trace against a constant: the residual
    R, then H, then W1. (In one go, SymPy 1.14 differentiates ‖σ(XW1)W2 − Y‖² to factors that do not fit.)
    """
    R, S, G = sp.MatrixSymbol("R", n, d_out), sp.MatrixSymbol("S", n, d_out), sp.MatrixSymbol("G", n, d_h)
    scale, in_residual = differentiate(squared_norm(R), R).as_coeff_mmul()
    in_hidden = differentiate(sp.Trace(S.T * H * W2), H).xreplace({S: in_residual.xreplace({R: H * W2 - Y})})
    return scale, differentiate(sp.Trace(G.T * HIDDEN), W1).xreplace({G: in_hidden}).xreplace({H: HIDDEN})


@cache
def full_flow() -> tuple[Any, Any]:
    """(dW1/dt, dW2/dt) = −∇L_λ in flow time t, equation (3) for the two-layer loss (13)."""
    scale, gradient = loss_gradient_first_layer()
    second_scale, second = differentiate(squared_norm(R := sp.MatrixSymbol("R", n, d_out)), R).as_coeff_mmul()
    in_readout = (
        differentiate(sp.Trace(second.T * H * W2), W2).xreplace({R: H * W2 - Y}).xreplace({H: HIDDEN})
    )
    return -scale * gradient - 2 * ridge * W1, -second_scale * in_readout - 2 * ridge * W2


def readable(expression: Any) -> Any:
    """Write H for σ(XW1), Z for XW1 and K for HHᵀ + λI.

    Examples
    --------
    >>> readable(sp.Inverse(HIDDEN * HIDDEN.T + ridge * sp.Identity(n)))
    K**(-1)
    """
    named = expression.xreplace({HIDDEN: H, HIDDEN.T: H.T, X * W1: sp.MatrixSymbol("Z", n, d_h)}).doit()
    return named.xreplace({gram().doit(): K})


def with_activation(expression: Any, activation: Any) -> Any:
    """Put a concrete σ (a ``sympy.Lambda``) for the undefined one, and its derivative for σ′.

    Examples
    --------
    >>> with_activation(HIDDEN, sp.Lambda(z, z**3))
    Lambda(z, z**3).(X*W1)
    """

    def concrete(function: Any, argument: Any) -> Any:
        return argument.applyfunc(sp.Lambda(z, function(z).subs(sigma, activation).doit()))

    return expression.replace(ElementwiseApplyFunction, concrete)
