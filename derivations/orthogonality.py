"""Near the zero-loss set the loss gradient turns orthogonal to it: Theorem 4.14 with its constant, (5) and (27)."""

from functools import partial
from typing import Any

import sympy as sp

from derivations import two_layer as eq
from derivations.checks import identity, put_in
from derivations.steps import Check, Line, Statement, Step
from derivations.toy_models import parabola_loss, x, y

a = sp.Symbol("a", real=True)
s = sp.Symbol("s", positive=True)
M, floor = sp.symbols("M lambda_inf", positive=True)


def parabola_cosine() -> Any:
    """Cosine between ∇L and the tangent at (a, a²), a distance s up the normal, for L = (y − x²)².

    ∇L is along (−2x, 1) at the abscissa x = a − 2as/√(1 + 4a²) of the point.
    """
    lateral = a - 2 * a * s / sp.sqrt(1 + 4 * a**2)
    return 4 * a * s / ((1 + 4 * a**2) * sp.sqrt(1 + 4 * lateral**2))


def parabola_constant() -> Any:
    """Smallest C of (5) as s → 0: the slope of the cosine."""
    return 4 * a / (1 + 4 * a**2) ** sp.Rational(3, 2)


cosine, slope, steepness = sp.Function("cos"), sp.Function("p"), sp.Function("G")
J, H_1, H_2 = sp.MatrixSymbol("J", 2, 4), sp.MatrixSymbol("H_1", 4, 4), sp.MatrixSymbol("H_2", 4, 4)
tangent, normal = sp.MatrixSymbol("v", 4, 1), sp.MatrixSymbol("alpha", 4, 1)
e_1, e_2 = sp.MatrixSymbol("e_1", 2, 1), sp.MatrixSymbol("e_2", 2, 1)
equal = partial(sp.Eq, evaluate=False)


def steps() -> tuple[Step, ...]:
    """Equations (5) and (27)."""
    small = M * s / (floor - M * s)
    doubled = 2 * M * s / floor
    lateral = a - 2 * a * s / sp.sqrt(1 + 4 * a**2)
    bound = 16 * a**2 / (1 + 4 * a**2) ** 2
    pushed = sp.Trace(e_1.T * J * normal) * sp.Trace(normal.T * H_1 * tangent) + sp.Trace(
        e_2.T * J * normal
    ) * sp.Trace(normal.T * H_2 * tangent)
    return (
        Step(
            "(5)",
            "Theorem 4.14: the gradient turns orthogonal to the set, linearly in the distance s",
            (
                Line(
                    equal(sp.Limit(slope(s) / s, s, 0), 0),
                    "p(s) = vᵀ∇L at θ + sα: of first order for no tangent v and unit normal α",
                    (identity("a loss of two outputs of four parameters", _expanded),),
                ),
                Line(
                    equal(sp.Limit(slope(s) / s**2, s, 0), 2 * pushed),
                    "and of second order with the curvatures H_i = ∇²F_i of both outputs",
                    (identity("a loss of two outputs of four parameters", _expanded),),
                ),
                Line(
                    equal(sp.Limit(steepness(s) / s**2, s, 0), 4 * eq.squared_norm(J.T * J * normal)),
                    "G(s) = ‖∇L‖² there: ∇L = 2Jᵀ(F − y), and F − y is sJα to first order",
                    (identity("a loss of two outputs of four parameters", _expanded),),
                ),
                Line(
                    equal(
                        sp.Limit(slope(s) ** 2 / (s**2 * steepness(s)), s, 0),
                        pushed**2 / eq.squared_norm(J.T * J * normal),
                    ),
                    "their quotient: for a unit tangent v the square of the cosine over that of s, so C is its root",
                    (identity("a loss of two outputs of four parameters", _expanded),),
                ),
                Line(
                    equal(cosine(s), parabola_cosine()),
                    "on L = (y − x²)², s above the point (a, a²)",
                    (_matches_direct_numbers,),
                ),
                Line(
                    equal(sp.Limit(parabola_cosine() / s, s, 0), parabola_constant()),
                    "its constant",
                    (identity("limit"),),
                ),
                Line(
                    equal(parabola_cosine() ** 2 / s**2, bound / (1 + 4 * lateral**2)),
                    "for every s, by squaring",
                    (identity("symbolic"),),
                ),
                Line(
                    equal(1 - bound, ((1 - 4 * a**2) / (1 + 4 * a**2)) ** 2),
                    "so |cos| ≤ s everywhere: the bound is 1 less a square",
                    (identity("symbolic"),),
                ),
            ),
            "F twice differentiable, v tangent and α normal to the set at θ",
        ),
        Step(
            "(27)",
            "Constant of Theorem 4.14 from a bound M on the Taylor remainder and λ_inf on ‖∇²L α‖",
            (
                Line(
                    equal(doubled - small, M * s * (floor - 2 * M * s) / (floor * (floor - M * s))),
                    "the cosine is at most Ms/(λ_inf − Ms); what 2Ms/λ_inf exceeds it by",
                    (identity("symbolic"),),
                ),
                Line(sp.Le(small, doubled), "every factor is positive for s < λ_inf/2M", (_positive_below,)),
            ),
            "s < x₀ = min(a_inf, λ_inf/2M); beyond x₀ the cosine is at most 1 ≤ s/x₀",
        ),
    )


