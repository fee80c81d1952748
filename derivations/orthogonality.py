"""Near the zero-loss set the loss gradient turns orthogonal to it: Theorem 4.14 with its constant, (5) and (27)."""

from typing import Any

import sympy as sp

from derivations.checks import exact, identity_of
from derivations.steps import Check, Step, from_closures
from derivations.toy_models import parabola_loss, x, y

a = sp.Symbol("a", real=True)
s = sp.Symbol("s", positive=True)
M, floor = sp.symbols("M lambda_inf", positive=True)


def parabola_cosine() -> Any:
    """Cosine between ∇L and the tangent at (a, a²), a distance s up the normal, for L = (y − x²)²."""
    length = sp.sqrt(1 + 4 * a**2)
    tangent, normal = sp.Matrix([1, 2 * a]) / length, sp.Matrix([-2 * a, 1]) / length
    point = {x: a + s * normal[0], y: a**2 + s * normal[1]}
    slope = sp.Matrix([parabola_loss()]).jacobian([x, y]).subs(point).T
    residual = sp.simplify((y - x**2).subs(point))
    direction = (slope / (2 * residual)).applyfunc(sp.simplify)
    return sp.simplify((tangent.T * direction)[0]) / sp.sqrt((direction.T * direction)[0])


def parabola_constant() -> Any:
    """Smallest C of (5) as s → 0: the slope of the cosine, 4a/(1 + 4a²)^(3/2)."""
    return sp.simplify(sp.limit(parabola_cosine() / s, s, 0))


def steps() -> tuple[Step, ...]:
    """Equations (5) and (27)."""
    small = M * s / (floor - M * s)
    return (
        from_closures(
            "(5)",
            "Theorem 4.14 on L = (y − x²)²: cosine between gradient and tangent, linear in the distance s",
            sp.Eq(
                sp.Limit(sp.Function("cos")(sp.Symbol("angle")) / s, s, 0),
                parabola_constant(),
                evaluate=False,
            ),
            "s above the projection (a, a²); globally |cos| ≤ s, as (1 − 2|a|)² ≥ 0",
            (_first_order_constant_is_general, _bounded_by_the_distance, _matches_direct_numbers),
        ),
        from_closures(
            "(27)",
            "Constant of Theorem 4.14 from a bound M on the Taylor remainder and λ_inf on ‖∇²L α‖",
            sp.Le(small, 2 * M * s / floor),
            "s < x₀ = min(a_inf, λ_inf/2M); beyond x₀ the cosine is at most 1 ≤ s/x₀",
            (
                identity_of(
                    "the margin is a product of positive factors",
                    lambda: (
                        2 * M * s / floor - small - M * s * (floor - 2 * M * s) / (floor * (floor - M * s))
                    ),
                ),
            ),
        ),
    )


def _first_order_constant_is_general() -> Check:
    """vᵀ∇L = 2s²Σ(Jα)_i αᵀ∇²F_i v + O(s³) for tangent v and unit normal α, here with two outputs and d = 4."""
    p = sp.symbols("p_1:5", real=True)
    outputs = sp.Matrix([p[0] * p[1] + p[2] ** 2 - p[3], p[1] * p[2] + p[3] ** 3 + p[0]])
    point = sp.Matrix([1, 2, -1, 3])
    at = dict(zip(p, point, strict=True))
    J = outputs.jacobian(p).subs(at)
    tangent = J.nullspace()[0]
    normal = J.T * sp.Matrix([2, -1])
    residual = outputs - outputs.subs(at)
    moved = dict(zip(p, point + s * normal, strict=True))
    along = sp.Poly(sp.expand((2 * tangent.T * outputs.jacobian(p).T * residual).subs(moved)[0]), s)
    pushed = J * normal
    bends = [sp.hessian(F, p).subs(at) for F in outputs]
    claimed = 2 * sum(pushed[i] * (normal.T * bends[i] * tangent)[0] for i in range(2))
    residuals = [along.coeff_monomial(1), along.coeff_monomial(s), along.coeff_monomial(s**2) - claimed]
    return exact("exact rationals, km = 2, d = 4: orders 1, s and s²", sp.Matrix(residuals))


def _bounded_by_the_distance() -> Check:
    """cos²/s² = 16a²/((1 + 4a²)²(1 + 4x²)) ≤ 16a²/(1 + 4a²)² ≤ 1."""
    bound = 16 * a**2 / (1 + 4 * a**2) ** 2
    lateral = a - 2 * a * s / sp.sqrt(1 + 4 * a**2)
    shape = parabola_cosine() ** 2 / s**2 - bound / (1 + 4 * lateral**2)
    margin = 1 - bound - (1 - 4 * a**2) ** 2 / (1 + 4 * a**2) ** 2
    return exact("squares and a factor below 1", sp.Matrix([sp.simplify(shape), sp.simplify(margin)]))


def _matches_direct_numbers() -> Check:
    """Cosine at a = 3/4 and a tiny distance, computed from the loss alone, against the constant."""
    tiny = sp.Float("1e-30", 120)
    foot = sp.Rational(3, 4)
    length = sp.sqrt(1 + 4 * foot**2).evalf(120)
    px, py = foot - 2 * foot * tiny / length, foot**2 + tiny / length
    gx, gy = (sp.diff(parabola_loss(), q).subs({x: px, y: py}) for q in (x, y))
    cosine = (gx + 2 * foot * gy) / (length * sp.sqrt(gx**2 + gy**2))
    error = abs(cosine / tiny - parabola_constant().subs(a, foot).evalf(120))
    return Check("120 digits, s = 1e-30", float(error), 1e-28)
