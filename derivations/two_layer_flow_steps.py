"""The first-layer flow by both ways, (17) and (20), the norm law of a neuron, and the flow of both layers."""

import sympy as sp

from derivations import two_layer as eq
from derivations.steps import Line, Step
from derivations.symbols import Gradient, Rate
from derivations.two_layer import W1, W2, B, H, K, X, Y, ridge
from derivations.two_layer_lines import (
    ANY_SHAPE,
    FULL_RANK,
    POLYNOMIAL,
    SLOPE_Z,
    both,
    equal,
    named,
    with_decay,
)
from derivations.two_layer_meaning import PHI, RHO, TAU, L, R, Z, decided_at, q, t


def by_the_envelope_theorem() -> Step:
    """Equation (17)."""
    slope = Gradient(L, H)
    return Step(
        "(17)",
        "First-layer flow with weight decay, from the envelope theorem",
        (
            with_decay(
                equal(Gradient(R, W1), Gradient(L, W1) + 2 * ridge * W1),
                "envelope theorem: W2 is held at φ, for ∂L_λ/∂W2 vanishes there",
            ),
            with_decay(equal(slope, 2 * (H * PHI - Y) * PHI.T), "derivative of the sum of squares (12) in H"),
            with_decay(equal(slope, -2 * ridge * B * PHI.T), "Hφ − Y = −λB, from (16)"),
            with_decay(equal(slope, -2 * ridge * B * B.T * H), "φ = HᵀB"),
            with_decay(
                equal(Gradient(L, Z), sp.HadamardProduct(slope, SLOPE_Z)),
                "chain rule through H = σ(Z), elementwise",
            ),
            with_decay(equal(Gradient(L, W1), X.T * Gradient(L, Z)), "chain rule through Z = XW1"),
            with_decay(equal(Rate(W1, TAU), -Gradient(R, W1) / (2 * ridge)), "(11) in slow time τ = 2λt"),
            with_decay(
                equal(Rate(W1, TAU), named(eq.first_layer_flow_given_readout()).xreplace({W2: PHI})),
                "lines 1, 2, 5 and 6 put in",
            ),
            with_decay(
                equal(Rate(W1, TAU), named(eq.first_layer_flow_primal())), "φ through the d_h × d_h system"
            ),
        ),
        ANY_SHAPE,
    )


def by_differentiating_the_cost() -> Step:
    """Equation (20)."""
    in_gram = Gradient(RHO, K)
    return Step(
        "(20)",
        "First-layer flow in slow time τ = 2λt, in both regimes",
        (
            both(
                equal(RHO, sp.Trace(Y.T * sp.Inverse(K) * Y)),
                "definition: R/λ = ‖W1‖² + ρ in (16) and (19)",
            ),
            both(
                equal(in_gram, -sp.Inverse(K) * Y * Y.T * sp.Inverse(K)),
                "derivative of an inverse, K symmetric",
            ),
            both(equal(in_gram, -B * B.T), "B = K⁻¹Y"),
            both(
                equal(Gradient(RHO, H), 2 * in_gram * H),
                "chain rule through K = HHᵀ + λI, both factors alike",
            ),
            both(
                equal(Gradient(RHO, Z), sp.HadamardProduct(Gradient(RHO, H), SLOPE_Z)),
                "chain rule through H = σ(Z), elementwise",
            ),
            both(equal(Gradient(RHO, W1), X.T * Gradient(RHO, Z)), "chain rule through Z = XW1"),
            both(
                equal(Rate(W1, TAU), -sp.Rational(1, 2) * Gradient(RHO, W1) - W1),
                "(11): −½ of the gradient of R/λ = ‖W1‖² + ρ",
            ),
            both(equal(Rate(W1, TAU), eq.readable(eq.first_layer_flow_given_dual())), "lines 3 to 6 put in"),
            both(equal(Rate(W1, TAU), eq.readable(eq.first_layer_flow())), "B = K⁻¹Y"),
        ),
        f"σ differentiable; {ANY_SHAPE}; {FULL_RANK}",
    )


def both_layers() -> tuple[Step, ...]:
    """The norm law, and equation (3)."""
    first, second = map(eq.readable, eq.full_flow())
    half = sp.DiagonalOf(W1.T * Rate(W1, TAU))
    norms = sp.DiagonalOf(W1.T * W1)
    pushed = sp.HadamardProduct(B * B.T * H, SLOPE_Z)
    law = equal(half, q * sp.DiagonalOf(PHI * PHI.T) - norms)
    return (
        Step(
            "",
            "Norm law of every neuron: half the rate of ‖w1_j‖², for every λ",
            (
                Line(
                    equal(half, sp.DiagonalOf(W1.T * X.T * pushed) - norms),
                    "(20), each column times w1_j",
                    decided_at(*POLYNOMIAL),
                ),
                Line(equal(half, sp.DiagonalOf(Z.T * pushed) - norms), "Z = XW1", decided_at(*POLYNOMIAL)),
                Line(
                    equal(half, q * sp.DiagonalOf(H.T * B * B.T * H) - norms),
                    "Euler's identity zσ′(z) = qσ(z), entry by entry",
                    decided_at(*POLYNOMIAL),
                ),
                Line(law, "φ = HᵀB: the diagonal of φφᵀ holds ‖w2_j‖²", decided_at(*POLYNOMIAL)),
            ),
            "σ positively homogeneous of degree q",
        ),
        Step(
            "(3), two layers",
            "Gradient flow of both layers in flow time t",
            (
                both(equal(Rate(W1, t), first), "−∂L_λ/∂W1 at any W2: chain rule through σ and XW1"),
                both(equal(Rate(W2, t), second), "−∂L_λ/∂W2, from (14)"),
            ),
            "λ ≥ 0, σ differentiable",
        ),
    )
