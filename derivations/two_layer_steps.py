"""The derivation of the first-layer flow, line by line: (12) to (20), in both regimes."""

from functools import partial

import sympy as sp

from derivations import two_layer as eq
from derivations.steps import Line, Step
from derivations.symbols import Gradient, Rate
from derivations.two_layer import W1, W2, B, H, K, X, Y, ridge, squared_norm
from derivations.two_layer_meaning import (
    L_LAMBDA,
    PHI,
    R_LIMIT,
    RHO,
    TAU,
    WITH_DECAY,
    ZERO_LOSS,
    L,
    R,
    Z,
    decided_at,
    q,
    t,
)

equal = partial(sp.Eq, evaluate=False)
#: σ(Z) and σ′(Z), elementwise.
SIGMA_Z = Z.applyfunc(sp.Lambda(eq.z, eq.sigma(eq.z)))
SLOPE_Z = Z.applyfunc(sp.Lambda(eq.z, eq.sigma(eq.z).diff(eq.z)))
I_h, I_n = sp.Identity(eq.d_h), sp.Identity(eq.n)
ANY_SHAPE, FULL_RANK = "λ > 0, any shapes", "λ → 0, H of full row rank (d_h ≥ n)"
POLYNOMIAL = tuple(example for example in (*WITH_DECAY, *ZERO_LOSS) if example.power)
#: Examples with λ > 0 whose hidden activations have full row rank.
WIDE_WITH_DECAY = tuple(example for example in WITH_DECAY if example.d_h >= example.n)


def with_decay(statement: sp.Basic, rule: str) -> Line:
    """A line that holds for λ > 0."""
    return Line(statement, rule, decided_at(*WITH_DECAY))


def zero_loss(statement: sp.Basic, rule: str) -> Line:
    """A line that holds at λ → 0."""
    return Line(statement, rule, decided_at(*ZERO_LOSS))


def both(statement: sp.Basic, rule: str) -> Line:
    """A line that holds in both regimes."""
    return Line(statement, rule, decided_at(*WITH_DECAY, *ZERO_LOSS))


def named(expression: sp.Basic) -> sp.Basic:
    """Write Z, H and K in an expression of the inputs and weights."""
    return eq.readable(expression.xreplace({H: eq.HIDDEN}))


def steps() -> tuple[Step, ...]:
    """Equations (12) to (20) and (3) for two layers, and the norm law of a neuron."""
    return (
        *_losses(),
        _readout(),
        _cost(),
        _flow_by_the_envelope_theorem(),
        *_at_zero_loss(),
        _flow(),
        *_both_layers(),
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


def _flow_by_the_envelope_theorem() -> Step:
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


def _flow() -> Step:
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


def _both_layers() -> tuple[Step, ...]:
    first, second = map(eq.readable, eq.full_flow())
    law = equal(
        sp.DiagonalOf(W1.T * Rate(W1, TAU)), q * sp.DiagonalOf(PHI * PHI.T) - sp.DiagonalOf(W1.T * W1)
    )
    return (
        Step(
            "",
            "Norm law of every neuron: half the rate of ‖w1_j‖², for every λ",
            (Line(law, "Euler's theorem for σ(cz) = c^q σ(z), in (20)", decided_at(*POLYNOMIAL)),),
            "σ positively homogeneous of degree q",
        ),
        Step(
            "(3)",
            "Gradient flow of both layers in flow time t",
            (
                both(equal(Rate(W1, t), first), "−∂L_λ/∂W1 at any W2: chain rule through σ and XW1"),
                both(equal(Rate(W2, t), second), "−∂L_λ/∂W2, from (14)"),
            ),
            "λ ≥ 0, σ differentiable",
        ),
    )