def _expanded(statement: Statement) -> Any:
    """Two outputs of four parameters at a point of the set, a tangent and a normal; p(s) from the loss alone."""
    q = sp.symbols("p_1:5", real=True)
    outputs = sp.Matrix([q[0] * q[1] + q[2] ** 2 - q[3], q[1] * q[2] + q[3] ** 3 + q[0]])
    at = dict(zip(q, (1, 2, -1, 3), strict=True))
    jacobian = outputs.jacobian(q).subs(at)
    along, across = jacobian.nullspace()[0], jacobian.T * sp.Matrix([2, -1])
    loss = sum(entry**2 for entry in outputs - outputs.subs(at))
    moved = dict(zip(q, sp.Matrix([1, 2, -1, 3]) + s * across, strict=True))
    p = sp.expand(sum(k * sp.diff(loss, x).subs(moved) for k, x in zip(along, q, strict=True)))
    values = {J: jacobian, tangent: along, normal: across}
    values |= {e_1: sp.Matrix([1, 0]), e_2: sp.Matrix([0, 1])}
    values |= dict(zip((H_1, H_2), (sp.hessian(F, q).subs(at) for F in outputs), strict=True))
    square = sp.expand(sum(sp.diff(loss, x).subs(moved) ** 2 for x in q))
    left = statement.lhs.replace(slope, sp.Lambda(s, p)).replace(steepness, sp.Lambda(s, square))
    return equal(left, put_in(equal(sp.S.Zero, statement.rhs), values).rhs)


def _positive_below(statement: Statement) -> Check:
    """With s = λ_inf/(2M(1 + r)), r > 0, the right side exceeds the left."""
    r = sp.Symbol("r", positive=True)
    excess = (statement.rhs - statement.lhs).subs(s, floor / (2 * M * (1 + r)))
    return Check("positive for every s below λ_inf/2M", float(not sp.factor(excess).is_positive))


def _matches_direct_numbers(statement: Statement) -> Check:
    """Against the cosine computed from the loss alone, near the parabola, at a distance, and below it."""
    error = 0.0
    for foot, distance in (
        (sp.Rational(3, 4), sp.Rational(1, 7)),
        (sp.Rational(-1, 5), 2),
        (2, sp.Rational(1, 10**20)),
    ):
        length = sp.sqrt(1 + 4 * foot**2)
        px, py = foot - 2 * foot * distance / length, foot**2 + distance / length
        gx, gy = (sp.diff(parabola_loss(), q).subs({x: px, y: py}) for q in (x, y))
        measured = (gx + 2 * foot * gy) / (length * sp.sqrt(gx**2 + gy**2))
        gap = (measured - statement.rhs.subs({a: foot, s: distance})).evalf(100)
        error = max(error, float(abs(gap)))
    return Check("100 digits at three points", error, 1e-60)
