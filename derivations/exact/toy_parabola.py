"""The loss (y − x²)² near its zero-loss set, a parabola: projection, and angle of the gradient (Fig. 4).

A point is given by its foot (p, p²) on the parabola and its signed distance d along the upward normal.
"""

from typing import Any

import sympy as sp

from derivations.exact.case import Matrix, vanishes
from derivations.steps import Step, from_closures

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
    rate = sp.limit(unsigned.subs(d, near) / near, near, 0)
    squared_distance = (x - p) ** 2 + (y - p**2) ** 2
    return (
        from_closures(
            "",
            "the foot of a point solves 2p³ + (1 − 2y)p = x",
            sp.Eq(foot_equation, 0, evaluate=False),
            "point = foot + d · normal",
            (
                lambda: vanishes(
                    "stationary distance", Matrix([2 * foot_equation - squared_distance.diff(p)])
                ),
                lambda: vanishes("the point has this foot", Matrix([foot_equation.subs(here)])),
                lambda: vanishes("at this distance", Matrix([squared_distance.subs(here) - d**2])),
            ),
        ),
        from_closures(
            "",
            "the foot is a local minimum of the distance up to the radius of curvature",
            sp.Eq(sp.Symbol("r"), reach),
            "d < (1 + 4p²)^{3/2}/2 on the inner side",
            (
                lambda: vanishes(
                    "second derivative",
                    Matrix([foot_equation.diff(p).subs(here) - (1 + 4 * p**2) * (1 - d / reach)]),
                ),
            ),
        ),
        from_closures(
            "",
            "the cosine between the gradient and the tangent of the zero-loss set",
            cosine,
            "away from the parabola; both signs of d",
            (
                lambda: vanishes(
                    "the gradient on the tangent, its size being 2|y − x²|√(1 + 4x²)",
                    Matrix([gradient.dot(_tangent) - unsigned * 2 * height * sp.sqrt(1 + 4 * point[0] ** 2)]),
                ),
                lambda: vanishes(
                    "the size of the gradient",
                    Matrix([gradient.dot(gradient) - 4 * height**2 * (1 + 4 * point[0] ** 2)]),
                ),
                lambda: vanishes("the sign of y − x²", Matrix([height * _speed**2 - SIDE.args[0]])),
                lambda: vanishes("the cosine has this sign", Matrix([cosine - SIDE * unsigned])),
            ),
        ),
        from_closures(
            "",
            "the gradient turns orthogonal to the zero-loss set at a rate linear in the distance",
            sp.Eq(
                sp.Limit(cosine / sp.Abs(d), d, 0),
                4 * p / (1 + 4 * p**2) ** sp.Rational(3, 2),
                evaluate=False,
            ),
            "d → 0 at a fixed foot (Theorem of Section 4, Fig. 4)",
            (
                lambda: vanishes(
                    "slope",
                    Matrix([rate - 4 * p / (1 + 4 * p**2) ** sp.Rational(3, 2)]),
                ),
            ),
        ),
    )
