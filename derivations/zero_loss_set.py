"""The zero-loss set: its singular points, tangent space and tangent projector, (22)–(26), (28) and (29)."""

from functools import partial
from itertools import chain, combinations, product

import sympy as sp

from derivations import tangent_steps
from derivations.checks import exact, holds_at, identity_with
from derivations.regularized_flow import STACK
from derivations.regularized_meaning import stack_is_complete
from derivations.steps import Check, Line, Statement, Step, one_line
from derivations.zero_loss_meaning import (
    H,
    J,
    acceleration,
    bends,
    distance,
    foot,
    foot_on_the_parabola,
    g,
    on_a_curve,
    on_the_parabola,
    on_the_set,
    point,
    r_1,
    r_2,
    second_derivatives,
    t,
    v,
)

equal = partial(sp.Eq, evaluate=False)
REGULAR = "θ on the zero-loss set and not singular: J = ∇F has full row rank km ≤ d"


def steps() -> tuple[Step, ...]:
    """Equations (22)–(26), (28), (29), Theorem 4.10, Lemma C.1 and Proposition C.4."""
    w1, w2, y = sp.symbols("w_1 w_2 y", real=True)
    arbitrary = "arbitrary F, d = 3, km = 2"
    square = sp.Function("D")(t)
    loss = sp.Function("L")(t)
    return (
        Step(
            "Lemma C.1",
            "The tangent space of the zero-loss set is the null space of the Hessian H = ∇²L",
            (
                Line(
                    equal(H, 2 * J.T * J + 2 * r_1 * bends[0] + 2 * r_2 * bends[1]),
                    "L = ‖F − y‖² differentiated twice, r = F − y and H_i = ∇²F_i of km = 2 outputs",
                    (identity_with(arbitrary, lambda: second_derivatives({})),),
                ),
                Line(equal(H, 2 * J.T * J), "on the set r = 0", (identity_with(arbitrary, on_the_set),)),
                Line(
                    equal(v.T * H * v, 2 * v.T * J.T * J * v),
                    "so Hv = 0 exactly where Jv = 0: vᵀHv = 2‖Jv‖²",
                    (identity_with(arbitrary, on_the_set),),
                ),
            ),
            REGULAR + "; F twice differentiable",
        ),
        Step(
            "(22)",
            "Stacked outputs, as (2)",
            (
                Line(STACK, "definition", (stack_is_complete,)),
                Line(
                    equal(sp.Symbol("L"), r_1**2 + r_2**2),
                    "the loss is the squared norm of F − y",
                    (identity_with(arbitrary, lambda: second_derivatives({})),),
                ),
            ),
            "k samples",
        ),
        one_line(
            "(23)",
            "Zero-loss set of the targets y, for ŷ = w₁w₂x at x = 1",
            equal(w1 * w2, y),
            "L = 0 exactly where F = y: a sum of squares of reals",
            [_is_where_the_loss_vanishes],
            "L = (w₁w₂ − y)² = 0",
        ),
        one_line(
            "(24)",
            "Targets whose zero-loss set holds a singular point, for ŷ = w₁w₂: y = 0 alone",
            equal(sp.Symbol("xi"), sp.FiniteSet(0)),
            "singular: ∇F = (w₂, w₁) vanishes",
            [_singular_targets_of_the_product],
            "w₁w₂ = y and w₁ = w₂ = 0",
        ),
        one_line(
            "(25)",
            "Proposition B.1 and Theorem 4.10: the singular targets are the image of the singular points",
            equal(sp.Symbol("xi"), sp.Function("F")(sp.Symbol("Crit"))),
            "any map; that the image has measure zero is the Morse–Sard theorem, quoted and not checked here",
            [_preimage_meets_exactly_over_the_image],
            "ξ holds y where a singular point maps to y",
        ),
        Step(
            "(26)",
            "Second derivative of the loss along a curve on the set: g = ∇L, H = ∇²L, velocity v, acceleration a",
            (
                Line(
                    equal(loss.diff(t, 2), sp.Trace(v.T * H * v + g.T * acceleration)),
                    "chain rule twice",
                    (identity_with("a cubic loss with free coefficients, an arbitrary curve", on_a_curve),),
                ),
                Line(
                    equal(sp.Trace(v.T * H * v + g.T * acceleration), 0),
                    "L = 0 along the curve",
                    (identity_with("L = (y − x²)² along (t, t²)", on_the_parabola),),
                ),
            ),
            "L twice differentiable",
        ),
        Step(
            "Proposition C.4",
            "The shortest way from θ to the zero-loss set, to φ, is normal to every tangent v",
            (
                Line(
                    equal(square.diff(t), -2 * sp.Trace(v.T * (point - foot))),
                    "D = ‖θ − φ‖² along a curve φ(t) with velocity v",
                    (identity_with("an arbitrary curve in three dimensions", distance),),
                ),
                Line(
                    equal(sp.Trace(v.T * (point - foot)), 0),
                    "D is least at the foot, so its derivative is zero",
                    (
                        holds_at(
                            "exact rationals: the foot of a point above a parabola", foot_on_the_parabola
                        ),
                    ),
                ),
            ),
            "the projection exists; the set is a smooth curve through it in every tangent direction",
        ),
        *tangent_steps.steps(),
    )


def _is_where_the_loss_vanishes(statement: Statement) -> Check:
    """Solved for w₁ and put into the loss, nothing is left."""
    w1, w2, y = sp.symbols("w_1 w_2 y", real=True)
    solutions = sp.solve(statement, w1)
    left = [sp.simplify((w1 * w2 - y).subs(w1, found)) for found in solutions]
    return exact("solved for w₁ there is no loss", sp.Matrix(left or [sp.oo]))


def _singular_targets_of_the_product(statement: Statement) -> Check:
    """1 lies in the ideal ⟨w₁w₂ − y, w₂, w₁⟩ for y ≠ 0, so they have no common zero; for y = 0 they do."""
    w1, w2 = sp.symbols("w_1 w_2")
    tried = {*statement.rhs, *map(sp.Integer, range(-2, 3))}
    singular = {y for y in tried if list(sp.groebner([w1 * w2 - y, w2, w1], w1, w2).exprs) != [1]}
    return Check("Gröbner bases at y = −2 … 2", len(singular ^ set(statement.rhs)))


def _preimage_meets_exactly_over_the_image(statement: Statement) -> Check:
    """All 27 maps from three points to three, all 8 sets of points."""
    points = range(3)
    subsets = list(chain.from_iterable(combinations(points, size) for size in range(4)))
    failures = 0
    for values in product(points, repeat=3):
        for critical in subsets:
            meaning = {
                sp.Symbol("xi"): {y for y in points if any(values[x] == y for x in critical)},
                sp.Function("F")(sp.Symbol("Crit")): {values[x] for x in critical},
            }
            left, right = (meaning.get(side) for side in statement.args)
            failures += left is None or left != right
    return Check("every map between sets of three", failures)
