"""Checks of the derivation for every convex loss: exact rationals, differences at 60 digits, and a minimized cost.

Exact arithmetic takes the loss Σ(z⁴ + z²) + Σ_i(Σ_k z_ik)² − Tr(CᵀZ), convex, with outputs that see each other. Any M
is its optimum for a suitable C, so that stationarity holds in fractions. Differences of a minimum take cross-entropy.
"""

from collections.abc import Callable
from typing import Any

import mpmath
import sympy as sp

from derivations import convex_loss as cl
from derivations import two_layer as eq
from derivations.checks import exact
from derivations.evaluate import evaluate
from derivations.gradients import DIGITS, largest, rational_matrix
from derivations.steps import Check, Decision, Statement

RIDGE = sp.Rational(2, 7)
POWERS = {q: sp.Lambda(eq.z, eq.z**q) for q in (1, 2, 3)}
TANH = sp.Lambda(eq.z, sp.tanh(eq.z))
#: Central differences with this step of costs minimized at 60 digits leave about its square.
STEP = sp.Float(10, DIGITS) ** -15
TOLERANCE = 1e-25


def values(n: int = 2, d_in: int = 2, d_h: int = 3, d_out: int = 2, q: int = 2) -> dict[Any, Any]:
    """Rational matrices for every symbol; H is that of X and W1 with σ = z^q."""
    shapes = {eq.X: (n, d_in), eq.Y: (n, d_out), eq.W1: (d_in, d_h), eq.W2: (d_h, d_out)}
    shapes |= {cl.G: (n, d_out), cl.M: (n, d_out)}
    found = {symbol: rational_matrix(*shape, seed=i) for i, (symbol, shape) in enumerate(shapes.items())}
    found[eq.H] = (found[eq.X] * found[eq.W1]).applyfunc(POWERS[q])
    return found | {eq.n: n, eq.d_in: d_in, eq.d_h: d_h, eq.d_out: d_out, eq.ridge: RIDGE}


def loss(Z: Any, C: Any) -> Any:
    """The loss of exact arithmetic."""
    rows = sum(sum(Z[i, :]) ** 2 for i in range(Z.rows))
    return sum(entry**4 + entry**2 for entry in Z) + rows - (C.T * Z).trace()


def loss_gradient(Z: Any, C: Any) -> Any:
    """Its gradient, entry by entry from the loss."""
    return entrywise(lambda moved: loss(moved, C), Z)


def _another(like: Any, seed: int) -> Any:
    rows, columns = like.shape
    return rational_matrix(rows, columns, seed)


def squares(matrix: Any) -> Any:
    """Sum of the squared entries."""
    return sum(entry**2 for entry in matrix)


def entrywise(function: Callable[[Any], Any], at: Any) -> Any:
    """Gradient of a rational function of a matrix, one entry at a time."""
    t = sp.Symbol("t", real=True)

    def entry(i: int, j: int) -> Any:
        moved = sp.Matrix(at)
        moved[i, j] += t
        return sp.diff(sp.expand(function(moved)), t).subs(t, 0)

    return sp.Matrix(*at.shape, entry)


def gradient_of_the_cost(layer: Any) -> Decision:
    """∂L_λ of one layer against the loss differentiated entry by entry, more samples than units and fewer."""

    def check(statement: Statement) -> Check:
        residuals = []
        for shape in ({"n": 2, "d_h": 3}, {"n": 3, "d_h": 2}):
            given = values(**shape)
            C = _another(given[eq.Y], 11)

            def cost(moved: Any, given: Any = given, C: Any = C) -> Any:
                here = given | {layer: moved}
                H = (here[eq.X] * here[eq.W1]).applyfunc(POWERS[2])
                return loss(H * here[eq.W2], C) + RIDGE * (squares(here[eq.W1]) + squares(here[eq.W2]))

            given[cl.G] = loss_gradient(given[eq.H] * given[eq.W2], C)
            residuals += entrywise(cost, given[layer]) - evaluate(statement.rhs, given, POWERS[2])
        return exact("exact rationals, both shapes, entry by entry", sp.Matrix(residuals))

    return check


def stationary(statement: Statement) -> Check:
    """With C chosen so that M = −∇ℓ/(2λ), the gradient vanishes at the stated readout."""
    given = values()
    given[eq.W2] = evaluate(statement.rhs, given)
    given[cl.G] = -2 * RIDGE * given[cl.M]
    return exact("exact rationals: the gradient vanishes", evaluate(cl.gradient_in_readout(), given))


def least(statement: Statement) -> Check:
    """Elsewhere the cost is larger by λ‖ΔW2‖² at least; counts the tries where it is not."""
    given = values()
    W2, H = evaluate(statement.rhs, given), given[eq.H]
    zero = sp.zeros(*given[cl.M].shape)
    C = loss_gradient(H * W2, zero) + 2 * RIDGE * given[cl.M]
    failures = 0
    for seed in range(20):
        away = _another(W2, 100 + seed) / 10 ** (seed % 4)
        rise = loss(H * (W2 + away), C) - loss(H * W2, C) + RIDGE * (squares(W2 + away) - squares(W2))
        failures += bool(rise < RIDGE * squares(away))
    return Check("exact rationals: 20 other readouts cost more by λ‖ΔW2‖²", float(failures))


