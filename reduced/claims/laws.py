"""Laws along trajectories: identities that real runs obey to the accuracy of the arithmetic or the integrator."""

from functools import partial

from reduced.claims import law_measurements as measured
from reduced.claims.claim import Claim
from reduced.claims.law_measurements import RIDGES

GROUP = "laws along trajectories"
SOURCE = "first-layer flow (20), homogeneous σ"
MODEL = "addition modulo 7, 60 hidden units"
ALONG = f"{MODEL}: largest relative violation at the states of an Euler run to τ = 0.5"
#: Inner products of a few hundred terms in double precision.
ARITHMETIC = 1e-13
#: A solve with a Gram matrix of condition up to 10⁵.
SOLVE = 1e-10
#: Of the solvers for smooth σ and for ReLU.
TOLERANCES = (
    (1e-8, "global error of RK45 at rtol 1e-9"),
    (1e-3, "global error of RK23 at rtol 1e-4, first order at ReLU's kinks"),
)
ACTIVATIONS = ("relu", "quadratic", "cubic")


def claims() -> list[Claim]:
    """Every law for ReLU, quadratic and cubic activations, at λ → 0 and λ > 0 where both exist."""
    at_a_state = "an identity at each state, up to rounding"
    identities = (
        (measured.neuron_norm_law, "each neuron: d‖w1‖²/dτ = 2(q‖w2‖² − ‖w1‖²)", ARITHMETIC, at_a_state),
        (measured.euler_norm_law, "an Euler step adds η²‖dW1/dτ‖² to the norm law", ARITHMETIC, at_a_state),
        (
            measured.cost_dissipation,
            "d(R/λ)/dτ = −2‖dW1/dτ‖²",
            1e-7,
            "central difference of the cost with step 1e-6",
        ),
    )
    found = []
    for activation in ACTIVATIONS:
        for ridge in RIDGES:
            regime = f"{activation}, " + ("λ → 0" if ridge == 0 else f"λ = {ridge:g}")
            for measure, words, tolerance, because in identities:
                law = partial(measure, activation, ridge)
                found.append(
                    Claim(GROUP, f"{words} ({regime})", SOURCE, law, 0.0, tolerance, because, method=ALONG)
                )
        found += [
            Claim(
                GROUP,
                f"the residual HW2 − Y is −λK⁻¹Y and the loss λ²‖K⁻¹Y‖² ({activation})",
                "readout (15)",
                partial(measured.ridge_residual, activation),
                0.0,
                SOLVE,
                "an identity up to a solve with condition 10⁵",
                method=ALONG,
            ),
            Claim(
                GROUP,
                f"‖W1‖^2q·‖W2‖² never grows, at rate −2‖W1′⊥‖²/‖W2‖² ({activation}, λ → 0)",
                SOURCE,
                partial(measured.invariant_decay, activation),
                0.0,
                1e-7,
                "central difference with step 1e-6",
                method=ALONG,
            ),
            Claim(
                GROUP,
                f"starting from 1.5 E₀ is the run from E₀ with its time and size rescaled ({activation}, λ → 0)",
                "decay elimination",
                partial(measured.rescaling_error, activation),
                0.0,
                *TOLERANCES[activation == "relu"],
                method=f"{MODEL}: both runs integrated, relative distance at the end",
            ),
            Claim(
                GROUP,
                f"each neuron: ‖w1‖² − q‖w2‖² decays as e^(−4λt) in the full flow ({activation})",
                "full flow, homogeneous σ",
                partial(measured.balance_decay, activation),
                0.0,
                *TOLERANCES[activation == "relu"],
                method=f"{MODEL}: both layers integrated to t = 1 at λ = 0.1, largest deviation relative to the start",
            ),
        ]
    return found
