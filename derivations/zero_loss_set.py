"""The zero-loss set: its singular points, tangent space and tangent projector, (22)–(26), (28) and (29)."""

from functools import partial
from itertools import chain, combinations, product
from typing import Any

import sympy as sp

from derivations import tangent_steps
from derivations.checks import exact, holds_at, identity_with
from derivations.regularized_flow import (
    OUTPUTS,
    PARAMETERS,
    RESIDUAL,
    STACK,
    stack_is_complete,
    targets,
    theta,
    training_loss,
)
from derivations.steps import Check, Line, Step, one_line

t = sp.Symbol("t", real=True)


def hessian() -> Any:
    """∇²L = 2JᵀJ + 2Σ r_i∇²F_i for arbitrary outputs."""
    jacobian = OUTPUTS.jacobian(PARAMETERS)
    curvature = sum(
        (r * sp.hessian(F, theta) for r, F in zip(RESIDUAL, OUTPUTS, strict=True)), sp.zeros(len(theta))
    )
    return 2 * jacobian.T * jacobian + 2 * curvature


d, km = sp.symbols("d km", integer=True, positive=True)
J, H = sp.MatrixSymbol("J", km, d), sp.MatrixSymbol("H", d, d)
bends = tuple(sp.MatrixSymbol(f"H_{i}", d, d) for i in (1, 2))
v, g, acceleration, point, foot = (
    sp.MatrixSymbol(letter, d, 1) for letter in ("v", "g", "a", "theta", "phi")
)
r_1, r_2 = sp.symbols("r_1 r_2")
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
                    (identity_with(arbitrary, lambda: _second_derivatives({})),),
                ),
                Line(equal(H, 2 * J.T * J), "on the set r = 0", (identity_with(arbitrary, _on_the_set),)),
                Line(
                    equal(v.T * H * v, 2 * v.T * J.T * J * v),
                    "so Hv = 0 exactly where Jv = 0: vᵀHv = 2‖Jv‖²",
                    (identity_with(arbitrary, _on_the_set),),
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
                    (identity_with(arbitrary, lambda: _second_derivatives({})),),
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
                    (identity_with("a cubic loss with free coefficients, an arbitrary curve", _on_a_curve),),
                ),
                Line(
                    equal(sp.Trace(v.T * H * v + g.T * acceleration), 0),
                    "L = 0 along the curve",
                    (identity_with("L = (y − x²)² along (t, t²)", _on_the_parabola),),
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
                    (identity_with("an arbitrary curve in three dimensions", _distance),),
                ),
                Line(
                    equal(sp.Trace(v.T * (point - foot)), 0),
                    "D is least at the foot, so its derivative is zero",
                    (
                        holds_at(
                            "exact rationals: the foot of a point above a parabola", _foot_on_the_parabola
                        ),
                    ),
                ),
            ),
            "the projection exists; the set is a smooth curve through it in every tangent direction",
        ),
        *tangent_steps.steps(),
    )


def _second_derivatives(where: dict[Any, Any]) -> dict[Any, Any]:
    """What the symbols stand for with undefined outputs; H is the loss differentiated, J and H_i the outputs."""

    def there(expression: Any) -> Any:
        return expression.subs(where)

    return {
        km: 2,
        d: 3,
        sp.Symbol("L"): sum((output - target) ** 2 for output, target in zip(OUTPUTS, targets, strict=True)),
        H: there(sp.hessian(training_loss(), theta)),
        J: there(OUTPUTS.jacobian(PARAMETERS)),
        **{bend: there(sp.hessian(output, theta)) for bend, output in zip(bends, OUTPUTS, strict=True)},
        **dict(zip((r_1, r_2), there(RESIDUAL), strict=True)),
        v: sp.Matrix(sp.symbols("v_1:4")),
    }


def _on_the_set() -> dict[Any, Any]:
    return _second_derivatives(dict(zip(targets, OUTPUTS, strict=True)))


def _is_where_the_loss_vanishes(statement: Any) -> Check:
    """Solved for w₁ and put into the loss, nothing is left."""
    w1, w2, y = sp.symbols("w_1 w_2 y", real=True)
    solutions = sp.solve(statement, w1)
    left = [sp.simplify((w1 * w2 - y).subs(w1, found)) for found in solutions]
    return exact("solved for w₁ there is no loss", sp.Matrix(left or [sp.oo]))


def _singular_targets_of_the_product(statement: Any) -> Check:
    """1 lies in the ideal ⟨w₁w₂ − y, w₂, w₁⟩ for y ≠ 0, so they have no common zero; for y = 0 they do."""
    w1, w2 = sp.symbols("w_1 w_2")
    tried = {*statement.rhs, *map(sp.Integer, range(-2, 3))}
    singular = {y for y in tried if list(sp.groebner([w1 * w2 - y, w2, w1], w1, w2).exprs) != [1]}
    return Check("Gröbner bases at y = −2 … 2", len(singular ^ set(statement.rhs)))


def _preimage_meets_exactly_over_the_image(statement: Any) -> Check:
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


def _on_a_curve() -> dict[Any, Any]:
    """A cubic loss of two parameters along an undefined curve."""
    a, b = sp.symbols("a b")
    coefficients = iter(sp.symbols("c_:10"))
    loss = sum(next(coefficients) * a**i * b**j for i in range(4) for j in range(4 - i))
    curve = sp.Matrix([sp.Function("s_1")(t), sp.Function("s_2")(t)])
    return _along(loss, (a, b), curve)


def _on_the_parabola() -> dict[Any, Any]:
    x, y = sp.symbols("x y")
    return _along((y - x**2) ** 2, (x, y), sp.Matrix([t, t**2]))


def _along(loss: Any, variables: Any, curve: Any) -> dict[Any, Any]:
    on_curve = dict(zip(variables, curve, strict=True))
    return {
        d: 2,
        sp.Function("L")(t).diff(t, 2): loss.subs(on_curve).diff(t, 2),
        v: curve.diff(t),
        acceleration: curve.diff(t, 2),
        g: sp.Matrix([loss]).jacobian(variables).subs(on_curve).T,
        H: sp.hessian(loss, variables).subs(on_curve),
    }


def _distance() -> dict[Any, Any]:
    curve = sp.Matrix([sp.Function(f"s_{i}")(t) for i in range(3)])
    square = sum((p - s) ** 2 for p, s in zip(PARAMETERS, curve, strict=True))
    return {
        d: 3,
        sp.Function("D")(t).diff(t): square.diff(t),
        v: curve.diff(t),
        point: PARAMETERS,
        foot: curve,
    }


def _foot_on_the_parabola() -> dict[Any, Any]:
    """The nearest of the points of y = x² whose distance to a point is stationary."""
    x = sp.Symbol("x", real=True)
    away = sp.Matrix([sp.Rational(1, 2), sp.Rational(5, 4)])
    square = (x - away[0]) ** 2 + (x**2 - away[1]) ** 2
    nearest = min(sp.Poly(square.diff(x), x).real_roots(), key=lambda root: square.subs(x, root))
    return {d: 2, v: sp.Matrix([1, 2 * nearest]), point: away, foot: sp.Matrix([nearest, nearest**2])}