def outputs_and_gradient_belong_together(statement: Statement) -> Check:
    """The equation of M, where ∇ℓ is put in for G at the outputs HHᵀM."""
    given = values()
    Z = evaluate(eq.H * cl.readout(), given)
    C = loss_gradient(Z, sp.zeros(*Z.shape)) + 2 * RIDGE * given[cl.M]
    given[cl.G] = loss_gradient(Z, C)
    return exact("exact rationals: ∇ℓ at HHᵀM", evaluate(statement.lhs - statement.rhs, given))


def squared_multiplier(statement: Statement) -> Check:
    """M of the squared loss solves its own equation with G = 2(HHᵀM − Y)."""
    given = values()
    given[cl.M] = evaluate(statement.rhs, given)
    given[eq.W2] = evaluate(cl.readout(), given)
    G = evaluate(cl.squared_gradient(), given)
    return exact("exact rationals: 2λM + 2(HHᵀM − Y)", 2 * RIDGE * given[cl.M] + G)


def same(method: str, left: Callable[[Any], Any], right: Callable[[Any], Any], q: int = 2) -> Decision:
    """Two expressions of a statement agree in exact rationals, for any M, G = −2λM and W2."""

    def check(statement: Statement) -> Check:
        given = values(q=q)
        given[cl.G] = -2 * RIDGE * given[cl.M]
        return exact(method, evaluate(left(statement) - right(statement), given, POWERS[q]))

    return check


def minimized(W1: Any, X: Any, Y: Any, ridge: Any) -> tuple[Any, Any]:
    """M of cross-entropy with σ = tanh, by Newton at 60 digits, and the regularized loss there."""
    with mpmath.workdps(DIGITS):
        H = (X * W1).applyfunc(lambda entry: sp.N(sp.tanh(entry), DIGITS))
        K, shape = H * H.T, Y.shape

        def residual(*entries: Any) -> Any:
            M = sp.Matrix(*shape, [sp.Float(entry, DIGITS) for entry in entries])
            return [mpmath.mpf(str(entry)) for entry in 2 * ridge * M + _softmax(K * M) - Y]

        found = mpmath.findroot(residual, [mpmath.mpf(0)] * (shape[0] * shape[1]), tol=1e-100, maxsteps=50)
        M = sp.Matrix(*shape, [sp.Float(entry, DIGITS) for entry in found])
    Z = K * M
    fit = sum(sp.log(sum(sp.exp(entry) for entry in Z[i, :])) for i in range(Z.rows)) - (Y.T * Z).trace()
    return M, sp.N(fit + ridge * (M.T * K * M).trace() + ridge * squares(W1), DIGITS)


def _softmax(Z: Any) -> Any:
    powers = Z.applyfunc(lambda entry: sp.N(sp.exp(entry), DIGITS))
    return sp.Matrix(*Z.shape, lambda i, j: powers[i, j] / sum(powers[i, :]))


def minus_half_the_gradient(statement: Statement) -> Check:
    """The flow against central differences of cross-entropy's cost, minimized anew at every point."""
    given = {key: sp.N(value, DIGITS) for key, value in values().items()}
    X, W1, Y = given[eq.X], given[eq.W1] / 3, sp.Matrix([[1, 0], [0, 1]])
    M, _ = minimized(W1, X, Y, given[eq.ridge])
    velocity = evaluate(statement.rhs, given | {cl.M: M, eq.W1: W1}, TANH)

    def slope(i: int, j: int) -> Any:
        moved = [sp.Matrix(W1), sp.Matrix(W1)]
        moved[0][i, j] += STEP
        moved[1][i, j] -= STEP
        ahead, behind = (minimized(point, X, Y, given[eq.ridge])[1] for point in moved)
        return (ahead - behind) / (2 * STEP) / given[eq.ridge]

    residual = sp.Matrix(*W1.shape, slope) / 2 + velocity
    return Check("central differences of a minimized cost at 60 digits", largest(residual), TOLERANCE)


def tends_as(statement: Statement) -> Check:
    """The flow of cross-entropy against its limit, times 4λ²: ten times λ leaves a tenth of the difference."""
    given = {key: sp.N(value, DIGITS) for key, value in values().items()}
    X, W1, Y = given[eq.X], given[eq.W1] / 3, sp.Matrix([[1, 0], [0, 1]])
    at_zero = {cl.G: _softmax(sp.zeros(2, 2)) - Y, eq.W1: W1}
    apart = []
    for power in (12, 13):
        ridge = sp.Float(10, DIGITS) ** power
        M, _ = minimized(W1, X, Y, ridge)
        flow = evaluate(cl.first_layer_flow(), given | {cl.M: M, eq.W1: W1}, TANH)
        limit = evaluate(statement.rhs, given | at_zero | {eq.ridge: ridge}, TANH)
        apart.append(4 * ridge**3 * (flow - limit))
    return Check("λ = 10¹², 10¹³ at 60 digits: λ times the difference", largest(apart[1] - apart[0]), 1e-9)
