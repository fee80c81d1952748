"""The product of two weights under the full flow, any λ > 0: a Riccati equation and Bessel functions.

r = (w_1 − w_2)/(w_1 + w_2) obeys dr/dt = aD(1 − r²) − 4asr with D = w_1² − w_2² = D_0 e^{−4λt}. Its linear equation
is Kummer's with parameters (ν, 2ν+1), ν = as/2λ, which Bessel functions solve: with y = aD/4λ,

    r = [c_1 I_{ν−½}(y) + c_2 K_{ν−½}(y)] / [c_2 K_{ν+½}(y) − c_1 I_{ν+½}(y)],   (w_1 ± w_2)² = D r^{∓1},

with no difference of near-equals left as w_1 → w_2.
"""

from typing import Any

import mpmath
import sympy as sp

from derivations.exact.case import DIGITS, Matrix, Values, along_flow, at, explicit_case, vanishes
from derivations.exact.parts import in_parts, written_out
from derivations.exact.product import FULL_FLOW, W_1, W_2, WEIGHTS, a, lam, s, t
from derivations.steps import Check, Line, Statement, Step, one_line


class Macdonald(sp.Function):
    """K_ν(y) for y > 0, to any precision and for large ν and y, where mpmath's own does not converge."""

    nargs = 2

    def fdiff(self, argindex: int = 2) -> Any:
        """dK_ν/dy = −K_{ν−1} − (ν/y) K_ν (DLMF 10.29.2)."""
        order, y = self.args
        return -Macdonald(order - 1, y) - order / y * self

    def _eval_evalf(self, prec: int) -> Any:
        order, y = (argument.evalf(sp.Integer(prec)) for argument in self.args)
        if not (order.is_number and y.is_number):
            return None
        with mpmath.workprec(prec + 20):
            value = macdonald(order._to_mpmath(prec), y._to_mpmath(prec))
        return sp.Float._new(value._mpf_, prec)


def macdonald(order: Any, y: Any) -> Any:
    """K_ν(y) = ∫ exp(−y cosh u + νu) du / 2 by the trapezoidal rule, at mpmath's working precision.

    The integrand is one peak of width (ν² + y²)^{-¼}; for a Gaussian of that width nodes h apart err by
    exp(−2π² width²/h²). The peak is skew and gets nodes twice as close. Below ν² + y² = 400 mpmath's series serves.
    """
    if order**2 + y**2 < 400:
        return mpmath.besselk(order, y)
    accuracy = mpmath.mp.prec * mpmath.log(2)
    peak = mpmath.asinh(order / y)
    height = order * peak - y * mpmath.cosh(peak)
    spacing = mpmath.pi * mpmath.sqrt(1 / (2 * accuracy)) / (order**2 + y**2) ** mpmath.mpf("0.25")
    total = mpmath.mpf(1)
    for direction in (-spacing, spacing):
        node, term = peak, mpmath.mpf(1)
        while term > mpmath.eps**2 * total or abs(node - peak) < abs(direction):
            node += direction
            term = mpmath.exp(order * node - y * mpmath.cosh(node) - height)
            total += term
    return total * spacing * mpmath.exp(height) / 2


r, r_0 = sp.symbols("r r_0", positive=True)
D, D_0 = sp.symbols("D D_0", positive=True)
nu = a * s / (2 * lam)
IMBALANCE = D_0 * sp.exp(-4 * lam * t)


def _parts() -> dict[Any, Any]:
    """Each part of the solution by its name; the constants are fitted to the start, up to a common factor."""
    order, start, here, c_1, c_2 = sp.symbols("nu y_0 y c_1 c_2", positive=True)
    below, above = order - sp.Rational(1, 2), order + sp.Rational(1, 2)
    rising = c_1 * sp.besseli(below, here) + c_2 * Macdonald(below, here)
    return {
        order: nu,
        start: a * D_0 / (4 * lam),
        here: a * IMBALANCE / (4 * lam),
        c_1: r_0 * Macdonald(above, start) - Macdonald(below, start),
        c_2: sp.besseli(below, start) + r_0 * sp.besseli(above, start),
        r: rising / (c_2 * Macdonald(above, here) - c_1 * sp.besseli(above, here)),
    }


PARTS = _parts()


