"""Counterexamples to what is printed in words: each returns what the printed form misses, and the correct one."""

from typing import Any

import sympy as sp
from sympy.polys.matrices import DomainMatrix

from derivations.gradients import rational_matrix

Residuals = tuple[Any, Any]


def cosine_at_a_critical_point_off_the_set() -> Residuals:
    """L = (w₁w₂ − 1)² has ∇L = 0 ≠ L at the origin: 1 if the cosine is undefined. Near the set it is not."""
    w = sp.symbols("w_1 w_2")
    loss = (w[0] * w[1] - 1) ** 2

    def undefined(point: tuple[Any, Any]) -> int:
        at = dict(zip(w, point, strict=True))
        return int(loss.subs(at) != 0 and all(sp.diff(loss, v).subs(at) == 0 for v in w))

    return undefined((0, 0)), undefined((sp.Rational(11, 10), 1))


def direction_without_unit_length() -> Residuals:
    """How much vᵀθ falls when the claimed minimiser −Pθ is doubled; unit tangents that fall below −Pθ/‖Pθ‖."""
    point, J = rational_matrix(5, 1, 50), rational_matrix(2, 5, 0)
    P = sp.eye(5) - J.T * (J * J.T).inv() * J
    best = -P * point
    rivals = [P * rational_matrix(5, 1, 100 + other) for other in range(8)]
    lower = [v for v in rivals if (v.T * point)[0] ** 2 > (v.T * v)[0] * (best.T * best)[0]]
    return ((2 * best - best).T * point)[0], len(lower)


def slow_part_returns() -> Residuals:
    """Fig. 1 with θ₁ = w₂ and λ = 1/10: w₂ starts at 1, rises, and ends below 1, so it passes 1 again.

    The whole θ cannot: L_λ falls at the rate ‖∇L_λ‖², which is not zero before the end.
    """
    t, decay = sp.Symbol("t", nonnegative=True), sp.Rational(1, 10)
    w1, w2 = sp.symbols("w_1 w_2")
    loss = (w1 + w2 - 2) ** 2 + decay * (w1**2 + w2**2)
    mean, half = 2 / (2 + decay) * (1 - sp.exp(-2 * (2 + decay) * t)), sp.exp(-2 * decay * t)
    path = {w1: mean - half, w2: mean + half}
    gradient = [sp.diff(loss, v).subs(path) for v in (w1, w2)]
    follows = all(sp.expand(path[v].diff(t) + part) == 0 for v, part in zip((w1, w2), gradient, strict=True))
    rises = path[w2].subs(t, 0) == 1 and path[w2].diff(t).subs(t, 0) > 0
    returns = follows and rises and sp.limit(path[w2], t, sp.oo) < 1
    return int(bool(returns)), sp.expand(loss.subs(path).diff(t) + sum(part**2 for part in gradient))


def slope_jump() -> Residuals:
    """Jump of ReLU′ at its kink, and inside a linear piece."""
    z = sp.Symbol("z", real=True)
    slope = sp.diff(sp.Piecewise((0, z < 0), (z, True)), z)

    def jump(at: int) -> Any:
        tiny = sp.Rational(1, 10**9)
        return slope.subs(z, at + tiny) - slope.subs(z, at - tiny)

    return jump(0), jump(1)


def labels_round_a_circle() -> Residuals:
    """P = 37, k = 5: what 0, k, 2k, … and 0, k⁻¹, 2k⁻¹, … miss of the labels c in the order of their angle 2πkc/p."""
    p, k = 37, 5
    in_order = sorted(range(p), key=lambda c: k * c % p)

    def missed(stride: int) -> int:
        return sum(c != j * stride % p for j, c in enumerate(in_order))

    return missed(k), missed(pow(k, -1, p))


def rank_of_polynomial_features() -> Residuals:
    """20 samples of 6 inputs, 24 hidden units, σ(z) = z: rows that HHᵀ lacks for full rank, and that the bound lacks.

    The rank of σ(XW1) with σ = z^q is at most the number of monomials of degree q, here 6 for q = 1.
    """
    X, W1 = rational_matrix(20, 6, 1), rational_matrix(6, 24, 2)
    rank = DomainMatrix.from_Matrix(X * W1).to_field().rank()
    return 20 - rank, sp.binomial(6, 1) - rank


def trace_identity() -> Residuals:
    """Tr(M(DHᵀ + HDᵀ)) − 2 Tr(MHDᵀ) for a matrix M that is not symmetric, and for M + Mᵀ."""
    M, H, D = rational_matrix(3, 3, 4), rational_matrix(3, 2, 5), rational_matrix(3, 2, 6)

    def missed(matrix: Any) -> Any:
        return (matrix * (D * H.T + H * D.T)).trace() - 2 * (matrix * H * D.T).trace()

    return missed(M), missed(M + M.T)


def curves_of_once_differentiable_sets() -> Residuals:
    """Jump at 0 of the second derivative of the curve on y = x|x|, a C¹ set, and on y = x³, a C² set."""
    x = sp.Symbol("x", real=True)

    def jump(left: Any, right: Any) -> Any:
        return right.diff(x, 2).subs(x, 0) - left.diff(x, 2).subs(x, 0)

    return jump(-(x**2), x**2), jump(x**3, x**3)


def feet_on_the_parabola() -> Residuals:
    """Nearest points of y = x², beyond one: of (0, 1), and of (0, 1/2), the last with a single foot."""
    x = sp.Symbol("x", real=True)

    def feet(height: Any) -> int:
        square = x**2 + (x**2 - height) ** 2
        places = sp.roots(sp.Poly(square.diff(x), x), multiple=True)
        values = [sp.expand(square.subs(x, place)) for place in places if place.is_real]
        return len({place for place in places if place.is_real and square.subs(x, place).equals(min(values))})

    return feet(sp.S.One) - 1, feet(sp.Rational(1, 2)) - 1


def same_residues() -> Residuals:
    """Members of {1 … 11} and {0 … 10} that the other lacks, as they are and modulo 11."""
    return len({*range(1, 12)} ^ {*range(11)}), len({a % 11 for a in range(1, 12)} ^ {*range(11)})
