"""Checks of the two-layer derivation: exact small matrices, finite differences at 60 digits, and the norm law."""

from collections.abc import Callable
from functools import partial
from typing import Any

import sympy as sp

from derivations import two_layer as eq
from derivations.evaluate import evaluate
from derivations.gradients import (
    DIFFERENCE_TOLERANCE,
    DIGITS,
    difference_gradient,
    exact_gradient,
    largest,
    rational_matrix,
)
from derivations.steps import Check

POWERS = {q: sp.Lambda(eq.z, eq.z**q) for q in (1, 2, 3)}
TANH = sp.Lambda(eq.z, sp.tanh(eq.z))
RIDGES = (sp.S.Zero, sp.Rational(2, 7))
Checking = Callable[[], Check]


def _values(ridge: Any, n: int = 2, d_in: int = 2, d_h: int = 3, d_out: int = 2) -> dict[Any, Any]:
    """Explicit rational matrices for every symbol; d_h ≥ n, so that both regimes exist."""
    shapes = {eq.X: (n, d_in), eq.Y: (n, d_out), eq.W1: (d_in, d_h), eq.W2: (d_h, d_out), eq.H: (n, d_h)}
    values = {symbol: rational_matrix(*shape, seed=i) for i, (symbol, shape) in enumerate(shapes.items())}
    return values | {eq.n: n, eq.d_in: d_in, eq.d_h: d_h, eq.d_out: d_out, eq.ridge: ridge}


def _in_w1(expression: Any) -> Any:
    return expression.xreplace({eq.H: eq.HIDDEN})


def _exact(what: str, residual: Any) -> Check:
    return Check(f"exact rationals: {what}", largest(residual if residual.is_Matrix else [residual]))


def is_sum_of_squares(trace: Any, matrix: Any) -> Check:
    """The trace equals the sum of the matrix's squared entries."""
    values = _values(RIDGES[1])
    return _exact("sum of squared entries", evaluate(trace, values) - _squares(evaluate(matrix, values)))


def decay_is_sum_of_squares() -> Check:
    """The regularized loss exceeds the training loss by λ times all squared weights."""
    values = _values(RIDGES[1])
    by_hand = sum(_squares(values[m]) for m in (eq.W1, eq.W2)) * values[eq.ridge]
    return _exact("decay", evaluate(eq.regularized_loss() - eq.training_loss(), values) - by_hand)


def _squares(matrix: Any) -> Any:
    return sum(entry**2 for entry in matrix)


def gradient_checks(cost: Any, gradient: Any, variable: Any) -> tuple[Checking, ...]:
    """Hold a gradient to the cost's own, entry by entry: exactly, and by central differences."""

    def exact() -> Check:
        values = _values(RIDGES[1])
        return _exact("entry by entry", exact_gradient(cost, variable, values) - evaluate(gradient, values))

    def differences() -> Check:
        values = _values(RIDGES[1])
        residual = difference_gradient(cost, variable, values) - evaluate(gradient, values)
        return Check("central differences at 60 digits", largest(residual), DIFFERENCE_TOLERANCE)

    return exact, differences


def readout_is_stationary() -> Check:
    """The gradient (14) vanishes at the readout (15)."""
    values = _values(RIDGES[1])
    values[eq.W2] = evaluate(eq.readout(), values)
    gradient = eq.differentiate(eq.training_loss() + eq.ridge * eq.squared_norm(eq.W2), eq.W2)
    return _exact("the gradient (14) vanishes", evaluate(gradient, values))


def readouts_agree() -> Check:
    """The d_h × d_h and the n × n systems give the same readout."""
    values = _values(RIDGES[1])
    return _exact("both systems agree", evaluate(eq.readout() - eq.dual_readout(), values))


def readout_is_the_minimum() -> Check:
    """Away from the readout the loss is larger by ‖H(W2 − φ)‖² + λ‖W2 − φ‖²: a unique minimum for λ > 0."""
    values = _values(RIDGES[1])
    best = evaluate(eq.readout(), values)
    lowest = evaluate(eq.regularized_loss(), {**values, eq.W2: best})
    excess = _squares(values[eq.H] * (values[eq.W2] - best)) + values[eq.ridge] * _squares(
        values[eq.W2] - best
    )
    return _exact(
        "elsewhere the loss is larger by a sum of squares",
        evaluate(eq.regularized_loss(), values) - lowest - excess,
    )


def cost_is_the_loss_at_the_readout() -> Check:
    """λ times the reduced cost is the regularized loss at the readout."""
    values = _values(RIDGES[1])
    values[eq.W2] = evaluate(eq.readout(), values)
    return _exact(
        "λ times the cost is the loss at the readout",
        evaluate(eq.regularized_loss(), values) - values[eq.ridge] * evaluate(eq.reduced_cost(), values),
    )


def primal_cost_agrees() -> Check:
    """Both forms of the reduced cost agree, with more samples than hidden units."""
    values = _values(RIDGES[1], n=3, d_h=2)
    return _exact("both systems agree", evaluate(eq.reduced_cost() - eq.reduced_cost_primal(), values))


