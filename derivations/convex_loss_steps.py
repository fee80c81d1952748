"""The derivation for every convex loss step by step, each line with the checks that decide it."""

from typing import Any

import sympy as sp

from derivations import convex_loss as cl
from derivations import convex_loss_checks as checks
from derivations import convex_loss_laws as laws
from derivations import two_layer as eq
from derivations.checks import exact
from derivations.evaluate import evaluate
from derivations.steps import Check, Decision, Line, Statement, Step

CONVEX = "ℓ convex and differentiable in the outputs, λ > 0, any shapes; G = ∇ℓ(HW2)"
LOSS = sp.Symbol("L_lambda")
FLOW = sp.Derivative(eq.W1, sp.Symbol("tau"), evaluate=False)
EXACT = "exact rationals, any M and W2"


def steps() -> tuple[Step, ...]:
    """Readout, duality gap, flow, laws and the limit of strong decay, for any loss; the squared one drops out."""
    return (
        Step("", "Readout of any convex loss", _readout(), CONVEX),
        Step("", "Duality gap of any readout", _gap(), f"{CONVEX}; M = −G/(2λ)"),
        Step("", "First-layer flow of any convex loss in slow time τ = 2λt", _flow(), CONVEX),
        Step("", "Laws that do not know the loss", _laws(), f"{CONVEX}; σ homogeneous of degree q"),
        Step("", "Both layers in flow time t", _both_layers(), "ℓ differentiable, λ ≥ 0, any shapes"),
        Step(
            "",
            "Strong decay decouples the neurons, with an error O(1/λ)",
            (_strong_decay(),),
            "λ → ∞, G = ∇ℓ(0); for the squared loss Theorem 1 of arXiv:2509.21519",
        ),
    )


def _equation(left: Any, right: Any) -> Any:
    return sp.Eq(left, right, evaluate=False)


def _readout() -> tuple[Line, ...]:
    gradient = _equation(sp.Derivative(LOSS, eq.W2), cl.gradient_in_readout())
    _, G = cl.multiplier_equation()
    squared = sp.Inverse(eq.gram()) * eq.Y
    return (
        Line(gradient, "derivative of Tr(GᵀHW2) at fixed G", (checks.gradient_of_the_cost(eq.W2),)),
        Line(_equation(eq.W2, cl.readout()), "it vanishes with G = −2λM", (checks.stationary, checks.least)),
        Line(
            _equation(cl.G, G),
            "the equation of M: ∇ℓ at the outputs HHᵀM is −2λM",
            (checks.outputs_and_gradient_belong_together,),
        ),
        Line(_equation(cl.M, squared), "squared loss, G = 2(HW2 − Y)", (checks.squared_multiplier,)),
        Line(
            _equation(eq.W2, eq.dual_readout()),
            "its readout is (15)",
            (
                checks.same(
                    "exact rationals: Hᵀ times M of the squared loss", _right, lambda _: eq.H.T * squared
                ),
            ),
        ),
    )


def _gap() -> tuple[Line, ...]:
    H, W2, M = eq.H, eq.W2, cl.M
    pairing = sp.Trace(cl.G.T * H * W2)
    squares = eq.ridge * (eq.squared_norm(W2) + eq.squared_norm(H.T * M))
    gap = sp.Symbol("gap")
    return (
        Line(
            _equation(gap, squares + pairing),
            "primal ℓ(Z) + λ‖W2‖² minus dual −ℓ*(G) − λ‖HᵀM‖², with ℓ(Z) + ℓ*(G) = Tr(GᵀZ) (Fenchel and Young)",
            (_gap_of_the_squared_loss,),
        ),
        Line(
            _equation(gap, cl.duality_gap()),
            "G = −2λM completes the square",
            (checks.same(EXACT, _right, lambda _: squares + pairing), _gap_of_the_squared_loss),
        ),
    )


