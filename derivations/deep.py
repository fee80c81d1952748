"""Any depth below a linear readout: the hidden layers' flow with the ridge readout decoupled.

The readout enters linearly whatever lies below it, so the reduced cost is that of two layers, (19) with the ridge
kept, as a function of the last hidden activations. The flow is pulled back through the hidden layers one map at a
time, each step a derivative taken by SymPy.
"""

from functools import cache
from typing import Any

import sympy as sp

from derivations import two_layer as eq
from derivations.checks import exact
from derivations.evaluate import evaluate
from derivations.gradients import (
    DIFFERENCE_TOLERANCE,
    DIGITS,
    difference_gradient,
    exact_gradient,
    largest,
    rational_matrix,
)
from derivations.steps import Check, Step, from_closures

SQUARE = sp.Lambda(eq.z, eq.z**2)
TANH = sp.Lambda(eq.z, sp.tanh(eq.z))


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
    layers, matrices = activations(hidden_layers), weights(hidden_layers)
    fit = eq.reduced_cost() - eq.squared_norm(eq.W1)
    pulled = eq.collect(-sp.Rational(1, 2) * eq.differentiate(fit, eq.H)).xreplace({eq.H: layers[-1]})
    flows = []
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


def steps() -> tuple[Step, ...]:
    """The three-layer network with its readout decoupled, and the norm law of every layer."""
    W1, W2 = weights(2)
    inner = W1.shape[1]
    sizes = {eq.n: 2, eq.d_in: 2, inner: 2, eq.d_h: 3, eq.d_out: 1}
    values: dict[Any, Any] = sizes | {eq.ridge: sp.Rational(1, 3)}
    for seed, matrix in enumerate((eq.X, eq.Y, W1, W2)):
        rows, columns = (sizes[size] for size in matrix.shape)
        values[matrix] = rational_matrix(rows, columns, seed)
    cost, flows = reduced_cost(2), hidden_flow(2)
    assumption = (
        "σ differentiable; any shapes for λ > 0, d_h ≥ n and H of full row rank at λ = 0; slow time τ = 2λt"
    )
    tau = sp.Symbol("tau")

    q = sp.Symbol("q", positive=True)

    def norm(layer: str) -> Any:
        return sp.Function(f"N_{layer}")(tau)

    def flow_step(W: Any, flow: Any) -> Step:
        return from_closures(
            "",
            f"Flow of {W} in a three-layer network",
            sp.Eq(sp.Derivative(W, tau, evaluate=False), readable(flow, 2), evaluate=False),
            assumption,
            (
                lambda: _flow_is_the_exact_gradient(W, flow, cost, values),
                lambda: _flow_is_the_difference_quotient(W, flow, cost, values),
            ),
        )

    return (
        from_closures(
            "",
            "Reduced cost of a three-layer network over λ",
            readable(cost, 2),
            "the readout enters linearly, so (15) and (19) hold at the last hidden activations",
            (lambda: _cost_against_least_squares(values),),
        ),
        *(flow_step(W, flow) for W, flow in zip((W1, W2), flows, strict=True)),
        from_closures(
            "",
            "Norm law of hidden layer i, N_i = ‖W_i‖², for every λ",
            sp.Eq(norm("i").diff(tau), 2 * q ** (3 - sp.Symbol("i")) * norm("3") - 2 * norm("i")),
            "σ(cz) = c^q σ(z) for every c > 0; checked for q = 2",
            (lambda: _norm_law(values, flows),),
        ),
    )


def _flow_is_the_exact_gradient(W: Any, flow: Any, cost: Any, values: Any) -> Check:
    residual = exact_gradient(cost, W, values, SQUARE) / 2 + evaluate(flow, values, SQUARE)
    return exact("exact rationals, entry by entry, σ(z) = z²", residual)


def _flow_is_the_difference_quotient(W: Any, flow: Any, cost: Any, values: Any) -> Check:
    floats = {key: sp.N(value, DIGITS) for key, value in values.items()}
    residual = difference_gradient(cost, W, values, TANH) / 2 + evaluate(flow, floats, TANH)
    return Check("central differences at 60 digits, σ = tanh", largest(residual), DIFFERENCE_TOLERANCE)


def _cost_against_least_squares(values: Any) -> Check:
    """R/λ against the regularized loss at the solution of the normal equations of the readout."""
    features = evaluate(activations(2)[-1], values, SQUARE)
    ridge = values[eq.ridge]
    readout = (features.T * features + ridge * sp.eye(features.cols)).LUsolve(features.T * values[eq.Y])
    norms = [values[W] for W in weights(2)] + [readout]
    loss = _square(features * readout - values[eq.Y]) + ridge * sum(map(_square, norms))
    return exact(
        "exact rationals: normal equations of the readout",
        loss / ridge - evaluate(reduced_cost(2), values, SQUARE),
    )


def _norm_law(values: Any, flows: Any) -> Check:
    features = evaluate(activations(2)[-1], values, SQUARE)
    gram = features * features.T + values[eq.ridge] * sp.eye(features.rows)
    readout = features.T * gram.LUsolve(values[eq.Y])
    residuals = [
        sum(values[W].multiply_elementwise(evaluate(flow, values, SQUARE)))
        - (2**power * _square(readout) - _square(values[W]))
        for W, flow, power in zip(weights(2), flows, (2, 1), strict=True)
    ]
    return exact("exact rationals, σ(z) = z²", sp.Matrix(residuals))


def _square(matrix: Any) -> Any:
    return sum(entry**2 for entry in matrix)
