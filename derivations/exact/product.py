"""The product of two weights: ŷ = w_1 w_2 x, the smallest network with a curved zero-loss set.

With a = Σx² and s = Σxy/a > 0 the loss is L_λ = a (w_1 w_2 − s)² + λ (w_1² + w_2²) up to a constant. Targets
of the other sign turn w_2 round. Zero loss is the hyperbola w_1 w_2 = s; m stands for w_1².
"""

from typing import Any

import sympy as sp

from derivations.exact.case import Limit, Matrix, Reduction, SolvableCase, along_flow, explicit_case, vanishes
from derivations.exact.parts import in_parts, written_out
from derivations.steps import Check, Step, one_line

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


def _on_hyperbola(rate: Any) -> Reduction:
    """The constrained flow with w_2 = s/w_1 put in, as a flow of w_1 alone, and m = w_1²."""
    velocity = _constrained(rate).subs(W_2, s / W_1)
    return Reduction(Matrix([W_1]), Matrix([velocity[0]]), Matrix([W_1**2]))


def _first_layer(ridge: Any) -> Reduction:
    """−½∇(R/λ) with the readout at its optimum: (9), (10) and Theorem 5.1 for λ = ridge · a."""
    cost = LOSS.subs(lam, ridge * a)
    readout = sp.solve(cost.diff(W_2), W_2)[0]
    reduced = sp.simplify(cost.subs(W_2, readout) / (ridge * a))
    return Reduction(Matrix([W_1]), Matrix([-reduced.diff(W_1) / 2]), Matrix([W_1**2]))


ZERO_LOSS = explicit_case(
    name="product of two weights, zero-loss flow",
    assumption="both weights move along w_1 w_2 = s, slow time tau; D_0 = w_1² − w_2² at the start",
    time=tau,
    state=Matrix([m]),
    velocity=Matrix([-2 * m * (m**2 - s**2) / (m**2 + s**2)]),
    initial=Matrix([(D_0 + sp.sqrt(D_0**2 + 4 * s**2)) / 2]),
    solution=Matrix([s * sp.exp(sp.asinh(D_0 * sp.exp(-2 * tau) / (2 * s)))]),
    limits=(Limit(tau, sp.oo, Matrix([s])), Limit(D_0, 0, Matrix([s]))),
    reduction=_on_hyperbola(1),
)

FIRST_LAYER = explicit_case(
    name="product of two weights, first-layer flow",
    assumption="w_2 = s/w_1 at once (λ → 0), slow time tau",
    time=tau,
    state=Matrix([m]),
    velocity=Matrix([-2 * m + 2 * s**2 / m]),
    initial=Matrix([m_0]),
    solution=Matrix([sp.sqrt(m_0**2 * sp.exp(-4 * tau) + s**2 * (1 - sp.exp(-4 * tau)))]),
    limits=(Limit(tau, sp.oo, Matrix([s])),),
    reduction=Reduction(
        Matrix([W_1]),
        _first_layer(kappa).velocity.applyfunc(lambda entry: sp.limit(entry, kappa, 0)),
        Matrix([W_1**2]),
    ),
)


# Both flows below stay on one side of their fixed point; zeta grows along them without bound.
TWO_RATES = SolvableCase(
    name="product of two weights, readout 1/ε times faster",
    assumption="on w_1 w_2 = s, slow time tau; ε → 0 first-layer flow, ε = 1 zero-loss flow",
    time=tau,
    state=Matrix([m]),
    velocity=Matrix([-2 * m * (m**2 - s**2) / (m**2 + epsilon * s**2)]),
    initial=Matrix([m_0]),
    solution=Matrix([sp.sqrt(m_0**2 * sp.exp(-zeta) + s**2 * (1 - sp.exp(-zeta)))]),
    parameter=zeta,
    clock=(1 + epsilon) * zeta / 4
    + epsilon * sp.log(sp.exp(-zeta) + s**2 / m_0**2 * (1 - sp.exp(-zeta))) / 4,
    limits=(Limit(zeta, sp.oo, Matrix([s])),),
    reduction=_on_hyperbola(1 / epsilon),
)
TWO_RATES_INTEGRAL = (1 + epsilon) * sp.log((m**2 - s**2) ** 2) / 4 - epsilon * sp.log(m)

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
    solution=Matrix([_cross[m], _cross[n]]),
    law=in_parts(_parts),
    reduction=Reduction(WEIGHTS, FULL_FLOW.subs(s, 0), WEIGHTS.applyfunc(lambda weight: weight**2)),
)

m_1 = sp.Symbol("m_1", real=True)
_at_once = {epsilon: 0, m: FIRST_LAYER.solution[0]}
FIRST_CORRECTION = explicit_case(
    name="product of two weights, readout 1/ε times faster: what O(ε) adds to the first-layer flow",
    assumption="m = m_(ε=0) + ε m_1 + O(ε²) on w_1 w_2 = s, slow time tau",
    time=tau,
    state=Matrix([m_1]),
    velocity=TWO_RATES.velocity.applyfunc(
        lambda speed: (speed.diff(m) * m_1 + speed.diff(epsilon)).subs(_at_once)
    ),
    initial=Matrix([0]),
    solution=Matrix(
        [
            (m_0**2 - s**2)
            * sp.exp(-4 * tau)
            * (4 * tau + sp.log(FIRST_LAYER.solution[0] ** 2 / m_0**2))
            / (2 * FIRST_LAYER.solution[0])
        ]
    ),
)

