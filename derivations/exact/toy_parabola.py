"""The loss (y − x²)² near its zero-loss set, a parabola: projection, and angle of the gradient (Fig. 4).

A point is given by its foot (p, p²) on the parabola and its signed distance d along the upward normal.
"""

from typing import Any

import sympy as sp

from derivations.checks import identity
from derivations.exact.case import Matrix, vanishes
from derivations.steps import Check, Statement, Step, one_line

x, y, p = sp.symbols("x y p", real=True)
d = sp.Symbol("d", real=True)
LOSS = (y - x**2) ** 2

_speed = sp.sqrt(1 + 4 * p**2)
_tangent = Matrix([1, 2 * p]) / _speed
_normal = Matrix([-2 * p, 1]) / _speed
FOOT = Matrix([p, p**2])
POINT = FOOT + d * _normal
FOOT_EQUATION = 2 * p**3 + (1 - 2 * y) * p - x
#: Of one sign with y − x², by which the gradient turns round: inside the parabola near its foot, outside beyond it.
SIDE = sp.sign(d * (_speed**3 - 4 * p**2 * d))
COSINE = SIDE * 4 * p * d / ((1 + 4 * p**2) * sp.sqrt(1 + 4 * POINT[0] ** 2))
REACH = _speed**3 / 2


def steps(
    point: Any = POINT, foot_equation: Any = FOOT_EQUATION, cosine: Any = COSINE, reach: Any = REACH
) -> tuple[Step, ...]:
    """Projection on the parabola, gradient angle, and its linear rate in the distance."""
    here = {x: point[0], y: point[1]}
    gradient = Matrix([LOSS.diff(x), LOSS.diff(y)]).subs(here)
    height = (y - x**2).subs(here)
    unsigned = cosine.subs(SIDE, 1)
    near = sp.Symbol("d", positive=True)
    squared_distance = (x - p) ** 2 + (y - p**2) ** 2

    def is_stationary(statement: Statement) -> Check:
        return vanishes("stationary distance", Matrix([2 * _less(statement) - squared_distance.diff(p)]))

    def has_this_foot(statement: Statement) -> Check:
        return vanishes("the point has this foot", Matrix([_less(statement).subs(here)]))

    def at_this_distance(statement: Statement) -> Check:
        return vanishes("at this distance", Matrix([squared_distance.subs(here) - d**2]))

    def bends(statement: Statement) -> Check:
        curvature = foot_equation.diff(p).subs(here) - (1 + 4 * p**2) * (1 - d / statement.rhs)
        return vanishes("second derivative", Matrix([curvature]))

    def is_the_cosine(statement: Statement) -> Check:
        """∇L is 2(y − x²)(−2x, 1): on the tangent, and its size; the stated cosine without its sign."""
        stated = statement.rhs.subs(SIDE, 1)
        size = 2 * height * sp.sqrt(1 + 4 * point[0] ** 2)
        missed = [gradient.dot(_tangent) - stated * size, gradient.dot(gradient) - size**2]
        return vanishes("the gradient on the tangent, and its size", Matrix(missed))

    def has_the_sign(statement: Statement) -> Check:
        signed = [height * _speed**2 - SIDE.args[0], statement.rhs - SIDE * statement.rhs.subs(SIDE, 1)]
        return vanishes("its sign is that of y − x²", Matrix(signed))

    return (
        one_line(
            "",
            "Fig. 4: the foot of a point on the parabola solves a cubic",
            sp.Eq(foot_equation, 0, evaluate=False),
            "point = foot + d · normal",
            [is_stationary, has_this_foot, at_this_distance],
            "the distance to (p, p²) is stationary in p",
        ),
        one_line(
            "",
            "Fig. 4: the foot is a local minimum of the distance up to the radius of curvature",
            sp.Eq(sp.Symbol("r"), reach),
            "d < r on the inner side",
            [bends],
            "second derivative of the squared distance, ½(1 + 4p²)(1 − d/r)",
        ),
        one_line(
            "",
            "Fig. 4: the cosine between the gradient and the tangent of the zero-loss set",
            sp.Eq(sp.Symbol("c"), cosine, evaluate=False),
            "away from the parabola; both signs of d",
            [is_the_cosine, has_the_sign],
            "gradient of the loss at foot + d · normal",
        ),
        one_line(
            "",
            "Fig. 4: the gradient turns orthogonal to the zero-loss set at a rate linear in the distance",
            sp.Eq(
                sp.Limit(unsigned.subs(d, near) / near, near, 0),
                4 * p / (1 + 4 * p**2) ** sp.Rational(3, 2),
                evaluate=False,
            ),
            "d → 0 at a fixed foot, on either side but for the sign (Section 4, Fig. 4)",
            [identity("limit")],
            "limit of the line above",
        ),
    )


def _less(statement: Statement) -> Any:
    return statement.lhs - statement.rhs
