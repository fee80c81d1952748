"""The derivation of the first-layer flow, step by step, each step with the checks that decide it."""

from functools import partial

import sympy as sp

from derivations import two_layer as eq
from derivations import two_layer_checks as checks
from derivations.steps import Step, from_closures


def steps() -> tuple[Step, ...]:
    """Equations (12) to (20), from the loss to the first-layer flow, in both regimes."""
    H, W2, Y = eq.H, eq.W2, eq.Y
    loss, flow = sp.Symbol("L"), sp.Derivative(eq.W1, sp.Symbol("tau"), evaluate=False)
    any_shape, full_rank = "λ > 0, any shapes", "λ → 0, H of full row rank (d_h ≥ n)"
    return (
        from_closures(
            "(12)",
            "training loss, the sum of squared errors",
            sp.Eq(loss, eq.training_loss(), evaluate=False),
            "H = σ(XW1), σ elementwise",
            (partial(checks.is_sum_of_squares, eq.training_loss(), H * W2 - Y),),
        ),
        from_closures(
            "(13)",
            "regularized loss",
            sp.Eq(sp.Symbol("L_lambda"), eq.regularized_loss(), evaluate=False),
            "λ ≥ 0",
            (partial(checks.decay_is_sum_of_squares),),
        ),
        from_closures(
            "(14)",
            "gradient in the readout",
            eq.differentiate(eq.training_loss() + eq.ridge * eq.squared_norm(W2), W2),
            "λ ≥ 0",
            checks.gradient_checks(
                eq.training_loss() + eq.ridge * eq.squared_norm(W2),
                eq.differentiate(eq.training_loss() + eq.ridge * eq.squared_norm(W2), W2),
                W2,
            ),
        ),
        from_closures(
            "(15)",
            "optimal readout, through the d_h × d_h system and through the n × n one",
            sp.Eq(eq.readout(), eq.dual_readout(), evaluate=False),
            any_shape,
            (checks.readout_is_stationary, checks.readouts_agree, checks.readout_is_the_minimum),
        ),
        from_closures(
            "(16)",
            "reduced cost",
            eq.readable(eq.reduced_cost()),
            any_shape,
            (checks.cost_is_the_loss_at_the_readout, checks.primal_cost_agrees),
        ),
        from_closures(
            "(17)",
            "first-layer flow with weight decay, from the envelope theorem: −∂L_λ/∂W1 at the readout, over 2λ",
            sp.Eq(flow, eq.readable(eq.first_layer_flow_primal()), evaluate=False),
            "λ > 0, any shapes; slow time τ = 2λt",
            (checks.primal_flow_is_the_gradient,),
        ),
        from_closures(
            "(18)",
            "readout at zero loss",
            eq.dual_readout().subs(eq.ridge, 0).doit(),
            full_rank,
            (checks.zero_loss_readout_interpolates, checks.zero_loss_readout_is_the_limit),
        ),
        from_closures(
            "(19)",
            "reduced cost at zero loss is the squared norm of the whole network",
            eq.reduced_cost().subs(eq.ridge, 0).doit(),
            full_rank,
            (checks.zero_loss_cost_is_the_norm,),
        ),
        from_closures(
            "(20)",
            "first-layer flow in slow time τ = 2λt; B = K⁻¹Y gives Xᵀ[(BBᵀH) ⊙ σ′(XW1)] − W1",
            sp.Eq(flow, eq.readable(eq.first_layer_flow()), evaluate=False),
            f"{any_shape}; {full_rank}",
            (
                *checks.flow_checks(),
                checks.primal_flow_agrees,
                *(partial(checks.flow_given_dual_agrees, ridge) for ridge in checks.RIDGES),
                *(partial(checks.norm_law, q, r) for q in checks.POWERS for r in checks.RIDGES),
            ),
        ),
        from_closures(
            "(3)",
            "gradient flow of both layers in flow time t",
            sp.Tuple(*map(eq.readable, eq.full_flow())),
            "λ ≥ 0",
            tuple(partial(checks.full_flow_is_the_gradient, layer) for layer in (0, 1)),
        ),
    )