def zero_loss_readout_interpolates() -> Check:
    """The readout (18) fits the targets exactly."""
    values = _values(RIDGES[0])
    return _exact("the residual vanishes", evaluate(eq.H * eq.dual_readout() - eq.Y, values))


def zero_loss_readout_is_the_limit() -> Check:
    """The ridge readout tends to (18), with an error O(λ)."""
    near, limit = (evaluate(eq.dual_readout(), _values(ridge)) for ridge in (sp.Rational(1, 10**30), 0))
    return Check("λ = 10⁻³⁰ differs by O(λ)", largest(near - limit), 1e-27)


def zero_loss_cost_is_the_norm() -> Check:
    """At λ → 0 the second term of the reduced cost is ‖W2‖²."""
    values = _values(RIDGES[0])
    norm = _squares(values[eq.W1]) + _squares(evaluate(eq.dual_readout(), values))
    return _exact("‖W1‖² + ‖W2‖²", evaluate(eq.reduced_cost(), values) - norm)


def flow_checks() -> tuple[Checking, ...]:
    """Hold the flow (20) to −½ the gradient of the reduced cost, exactly and by central differences."""

    def exact(q: int, ridge: Any) -> Check:
        values = _values(ridge)
        gradient = exact_gradient(_in_w1(eq.reduced_cost()), eq.W1, values, POWERS[q])
        residual = gradient / 2 + evaluate(eq.first_layer_flow(), values, POWERS[q])
        return _exact(f"entry by entry, σ = z^{q}, λ = {ridge}", residual)

    def differences(ridge: Any) -> Check:
        values = _values(ridge)
        gradient = difference_gradient(_in_w1(eq.reduced_cost()), eq.W1, values, TANH)
        floats = {key: sp.N(value, DIGITS) for key, value in values.items()}
        residual = gradient / 2 + evaluate(eq.first_layer_flow(), floats, TANH)
        return Check(
            f"central differences, σ = tanh, λ = {ridge}",
            largest(residual),
            DIFFERENCE_TOLERANCE,
        )

    return (
        *(partial(exact, q, ridge) for q in (2, 3) for ridge in RIDGES),
        *(partial(differences, ridge) for ridge in RIDGES),
    )


def primal_flow_agrees() -> Check:
    """The envelope theorem gives the same flow, with more samples than hidden units."""
    values = _values(RIDGES[1], n=3, d_h=2)
    primal, dual = (
        evaluate(f, values, POWERS[2]) for f in (eq.first_layer_flow_primal(), eq.first_layer_flow())
    )
    return _exact("the envelope theorem gives the same flow", primal - dual)


def flow_given_dual_agrees(ridge: Any) -> Check:
    """Solving K B = Y first gives the same flow."""
    values = _values(ridge)
    B = evaluate(_in_w1(sp.Inverse(eq.gram()) * eq.Y), values, POWERS[2])
    given = evaluate(eq.first_layer_flow_given_dual(), values | {eq.B: B}, POWERS[2])
    return _exact(
        f"solving K B = Y first, λ = {ridge}", given - evaluate(eq.first_layer_flow(), values, POWERS[2])
    )


def primal_flow_is_the_gradient() -> Check:
    """The flow through the d_h × d_h system is −½ the gradient of its own cost, with more samples than units."""
    values = _values(RIDGES[1], n=3, d_h=2)
    gradient = exact_gradient(_in_w1(eq.reduced_cost_primal()), eq.W1, values, POWERS[2])
    return _exact(
        "entry by entry, σ = z²", gradient / 2 + evaluate(eq.first_layer_flow_primal(), values, POWERS[2])
    )


def norm_law(q: int, ridge: Any) -> Check:
    """Every neuron obeys d‖w1_j‖²/dτ = 2(q‖w2_j‖² − ‖w1_j‖²) for σ homogeneous of degree q."""
    values = _values(ridge)
    velocity = evaluate(eq.first_layer_flow(), values, POWERS[q])
    W1, W2 = values[eq.W1], evaluate(_in_w1(eq.dual_readout()), values, POWERS[q])
    residuals = [
        2 * W1[:, j].dot(velocity[:, j]) - 2 * (q * _squares(W2[j, :]) - _squares(W1[:, j]))
        for j in range(W1.cols)
    ]
    return _exact(f"norm law of every neuron, degree {q}, λ = {ridge}", sp.Matrix(residuals))


def full_flow_is_the_gradient(layer: int) -> Check:
    """The full flow is −∇L_λ in each layer."""
    values = _values(RIDGES[1])
    cost, variable = _in_w1(eq.regularized_loss()), (eq.W1, eq.W2)[layer]
    gradient = exact_gradient(cost, variable, values, POWERS[2])
    return _exact(f"gradient in {variable}", gradient + evaluate(eq.full_flow()[layer], values, POWERS[2]))
