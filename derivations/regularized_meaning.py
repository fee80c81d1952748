"""What the symbols of the regularized flow stand for: undefined outputs, three samples, the line model."""

from typing import Any

import sympy as sp

from derivations.steps import Check, Statement
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


k, d, km = sp.symbols("k d km", integer=True, positive=True)


J = sp.MatrixSymbol("J", km, d)


r = sp.MatrixSymbol("r", km, 1)


point = sp.MatrixSymbol("theta", d, 1)


L, L_LAMBDA = sp.symbols("L L_lambda")


def three_samples() -> dict[Any, Any]:
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


def arbitrary() -> dict[Any, Any]:
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


def stack_is_complete(statement: Statement) -> Check:
    """A column "f_a ⋮ f_b" must hold the outputs of k = 3 samples, whatever the number n = 2 of inputs."""
    method = "three samples of two inputs: as many blocks as samples, from the first to the last"
    ends = [str(entry).partition("f_")[2] for entry in (statement.rhs[0], statement.rhs[-1])]
    known = {"1": 1, "k": 3, "n": 2}
    if len(statement.rhs) != 3 or any(end not in known for end in ends) or str(statement.rhs[1]) != "⋮":
        return Check(method, float("inf"))
    blocks = range(known[ends[0]], known[ends[1]] + 1)
    return Check(method, abs(len(blocks) - 3) + abs(blocks[0] - 1))


def along_the_line_model(statement: Statement) -> Any:
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
