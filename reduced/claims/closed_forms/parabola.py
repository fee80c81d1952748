"""The loss (y − x²)² of Fig. 4: projection on its zero-loss set, and the angle of its gradient."""

import numpy as np

from derivations.exact import toy_parabola as derived
from reduced import solutions
from reduced.claims.claim import Claim
from reduced.claims.closed_forms.comparison import GROUP, exact, gap, held, numeric
from reduced.codegen.functions import scalar_function
from reduced.studies.ladder import fitted_slope

FOOT, DISTANCE = 0.7, 0.4


def claims() -> list[Claim]:
    """Point, foot and cosine against descent and against the derived gradient."""
    return [
        held(
            "from the point at distance 0.4 of a foot, descent of the distance ends at that foot",
            _point,
            "Fig. 4",
        ),
        held("the projection on the parabola is where descent of the distance ends", _projection, "Fig. 4"),
        exact("cosine between the gradient and the tangent at distance 0.4", _cosine, "Fig. 4"),
        Claim(
            GROUP,
            "the cosine falls as the first power of the distance, 1e-2 to 1e-6",
            "Fig. 4, Theorem 4.14",
            _power,
            1.0,
            1e-2,
            "the next order is of the size of the distance, 1e-2 at most",
            method="fitted power of the closed form's cosine over nine distances",
        ),
        exact(
            "cosine over distance tends to 4p/(1 + 4p²)^{3/2}, in units of it",
            lambda: float(
                solutions.gradient_cosine(FOOT, 1e-200) / 1e-200 / (4 * FOOT / (1 + 4 * FOOT**2) ** 1.5)
            ),
            "Fig. 4, Theorem 4.14",
            expected=1.0,
        ),
    ]


def _descended(x: float, y: float) -> float:
    """Abscissa where steepest descent of the distance to (x, y), along the parabola from below x, ends."""
    slope_of_distance = scalar_function("foot", (derived.p, derived.x, derived.y), derived.FOOT_EQUATION)
    path = numeric(lambda _, p: -slope_of_distance(p, x, y), np.array([x]), np.array([0.0, 40.0]))
    return float(path[-1, 0])


def _point() -> float:
    return _descended(*solutions.parabola_point(FOOT, DISTANCE)) / FOOT - 1


def _projection() -> float:
    x, y = -0.9, 1.4
    return float(solutions.parabola_projection([x, y])) / _descended(x, y) - 1


def _cosine() -> float:
    loss = derived.LOSS
    gradient = scalar_function(
        "gradient", (derived.x, derived.y), (loss.diff(derived.x), loss.diff(derived.y))
    )
    normal = np.array([-2 * FOOT, 1.0]) / np.hypot(1, 2 * FOOT)
    across = np.array(gradient(*(np.array([FOOT, FOOT**2]) + DISTANCE * normal)))
    cosine = across @ np.array([normal[1], -normal[0]]) / np.linalg.norm(across)
    return gap([solutions.gradient_cosine(FOOT, DISTANCE)], [cosine])


def _power() -> float:
    distances = np.logspace(-6, -2, 9)
    return fitted_slope(distances, solutions.gradient_cosine(FOOT, distances))
