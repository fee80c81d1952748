"""What the two idealizations cost: a readout that is not at once optimal (ε), and a weight decay that stays (λ)."""

import numpy as np

from derivations.exact import product as derived
from derivations.exact import product_rates
from reduced import solutions
from reduced.claims.claim import Claim
from reduced.claims.closed_forms.comparison import GROUP, TIMES, Array, gap, numeric
from reduced.flows.scalar import flow_of
from reduced.flows.two_layer import first_layer_flow
from reduced.solutions.formula import formula
from reduced.studies.ladder import fitted_slope

S, START = 2.0, 1.5
SMALL = np.array([1e-4, 3e-4, 1e-3, 3e-3])
FITTED = "the next order bends the line by the largest parameter, 3e-3, times a factor of some ten"

_correction = formula(
    "correction", (derived.tau, derived.m_0, derived.s), product_rates.FIRST_CORRECTION.solution[0]
)


def claims() -> list[Claim]:
    """First powers, and the coefficient of the first."""
    return [
        Claim(
            GROUP,
            "the first-layer flow misses a readout 1/ε times faster by the first power of ε (product of weights)",
            "time-scale separation, Theorem 5.1",
            lambda: fitted_slope(SMALL, np.array([_delay(epsilon) for epsilon in SMALL])),
            1.0,
            0.1,
            FITTED,
            method="flows integrated at order 8 for four small parameters; fitted power of the largest difference",
        ),
        Claim(
            GROUP,
            "and with the coefficient (m² − s²)(4τ + ln m²/m_0²)/2m of w_1², in units of it",
            "time-scale separation, derived to first order",
            _coefficient,
            0.0,
            1e-5,
            "two values of ε remove the second order; the third is ε² = 1e-6 times a factor of some ten",
            method="flows integrated at order 8 at ε = 1e-3 and 2e-3, extrapolated to ε = 0",
        ),
        Claim(
            GROUP,
            "the first-layer flow with λ > 0 is off λ → 0 by the first power of λ (random tanh network)",
            "(17) against (20)",
            lambda: fitted_slope(SMALL, np.array([_ridge_error(ridge) for ridge in SMALL])),
            1.0,
            0.1,
            FITTED,
            method="flows integrated at order 8 for four small parameters; fitted power of the largest difference",
        ),
        Claim(
            GROUP,
            "the full flow at τ = 2λt is off the zero-loss flow by the first power of λ (product of weights)",
            "steepest descent of ‖θ‖² within the zero-loss set",
            lambda: fitted_slope(SMALL, np.array([_decay_error(decay) for decay in SMALL])),
            1.0,
            0.1,
            FITTED,
            method="flows integrated at order 8 for four small parameters; fitted power of the largest difference",
        ),
    ]


def _first_weight(epsilon: float) -> Array:
    """w_1² by integration, the readout 1/ε times faster."""
    case = product_rates.TWO_RATES
    flow = flow_of(case.velocity, case.state, case.time, s=S, epsilon=epsilon)
    return np.asarray(numeric(flow, np.array([START**2]))[:, 0])


def _delay(epsilon: float) -> float:
    path = numeric(first_layer_flow(np.eye(1), np.full((1, 1), S), "linear"), np.full((1, 1), START))
    return gap(_first_weight(epsilon), path[:, 0, 0] ** 2)


def _coefficient(epsilon: float = 1e-3) -> float:
    limit = solutions.product_first_layer(S)(TIMES, START) ** 2
    once, twice = ((_first_weight(step) - limit) / step for step in (epsilon, 2 * epsilon))
    expected = _correction(TIMES, START**2, S)
    return float(np.max(abs(2 * once - twice - expected)) / np.max(abs(expected)))


def _ridge_error(ridge: float) -> float:
    rng = np.random.default_rng(0)
    X, Y, start = rng.normal(size=(4, 3)), rng.normal(size=(4, 2)), rng.normal(size=(3, 12))
    with_ridge, without = (
        numeric(first_layer_flow(X, Y, "tanh", r), start, TIMES[:-1]) for r in (ridge, 0.0)
    )
    return gap(with_ridge, without)


def _decay_error(decay: float) -> float:
    start, taus = (START, S / START), TIMES[1:]
    full = solutions.product_full(1.0, S, decay)(taus / (2 * decay), start)[0]
    return gap(full, solutions.product_zero_loss()(taus, start)[0])
