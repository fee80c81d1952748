"""The regularized loss and its gradient flow: why training stays near the zero-loss set, (1)–(4) and (21)."""

from typing import Any

import sympy as sp

from derivations.checks import exact, holds_at, identity, identity_with
from derivations.steps import Check, Line, Step, one_line
from derivations.symbols import Gradient, Rate

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


k, d, km = sp.symbols("k d km", integer=True, positive=True)
J = sp.MatrixSymbol("J", km, d)
r = sp.MatrixSymbol("r", km, 1)
point = sp.MatrixSymbol("theta", d, 1)
start = sp.MatrixSymbol("theta_0", d, 1)
L, L_LAMBDA = sp.symbols("L L_lambda")
#: F, the outputs of all samples in one column.
STACK = sp.Eq(sp.Symbol("F"), sp.Matrix(sp.symbols("f_1 ⋮ f_k")), evaluate=False)


def steps() -> tuple[Step, ...]:
    """Equations (1)–(4) and (21) with their theorem and lemma."""
    squared_norm = sp.Trace(point.T * point)
    slope = Gradient(L_LAMBDA, point)
    smooth = "f continuously differentiable"
    arbitrary = "arbitrary F, d = 3, km = 2"
    loss = sp.Function("L")
    weights = sp.Function("theta")
    return (
        one_line(
            "(1)",
            "Regularized loss of k samples, as the squared norm of the stacked residual",
            sp.Eq(L_LAMBDA, sp.Trace(r.T * r) + decay * squared_norm, evaluate=False),
            "mean-squared error, weight decay λ > 0",
            [holds_at("exact rationals, k = 3 samples, m = 2 outputs: summed over samples", _three_samples)],
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
            [identity_with(arbitrary, _arbitrary)],
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
                    (identity_with(arbitrary, _arbitrary),),
                ),
                Line(
                    sp.Eq(
                        sp.Derivative(L_LAMBDA, t, evaluate=False), -sp.Trace(slope.T * slope), evaluate=False
                    ),
                    "(3) put in: L_λ cannot grow",
                    (identity_with(arbitrary, _arbitrary),),
                ),
                Line(
                    sp.Eq(
                        decay * weights(0) ** 2 - loss(t),
                        decay * weights(t) ** 2
                        + sp.Integral(sp.Function("g")(sp.Symbol("s")) ** 2, (sp.Symbol("s"), 0, t)),
                        evaluate=False,
                    ),
                    "integrated from L(θ(0)) = 0, with θ² and g² for ‖θ‖² and ‖∇L_λ‖²; the right side is not negative",
                    (identity("solved for ŷ = w₁x₁ + w₂x₂ from (2, 0)", _along_the_line_model),),
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


def _three_samples() -> dict[Any, Any]:
    """A linear network of three samples, two inputs and two outputs; L_λ by a loop over samples."""
    inputs, outputs = ((1, 2), (3, -1), (0, 5)), ((1, 0), (2, 2), (-1, 3))
    weights, ridge = ((2, -1), (sp.Rational(1, 2), 3)), sp.Rational(2, 7)
    missed = [
        sum(w * x for w, x in zip(row, sample, strict=True)) - target[i]
        for sample, target in zip(inputs, outputs, strict=True)
        for i, row in enumerate(weights)
    ]
    flat = [w for row in weights for w in row]
    loss = sum(miss**2 for miss in missed) + ridge * sum(w**2 for w in flat)
    return {km: 6, d: 4, r: sp.Matrix(missed), point: sp.Matrix(flat), decay: ridge, L_LAMBDA: loss}


def _arbitrary() -> dict[Any, Any]:
    """Undefined functions F of three parameters; the rates along θ(t) by SymPy's chain rule on a curve."""
    slope = [sp.diff(regularized_loss(), p) for p in theta]
    curve = [sp.Function(p.name)(t) for p in theta]
    on_curve = dict(zip(theta, curve, strict=True))
    rate = regularized_loss().subs(on_curve).diff(t)
    back = {c.diff(t): -part for c, part in zip(curve, slope, strict=True)} | {
        c: p for p, c in on_curve.items()
    }
    return {
        km: 2,
        d: 3,
        J: OUTPUTS.jacobian(PARAMETERS),
        r: RESIDUAL,
        point: PARAMETERS,
        decay: decay,
        Rate(point, t): -sp.Matrix(slope),
        Gradient(L_LAMBDA, point): sp.Matrix(slope),
        sp.Derivative(L_LAMBDA, t, evaluate=False): rate.doit().subs(back).doit(),
    }


def stack_is_complete(statement: Any) -> Check:
    """A column "f_a ⋮ f_b" must hold the outputs of k = 3 samples, whatever the number n = 2 of inputs."""
    method = "three samples of two inputs: as many blocks as samples, from the first to the last"
    ends = [str(entry).partition("f_")[2] for entry in (statement.rhs[0], statement.rhs[-1])]
    known = {"1": 1, "k": 3, "n": 2}
    if len(statement.rhs) != 3 or any(end not in known for end in ends) or str(statement.rhs[1]) != "⋮":
        return Check(method, float("inf"))
    blocks = range(known[ends[0]], known[ends[1]] + 1)
    return Check(method, abs(len(blocks) - 3) + abs(blocks[0] - 1))


def _distance_solves_the_flow(statement: Any) -> Check:
    """The sum of the weights, 2 − √2 dist, obeys the flow from s(0) = 2: s' = −4(s − 2) − 2λs."""
    w1, w2 = sp.symbols("w_1 w_2", real=True)
    loss = (w1 + w2 - 2) ** 2 + decay * (w1**2 + w2**2)
    total = 2 - sp.sqrt(2) * statement.rhs
    velocity = sp.expand(-sp.diff(loss, w1) - sp.diff(loss, w2)).subs(w1, total - w2)
    residuals = [sp.simplify(total.diff(t) - velocity), total.subs(t, 0) - 2]
    return exact("residual of the flow and its start", sp.Matrix(residuals))


def _distance_grows(statement: Any) -> Check:
    """Towards its supremum: the derivative of what the limit is taken of is positive."""
    grows = sp.simplify(statement.lhs.args[0].diff(t)).is_positive
    return Check("its derivative is positive", float(not grows))


def _along_the_line_model(statement: Any) -> Any:
    """L, ‖θ‖² and ‖∇L_λ‖² on ŷ = w₁x₁ + w₂x₂ from (2, 0), by mean and half difference of the weights."""
    s = sp.Symbol("s")
    mean = 2 / (2 + decay) + decay / (2 + decay) * sp.exp(-2 * (2 + decay) * t)
    half = sp.exp(-2 * decay * t)
    weights = sp.Matrix([mean + half, mean - half])
    velocity = weights.diff(t)
    meanings = {
        sp.Function("L")(t): (sum(weights) - 2) ** 2,
        sp.Function("theta")(t) ** 2: (weights.T * weights)[0],
        sp.Function("theta")(0) ** 2: (weights.T * weights)[0].subs(t, 0),
        sp.Function("g")(s) ** 2: (velocity.T * velocity)[0].subs(t, s),
    }
    return sp.Eq(*(side.xreplace(meanings).expand().doit() for side in statement.args), evaluate=False)
