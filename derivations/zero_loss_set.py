"""The zero-loss set: its singular points, tangent space and tangent projector, (22)–(26), (28) and (29)."""

from itertools import chain, combinations, product
from typing import Any

import sympy as sp

from derivations.checks import exact, identity_of
from derivations.gradients import rational_matrix
from derivations.regularized_flow import OUTPUTS, PARAMETERS, RESIDUAL, targets, theta, training_loss
from derivations.steps import Check, Step, from_closures

t = sp.Symbol("t", real=True)


def hessian() -> Any:
    """∇²L = 2JᵀJ + 2Σ r_i∇²F_i for arbitrary outputs."""
    jacobian = OUTPUTS.jacobian(PARAMETERS)
    curvature = sum(
        (r * sp.hessian(F, theta) for r, F in zip(RESIDUAL, OUTPUTS, strict=True)), sp.zeros(len(theta))
    )
    return 2 * jacobian.T * jacobian + 2 * curvature


def tangent_projector(jacobian: Any) -> Any:
    """P = I − J⁺J with J⁺ = Jᵀ(JJᵀ)⁻¹, for a Jacobian of full row rank, equation (29)."""
    return sp.eye(jacobian.cols) - jacobian.T * (jacobian * jacobian.T).inv() * jacobian


def steps() -> tuple[Step, ...]:
    """Equations (22)–(26), (28), (29), Theorem 4.10, Lemma C.1 and Proposition C.4."""
    on_the_set = dict(zip(targets, OUTPUTS, strict=True))
    jacobian = OUTPUTS.jacobian(PARAMETERS)
    J, H, P, theta_symbol = (
        sp.MatrixSymbol("J", 2, 3),
        sp.MatrixSymbol("H", 3, 3),
        sp.Symbol("P"),
        sp.Symbol("theta"),
    )
    v, g, acceleration, point, foot = (
        sp.MatrixSymbol(letter, 3, 1) for letter in ("v", "g", "a", "theta", "phi")
    )
    w1, w2, y = sp.symbols("w_1 w_2 y", real=True)
    regular = "θ on the zero-loss set and not singular: J = ∇F has full row rank km ≤ d"
    return (
        from_closures(
            "Lemma C.1",
            "The tangent space of the zero-loss set is the null space of the Hessian, which is 2JᵀJ there",
            sp.Eq(v.T * H * v, 2 * v.T * J.T * J * v, evaluate=False),
            regular + "; F twice differentiable",
            (
                identity_of(
                    "identity for arbitrary F: the Hessian with its curvature term",
                    lambda: sp.hessian(training_loss(), theta) - hessian(),
                ),
                identity_of(
                    "arbitrary F, on the set: the curvature term vanishes",
                    lambda: hessian().subs(on_the_set) - 2 * jacobian.T * jacobian,
                ),
                _null_spaces_agree,
            ),
        ),
        from_closures(
            "(22)",
            "Stacked outputs, as (2)",
            sp.Eq(sp.Symbol("F"), sp.Matrix(sp.symbols("f_1 ⋮ f_k")), evaluate=False),
            "k samples",
            (
                identity_of(
                    "arbitrary F: L = ‖F − y‖²", lambda: training_loss() - sum(r**2 for r in RESIDUAL)
                ),
            ),
        ),
        from_closures(
            "(23)",
            "Zero-loss set of the targets y, for ŷ = w₁w₂x at x = 1",
            sp.Eq(w1 * w2, y),
            "L = 0 exactly where F = y: a sum of squares of reals",
            (lambda: exact("w₁ = y/w₂ has no loss", sp.simplify((w1 * w2 - y).subs(w1, y / w2))),),
        ),
        from_closures(
            "(24)",
            "Targets whose zero-loss set holds a singular point, for ŷ = w₁w₂: y = 0 alone",
            sp.Eq(sp.Symbol("xi"), sp.FiniteSet(0), evaluate=False),
            "singular: ∇F = (w₂, w₁) vanishes",
            (_singular_targets_of_the_product,),
        ),
        from_closures(
            "(25)",
            "Proposition B.1 and Theorem 4.10: the singular targets are the image of the singular points",
            sp.Eq(sp.Symbol("xi"), sp.Function("F")(sp.Symbol("Crit")), evaluate=False),
            "any map; that the image has measure zero is the Morse–Sard theorem, quoted and not checked here",
            (_preimage_meets_exactly_over_the_image,),
        ),
        from_closures(
            "(26)",
            "Second derivative of the loss along a curve with velocity v and acceleration a: g = ∇L, H = ∇²L",
            sp.Eq(v.T * H * v + g.T * acceleration, sp.ZeroMatrix(1, 1), evaluate=False),
            "L twice differentiable; zero because the curve stays on the zero-loss set",
            (
                identity_of(
                    "a cubic loss with free coefficients, an arbitrary curve", _second_derivative_difference
                ),
            ),
        ),
        from_closures(
            "Proposition C.4",
            "The shortest way from θ to the zero-loss set, to φ, is normal to every tangent v",
            sp.Eq(v.T * (point - foot), sp.ZeroMatrix(1, 1), evaluate=False),
            "the projection exists; the set is a smooth curve through it in every tangent direction",
            (identity_of("an arbitrary curve in three dimensions", _distance_derivative_difference),),
        ),
        from_closures(
            "(28)",
            "Direction of steepest norm descent within the zero-loss set",
            sp.Eq(sp.Symbol("g"), -P * theta_symbol / sp.Function("norm")(P * theta_symbol), evaluate=False),
            regular + "; needs ‖v‖ = 1, or the minimum does not exist",
            (_steepest_tangent_direction,),
        ),
        from_closures(
            "(29)",
            "Tangent projector of the zero-loss set",
            sp.Eq(P, sp.Identity(3) - J.T * sp.Inverse(J * J.T) * J, evaluate=False),
            regular + "; J = ∇F, and (29) is (28) without its normalisation",
            (_projector_properties,),
        ),
    )


