"""Isolated dynamics of one part of the parameters: (6)–(11) and the envelope theorem behind Theorem 5.1."""

from typing import Any

import sympy as sp

from derivations.checks import identity_of
from derivations.decoupling import decouple
from derivations.steps import Check, Step, from_closures

slow, fast, u = sp.symbols("theta_1 theta_2 u", real=True)
t = sp.Symbol("t", real=True)
decay = sp.Symbol("lambda", positive=True)
loss = sp.Function("L_lambda")
phi = sp.Function("phi")

#: Losses on which the chain (9)–(11) is run end to end: a product, a saturating unit, a sum of exponentials.
EXAMPLES = (
    (slow * fast - 1) ** 2 + decay * (slow**2 + fast**2),
    (sp.tanh(slow) * fast - 2) ** 2 + decay * (slow**2 + fast**2),
    (sp.exp(slow) * fast - 1) ** 2 + (sp.exp(-slow) * fast + 1) ** 2 + decay * (slow**2 + fast**2),
)


def steps() -> tuple[Step, ...]:
    """Equations (6)–(11)."""
    partial = sp.Derivative(loss(slow, fast), slow)
    velocity = sp.Derivative(sp.Function("theta_1")(t), t)
    return (
        from_closures(
            "(6)",
            "Flow of the slow part: its block of the gradient flow (3)",
            sp.Eq(velocity, -partial, evaluate=False),
            "flow time t; θ = (θ₁, θ₂)",
            (_blocks_make_the_whole,),
        ),
        from_closures(
            "(9)",
            "Fast part optimal for the slow part",
            sp.Eq(phi(slow), sp.Function("argmin")(loss(slow, fast)), evaluate=False),
            "a minimum exists; unique where the fast Hessian is positive definite",
            (_optimum_is_a_minimum,),
        ),
        from_closures(
            "(10)",
            "Reduced cost",
            sp.Eq(sp.Function("R")(slow), loss(slow, phi(slow)), evaluate=False),
            "φ of (9)",
            (_cost_is_below_every_other_choice,),
        ),
        from_closures(
            "(11)",
            "Theorem 5.1: the slow part descends the reduced cost",
            sp.Eq(velocity, -sp.Derivative(sp.Function("R")(slow), slow), evaluate=False),
            "φ differentiable and ∂L_λ/∂θ₂ = 0 at φ (envelope theorem)",
            (
                identity_of(
                    "a cubic L_λ with free coefficients, any φ: the sides differ by ∂L_λ/∂θ₂ · φ′",
                    _chain_rule_difference,
                ),
                identity_of(
                    "three losses decoupled: flow plus derivative of the cost",
                    lambda: sp.Matrix([_flow_difference(example) for example in EXAMPLES]),
                ),
            ),
        ),
    )


def _blocks_make_the_whole() -> Check:
    """One gradient of a loss in two parts, against the two partial gradients."""
    together = sp.Matrix([EXAMPLES[1]]).jacobian([slow, fast])
    blocks = sp.Matrix([[sp.diff(EXAMPLES[1], slow), sp.diff(EXAMPLES[1], fast)]])
    return Check("blocks of the gradient", float(together != blocks))


def _optimum_is_a_minimum() -> Check:
    failures = 0
    for example in EXAMPLES:
        network = decouple(example, slow, fast)
        slope = sp.simplify(sp.diff(example, fast).subs(network.fast_optimum))
        failures += slope != 0 or not network.fast_hessian[0].is_positive
    return Check("three losses: zero slope, positive fast Hessian", failures)


def _cost_is_below_every_other_choice() -> Check:
    """L_λ(θ₁, φ + u) − R = ½u²·Hessian for a loss quadratic in θ₂, at every u."""
    failures = 0
    for example in EXAMPLES:
        network = decouple(example, slow, fast)
        excess = example.subs(fast, network.fast_optimum[fast] + u) - network.cost
        failures += sp.simplify(excess - u**2 * network.fast_hessian[0] / 2) != 0
    return Check("three losses: the excess is a positive square", failures)


def _chain_rule_difference() -> Any:
    """d/dθ₁ L(θ₁, φ(θ₁)) − ∂₁L − ∂₂L·φ′, on a cubic L with free coefficients and an undefined φ."""
    coefficients = iter(sp.symbols("c_:10"))
    cubic = sum(next(coefficients) * slow**i * fast**j for i in range(4) for j in range(4 - i))
    at_phi = {fast: phi(slow)}
    first, second = (sp.diff(cubic, part).subs(at_phi) for part in (slow, fast))
    return cubic.subs(at_phi).diff(slow) - first - second * phi(slow).diff(slow)


def _flow_difference(example: Any) -> Any:
    network = decouple(example, slow, fast)
    return network.flow[slow] + sp.diff(network.cost, slow)
