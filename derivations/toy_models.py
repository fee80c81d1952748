"""The losses of Figs. 1–4, and what decoupling says about those that have two parts to split."""

from typing import Any

import sympy as sp

from derivations.checks import exact, identity_of
from derivations.decoupled import Decoupled
from derivations.decoupling import decouple
from derivations.steps import Check, Step, from_closures

w = sp.symbols("w_1:4", real=True)
x, y = sp.symbols("x y", real=True)
decay = sp.Symbol("lambda", positive=True)
#: Slope of the leaky ReLU of Fig. 3 for negative inputs.
LEAK = sp.Rational(1, 10)


def addition_loss(inputs: int) -> Any:
    """One sample of ones labelled with their number, 1 + 1 = 2 (Fig. 1) or 1 + 1 + 1 = 3 (Fig. 2)."""
    return (sum(w[:inputs]) - inputs) ** 2


def product_loss() -> Any:
    """One sample of ŷ = w₁w₂x: a curved zero-loss set for y ≠ 0, a cross for y = 0 (Fig. 3 left, centre)."""
    return (w[0] * w[1] * x - y) ** 2


def leaky_loss() -> Any:
    """The sample (1, 1) → 2 through leaky ReLU of slope 1/10 (Fig. 3 right)."""
    total = w[0] + w[1]
    return (LEAK * total + (1 - LEAK) * sp.Max(total, 0) - 2) ** 2


def parabola_loss() -> Any:
    """L(x, y) = (y − x²)² (Fig. 4)."""
    return (y - x**2) ** 2


def regularized(loss: Any) -> Any:
    """Add λ times the squared norm of the weights that occur in a loss, (1)."""
    return loss + decay * sum(weight**2 for weight in w if weight in loss.free_symbols)


def decoupled_product() -> Decoupled:
    """w₁ of the product model with w₂ held optimal."""
    return decouple(regularized(product_loss()), slow=w[0], fast=w[1])


def steps() -> tuple[Step, ...]:
    """Toy models of Section 3."""
    product, zero_loss = decoupled_product(), decoupled_product().limit(decay)
    rate, tau = sp.symbols("t tau")
    return (
        *map(_addition_step, (2, 3)),
        from_closures(
            "",
            "Fig. 3: the product model's w₁ with w₂ optimal, λ > 0",
            sp.Eq(sp.Derivative(w[0], rate, evaluate=False), product.flow[w[0]], evaluate=False),
            "flow time t; unique minimum in w₂ because λ > 0",
            (
                identity_of(
                    "the flow is −dR/dw₁, differentiating the cost",
                    lambda: product.flow[w[0]] + sp.diff(product.cost, w[0]),
                ),
            ),
        ),
        from_closures(
            "",
            "Fig. 3: the product model's w₁ in the zero-loss regime",
            sp.Eq(sp.Derivative(w[0], tau, evaluate=False), zero_loss.flow[w[0]], evaluate=False),
            "slow time τ = 2λt, λ → 0",
            (
                identity_of(
                    "−½ of the derivative of the limiting cost",
                    lambda: zero_loss.flow[w[0]] + sp.diff(zero_loss.cost, w[0]) / 2,
                ),
            ),
        ),
        from_closures(
            "",
            "Fig. 3: descent within the zero-loss set, with the metric that decoupling drops",
            sp.Eq(
                sp.Derivative(w[0], tau, evaluate=False),
                sp.simplify(zero_loss.flow[w[0]] / product.metric[0].subs(decay, 0)),
                evaluate=False,
            ),
            "both weights learn at one rate; w₁² − w₂² then falls as e^(−2τ)",
            (_metric_gives_the_zero_loss_flow,),
        ),
        from_closures(
            "",
            "Fig. 3: leaky ReLU moves the zero-loss line nowhere for a positive target",
            leaky_loss(),
            "w₁ + w₂ > 0; not smooth on w₁ + w₂ = 0, where Assumption 4.2 fails",
            (lambda: exact("on w₁ + w₂ = 2", leaky_loss().subs(w[1], 2 - w[0])),),
        ),
    )


def _addition_step(inputs: int) -> Step:
    return from_closures(
        "",
        f"Fig. {inputs - 1}: the regularized minimum of {' + '.join('1' * inputs)} = {inputs}",
        sp.Eq(w[0], sp.Rational(inputs) / (inputs + decay), evaluate=False),
        "equal weights, by symmetry; → 1 as λ → 0, the generalizing solution of least norm",
        (lambda: _addition_minimum(inputs),),
    )


def _addition_minimum(inputs: int) -> Check:
    loss = regularized(addition_loss(inputs))
    minimum = dict.fromkeys(w[:inputs], inputs / (inputs + decay))
    slope = sp.Matrix([sp.diff(loss, weight).subs(minimum) for weight in w[:inputs]]).applyfunc(sp.simplify)
    return exact("the gradient vanishes there", slope)


def _metric_gives_the_zero_loss_flow() -> Check:
    """−Pθ on Z, from J = x(w₂, w₁), has the same first component."""
    limit = decoupled_product().limit(decay)
    w2 = limit.fast_optimum[w[1]]
    J = sp.Matrix([[w2, w[0]]])
    projector = sp.eye(2) - J.T * J / (J * J.T)[0]
    projected = -(projector * sp.Matrix([w[0], w2]))[0]
    with_metric = limit.flow[w[0]] / decoupled_product().metric[0].subs(decay, 0)
    return exact("against −Pθ with P = I − J⁺J", sp.simplify(projected - with_metric))
