"""The chain of any feature map below a linear readout, decided on exact matrices and by differences at 60 digits."""

from collections.abc import Mapping
from functools import cache, partial
from typing import Any

import sympy as sp

from derivations import two_layer as eq
from derivations.any_features import DecoupledReadout
from derivations.chapter import Chapter
from derivations.evaluate import evaluate
from derivations.gradients import DIFFERENCE_TOLERANCE, DIGITS, difference_gradient, largest, rational_matrix
from derivations.own_model.document import Document
from derivations.steps import Check, Line, Step
from derivations.symbols import Gradient, Rate

equal = partial(sp.Eq, evaluate=False)
#: σ of the checks: exact, and at 60 digits.
SQUARE, TANH = sp.Lambda(eq.z, eq.z**2), sp.Lambda(eq.z, sp.tanh(eq.z))
TAU = sp.Symbol("tau", nonnegative=True)
RIDGE = sp.Rational(1, 3)
Values = dict[Any, Any]


def document(model: DecoupledReadout) -> Document:
    """Readout, cost and flow of every layer."""
    return Document((Chapter("A linear readout held optimal over a feature map", steps(model)),))


def steps(model: DecoupledReadout) -> tuple[Step, ...]:
    """The chain; for a convex loss M is given, so that only what does not need ℓ is decided."""
    H = named("H", model)
    W = sp.MatrixSymbol("W", H.shape[1], model.targets.shape[1])
    assumption = (
        "functions of the features differentiable; slow time τ = 2λt; λ > 0, or λ = 0 and H of full row rank"
    )
    features = Line(equal(H, model.features), "definition", unchecked="the feature map as it was stated")
    K = equal(named("K", model), H * H.T + eq.ridge * sp.Identity(H.shape[0]))
    gram = Line(K, "definition: the ridge Gram matrix of the features", unchecked="a name")
    flows = []
    for layer, velocity in model.flow.items():
        rule = (
            f"−½ of the gradient of R/λ in {layer}, pulled back through the features one operation at a time"
        )
        flows.append(
            Step(
                "",
                f"Flow of {layer}",
                (
                    Line(
                        equal(Rate(layer, TAU), readable(velocity, model)),
                        rule,
                        (partial(_flow, model, layer),),
                    ),
                ),
                assumption,
            )
        )
    if model.loss != "squared":
        M = model.multiplier
        known = equal(
            2 * eq.ridge * M + Gradient(sp.Symbol("ell"), sp.MatrixSymbol("Z", *M.shape)),
            sp.ZeroMatrix(*M.shape),
        )
        lines = (
            features,
            Line(
                known,
                "stationarity in the outputs Z = HW",
                unchecked="what the loss says M is; solved numerically",
            ),
            Line(
                equal(W, readable(model.readout, model)),
                "stationarity in the readout",
                unchecked="derived with every convex loss",
            ),
        )
        return (Step("", "Readout", lines, assumption), *flows)
    loss = sp.Trace((H * W - model.targets).T * (H * W - model.targets)) + eq.ridge * sp.Trace(W.T * W)
    readout = (
        features,
        gram,
        Line(equal(sp.Symbol("L"), loss), "what the readout minimizes", unchecked="definition"),
        Line(
            equal(W, readable(model.readout, model)),
            "stationarity in the readout, through the n × n Gram matrix",
            (partial(_stationary, model),),
        ),
    )
    cost = Line(
        equal(sp.Symbol("R") / eq.ridge, readable(model.cost, model)),
        "the loss at that readout over λ",
        (partial(_cost, model),),
    )
    return (
        Step("", "Readout", readout, assumption),
        Step("", "Reduced cost over λ", (cost,), assumption),
        *flows,
    )


def named(name: str, model: DecoupledReadout) -> Any:
    """H, the features, or K = HHᵀ + λI."""
    rows, width = model.features.shape
    return sp.MatrixSymbol(name, rows, width if name == "H" else rows)


def readable(expression: Any, model: DecoupledReadout) -> Any:
    """Write H for the features and K for HHᵀ + λI."""
    H = named("H", model)
    short = expression.xreplace({model.features: H, model.features.T.doit(): H.T}).doit()
    return short.xreplace({(H * H.T + eq.ridge * sp.Identity(H.shape[0])).doit(): named("K", model)})


