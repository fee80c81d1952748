"""Closed-form trajectories of ŷ = w_1 w_2 x on the way to the balanced point of w_1 w_2 = s.

The loss is a (w_1 w_2 − s)² + λ (w_1² + w_2²) with a = Σx², s = Σxy/a.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from derivations.exact import product as exact
from derivations.exact import product_rates, product_ridge
from reduced.inputs.arrays import finite_array, without_overflow
from reduced.inputs.renamed import renamed
from reduced.inputs.scalars import finite, non_negative, positive
from reduced.solutions.formula import Array, formula, read_clock, times

_cross = formula("cross", (exact.t, exact.m_0, exact.n_0, exact.a, exact.lam), *exact.CROSS.solution)
_zero_loss = formula("zero_loss", (exact.tau, exact.D_0, exact.s), exact.ZERO_LOSS.solution[0])
_first_layer = formula("first_layer", (exact.tau, exact.m_0, exact.s), exact.FIRST_LAYER.solution[0])
_two_rates = (exact.zeta, exact.m_0, exact.s, exact.epsilon)
_two_rates_m = formula("two_rates_m", _two_rates, product_rates.TWO_RATES.solution[0])
_two_rates_clock = formula("two_rates_clock", _two_rates, product_rates.TWO_RATES.clock)
_growing = (exact.zeta, exact.m_0, exact.s, exact.kappa, product_ridge.gap)
_growing_m, _growing_clock = (
    formula(name, _growing, part)
    for name, part in zip(
        ("growing_m", "growing_clock"), product_ridge.growing(exact.kappa, product_ridge.gap), strict=True
    )
)
_ridge = (exact.zeta, exact.m_0, exact.s, exact.kappa)
_ridge_m = formula("ridge_m", _ridge, product_ridge.RIDGE.solution[0])
_ridge_clock = formula("ridge_clock", _ridge, product_ridge.RIDGE.clock)


def product_zero_loss() -> Callable[[ArrayLike, tuple[float, float]], tuple[Array, Array]]:
    """Zero-loss flow along w_1 w_2 = s: w_1² = (D + √(D² + 4s²))/2, D = D_0 e^{−2τ}.

    Returns
    -------
    callable
        ``(tau, (w1, w2)) -> (w1, w2)``; s is the product of the start.

    Examples
    --------
    >>> w1, w2 = product_zero_loss()([0.0, 700.0], (4.0, -1.0))
    >>> w1, w2
    (array([4., 2.]), array([-1., -2.]))
    """

    def solution(tau: ArrayLike, start: tuple[float, float]) -> tuple[Array, Array]:
        w1, w2 = finite_array("start", start, 2)
        s = w1 * w2
        if s == 0:
            raise ValueError(
                f"start: w1 w2 must not be 0, got {start}: the zero-loss set w1 w2 = 0 is a cross"
            )
        first = np.copysign(np.sqrt(_zero_loss(times(tau), (w1 - w2) * (w1 + w2), abs(s))), w1)
        return without_overflow("the solution", first), without_overflow("the solution", s / first)

    return solution


@renamed(decay="ridge")
def product_cross(a: float, ridge: float) -> Callable[[ArrayLike, tuple[float, float]], tuple[Array, Array]]:
    """Both weights of ŷ = w_1 w_2 x with target 0 under the full flow of a w_1²w_2² + λ(w_1² + w_2²).

    w_2/w_1 falls by exp(−a(w_1² − w_2²)(0)(1 − e^{−4λt})/2λ) from the larger weight w_1, while w_1² − w_2² decays as
    e^{−4λt}.

    Parameters
    ----------
    a, ridge : float
        Curvature Σx² and weight decay λ, > 0.

    Returns
    -------
    callable
        ``(t, (w1, w2)) -> (w1, w2)`` in flow time t.

    Examples
    --------
    >>> w1, w2 = product_cross(1.0, 0.5)([0.0, 1.0], (0.0, 2.0))  # on the cross already: decay alone
    >>> w1, (w2 * np.exp([0.0, 1.0])).round(12)
    (array([0., 0.]), array([2., 2.]))
    """
    a, ridge = positive(a=a, ridge=ridge)

    def solution(t: ArrayLike, start: tuple[float, float]) -> tuple[Array, Array]:
        elapsed, (w1, w2) = times(t), finite_array("start", start, 2)
        if abs(w1) < abs(w2):
            second, first = solution(elapsed, (w2, w1))
        elif abs(w1) == abs(w2):  # logistic, the limit of equal weights
            size = np.sqrt(1 + w1**2 * a * -np.expm1(-4 * ridge * elapsed) / ridge)
            first, second = (weight * np.exp(-2 * ridge * elapsed) / size for weight in start)
        else:
            squares = _cross(elapsed, w1**2, w2**2, a, ridge)
            first, second = (np.copysign(np.sqrt(m), w) for m, w in zip(squares, start, strict=True))
        return without_overflow("the solution", first), without_overflow("the solution", second)

    return solution


def product_first_layer(s: float, ridge: float = 0.0) -> Callable[[ArrayLike, float], Array]:
    """First-layer flow of w_1 with the readout at its optimum.

    Without ridge w_1⁴ = s² + (w_1(0)⁴ − s²)e^{−4τ}. With it the clock
    κ²/(κ²−s²) ln m + s/(2(s−κ)) ln|m+κ−s| + s/(2(s+κ)) ln(m+κ+s) = C − 2τ of m = w_1² is read by root finding.

    Parameters
    ----------
    s : float
        Target product.
    ridge : float
        κ = λ/a ≥ 0.

    Returns
    -------
    callable
        ``(tau, w1) -> w1``.
    """
    (s,), (ridge,) = finite(s=s), non_negative(ridge=ridge)

    def solution(tau: ArrayLike, w1: float) -> Array:
        w1 = _nonzero("w1", w1)
        elapsed, m, size = times(tau), w1**2, abs(s)
        reached = (
            _first_layer(elapsed, m, size) if ridge == 0 or s == 0 else _with_ridge(elapsed, m, size, ridge)
        )
        return without_overflow("the solution", np.copysign(np.sqrt(reached), w1))

    return solution


def _with_ridge(tau: Array, m: float, s: float, kappa: float) -> Array:
    """w_1² at slow time tau; κ moves by one unit in its last place off the removable singularity κ = s.

    The clock is at least sζ/4 less ¾ ln(m_end/m) if m grows. Past |κ − s| ζ = 500, m is at its end s − κ or below
    1e-200 of its start.
    """
    if kappa == s:
        kappa = float(np.nextafter(kappa, np.inf))
    growth = 3 * np.log(max((s - kappa) / m, 1.0))
    upper = np.minimum((4 * tau + growth) / s * (1 + 1e-12), 500 / abs(kappa - s))
    if m < s - kappa:
        values = m, s, kappa, s - kappa
        return np.asarray(_growing_m(read_clock(_growing_clock, tau, upper, *values), *values))
    return np.asarray(_ridge_m(read_clock(_ridge_clock, tau, upper, m, s, kappa), m, s, kappa))


def product_two_rates(s: float, epsilon: float) -> Callable[[ArrayLike, float], Array]:
    """w_1 on w_1 w_2 = s when the readout learns 1/ε times faster: abs(m² − s²)^{(1+ε)/2} m^{−ε} = C e^{−2τ}, m = w_1².

    ε → 0 is the first-layer flow, ε = 1 the zero-loss flow; the final rate of m is 4/(1 + ε).

    Parameters
    ----------
    s : float
        Product of the weights, not 0.
    epsilon : float
        Ratio of the time scales, > 0.

    Returns
    -------
    callable
        ``(tau, w1) -> w1``.
    """
    (epsilon,) = positive(epsilon=epsilon)
    size = abs(_nonzero("s", s))

    def solution(tau: ArrayLike, w1: float) -> Array:
        w1 = _nonzero("w1", w1)
        elapsed, m = times(tau), w1**2
        upper = (4 * elapsed + 2 * epsilon * abs(np.log(size / m))) / (1 + epsilon) * (1 + 1e-12)
        zeta = read_clock(lambda zeta: _two_rates_clock(zeta, m, size, epsilon), elapsed, upper)
        reached = np.sqrt(_two_rates_m(zeta, m, size, epsilon))
        return without_overflow("the solution", np.copysign(reached, w1))

    return solution


def _nonzero(name: str, weight: float) -> float:
    """A weight whose square is neither 0 nor infinite."""
    (number,) = finite(**{name: weight})
    if not 0 < number * number < np.inf:
        raise ValueError(f"{name} = {weight}: its square must be neither 0 nor infinite")
    return number
