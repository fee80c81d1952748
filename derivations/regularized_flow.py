"""The regularized loss and its gradient flow: why training stays near the zero-loss set, (1)–(4) and (21)."""

from typing import Any

import sympy as sp

from derivations.checks import exact, identity_of
from derivations.steps import Check, Step, from_closures

theta = sp.symbols("theta_1:4", real=True)
targets = sp.symbols("y_1:3", real=True)
decay = sp.Symbol("lambda", positive=True)
t = sp.Symbol("t", nonnegative=True)
#: Two arbitrary outputs of three parameters: d = 3 ≥ km = 2, as Assumption 4.1 asks.
OUTPUTS = sp.Matrix([sp.Function(f"F_{i}")(*theta) for i in (1, 2)])
RESIDUAL = OUTPUTS - sp.Matrix(targets)
PARAMETERS = sp.Matrix(theta)


def training_loss() -> Any:
    """L = ‖F(θ) − y‖² for stacked outputs F, equations (1) and (2)."""
    return (RESIDUAL.T * RESIDUAL)[0]


def regularized_loss() -> Any:
    """L_λ = L + λ‖θ‖², equation (1)."""
    return training_loss() + decay * (PARAMETERS.T * PARAMETERS)[0]


def gradient(expression: Any) -> Any:
    """Column of derivatives with respect to θ."""
    return sp.Matrix([expression]).jacobian(PARAMETERS).T


def line_distance() -> Any:
    """Distance from the line w₁ + w₂ = 2 when ŷ = w₁x₁ + w₂x₂ starts on it and trains on (1, 1) → 2."""
    return sp.sqrt(2) * decay / (2 + decay) * (1 - sp.exp(-2 * (2 + decay) * t))


def steps() -> tuple[Step, ...]:
    """Equations (1)–(4) and (21) with their theorem and lemma."""
    jacobian = OUTPUTS.jacobian(PARAMETERS)
    dissipation = -(gradient(regularized_loss()).T * gradient(regularized_loss()))[0]
    smooth = "f continuously differentiable"
    J, r, point = (
        sp.MatrixSymbol(name, *shape) for name, shape in (("J", (2, 3)), ("r", (2, 1)), ("theta", (3, 1)))
    )
    return (
        from_closures(
            "(1)",
            "Regularized loss of k samples, as the squared norm of the stacked residual",
            sp.Eq(
                sp.Symbol("L_lambda"), sp.Trace(r.T * r) + decay * sp.Trace(point.T * point), evaluate=False
            ),
            "mean-squared error, weight decay λ > 0",
            (_loss_sums_over_samples,),
        ),
        from_closures(
            "(2)",
            "Stacked outputs of k samples with m outputs each",
            sp.Eq(sp.Symbol("F"), sp.Matrix(sp.symbols("f_1 ⋮ f_k")), evaluate=False),
            "k samples: the last block is f(θ, x_k), see the errata",
            (_loss_sums_over_samples,),
        ),
        from_closures(
            "(3)",
            "Gradient flow of the regularized loss, with the Jacobian J = ∇F and the residual r = F − y",
            sp.Eq(sp.Derivative(point, t, evaluate=False), -2 * (J.T * r + decay * point), evaluate=False),
            smooth + "; flow time t",
            (
                identity_of(
                    "identity for arbitrary F, d = 3, km = 2",
                    lambda: gradient(regularized_loss()) - 2 * jacobian.T * RESIDUAL - 2 * decay * PARAMETERS,
                ),
            ),
        ),
        from_closures(
            "(21)",
            "Lemma A.1: the training loss never exceeds λ‖θ(0)‖², because L_λ cannot grow",
            sp.Eq(
                sp.Derivative(sp.Function("L_lambda")(t), t),
                -(sp.Abs(sp.Symbol("∇L_lambda")) ** 2),
                evaluate=False,
            ),
            "θ(0) on the zero-loss set, λ < ε/‖θ(0)‖²",
            (
                identity_of(
                    "identity for arbitrary F: dL_λ/dt along the flow is −‖∇L_λ‖²",
                    lambda: (gradient(regularized_loss()).T * -gradient(regularized_loss()))[0] - dissipation,
                ),
                _loss_stays_below_bound,
            ),
        ),
        from_closures(
            "(4)",
            "Theorem 4.8: the distance from the zero-loss set vanishes with λ, solved for ŷ = w₁x₁ + w₂x₂",
            sp.Eq(sp.Function("dist")(t), line_distance(), evaluate=False),
            "one sample (1, 1) → 2, θ(0) on w₁ + w₂ = 2; in general ‖θ(t)‖ ≤ ‖θ(0)‖ and L < min of L off the set",
            (_distance_solves_the_flow, _distance_vanishes_uniformly),
        ),
    )


def _loss_sums_over_samples() -> Check:
    """Sum over samples of ‖f − y‖² against the norm of the stack, a linear network of k = 3, m = 2, n = 2."""
    W = sp.Matrix(2, 2, sp.symbols("w_1:5"))
    inputs = [sp.Matrix([1, 2]), sp.Matrix([3, -1]), sp.Matrix([0, 5])]
    outputs = [sp.Matrix([1, 0]), sp.Matrix([2, 2]), sp.Matrix([-1, 3])]
    stacked = sp.Matrix.vstack(*[W * x for x in inputs]) - sp.Matrix.vstack(*outputs)
    summed = sum((entry**2 for x, y in zip(inputs, outputs, strict=True) for entry in W * x - y), sp.S.Zero)
    return exact("k = 3 samples, m = 2 outputs", sp.expand(summed - (stacked.T * stacked)[0]))


def _sum_of_weights() -> Any:
    """Sum of the weights along the flow from s(0) = 2: s' = −4(s − 2) − 2λs."""
    return 2 - sp.sqrt(2) * line_distance()


def _distance_solves_the_flow() -> Check:
    w1, w2 = sp.symbols("w_1 w_2", real=True)
    loss = (w1 + w2 - 2) ** 2 + decay * (w1**2 + w2**2)
    total = _sum_of_weights()
    velocity = sp.expand(-sp.diff(loss, w1) - sp.diff(loss, w2)).subs(w1, total - w2)
    residuals = [sp.simplify(total.diff(t) - velocity), total.subs(t, 0) - 2]
    return exact("residual of the flow and its start", sp.Matrix(residuals))


def _distance_vanishes_uniformly() -> Check:
    """It grows with t to √2λ/(2 + λ), which grows with λ from 0: any ε has its λ_ε."""
    grows = line_distance().diff(t).simplify().is_positive
    largest = sp.limit(line_distance(), t, sp.oo)
    vanishes = sp.limit(largest, decay, 0) == 0 and sp.simplify(largest.diff(decay)).is_positive
    return Check("supremum over t, and its limit λ → 0", float(not (grows and vanishes)))


def _loss_stays_below_bound() -> Check:
    """On the solved line model from θ(0) = (2, 0): L = 2·dist² never reaches λ‖θ(0)‖² = 4λ."""
    largest = sp.limit(2 * line_distance() ** 2, t, sp.oo)
    margin = sp.factor(4 * decay - largest)
    return Check("line model: 4λ − sup L > 0 for every λ > 0", float(not sp.simplify(margin).is_positive))
