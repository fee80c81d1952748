"""The losses of Figs. 1–4, and what decoupling says about those that have two parts to split."""

from functools import partial
from typing import Any

import sympy as sp

from derivations.checks import exact, identity
from derivations.decoupled import Decoupled
from derivations.decoupling import decouple
from derivations.steps import Check, Line, Statement, Step, one_line

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


equal = partial(sp.Eq, evaluate=False)
t, tau = sp.symbols("t tau")


def steps() -> tuple[Step, ...]:
    """Toy models of Section 3."""
    product, zero_loss = decoupled_product(), decoupled_product().limit(decay)
    rate, slow_rate = (sp.Derivative(w[0], time, evaluate=False) for time in (t, tau))
    return (
        *map(_addition_step, (2, 3)),
        one_line(
            "",
            "Fig. 3: the product model's w₁ with w₂ optimal, λ > 0",
            equal(rate, product.flow[w[0]]),
            "flow time t; unique minimum in w₂ because λ > 0",
            [identity("−dR/dw₁ of the least loss, by completing the square", partial(_rates, False))],
            "Theorem 5.1",
        ),
        one_line(
            "",
            "Fig. 3: the product model's w₁ in the zero-loss regime",
            equal(slow_rate, zero_loss.flow[w[0]]),
            "slow time τ = 2λt, λ → 0",
            [identity("the limit of −R′/2λ, by completing the square", partial(_rates, False))],
            "λ → 0",
        ),
        one_line(
            "",
            "Fig. 3: descent within the zero-loss set, with the metric that decoupling drops",
            equal(slow_rate, sp.simplify(zero_loss.flow[w[0]] / product.metric[0].subs(decay, 0))),
            "both weights learn at one rate; w₁² − w₂² then falls as e^(−2τ)",
            [identity("−Pθ with P = I − J⁺J, J = x(w₂, w₁)", partial(_rates, True))],
            "I + φ′ᵀφ′ divides the flow",
        ),
        Step(
            "",
            "Fig. 3: leaky ReLU moves the zero-loss line nowhere for a positive target",
            (
                Line(
                    equal(sp.Function("L")(w[0], w[1]), leaky_loss()),
                    "one sample (1, 1) → 2, slope 1/10 for negative inputs",
                    (_leaky_by_cases,),
                ),
                Line(
                    equal(leaky_loss().subs(w[1], 2 - w[0]), 0),
                    "on w₁ + w₂ = 2",
                    (identity("symbolic"),),
                ),
            ),
            "w₁ + w₂ > 0; not smooth on w₁ + w₂ = 0, where Assumption 4.2 fails",
        ),
    )


def _addition_step(inputs: int) -> Step:
    return one_line(
        "",
        f"Fig. {inputs - 1}: the regularized minimum of {' + '.join('1' * inputs)} = {inputs}",
        equal(w[0], sp.Rational(inputs) / (inputs + decay)),
        "equal weights, by symmetry; → 1 as λ → 0, the generalizing solution of least norm",
        [partial(_addition_minimum, inputs)],
        "the gradient vanishes",
    )


def _addition_minimum(inputs: int, statement: Statement) -> Check:
    loss = regularized(addition_loss(inputs))
    minimum = dict.fromkeys(w[:inputs], statement.rhs)
    slope = sp.Matrix([sp.diff(loss, weight).subs(minimum) for weight in w[:inputs]]).applyfunc(sp.simplify)
    return exact("the gradient vanishes there", slope)


def _rates(within_the_set: bool, statement: Statement) -> Any:
    """Rates of w₁ from the loss alone: of the least loss over w₂, its limit, or −Pθ on the zero-loss set."""
    curvature, slope, rest = sp.Poly(regularized(product_loss()), w[1]).all_coeffs()
    least = rest - slope**2 / (4 * curvature)
    slow = sp.limit(sp.simplify(-sp.diff(least, w[0]) / (2 * decay)), decay, 0)
    if within_the_set:
        w2 = y / (x * w[0])
        J = sp.Matrix([[w2, w[0]]])
        slow = -((sp.eye(2) - J.T * J / (J * J.T)[0]) * sp.Matrix([w[0], w2]))[0]
    known = {t: -sp.diff(least, w[0]), tau: slow}
    return equal(known[statement.lhs.variables[0]], statement.rhs)


def _leaky_by_cases(statement: Statement) -> Check:
    """Against the two cases in exact numbers, with the slope that the figure states."""
    missed = 0
    for total in (sp.Rational(3, 2), sp.Rational(-5, 3), sp.S.Zero):
        output = total if total > 0 else total / 10
        at = {w[0]: total / 3, w[1]: 2 * total / 3}
        missed += abs(statement.rhs.subs(at) - (output - 2) ** 2)
    return exact("three exact inputs, by cases", missed)
