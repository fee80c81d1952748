"""Isolated dynamics of one part of the parameters: (6)–(11) and the envelope theorem behind Theorem 5.1."""

from functools import partial
from typing import Any

import sympy as sp

from derivations.checks import identity
from derivations.decoupling import decouple
from derivations.gradients import DIFFERENCE_TOLERANCE, DIGITS
from derivations.steps import Check, Decision, Line, Step, one_line

slow, fast, u = sp.symbols("theta_1 theta_2 u", real=True)
t = sp.Symbol("t", real=True)
decay = sp.Symbol("lambda", positive=True)
loss, phi, argmin, cost = map(sp.Function, ("L_lambda", "phi", "argmin", "R"))

#: Losses on which the chain (9)–(11) is run end to end: a product, a saturating unit, a sum of exponentials.
EXAMPLES = (
    (slow * fast - 1) ** 2 + decay * (slow**2 + fast**2),
    (sp.tanh(slow) * fast - 2) ** 2 + decay * (slow**2 + fast**2),
    (sp.exp(slow) * fast - 1) ** 2 + (sp.exp(-slow) * fast + 1) ** 2 + decay * (slow**2 + fast**2),
)
VELOCITY = sp.Derivative(sp.Function("theta_1")(t), t)
THREE = "three losses of two weights"
equal = partial(sp.Eq, evaluate=False)


def at_phi(part: Any, order: int = 1) -> Any:
    """∂L_λ/∂(part) with φ(θ₁) put in for θ₂ after differentiating."""
    return sp.Subs(sp.Derivative(loss(slow, fast), (part, order)), fast, phi(slow))


def steps() -> tuple[Step, ...]:
    """Equations (6)–(11)."""
    velocity_at_phi = equal(VELOCITY, -at_phi(slow))
    return (
        one_line(
            "(6)",
            "Flow of the slow part: its block of the gradient flow (3)",
            equal(VELOCITY, -sp.Derivative(loss(slow, fast), slow)),
            "flow time t; θ = (θ₁, θ₂)",
            [_difference_quotients],
            "the first block of −∇L_λ",
        ),
        Step(
            "(8)",
            "The same where θ₁ determines θ₂",
            (
                Line(
                    equal(fast, phi(slow)),
                    "(7)",
                    unchecked="an assumption on the split; the errata show where it fails",
                ),
                Line(velocity_at_phi, "(7) put into (6)", (_for_each(THREE),)),
            ),
            "(7)",
        ),
        Step(
            "(9)",
            "Fast part optimal for the slow part",
            (
                Line(
                    equal(phi(slow), argmin(loss(slow, fast))),
                    "definition; φ as this package decouples it, the minimum by completing the square",
                    (_for_each(THREE),),
                ),
                Line(equal(at_phi(fast), 0), "a minimum is stationary", (_for_each(THREE),)),
                Line(
                    equal(loss(slow, phi(slow) + u) - loss(slow, phi(slow)), u**2 * at_phi(fast, 2) / 2),
                    "losses quadratic in θ₂: a positive square more at every other θ₂",
                    (_for_each(THREE), _bends_upward),
                ),
            ),
            "a minimum exists; unique where the fast Hessian is positive definite",
        ),
        one_line(
            "(10)",
            "Reduced cost",
            equal(cost(slow), loss(slow, phi(slow))),
            "φ of (9)",
            [_for_each(f"{THREE}: R the least value, by completing the square")],
            "definition",
        ),
        Step(
            "(11)",
            "Theorem 5.1: the slow part descends the reduced cost",
            (
                Line(
                    equal(cost(slow).diff(slow), at_phi(slow) + at_phi(fast) * phi(slow).diff(slow)),
                    "chain rule in (10): θ₁ enters directly and through φ",
                    (identity("a cubic L_λ with free coefficients, any φ", _cubic),),
                ),
                Line(
                    equal(cost(slow).diff(slow), at_phi(slow)),
                    "envelope theorem: by (9) the second term is zero, however φ moves",
                    (_for_each(THREE),),
                ),
                Line(velocity_at_phi, "(8)", (_for_each(THREE),)),
                Line(equal(VELOCITY, -cost(slow).diff(slow)), "both put together", (_for_each(THREE),)),
            ),
            "φ differentiable and ∂L_λ/∂θ₂ = 0 at φ",
        ),
    )


def _least(example: Any) -> tuple[Any, Any]:
    """Where a loss quadratic in θ₂ is least, and its least value, by completing the square."""
    curvature, slope, rest = sp.Poly(example, fast).all_coeffs()
    return -slope / (2 * curvature), rest - slope**2 / (4 * curvature)


def _for_each(method: str) -> Decision:
    """Decide a statement on every example: φ and dθ₁/dt from this package, argmin and R by completing the square."""

    def decide(statement: Any) -> Check:
        failures = 0
        for example in EXAMPLES:
            network = decouple(example, slow, fast)
            place, value = _least(example)
            known = {argmin(loss(slow, fast)): place, VELOCITY: network.flow[slow]}
            functions = (
                (loss, sp.Lambda((slow, fast), example)),
                (phi, sp.Lambda(slow, network.fast_optimum[fast])),
                (cost, sp.Lambda(slow, value)),
            )
            difference = (statement.lhs - statement.rhs).xreplace(known)
            for function, meaning in functions:
                difference = difference.replace(function, meaning)
            failures += sp.simplify(difference.doit()) != 0
        return Check(method, failures)

    return decide


def _bends_upward(statement: Any) -> Check:
    """The factor of u² is positive."""
    failures = 0
    for example in EXAMPLES:
        optimum = sp.Lambda(slow, decouple(example, slow, fast).fast_optimum[fast])
        square = statement.rhs.replace(loss, sp.Lambda((slow, fast), example)).replace(phi, optimum).doit()
        failures += not sp.simplify(square / u**2).is_positive
    return Check(f"{THREE}: the curvature is positive", failures)


def _cubic(statement: Any) -> Any:
    """L_λ a cubic with free coefficients, R = L_λ(θ₁, φ(θ₁)), φ undefined."""
    coefficients = iter(sp.symbols("c_:10"))
    cubic = sum(next(coefficients) * slow**i * fast**j for i in range(4) for j in range(4 - i))
    reduced = sp.Lambda(slow, cubic.subs(fast, phi(slow)))
    left, right = (
        side.replace(cost, reduced).replace(loss, sp.Lambda((slow, fast), cubic)).doit()
        for side in statement.args
    )
    return equal(left, right)


def _difference_quotients(statement: Any) -> Check:
    """The velocity of θ₁ against a central difference of L_λ in θ₁ at held θ₂, at 60 digits."""
    place, step, residuals = {decay: sp.Rational(2, 7), fast: sp.Rational(-5, 3)}, sp.Float(10, 90) ** -30, []
    for example in EXAMPLES:
        here = sp.Rational(3, 4)
        ahead, behind = (example.subs(place).subs(slow, here + h).evalf(90) for h in (step, -step))
        meaning = {VELOCITY: -(ahead - behind) / (2 * step)}
        moved = (
            (statement.lhs - statement.rhs).xreplace(meaning).replace(loss, sp.Lambda((slow, fast), example))
        )
        residuals.append(abs(moved.doit().subs(place | {slow: here}).evalf(DIGITS)))
    return Check("central differences at 60 digits", float(max(residuals)), DIFFERENCE_TOLERANCE)
