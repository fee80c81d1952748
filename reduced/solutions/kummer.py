"""The product of two weights under the full flow, by Bessel functions at 40 digits."""

from collections.abc import Callable

import numpy as np
import sympy as sp
from mpmath.libmp import NoConvergence
from numpy.typing import ArrayLike

from derivations.exact import bessel, product
from reduced.inputs.arrays import finite_array, without_overflow
from reduced.inputs.renamed import renamed
from reduced.inputs.scalars import finite, positive
from reduced.solutions.balanced import balanced_network
from reduced.solutions.formula import Array, times

DIGITS = 40
#: Arguments of the Bessel functions, and times in units of 1/λ, far beyond those for which their series are of use.
LARGEST = 1e6
State = tuple[float, float]
Pair = tuple[Array, Array]


@renamed(decay="ridge")
def product_full(a: float, s: float, ridge: float) -> Callable[[ArrayLike, State], Pair]:
    """Both weights of ŷ = w_1 w_2 x under dw/dt = −∇[a(w_1w_2 − s)² + λ(w_1² + w_2²)].

    Evaluated by mpmath, one time after another, some 10 ms each, to double precision, where SciPy's Bessel functions
    leave the range of doubles at as/λ ~ 100 and at late times. Up to as/λ and a|w_1² − w_2²|/λ of 10⁴ it always
    evaluates; where both exceed it mpmath's series may need more terms than it allows.

    Parameters
    ----------
    a, ridge : float
        Curvature Σx² and weight decay λ, > 0.
    s : float
        Target product, not 0.

    Returns
    -------
    callable
        ``(t, (w1, w2)) -> (w1, w2)`` in flow time t.

    Raises
    ------
    ValueError
        If a parameter is out of range, or λ so small that the series does not converge.

    Examples
    --------
    >>> w1, w2 = product_full(1.0, 0.75, 0.25)([0.0, 1e4], (2.0, -0.5))
    >>> w1.round(12), w2.round(12)
    (array([2.        , 0.70710678]), array([-0.5       ,  0.70710678]))
    """
    (a, ridge), (s,) = positive(a=a, ridge=ridge), finite(s=s)
    if s == 0:
        raise ValueError("s = 0: must not be 0; product_cross holds there")

    def solution(t: ArrayLike, start: State) -> Pair:
        elapsed, turn = times(t), np.sign(s)
        if (ridge * elapsed > LARGEST).any():
            raise ValueError(f"ridge = {ridge}, times up to {elapsed.max()}: λt must be at most {LARGEST:g}")
        w1, w2 = finite_array("start", start, 2) * (1.0, turn)
        if not a * max(abs(s), abs((w1 - w2) * (w1 + w2))) / ridge < LARGEST:
            raise ValueError(
                f"ridge = {ridge}, a = {a}, s = {s}, start = {start}: as/λ and a|w1² − w2²|/λ must be below {LARGEST:g}"
            )
        try:
            if abs(w1) == abs(w2):
                first, second = _balanced(a, abs(s), ridge, elapsed, (w1, w2))
            elif abs(w1) > abs(w2):
                first, second = _unbalanced(a, abs(s), ridge, elapsed, (w1, w2))
            else:
                second, first = _unbalanced(a, abs(s), ridge, elapsed, (w2, w1))
        except NoConvergence:
            reason = "the series of the Bessel functions needs too many terms; take a larger one, or product_zero_loss"
            raise ValueError(f"ridge = {ridge}: {reason}") from None
        return without_overflow("the solution", first), without_overflow("the solution", turn * second)

    return solution


def _unbalanced(a: float, s: float, ridge: float, t: Array, start: State) -> Pair:
    """From |w_1| > |w_2|; each Bessel function evaluated once, those of the start once for all times."""
    sign = np.sign(start[0])
    total, difference = (
        sp.Rational(sign * start[0]) + signed * sp.Rational(sign * start[1]) for signed in (1, -1)
    )
    known = {product.a: a, product.s: s, product.lam: ridge}
    known = {symbol: sp.Rational(value) for symbol, value in known.items()}
    known |= {bessel.D_0: total * difference, bessel.r_0: difference / total}
    shared, (ratio,) = sp.cse(bessel.RATIO.solution[0])
    moving = []
    for symbol, expression in shared:
        if expression.free_symbols <= known.keys():
            known[symbol] = _evaluated(expression, known)
        else:
            moving.append((symbol, expression))
    weights = []
    for instant in t.ravel():
        now = known | {product.t: sp.Rational(instant)}
        for symbol, expression in moving:
            now[symbol] = _evaluated(expression, now)
        reached = {bessel.D: _evaluated(bessel.IMBALANCE, now), bessel.r: _evaluated(ratio, now)}
        weights.append([float(_evaluated(weight, reached)) for weight in bessel.ENDS])
    first, second = sign * np.transpose(weights).reshape(2, *t.shape)
    return first, second


def _evaluated(expression: sp.Expr, values: dict[sp.Symbol, sp.Expr]) -> sp.Expr:
    return expression.xreplace(values).evalf(DIGITS)


def _balanced(a: float, s: float, ridge: float, t: Array, start: State) -> Pair:
    """The limit |w_1| = |w_2|, a linear network of one hidden unit in the time at."""
    w1, w2 = (np.full((1, 1), weight) for weight in start)
    squares = balanced_network(np.full((1, 1), s), ridge / a)(a * t, (w1, w2))
    size = np.sqrt(squares[..., 0, 0])
    return np.copysign(size, start[0]), np.copysign(size, start[1])
