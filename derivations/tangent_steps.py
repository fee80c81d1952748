"""The direction of steepest norm descent within the zero-loss set and its tangent projector, (28) and (29)."""

from functools import cache, partial
from typing import Any

import sympy as sp

from derivations.checks import holds_at
from derivations.dual import solve
from derivations.gradients import rational_matrix
from derivations.steps import Decision, Line, Statement, Step

km, d = sp.symbols("km d", integer=True, positive=True)
J, P = sp.MatrixSymbol("J", km, d), sp.MatrixSymbol("P", d, d)
theta, v, u, g = (sp.MatrixSymbol(name, d, 1) for name in ("theta", "v", "u", "g"))
mu = sp.MatrixSymbol("mu", km, 1)
nu = sp.Symbol("nu")
equal = partial(sp.Eq, evaluate=False)
REGULAR = "θ on the zero-loss set and not singular: J = ∇F has full row rank km ≤ d"


def tangent_projector(jacobian: Any) -> Any:
    """P = I − J⁺J with J⁺ = Jᵀ(JJᵀ)⁻¹, for a Jacobian of full row rank, equation (29)."""
    return sp.Identity(jacobian.cols) - jacobian.T * sp.Inverse(jacobian * jacobian.T) * jacobian


def steps() -> tuple[Step, ...]:
    """Equations (28) and (29), by multipliers."""
    J_J = sp.Inverse(J * J.T)
    length = sp.sqrt(sp.Trace(theta.T * P * theta))
    return (
        Step(
            "(28)",
            "Direction of steepest norm descent within the zero-loss set",
            (
                _line(equal(J * v, sp.ZeroMatrix(km, 1)), "v is tangent to the set"),
                _line(equal(sp.Trace(v.T * v), 1), "v has unit length, without which vᵀθ has no minimum"),
                _line(
                    equal(theta + J.T * mu, -nu * v),
                    "vᵀθ is least: multipliers μ of line 1, ν of line 2",
                ),
                _line(
                    equal(J * theta + J * J.T * mu, sp.ZeroMatrix(km, 1)), "J times the line above, Jv = 0"
                ),
                _line(equal(mu, -J_J * J * theta), "JJᵀ has an inverse at full row rank"),
                _line(equal(theta + J.T * mu, P * theta), "μ put in, P = I − Jᵀ(JJᵀ)⁻¹J"),
                _line(
                    equal(nu, length),
                    "squared norm of the third line; the minus sign of v makes it the minimum",
                ),
                _line(equal(v, -P * theta / length), "the third line divided by ν"),
                _line(
                    equal(sp.Trace(u.T * theta), sp.Trace(u.T * P * theta)),
                    "any tangent u: uᵀθ = uᵀPθ ≥ −‖u‖‖Pθ‖, the value at v, by Cauchy–Schwarz",
                ),
            ),
            REGULAR,
        ),
        Step(
            "(29)",
            "Tangent projector of the zero-loss set, and the zero-loss flow",
            (
                _line(
                    equal(P, tangent_projector(J)),
                    "definition; decided against orthonormalized rows of J",
                ),
                _line(equal(P * P, P), "a projector"),
                _line(equal(P.T, P), "orthogonal"),
                _line(
                    equal(J * P, sp.ZeroMatrix(km, d)),
                    "onto the null space of J, the tangent space (Lemma C.1)",
                ),
                _line(equal(sp.Trace(P), d - km), "of dimension d − km"),
                _line(
                    equal(g, -P * theta), "(28) without its normalisation: dθ/dτ = −Pθ, the zero-loss flow"
                ),
            ),
            REGULAR,
        ),
    )


def _line(statement: Statement, rule: str) -> Line:
    return Line(statement, rule, _decisions())


@cache
def _decisions() -> tuple[Decision, ...]:
    return tuple(
        holds_at(f"exact rationals, km = {rows}, d = {columns}", partial(_example, rows, columns))
        for rows, columns in ((2, 5), (3, 7))
    )


@cache
def _example(rows: int, columns: int) -> dict[Any, Any]:
    """Random rationals; P from orthonormalized rows of J, the rest from the equations that the multipliers solve."""
    jacobian, point = rational_matrix(rows, columns, 3), rational_matrix(columns, 1, 50)
    basis = sp.GramSchmidt([jacobian.row(i).T for i in range(rows)])
    projector = sp.eye(columns) - sum((b * b.T / b.dot(b) for b in basis), sp.zeros(columns, columns))
    kkt = [
        *([int(i == j) for j in range(columns)] + list(jacobian.col(i)) for i in range(columns)),
        *(list(jacobian.row(i)) + [0] * rows for i in range(rows)),
    ]
    solution = solve([[sp.Rational(entry) for entry in row] for row in kkt], [*-point, *[sp.S.Zero] * rows])
    direction, multipliers = sp.Matrix(solution[:columns]), sp.Matrix(solution[columns:])
    length = sp.sqrt(direction.dot(direction))
    tangent = jacobian.nullspace()
    return {
        km: rows,
        d: columns,
        J: jacobian,
        P: projector,
        theta: point,
        g: direction,
        v: direction / length,
        nu: length,
        mu: multipliers,
        u: sum((k * b for k, b in enumerate(tangent[1:], start=2)), tangent[0]),
    }