_gap = kappa - s
_shrunk = sp.exp(-_gap * zeta)
_ridge_m = m_0 * _shrunk / (1 + m_0 * (1 - _shrunk) / _gap)
RIDGE = SolvableCase(
    name="product of two weights, first-layer flow with ridge κ = λ/a",
    assumption="readout at its ridge optimum, slow time tau; m → max(s − κ, 0)",
    time=tau,
    state=Matrix([m]),
    velocity=Matrix([-2 * m + 2 * s**2 * m / (m + kappa) ** 2]),
    initial=Matrix([m_0]),
    solution=Matrix([_ridge_m]),
    parameter=zeta,
    clock=s * zeta / 4
    + (2 * kappa + s) / (4 * (kappa + s)) * sp.log(m_0 / _ridge_m)
    + s / (4 * (kappa + s)) * sp.log((m_0 + kappa + s) / (_ridge_m + kappa + s)),
    limits=(Limit(kappa, s, Matrix([m_0 / (1 + m_0 * zeta)])),),
    reduction=_first_layer(kappa),
)


def growing_parts(ridge: Any, gap: Any) -> dict[Any, Any]:
    """State m and clock of the first-layer flow with ridge κ where m grows, m_0 < s − κ = gap, part by part.

    The clock above is the difference of logarithms there, of which 14 of 16 digits may cancel. This is

        2τ = ∫ (m + κ)²/(m(s² − (m + κ)²)) dm,   (m + κ)²/m = m + 2κ + κ²/m,

    term by term in what only grows, ρ = (e^{gap ζ} − 1) m_0/gap, so that no term is the difference of larger ones.
    """
    risen, nearer, farther = sp.symbols("rho alpha beta", positive=True)
    first, last = m_0 + ridge, m + ridge
    approach = sp.log(1 + nearer) / 2 + ridge / (2 * s) * (sp.log(1 + farther) + sp.log(1 + risen))
    start = (gap * zeta - sp.log(1 + risen) - sp.log(1 + farther)) / (s + ridge)
    return {
        risen: m_0 / gap * (sp.exp(gap * zeta) - 1),
        m: m_0 * sp.exp(gap * zeta) / (1 + risen),
        nearer: risen * (2 * first + risen * (s + first)) / ((1 + risen) * (s + last)),
        farther: (gap - m_0) * risen / ((1 + risen) * (s + first)),
        tau: (approach + ridge**2 / (2 * s) * (zeta + start)) / 2,
    }


def growing(ridge: Any, gap: Any) -> tuple[Any, Any]:
    """State and clock of :func:`growing_parts`, written out."""
    found = written_out(growing_parts(ridge, gap))
    return found[m], found[tau]


gap = sp.Symbol("g", positive=True)
RIDGE_GROWTH = SolvableCase(
    name="product of two weights, first-layer flow with ridge κ = s − g, growing from m_0 < g",
    assumption="readout at its ridge optimum, slow time tau; g ζ = ln (g/m_0 − 1)/(g/m − 1)",
    time=tau,
    state=Matrix([m]),
    velocity=RIDGE.velocity.subs(kappa, s - gap),
    initial=Matrix([m_0]),
    solution=Matrix([growing(s - gap, gap)[0]]),
    parameter=zeta,
    clock=growing(s - gap, gap)[1],
    law=in_parts(growing_parts(s - gap, gap)),
    limits=(Limit(zeta, sp.oo, Matrix([gap])),),
)
RIDGE_INTEGRAL = (
    kappa**2 / (kappa**2 - s**2) * sp.log(m)
    + s / (2 * (s - kappa)) * sp.log((m + kappa - s) ** 2) / 2
    + s / (2 * (s + kappa)) * sp.log(m + kappa + s)
)


def _integral(case: SolvableCase, integral: Any) -> Step:
    """The statement that a function of m falls at rate 2 along the flow of a case."""
    rate = sp.Derivative(integral, m, evaluate=False) * case.velocity[0]
    return one_line(
        "",
        f"{case.name}: a first integral, which falls as C − 2τ",
        sp.Eq(rate, -2, evaluate=False),
        case.assumption,
        [_is_zero],
        "its derivative along the flow",
    )


def _is_zero(statement: Any) -> Check:
    return vanishes("first integral", Matrix([statement.lhs.doit() - statement.rhs]))


def steps(two_rates: Any = TWO_RATES_INTEGRAL, ridge: Any = RIDGE_INTEGRAL) -> tuple[Step, ...]:
    """The solvable cases of the product of two weights but the full flow to a target that is not 0."""
    return (
        *(
            case.step()
            for case in (
                *(IMBALANCE, CROSS, ZERO_LOSS, FIRST_LAYER, TWO_RATES, FIRST_CORRECTION, RIDGE, RIDGE_GROWTH),
            )
        ),
        _integral(TWO_RATES, two_rates),
        _integral(RIDGE, ridge),
    )
