"""The product of two weights with a readout 1/ε times faster: between the first-layer and the zero-loss flow."""

from typing import Any

import sympy as sp

from derivations.exact import product
from derivations.exact.case import Limit, Matrix, SolvableCase, explicit_case
from derivations.exact.first_integrals import integral_step
from derivations.exact.product import epsilon, m, m_0, on_hyperbola, s, tau, zeta
from derivations.steps import Step

# The flow stays on one side of its fixed point; zeta grows along it without bound.
TWO_RATES = SolvableCase(
    name="product of two weights, readout 1/ε times faster",
    assumption="on w_1 w_2 = s, slow time τ; ε → 0 first-layer flow, ε = 1 zero-loss flow",
    time=tau,
    state=Matrix([m]),
    velocity=Matrix([-2 * m * (m**2 - s**2) / (m**2 + epsilon * s**2)]),
    initial=Matrix([m_0]),
    solution=Matrix([sp.sqrt(m_0**2 * sp.exp(-zeta) + s**2 * (1 - sp.exp(-zeta)))]),
    parameter=zeta,
    clock=(1 + epsilon) * zeta / 4
    + epsilon * sp.log(sp.exp(-zeta) + s**2 / m_0**2 * (1 - sp.exp(-zeta))) / 4,
    limits=(Limit(zeta, sp.oo, Matrix([s])),),
    reduction=on_hyperbola(1 / epsilon),
)
TWO_RATES_INTEGRAL = (1 + epsilon) * sp.log((m**2 - s**2) ** 2) / 4 - epsilon * sp.log(m)

m_1 = sp.Symbol("m_1", real=True)
_at_once = {epsilon: 0, m: product.FIRST_LAYER.solution[0]}
FIRST_CORRECTION = explicit_case(
    name="product of two weights, readout 1/ε times faster: what O(ε) adds to the first-layer flow",
    assumption="m = m_(ε=0) + ε m_1 + O(ε²) on w_1 w_2 = s, slow time τ",
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
            * (4 * tau + sp.log(product.FIRST_LAYER.solution[0] ** 2 / m_0**2))
            / (2 * product.FIRST_LAYER.solution[0])
        ]
    ),
)


def steps(two_rates: Any = TWO_RATES_INTEGRAL) -> tuple[Step, ...]:
    """The flow of two rates, its first order in ε, and its first integral."""
    return TWO_RATES.step(), FIRST_CORRECTION.step(), integral_step(TWO_RATES, two_rates)
