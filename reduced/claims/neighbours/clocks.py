"""Laws of the grokking time as identities: momentum's clock, the contraction of the norm, the initial scale.

Translation: weight decay adds decay·θ to the gradient, τ = η·decay·steps/(1 − β) = 2λt; with L + (λ/2)‖θ‖², λt = τ.
"""

from functools import cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.claims.claim import Claim
from reduced.claims.neighbours.measuring import GROUP, ours, printed
from reduced.flows.scaling import rescaled_time
from reduced.flows.zero_loss import zero_loss_flow
from reduced.flows.zero_loss_set import normal_part
from reduced.integration.solve import integrate
from reduced.network.parameters import norm
from reduced.network.problem import bind
from reduced.predictors.errors import errors, kind, median
from reduced.predictors.law import laws
from reduced.predictors.laws.heavy_ball import steps
from reduced.predictors.table import stored
from reduced.studies.ladder import fitted_slope, start_on_set
from reduced.tasks.modular import modular_addition
from reduced.training.gradient_descent import train

Array = NDArray[np.float64]
KIM = "Kim, arXiv:2607.23967; not found in print by us, law from our notes"
PASSAGE = "Truong et al., arXiv:2605.18845; abstract read"
LYU = "Lyu et al., arXiv:2311.18817; abstract read, law from our notes"
#: Slow times at which κ is measured along one flow.
TIMES = np.linspace(0.1, 3.0, 8)
PRODUCT = "ŷ = w1 w2 with target 0.8 from (1.5, 0.4), summed error, decay 0.5"


def claims() -> list[Claim]:
    """Momentum, first passage, initial scale."""
    return [
        *(
            printed(
                f"heavy ball: steps = (1 − β)/(η·decay)·ln(5)/2 shrink the imbalance to a fifth (β = {momentum:g})",
                KIM,
                partial(_shrunk, momentum, 2e-4),
                5.0,
                0.02,
                "steps of finite size, see the next claim",
                f"{PRODUCT}, η = 2·10⁻⁴(1 − β)",
            )
            for momentum in (0.0, 0.5, 0.9)
        ),
        ours(
            "heavy ball: what the clock misses is of first order in the step (β = 0.9)",
            "our derivation: exact for the flow",
            _order_of_the_clock,
            1.0,
            0.05,
            "fitted over three halvings of η",
            f"{PRODUCT}; fitted power of |ratio − 5| in η",
        ),
        ours(
            "d ln‖θ‖²/dτ = −2(1 − ‖P_Nθ‖²/‖θ‖²) along the zero-loss flow: κ of first passage is measured, not fitted",
            "our derivation",
            _contraction_error,
            0.0,
            1e-6,
            "central difference with step 1e-5",
            "addition modulo 3, 24 gelu units, P_N from a dense pseudo-inverse; largest relative error at eight times",
        ),
        printed(
            "first passage takes κ constant: mean κ until generalization over κ at memorization, median",
            PASSAGE,
            _constancy,
            1.0,
            0.1,
            "one in ten would be constant",
            "stored zero-loss flows of addition modulo 11 to 17; κ at memorization by the tangent projector",
        ),
        printed(
            "first passage takes κ constant: smallest over largest along one zero-loss flow to τ = 1",
            PASSAGE,
            _steadiness,
            1.0,
            0.1,
            "one in ten would be constant",
            "addition modulo 3, 24 gelu units, by the normal part",
        ),
        Claim(
            GROUP,
            "first passage with κ as measured at memorization: median relative error on stored zero-loss flows",
            PASSAGE,
            partial(_median_error, "first passage, κ measured", "zero-loss flow"),
            0.0,
            None,
            "stated for AdamW, which has no slow time of this kind",
            method="stored runs of addition modulo 11 to 17; threshold from one reference",
        ),
        printed(
            "transition at (1/λ) ln α: slope of the exact time in ln α, for α from 10² to 10⁴",
            LYU,
            partial(_slope_in_alpha, (1e2, 1e3, 1e4)),
            1.0,
            1e-6,
            "the law is the limit α → ∞ of decay elimination",
            "first-layer flow, λ → 0, τ₀ = 1.3, q = 1; in τ = λt of theirs",
        ),
        Claim(
            GROUP,
            "the same for α from 1/4 to 1: small scales do not follow the logarithm",
            LYU,
            partial(_slope_in_alpha, (0.25, 0.5, 1.0)),
            1.0,
            None,
            "outside of the law's regime: reported",
            method="first-layer flow, λ → 0, τ₀ = 1.3, q = 1",
        ),
    ]