def _flow() -> tuple[Line, ...]:
    gradient = _equation(sp.Derivative(LOSS, eq.W1), cl.gradient_in_first_layer())
    given, flow = cl.first_layer_flow_given_multiplier(), eq.readable(cl.first_layer_flow())
    return (
        Line(
            gradient,
            "chain rule at fixed W2, one map at a time",
            (checks.gradient_of_the_cost(eq.W1),),
        ),
        Line(
            _equation(FLOW, eq.readable(given)),
            "envelope theorem, over −2λ, with G = −2λM",
            (checks.same(EXACT, _in_full, lambda _: -cl.gradient_in_first_layer() / (2 * eq.ridge)),),
        ),
        Line(_equation(FLOW, flow), "W2 = HᵀM", (_in_full_check(checks.minus_half_the_gradient),)),
        Line(
            _equation(FLOW, eq.readable(cl.squared_flow())),
            "squared loss, M = K⁻¹Y: equation (20)",
            (checks.same("exact rationals: the flow (20)", _in_full, lambda _: eq.first_layer_flow()),),
        ),
    )


def _laws() -> tuple[Line, ...]:
    q = sp.Symbol("q", positive=True)
    first, second = sp.Symbol("‖w1_j‖²"), sp.Symbol("‖w2_j‖²")
    law = _equation(sp.Derivative(first, sp.Symbol("tau")), 2 * (q * second - first))
    balance = first - q * second
    decay = _equation(sp.Derivative(balance, sp.Symbol("t")), -4 * eq.ridge * balance)
    return (
        Line(
            law,
            "h_jᵀM w2_j = ‖w2_j‖² at the optimal readout",
            tuple(laws.norm_law(q, degree) for degree in (1, 2, 3)),
        ),
        Line(decay, "both layers move", tuple(laws.balance_law(q, degree) for degree in (1, 2, 3))),
    )


def _both_layers() -> tuple[Line, ...]:
    lines = []
    for layer, velocity in zip((eq.W1, eq.W2), cl.full_flow_given_gradient(), strict=True):
        statement = _equation(sp.Derivative(layer, sp.Symbol("t")), eq.readable(velocity))
        lines.append(Line(statement, f"minus the gradient in {layer}", (_descends(layer),)))
    return tuple(lines)


def _strong_decay() -> Line:
    limit = _equation(FLOW, eq.readable(cl.strong_decay_flow()))
    return Line(
        limit,
        "M → −∇ℓ(0)/(2λ); 4λ² times the first term is the gradient of ½‖GᵀH‖², one neuron at a time",
        (_gradient_of_half_the_square, _in_full_check(checks.tends_as)),
    )


def _right(statement: Statement) -> Any:
    return statement.rhs


def _in_full(statement: Statement) -> Any:
    """The right side, with what ``readable`` abbreviates written out."""
    named = {sp.MatrixSymbol("Z", eq.n, eq.d_h): eq.X * eq.W1, eq.K: eq.gram().xreplace({eq.H: eq.HIDDEN})}
    return statement.rhs.xreplace(named).xreplace({eq.H: eq.HIDDEN}).doit()


def _in_full_check(decision: Decision) -> Decision:
    return lambda statement: decision(_equation(statement.lhs, _in_full(statement)))


def _descends(layer: Any) -> Decision:
    gradient = checks.gradient_of_the_cost(layer)
    return lambda statement: gradient(_equation(statement.lhs, -_in_full(statement)))


def _gap_of_the_squared_loss(statement: Statement) -> Check:
    """Its dual is a concave square, −‖λM‖² + 2λTr(MᵀY) − λ‖HᵀM‖², known without Fenchel and Young."""
    given = checks.values()
    H, Y, W2, ridge = given[eq.H], given[eq.Y], given[eq.W2], checks.RIDGE
    given[cl.G] = 2 * (H * W2 - Y)
    M = given[cl.M] = -given[cl.G] / (2 * ridge)
    primal = checks.squares(H * W2 - Y) + ridge * checks.squares(W2)
    dual = -(ridge**2) * checks.squares(M) + 2 * ridge * (M.T * Y).trace() - ridge * checks.squares(H.T * M)
    return exact(
        "exact rationals: squared loss, primal minus dual", evaluate(statement.rhs, given) - primal + dual
    )


def _gradient_of_half_the_square(statement: Statement) -> Check:
    given = checks.values()

    def half_square(W1: Any) -> Any:
        return checks.squares(given[cl.G].T * (given[eq.X] * W1).applyfunc(checks.POWERS[2])) / 2

    drift = evaluate(_in_full(statement), given, checks.POWERS[2]) + given[eq.W1]
    derived = 4 * checks.RIDGE**2 * drift
    return exact("exact rationals, entry by entry", checks.entrywise(half_square, given[eq.W1]) - derived)