def _meaning(model: DecoupledReadout, values: Values, sigma: Any) -> Values:
    """Values with those of H and K."""
    H = evaluate(model.features, values, sigma)
    return {**values, named("H", model): H, named("K", model): H * H.T + values[eq.ridge] * sp.eye(H.rows)}


@cache
def explicit(model: DecoupledReadout, seed: int) -> Values:
    """Random fractions for every matrix, and sizes: 2 samples, every other dimension 2 or 3, the width 3."""
    dims: Values = {}
    shapes = [s.shape for s in (*model.layers, *model.data, model.targets)] + [model.features.shape]
    for shape in shapes:
        for size in shape:
            for symbol in sp.sympify(size, strict=True).free_symbols:
                dims.setdefault(symbol, sp.Integer(2 + (len(dims) + seed) % 2))
    for size, number in zip(model.features.shape, (2, 3), strict=True):
        if sp.sympify(size, strict=True).is_Symbol:
            dims[size] = sp.Integer(number)
    values: Values = {}
    for i, symbol in enumerate((*model.layers, *model.data, model.targets, model.multiplier)):
        rows, columns = (int(sp.sympify(size, strict=True).subs(dims)) for size in symbol.shape)
        values[symbol] = rational_matrix(rows, columns, seed=10 * seed + i) / 3
    return {**dims, **values, eq.ridge: RIDGE}


def _least(model: DecoupledReadout, values: Mapping[Any, Any], sigma: Any) -> Any:
    """Readout by the normal equations of the loss, entry by entry, and the loss there."""
    H, Y = evaluate(model.features, values, sigma), values[model.targets]
    ridge = values[eq.ridge]
    W = (H.T * H + ridge * sp.eye(H.cols)).LUsolve(H.T * Y)
    residual = H * W - Y
    return W, (residual.T * residual).trace() + ridge * (W.T * W).trace()


def _stationary(model: DecoupledReadout, statement: Any) -> Check:
    worst = 0.0
    for seed in (1, 2):
        values = explicit(model, seed)
        printed = evaluate(statement.rhs, _meaning(model, values, SQUARE), SQUARE)
        worst = max(worst, largest(printed - _least(model, values, SQUARE)[0]))
    return Check("exact rationals of two sizes, σ = z², against the d_h × d_h normal equations", worst)


def _cost(model: DecoupledReadout, statement: Any) -> Check:
    worst = 0.0
    for seed in (1, 2):
        values = explicit(model, seed)
        whole = _least(model, values, SQUARE)[1] / RIDGE
        whole += sum((values[W].T * values[W]).trace() for W in model.layers)
        worst = max(
            worst, float(abs(evaluate(statement.rhs, _meaning(model, values, SQUARE), SQUARE) - whole))
        )
    return Check("exact rationals of two sizes, σ = z²: the loss at the normal equations' readout", worst)


def _flow(model: DecoupledReadout, layer: Any, statement: Any) -> Check:
    """Against −½ the central difference of the cost; for a given M, of ‖HᵀM‖² + Σ‖W‖² with its sign turned."""
    cost = model.cost
    if model.loss != "squared":
        # At fixed M the envelope of −‖HᵀM‖² (the dual) moves the layers: half its gradient is −MMᵀH.
        norms = sp.Add(*[eq.squared_norm(W) for W in model.layers])
        cost = norms - sp.Trace(model.multiplier.T * model.features * model.features.T * model.multiplier)
    worst = 0.0
    for seed, sigma in ((1, TANH), (2, SQUARE)):
        values = explicit(model, seed)
        expected = -difference_gradient(cost, layer, values, sigma) / 2
        floats = {
            key: sp.N(value, DIGITS) for key, value in values.items() if not key.is_Symbol or key == eq.ridge
        }
        sizes = {key: value for key, value in values.items() if key not in floats}
        printed = evaluate(statement.rhs, _meaning(model, {**floats, **sizes}, sigma), sigma)
        worst = max(worst, largest(sp.Matrix(printed) - expected))
    return Check("central differences at 60 digits, σ = tanh and z², two sizes", worst, DIFFERENCE_TOLERANCE)