POINTS: tuple[Values, ...] = tuple(
    dict(zip((t, a, s, lam, D_0, r_0), map(sp.Rational, numbers), strict=True))
    for numbers in (
        ("1", "1", "7/10", "1/3", "4", "3/5"),
        ("1/9", "3", "2", "1/8", "8", "2"),
    )
)
RATIO = explicit_case(
    name="product of two weights, full flow with any weight decay: r = (w_1 − w_2)/(w_1 + w_2)",
    assumption="flow time t, λ > 0, s > 0, D_0 = w_1² − w_2² > 0 at the start (else exchange the weights)",
    time=t,
    state=Matrix([r]),
    velocity=Matrix([a * IMBALANCE * (1 - r**2) - 4 * a * s * r]),
    initial=Matrix([r_0]),
    solution=Matrix([written_out(PARTS)[r]]),
    points=POINTS,
    law=in_parts(PARTS),
)
ENDS = Matrix([sp.sqrt(D / r) + sp.sqrt(D * r), sp.sqrt(D / r) - sp.sqrt(D * r)]) / 2


def _kummer(point: Values) -> Any:
    """u̇/2asu of Kummer's u = z^ν[M(ν, 2ν+1, x) + c U(ν, 2ν+1, x)], x = aD/2λ, by mpmath."""
    M, U = mpmath.hyp1f1, mpmath.hyperu

    def number(expression: Any) -> Any:
        return at(expression, point)._to_mpmath(200)

    def basis(x: Any) -> tuple[Any, Any]:
        """U and u̇/2as = −(1 + (x/ν) d/dx)u for M and for U, without z^ν."""
        beyond = order + 1, 2 * order + 2, x
        kummer, tricomi = M(order, 2 * order + 1, x), U(order, 2 * order + 1, x)
        return (kummer, tricomi), (-kummer - x * M(*beyond) / (2 * order + 1), -tricomi + x * U(*beyond))

    order, start = number(nu), number((1 - r_0) / (1 + r_0))
    (m, u), (m_dot, u_dot) = basis(number(a * D_0 / (2 * lam)))
    c = (m_dot - start * m) / (start * u - u_dot)
    (m, u), (m_dot, u_dot) = basis(number(a * IMBALANCE / (2 * lam)))
    return (m_dot + c * u_dot) / (m + c * u)


def _is_kummers(statement: Statement) -> Check:
    stated = statement.rhs.subs(r, RATIO.solution[0])
    with mpmath.workdps(DIGITS):
        size = sum(abs(_kummer(point) - at(stated, point)._to_mpmath(200)) for point in POINTS)
    return Check(
        f"Kummer's functions: {len(POINTS)} exact rational points, {DIGITS} digits", float(size), 1e-40
    )


def _obeys_the_full_flow(statement: Statement) -> Check:
    """The stated rate of r with w_1 and w_2 put in, against r = (w_1 − w_2)/(w_1 + w_2) along the full flow."""
    share = (W_1 - W_2) / (W_1 + W_2)
    claimed = statement.rhs.subs({r: share, D: W_1**2 - W_2**2}, simultaneous=True)
    return vanishes("full flow", along_flow(Matrix([share]), WEIGHTS, FULL_FLOW) - Matrix([claimed]))


def _rebuilds(statement: Statement) -> Check:
    """R and D of the stated weights."""
    here = dict(zip(WEIGHTS, statement.rhs, strict=True))
    share, imbalance = (W_1 - W_2) / (W_1 + W_2), W_1**2 - W_2**2
    return vanishes("weights", Matrix([share.subs(here) - r, imbalance.subs(here) - D]))


def steps(ends: Any = ENDS) -> tuple[Step, ...]:
    """The Riccati equation, its solution, and the weights it gives."""
    velocity = RATIO.velocity[0].subs(IMBALANCE, D)
    return (
        Step(
            "",
            "product of two weights: r = (w_1 − w_2)/(w_1 + w_2) obeys a Riccati equation",
            (
                Line(
                    sp.Eq(sp.Derivative(r, t, evaluate=False), velocity, evaluate=False),
                    "r differentiated along the full flow, D = w_1² − w_2²",
                    (_obeys_the_full_flow,),
                ),
                Line(sp.Eq(WEIGHTS, ends, evaluate=False), "the weights from r and D", (_rebuilds,)),
            ),
            "full flow in t, every λ; w_1 + w_2 > 0",
        ),
        RATIO.step(),
        one_line(
            "",
            "the Bessel form is Kummer's: ρ = w_2/w_1 = u̇/2asu, u = z^ν[c_1 M(ν, 2ν+1, x) + c_2 U(ν, 2ν+1, x)]",
            sp.Eq(sp.Symbol("rho"), (1 - r) / (1 + r), evaluate=False),
            "z = e^{−4λt}, ν = as/2λ, x = aD_0z/2λ",
            [_is_kummers],
            "w_1 and w_2 from r; decided with the solution r above put in, against mpmath's M and U",
        ),
    )
