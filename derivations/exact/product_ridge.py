"""The first-layer flow of the product of two weights at any ridge: its threshold, and growth from a small start."""

from typing import Any

import sympy as sp

from derivations.exact.case import Limit, Matrix, SolvableCase
from derivations.exact.first_integrals import integral_step
from derivations.exact.parts import in_parts, written_out
from derivations.exact.product import first_layer, kappa, m, m_0, s, tau, zeta
from derivations.steps import Step

_gap = kappa - s
_shrunk = sp.exp(-_gap * zeta)
_ridge_m = m_0 * _shrunk / (1 + m_0 * (1 - _shrunk) / _gap)
RIDGE = SolvableCase(
    name="product of two weights, first-layer flow with ridge κ = λ/a",
    assumption="readout at its ridge optimum, slow time τ; m → max(s − κ, 0)",
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
    reduction=first_layer(kappa),
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
    assumption="readout at its ridge optimum, slow time τ; g ζ = ln (g/m_0 − 1)/(g/m − 1)",
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


def steps(ridge: Any = RIDGE_INTEGRAL) -> tuple[Step, ...]:
    """The flow at any ridge, where it grows, and its first integral."""
    return RIDGE.step(), RIDGE_GROWTH.step(), integral_step(RIDGE, ridge)
