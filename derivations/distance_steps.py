"""How far training stays from the zero-loss set: O(λ) where it is regular, farther where every point is singular.

Both losses have the zero-loss set w₁w₂ = 1, and rest at w₁ = w₂ = w, where u = w₁w₂ − 1 is small and negative.
"""

from functools import partial

import sympy as sp

from derivations.checks import exact, identity
from derivations.steps import Check, Decision, Line, Statement, Step

decay = sp.Symbol("lambda", positive=True)
u = sp.Symbol("u", real=True)
dist = sp.Function("dist")
equal = partial(sp.Eq, evaluate=False)
TITLE = (
    "Where training rests: at a distance O(λ) from a regular zero-loss set, O(λ^{1/3}) from a singular one"
)


def steps() -> tuple[Step, ...]:
    """One chain with both sets."""
    away = sp.sqrt(2) * (1 - sp.sqrt(1 + u))
    regular, singular = -decay, -((decay / 2) ** sp.Rational(1, 3))
    third = sp.Rational(1, 3)
    return (
        Step(
            "",
            TITLE,
            (
                Line(
                    equal(dist(u), away),
                    "distance of w₁ = w₂ = √(1 + u) from w₁w₂ = 1, whose nearest point is (1, 1)",
                    (_is_the_distance,),
                ),
                Line(
                    equal(u, regular),
                    "F = w₁w₂, regular: the gradient of (w₁w₂ − 1)² + λ(w₁² + w₂²) vanishes",
                    (_rests(2),),
                ),
                Line(
                    equal(sp.Limit(away.subs(u, regular) / decay, decay, 0), sp.sqrt(2) / 2),
                    "so the distance is of first order in λ",
                    (identity("limit"),),
                ),
                Line(
                    equal(u, singular),
                    "F = (w₁w₂ − 1)², singular at every point: the gradient of (w₁w₂ − 1)⁴ + λ(w₁² + w₂²) vanishes",
                    (_rests(4),),
                ),
                Line(
                    equal(
                        sp.Limit(away.subs(u, singular) / decay**third, decay, 0),
                        2 ** (-third) / sp.sqrt(2),
                    ),
                    "so the distance is of the order of the third root of λ",
                    (identity("limit"),),
                ),
            ),
            "λ < 1; the point of rest with 0 < w₁ = w₂ < 1",
        ),
    )


def _rests(power: int) -> Decision:
    """Both derivatives of (w₁w₂ − 1)^power + λ(w₁² + w₂²) at w₁ = w₂ = √(1 + u), with u as stated."""

    def decide(statement: Statement) -> Check:
        w = sp.symbols("w_1 w_2", positive=True)
        loss = (w[0] * w[1] - 1) ** power + decay * (w[0] ** 2 + w[1] ** 2)
        here = dict.fromkeys(w, sp.sqrt(1 + statement.rhs))
        slopes = [sp.simplify(loss.diff(v).subs(here)) for v in w]
        return exact("the gradient vanishes there", sp.Matrix(slopes))

    return decide


def _is_the_distance(statement: Statement) -> Check:
    """Of any point (x, 1/x) of the set, with s = x + 1/x ≥ 2, the square exceeds it by (s − 2)(s + 2 − 2w) ≥ 0."""
    x, w = sp.symbols("x w", positive=True)
    square = (x - w) ** 2 + (1 / x - w) ** 2
    total = x + 1 / x
    excess = square - statement.rhs.subs(u, w**2 - 1) ** 2 - (total - 2) * (total + 2 - 2 * w)
    return exact("squares of the distances of all points (x, 1/x)", sp.Matrix([sp.expand(excess)]))