def _null_spaces_agree() -> Check:
    """Ranks of J, 2JᵀJ and both stacked coincide, at full rank and below it."""
    mismatches = 0
    for seed in range(6):
        J = rational_matrix(2, 4, seed)
        if seed % 2:
            J[1, :] = 3 * J[0, :]
        H = 2 * J.T * J
        mismatches += len({J.rank(), H.rank(), sp.Matrix.vstack(J, H).rank()}) - 1
    return Check("exact rationals, J of rank 2 and 1", mismatches)


def _singular_targets_of_the_product() -> Check:
    """1 lies in the ideal ⟨w₁w₂ − y, w₂, w₁⟩ for y ≠ 0, so they have no common zero; for y = 0 they do."""
    w1, w2 = sp.symbols("w_1 w_2")

    def has_singular_point(target: int) -> bool:
        return list(sp.groebner([w1 * w2 - target, w2, w1], w1, w2).exprs) != [1]

    return Check("Gröbner bases at y = −2 … 2", sum(has_singular_point(y) != (y == 0) for y in range(-2, 3)))


def _preimage_meets_exactly_over_the_image() -> Check:
    """All 27 maps from three points to three, all 8 sets of points."""
    points = range(3)
    subsets = list(chain.from_iterable(combinations(points, size) for size in range(4)))
    failures = sum(
        {y for y in points if any(values[x] == y for x in critical)} != {values[x] for x in critical}
        for values in product(points, repeat=3)
        for critical in subsets
    )
    return Check("every map between sets of three", failures)


def _second_derivative_difference() -> Any:
    a, b = sp.symbols("a b")
    coefficients = iter(sp.symbols("c_:10"))
    loss = sum(next(coefficients) * a**i * b**j for i in range(4) for j in range(4 - i))
    curve = sp.Matrix([sp.Function("s_1")(t), sp.Function("s_2")(t)])
    on_curve = dict(zip((a, b), curve, strict=True))
    slope = sp.Matrix([loss]).jacobian([a, b]).subs(on_curve)
    bend = sp.hessian(loss, (a, b)).subs(on_curve)
    velocity = curve.diff(t)
    claimed = (velocity.T * bend * velocity + slope * velocity.diff(t))[0]
    return sp.expand(loss.subs(on_curve).diff(t, 2) - claimed)


def _distance_derivative_difference() -> Any:
    curve = sp.Matrix([sp.Function(f"s_{i}")(t) for i in range(3)])
    away = PARAMETERS - curve
    return ((away.T * away)[0] / 2).diff(t) + (away.T * curve.diff(t))[0]


def _steepest_tangent_direction() -> Check:
    """−Pθ is tangent, and (vᵀθ)² ≤ ‖v‖²‖Pθ‖² for tangent v, with equality along it."""
    failures = []
    for seed in range(4):
        J, point = rational_matrix(2, 5, seed), rational_matrix(5, 1, seed + 50)
        P = tangent_projector(J)
        best = -P * point
        rivals = [P * rational_matrix(5, 1, 100 + other) for other in range(8)]
        failures += [J * best != sp.zeros(2, 1), (best.T * point)[0] != -(best.T * best)[0]]
        failures += [bool((v.T * point)[0] ** 2 > (v.T * v)[0] * (best.T * best)[0]) for v in rivals]
    return Check("exact rationals, km = 2, d = 5, eight rivals", sum(failures))


def _projector_properties() -> Check:
    J = rational_matrix(2, 5, 3)
    P = tangent_projector(J)
    residuals = [*(P * P - P), *(P.T - P), *(J * P), P.trace() - 3, *(tangent_projector(2 * J) - P)]
    return exact("exact rationals: P² = P = Pᵀ, JP = 0, rank d − km", sp.Matrix(residuals))
