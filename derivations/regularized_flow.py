"""The regularized loss and its gradient flow: why training stays near the zero-loss set, (1)–(4) and (21)."""

from typing import Any

import sympy as sp

from derivations.checks import exact, holds_at, identity, identity_with
from derivations.regularized_meaning import (
    L_LAMBDA,
    J,
    along_the_line_model,
    arbitrary,
    d,
    decay,
    point,
    r,
    stack_is_complete,
    t,
    three_samples,
)
from derivations.steps import Check, Line, Statement, Step, one_line
from derivations.symbols import Gradient, Rate


def line_distance() -> Any:
    """Distance from the line w₁ + w₂ = 2 when ŷ = w₁x₁ + w₂x₂ starts on it and trains on (1, 1) → 2."""
    return sp.sqrt(2) * decay / (2 + decay) * (1 - sp.exp(-2 * (2 + decay) * t))


start = sp.MatrixSymbol("theta_0", d, 1)
ARBITRARY = "arbitrary F, d = 3, km = 2"
#: F, the outputs of all samples in one column.
STACK = sp.Eq(sp.Symbol("F"), sp.Matrix(sp.symbols("f_1 ⋮ f_k")), evaluate=False)


def steps() -> tuple[Step, ...]:
    """Equations (1)–(4) and (21) with their theorem and lemma."""
    squared_norm = sp.Trace(point.T * point)
    slope = Gradient(L_LAMBDA, point)
    smooth = "f continuously differentiable"
    loss = sp.Function("L")
    weights = sp.Function("theta")
    return (
        one_line(
            "(1)",
            "Regularized loss of k samples, as the squared norm of the stacked residual",
            sp.Eq(L_LAMBDA, sp.Trace(r.T * r) + decay * squared_norm, evaluate=False),
            "mean-squared error, weight decay λ > 0",
            [holds_at("exact rationals, k = 3 samples, m = 2 outputs: summed over samples", three_samples)],
            "definition, r = F − y",
        ),
        one_line(
            "(2)",
            "Stacked outputs of k samples with m outputs each",
            STACK,
            "k samples: the last block is f(θ, x_k), see the slips of the pen",
            [stack_is_complete],
            "definition",
        ),
        one_line(
            "(3)",
            "Gradient flow of the regularized loss, with the Jacobian J = ∇F and the residual r = F − y",
            sp.Eq(Rate(point, t), -2 * (J.T * r + decay * point), evaluate=False),
            smooth + "; flow time t",
            [identity_with(ARBITRARY, arbitrary)],
            "−∇L_λ by the chain rule",
        ),
        Step(
            "(21)",
            "Lemma A.1: the training loss never exceeds λ‖θ(0)‖², because L_λ cannot grow",
            (
                Line(
                    sp.Eq(
                        sp.Derivative(L_LAMBDA, t, evaluate=False),
                        sp.Trace(slope.T * Rate(point, t)),
                        evaluate=False,
                    ),
                    "chain rule along a trajectory",
                    (identity_with(ARBITRARY, arbitrary),),
                ),
                Line(
                    sp.Eq(
                        sp.Derivative(L_LAMBDA, t, evaluate=False), -sp.Trace(slope.T * slope), evaluate=False
                    ),
                    "(3) put in: L_λ cannot grow",
                    (identity_with(ARBITRARY, arbitrary),),
                ),
                Line(
                    sp.Eq(
                        decay * weights(0) ** 2 - loss(t),
                        decay * weights(t) ** 2
                        + sp.Integral(sp.Function("g")(sp.Symbol("s")) ** 2, (sp.Symbol("s"), 0, t)),
                        evaluate=False,
                    ),
                    "integrated from L(θ(0)) = 0, with θ² and g² for ‖θ‖² and ‖∇L_λ‖²; the right side is not negative",
                    (identity("solved for ŷ = w₁x₁ + w₂x₂ from (2, 0)", along_the_line_model),),
                ),
            ),
            "θ(0) on the zero-loss set, λ < ε/‖θ(0)‖²",
        ),
        Step(
            "(4)",
            "Theorem 4.8: the distance from the zero-loss set vanishes with λ, solved for ŷ = w₁x₁ + w₂x₂",
            (
                Line(
                    sp.Eq(sp.Function("dist")(t), line_distance(), evaluate=False),
                    "solution of the flow (3)",
                    (_distance_solves_the_flow,),
                ),
                Line(
                    sp.Eq(
                        sp.Limit(line_distance(), t, sp.oo, "-"),
                        sp.sqrt(2) * decay / (2 + decay),
                        evaluate=False,
                    ),
                    "it only grows, up to here",
                    (identity("limit"), _distance_grows),
                ),
                Line(
                    sp.Eq(sp.Limit(sp.sqrt(2) * decay / (2 + decay), decay, 0, "+"), 0, evaluate=False),
                    "so any ε has its λ_ε",
                    (identity("limit"),),
                ),
            ),
            "one sample (1, 1) → 2, θ(0) on w₁ + w₂ = 2; in general ‖θ(t)‖ ≤ ‖θ(0)‖ and L < min of L off the set",
        ),
    )


def _distance_solves_the_flow(statement: Statement) -> Check:
    """The sum of the weights, 2 − √2 dist, obeys the flow from s(0) = 2: s' = −4(s − 2) − 2λs."""
    w1, w2 = sp.symbols("w_1 w_2", real=True)
    loss = (w1 + w2 - 2) ** 2 + decay * (w1**2 + w2**2)
    total = 2 - sp.sqrt(2) * statement.rhs
    velocity = sp.expand(-sp.diff(loss, w1) - sp.diff(loss, w2)).subs(w1, total - w2)
    residuals = [sp.simplify(total.diff(t) - velocity), total.subs(t, 0) - 2]
    return exact("residual of the flow and its start", sp.Matrix(residuals))


def _distance_grows(statement: Statement) -> Check:
    """Towards its supremum: the derivative of what the limit is taken of is positive."""
    grows = sp.simplify(statement.lhs.args[0].diff(t)).is_positive
    return Check("its derivative is positive", float(not grows))
