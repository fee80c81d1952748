"""The product of two weights: ŷ = w_1 w_2 x, the smallest network with a curved zero-loss set.

With a = Σx² and s = Σxy/a > 0 the loss is L_λ = a (w_1 w_2 − s)² + λ (w_1² + w_2²) up to a constant. Targets
of the other sign turn w_2 round. Zero loss is the hyperbola w_1 w_2 = s; m stands for w_1².
"""

from typing import Any

import sympy as sp

from derivations.exact.case import Limit, Matrix, Reduction, along_flow, explicit_case
from derivations.exact.parts import in_parts, written_out
from derivations.steps import Step

t, tau = sp.symbols("t tau", nonnegative=True)
a, s, lam, kappa, epsilon = sp.symbols("a s lambda kappa epsilon", positive=True)
W_1, W_2 = sp.symbols("w_1 w_2", real=True)
D, D_0 = sp.symbols("D D_0", real=True)
m, m_0, zeta = sp.symbols("m m_0 zeta", positive=True)

WEIGHTS = Matrix([W_1, W_2])
LOSS = a * (W_1 * W_2 - s) ** 2 + lam * (W_1**2 + W_2**2)
FULL_FLOW = -WEIGHTS.applyfunc(lambda weight: LOSS.diff(weight))

IMBALANCE = explicit_case(
    name="product of two weights: the imbalance D = w_1² − w_2²",
    assumption="full flow in t, every λ ≥ 0, fitted or not",
    time=t,
    state=Matrix([D]),
    velocity=Matrix([-4 * lam * D]),
    initial=Matrix([D_0]),
    solution=Matrix([D_0 * sp.exp(-4 * lam * t)]),
    reduction=Reduction(WEIGHTS, FULL_FLOW, Matrix([W_1**2 - W_2**2])),
)


def _constrained(rate: Any) -> Any:
    """Decay with the least push, ``rate`` times as easy on w_2, that keeps w_1 w_2 where it is; slow time.

    dw_1/dτ = −w_1 + μ w_2, dw_2/dτ = rate (−w_2 + μ w_1), d(w_1 w_2)/dτ = 0.
    """
    push = sp.Symbol("mu")
    velocity = Matrix([-W_1 + push * W_2, rate * (-W_2 + push * W_1)])
    held = along_flow(Matrix([W_1 * W_2]), WEIGHTS, velocity)[0]
    return velocity.subs(push, sp.solve(held, push)[0])


def on_hyperbola(rate: Any) -> Reduction:
    """The constrained flow with w_2 = s/w_1 put in, as a flow of w_1 alone, and m = w_1²."""
    velocity = _constrained(rate).subs(W_2, s / W_1)
    return Reduction(Matrix([W_1]), Matrix([velocity[0]]), Matrix([W_1**2]))


def first_layer(ridge: Any) -> Reduction:
    """−½∇(R/λ) with the readout at its optimum: (9), (10) and Theorem 5.1 for λ = ridge · a."""
    cost = LOSS.subs(lam, ridge * a)
    readout = sp.solve(cost.diff(W_2), W_2)[0]
    reduced = sp.simplify(cost.subs(W_2, readout) / (ridge * a))
    return Reduction(Matrix([W_1]), Matrix([-reduced.diff(W_1) / 2]), Matrix([W_1**2]))


ZERO_LOSS = explicit_case(
    name="product of two weights, zero-loss flow",
    assumption="both weights move along w_1 w_2 = s, slow time τ; D_0 = w_1² − w_2² at the start",
    time=tau,
    state=Matrix([m]),
    velocity=Matrix([-2 * m * (m**2 - s**2) / (m**2 + s**2)]),
    initial=Matrix([(D_0 + sp.sqrt(D_0**2 + 4 * s**2)) / 2]),
    substitution=((m - s**2 / m, -2, 0),),
    solution=Matrix([s * sp.exp(sp.asinh(D_0 * sp.exp(-2 * tau) / (2 * s)))]),
    limits=(Limit(tau, sp.oo, Matrix([s])), Limit(D_0, 0, Matrix([s]))),
    reduction=on_hyperbola(1),
)

FIRST_LAYER = explicit_case(
    name="product of two weights, first-layer flow",
    assumption="w_2 = s/w_1 at once (λ → 0), slow time τ",
    time=tau,
    state=Matrix([m]),
    velocity=Matrix([-2 * m + 2 * s**2 / m]),
    initial=Matrix([m_0]),
    substitution=((m**2, -4, 4 * s**2),),
    solution=Matrix([sp.sqrt(m_0**2 * sp.exp(-4 * tau) + s**2 * (1 - sp.exp(-4 * tau)))]),
    limits=(Limit(tau, sp.oo, Matrix([s])),),
    reduction=Reduction(
        Matrix([W_1]),
        first_layer(kappa).velocity.applyfunc(lambda entry: sp.limit(entry, kappa, 0)),
        Matrix([W_1**2]),
    ),
)


n, n_0 = sp.symbols("n n_0", positive=True)
_kept = sp.exp(-4 * lam * t)
_turned, _slowed = sp.symbols("chi omega", positive=True)
_parts = {
    _turned: sp.exp(-a * (m_0 - n_0) * (1 - _kept) / lam),
    _slowed: 1 + n_0 * (1 - _turned) / (m_0 - n_0),
    m: m_0 * _kept / _slowed,
    n: n_0 * _turned * _kept / _slowed,
}
_cross = written_out(_parts)
CROSS = explicit_case(
    name="product of two weights with target 0, full flow with any weight decay",
    assumption="flow time t, s = 0: the zero-loss set w_1 w_2 = 0 is a cross; m = w_1², n = w_2²",
    time=t,
    state=Matrix([m, n]),
    velocity=Matrix([-4 * m * (a * n + lam), -4 * n * (a * m + lam)]),
    initial=Matrix([m_0, n_0]),
    substitution=((m - n, -4 * lam, 0),),
    solution=Matrix([_cross[m], _cross[n]]),
    law=in_parts(_parts),
    reduction=Reduction(WEIGHTS, FULL_FLOW.subs(s, 0), WEIGHTS.applyfunc(lambda weight: weight**2)),
)


def steps() -> tuple[Step, ...]:
    """The imbalance, the cross, and both flows as λ → 0."""
    return tuple(case.step() for case in (IMBALANCE, CROSS, ZERO_LOSS, FIRST_LAYER))