def _shrunk(momentum: float, rate: float) -> float:
    """Imbalance at the start over that after the steps of the clock, to the power that rounding them asks for."""
    start = np.array([[1.5]]), np.array([[0.4]])
    how: dict[str, Any] = {"learning_rate": rate * (1 - momentum), "weight_decay": 0.5, "momentum": momentum}
    wanted = steps(5.0, **how)
    taken = round(wanted)
    run = train(np.eye(1), np.array([[0.8]]), start, steps=taken, activation="linear", reduction="sum", **how)
    first, second = (float(layer[-1, 0, 0]) for layer in run.y)
    return float(((1.5**2 - 0.4**2) / (first**2 - second**2)) ** (wanted / taken))


def _order_of_the_clock() -> float:
    rates = (1.6e-3, 8e-4, 4e-4)
    return fitted_slope(rates, [abs(_shrunk(0.9, rate) - 5.0) for rate in rates])


@cache
def _norms() -> tuple[Array, Array]:
    """κ by the normal part, and by a central difference along the flow, at :data:`TIMES`."""
    pairs, _ = modular_addition(3, 0.7, 0)
    problem = bind(pairs.X, pairs.Y, "gelu")
    flow = zero_loss_flow(problem.X, problem.Y, problem.activation)
    h = 1e-5
    asked = np.sort(np.concatenate([TIMES - h, TIMES, TIMES + h]))
    path = integrate(
        flow,
        start_on_set(problem, 24, 0),
        (0, asked[-1]),
        method="DOP853",
        rtol=1e-11,
        atol=1e-12,
        t_eval=asked,
    )
    squares = np.sum(path.y[0] ** 2, axis=(1, 2)) + np.sum(path.y[1] ** 2, axis=(1, 2))
    slopes = -(np.log(squares[2::3]) - np.log(squares[0::3])) / (4 * h)
    states = [(path.y[0][i], path.y[1][i]) for i in range(1, len(asked), 3)]
    shares = [1 - (norm(normal_part(problem, state, state)) / norm(state)) ** 2 for state in states]
    return np.array(shares), slopes


def _contraction_error() -> float:
    projected, measured = _norms()
    return float(np.max(np.abs(projected / measured - 1)))


def _constancy() -> float:
    ratios = []
    for run in stored():
        seen = run.measured
        if (
            run.setting.path == "zero-loss flow"
            and run.setting.space == "dense"
            and np.isfinite(seen.generalized)
        ):
            fallen = np.log(seen.squared_norm_memorized / seen.squared_norm_generalized)
            ratios.append(fallen / (2 * (seen.generalized - seen.memorized) * seen.contraction))
    return float(np.median(ratios))


def _steadiness() -> float:
    projected = _norms()[0][TIMES <= 1.0]
    return float(projected.min() / projected.max())


def _median_error(law: str, path: str) -> float:
    runs = [run for run in stored() if kind(run.setting)[:2] == (path, "dense")]
    return median(errors([laws()[law]], runs))[0]


def _slope_in_alpha(alphas: tuple[float, ...]) -> float:
    times = [float(rescaled_time(1.3, alpha, degree=1)) for alpha in alphas]
    return float(np.polyfit(np.log(alphas), times, 1)[0])
