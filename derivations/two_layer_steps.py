"""The derivation of the first-layer flow, line by line: (12) to (20), in both regimes."""

import sympy as sp

from derivations import two_layer as eq
from derivations import two_layer_flow_steps as flow
from derivations.steps import Line, Step
from derivations.symbols import Gradient
from derivations.two_layer import W1, W2, B, H, K, X, Y, ridge, squared_norm
from derivations.two_layer_lines import (
    ANY_SHAPE,
    FULL_RANK,
    SIGMA_Z,
    WIDE_WITH_DECAY,
    I_h,
    I_n,
    both,
    equal,
    named,
    with_decay,
    zero_loss,
)
from derivations.two_layer_meaning import (
    L_LAMBDA,
    PHI,
    R_LIMIT,
    L,
    R,
    Z,
    decided_at,
)


def steps() -> tuple[Step, ...]:
    """Equations (12) to (20) and (3) for two layers, and the norm law of a neuron."""
    return (
        *_losses(),
        _readout(),
        _cost(),
        flow.by_the_envelope_theorem(),
        *_at_zero_loss(),
        flow.by_differentiating_the_cost(),
        *flow.both_layers(),
    )


def _losses() -> tuple[Step, ...]:
    regularized = eq.differentiate(eq.training_loss() + ridge * squared_norm(W2), W2)
    return (
        Step(
            "(12)",
            "Training loss",
            (
                both(equal(Z, X * W1), "definition of the pre-activations"),
                both(equal(H, SIGMA_Z), "definition of the hidden activations, σ elementwise"),
                both(equal(L, eq.training_loss()), "definition: the sum of squared errors, as a trace"),
            ),
            "σ any function",
        ),
        Step(
            "(13)",
            "Regularized loss",
            (both(equal(L_LAMBDA, eq.regularized_loss()), "definition: weight decay λ on both layers"),),
            "λ ≥ 0",
        ),
        Step(
            "(14)",
            "Gradient in the readout",
            (
                both(equal(Gradient(L_LAMBDA, W2), regularized), "derivative of (13), term by term"),
                both(
                    equal(Gradient(L_LAMBDA, W2), 2 * (H.T * H + ridge * I_h) * W2 - 2 * H.T * Y),
                    "terms with W2 collected",
                ),
            ),
            "λ ≥ 0",
        ),
    )


def _readout() -> Step:
    primal = H.T * H + ridge * I_h
    away = W2 - PHI
    excess = squared_norm(H * away) + ridge * squared_norm(away)
    return Step(
        "(15)",
        "Optimal readout, through the d_h × d_h system and through the n × n one",
        (
            with_decay(equal(primal * PHI, H.T * Y), "φ is where the gradient (14) vanishes"),
            with_decay(equal(PHI, eq.readout()), "HᵀH + λI is positive definite, so it has an inverse"),
            with_decay(
                equal(L_LAMBDA, R + excess),
                "(13) about φ: larger elsewhere, a unique minimum",
            ),
            with_decay(equal(K, eq.gram()), "definition of the Gram matrix with its ridge"),
            with_decay(equal(primal * H.T, H.T * K), "both are HᵀHHᵀ + λHᵀ"),
            with_decay(
                equal(sp.Inverse(primal) * H.T, H.T * sp.Inverse(K)),
                "push-through identity: both inverses applied to the line above",
            ),
            with_decay(equal(PHI, named(eq.dual_readout())), "push-through identity put into φ"),
            with_decay(equal(B, sp.Inverse(K) * Y), "definition of the dual readout"),
            with_decay(equal(PHI, H.T * B), "B put in"),
        ),
        ANY_SHAPE,
    )


def _cost() -> Step:
    residual = H * PHI - Y
    loss = squared_norm(residual)
    return Step(
        "(16)",
        "Reduced cost",
        (
            with_decay(
                equal(R, loss + ridge * (squared_norm(W1) + squared_norm(PHI))), "definition (10): (13) at φ"
            ),
            with_decay(equal(residual, H * H.T * B - Y), "φ = HᵀB"),
            with_decay(equal(residual, (K - ridge * I_n) * B - Y), "K = HHᵀ + λI put in"),
            with_decay(equal(residual, -ridge * B), "KB = Y"),
            with_decay(equal(loss, ridge**2 * squared_norm(B)), "squared norm of the line above"),
            with_decay(
                equal(squared_norm(PHI), sp.Trace(B.T * K * B) - ridge * squared_norm(B)),
                "φ = HᵀB and HHᵀ = K − λI",
            ),
            with_decay(
                equal(R, ridge * squared_norm(W1) + ridge * sp.Trace(B.T * K * B)),
                "terms of first order in λ cancel",
            ),
            with_decay(
                equal(R / ridge, named(eq.reduced_cost_primal())), "the same through the d_h × d_h system"
            ),
            with_decay(equal(R / ridge, eq.readable(eq.reduced_cost())), "B = K⁻¹Y"),
        ),
        ANY_SHAPE,
    )


def _at_zero_loss() -> tuple[Step, ...]:
    G = H * H.T
    correction = ridge * sp.Inverse(K) * sp.Inverse(G) * Y
    return (
        Step(
            "(18)",
            "Readout at zero loss",
            (
                Line(
                    equal(PHI, H.T * sp.Inverse(G) * Y - H.T * correction),
                    "λ > 0: K⁻¹ = (HHᵀ)⁻¹ − λK⁻¹(HHᵀ)⁻¹, the resolvent identity, in (15)",
                    decided_at(*WIDE_WITH_DECAY),
                ),
                zero_loss(
                    equal(PHI, eq.dual_readout().subs(ridge, 0).doit()),
                    "λ → 0: the correction vanishes, and φ is the shortest readout that fits",
                ),
                zero_loss(equal(H * PHI, Y), "HHᵀ cancels: the training loss is zero"),
            ),
            FULL_RANK,
        ),
        Step(
            "(19)",
            "Reduced cost at zero loss: the squared norm of the whole network",
            (
                Line(
                    equal(
                        R / ridge,
                        squared_norm(W1) + sp.Trace(Y.T * sp.Inverse(G) * Y) - sp.Trace(Y.T * correction),
                    ),
                    "λ > 0: the resolvent identity in (16)",
                    decided_at(*WIDE_WITH_DECAY),
                ),
                zero_loss(
                    equal(squared_norm(PHI), sp.Trace(Y.T * sp.Inverse(G) * Y)),
                    "(18): HHᵀ cancels one of two inverses",
                ),
                zero_loss(equal(R_LIMIT, squared_norm(W1) + squared_norm(PHI)), "λ → 0 of the first line"),
                zero_loss(equal(R_LIMIT, eq.reduced_cost().subs(ridge, 0).doit()), "both put together"),
            ),
            FULL_RANK,
        ),
    )
