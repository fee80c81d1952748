"""Gaps of proof and of reading: what an argument in print leaves open, computed where it matters."""

from typing import Any

import sympy as sp

Residuals = tuple[Any, Any]


def tangential_pull() -> Residuals:
    """Limit λ → 0 of vᵀ∇L/λ at the distance √λ, and at λ, from the foot (1, 1) of L = (y − x²)², v its tangent.

    The decay pulls with 2λvᵀθ; what is of the order of λ beside it does not go away.
    """
    x, y = sp.symbols("x y", real=True)
    decay = sp.Symbol("lambda", positive=True)
    loss, length = (y - x**2) ** 2, sp.sqrt(5)
    tangent, normal = sp.Matrix([1, 2]) / length, sp.Matrix([-2, 1]) / length

    def at(distance: Any) -> Any:
        here = dict(zip((x, y), sp.Matrix([1, 1]) + distance * normal, strict=True))
        pull = sum(along * loss.diff(v).subs(here) for along, v in zip(tangent, (x, y), strict=True))
        return sp.limit(sp.expand(pull) / decay, decay, 0)

    return at(sp.sqrt(decay)), at(decay)


def leaving_a_singular_set() -> Residuals:
    """d(w₁w₂)/dτ along −Pθ at the point (2, 1/2) of w₁w₂ = 1, for F = (w₁w₂ − 1)² and F = w₁w₂."""
    w = sp.Matrix(sp.symbols("w_1 w_2"))
    here = {w[0]: 2, w[1]: sp.Rational(1, 2)}

    def rate(output: Any) -> Any:
        jacobian = sp.Matrix([output]).jacobian(w).subs(here)
        projector = sp.eye(2) - jacobian.pinv() * jacobian
        return (sp.Matrix([w[0] * w[1]]).jacobian(w).subs(here) * -projector * w.subs(here))[0]

    return rate((w[0] * w[1] - 1) ** 2), rate(w[0] * w[1])


def similarity_of_random_phases() -> Residuals:
    """Cosine of |cos φ| and |sin φ| over many units of uniform phases φ: what it is, and what it is beyond 2/π."""
    phase = sp.Symbol("phi", real=True)
    quarter = (phase, 0, sp.pi / 2)  # both are the same in every quarter of the circle
    together = sp.integrate(sp.cos(phase) * sp.sin(phase), quarter)
    alone = sp.integrate(sp.cos(phase) ** 2, quarter)
    return together / alone, together / alone - 2 / sp.pi
