"""Decay elimination: at zero loss one run of a homogeneous network gives the run from every other initial scale."""

from functools import partial
from typing import Any

import sympy as sp

from derivations import two_layer as eq
from derivations.checks import exact, holds_at, identity
from derivations.steps import Check, Decision, Line, Statement, Step
from derivations.symbols import Gradient
from derivations.two_layer import W1
from derivations.two_layer_meaning import RHO, ZERO_LOSS, activation, meaning
from derivations.two_layer_meaning import q as power

alpha, q, grown = sp.symbols("alpha q S", positive=True)
c = sp.Symbol("c", positive=True)
tau = sp.Symbol("tau", nonnegative=True)
S, time = sp.Function("S"), sp.Symbol("tau", positive=True)
PUSH = sp.MatrixSymbol("G_c", eq.d_in, eq.d_h)
equal = partial(sp.Eq, evaluate=False)


def steps() -> tuple[Step, ...]:
    """The chain from the degree of the cost to the time at which a scaled start is as far."""
    rate = 2 * q + 2
    spent = (sp.exp(rate * tau) - 1) / (rate * alpha**rate)
    reached = sp.log(1 + rate * alpha**rate * grown) / rate
    return (
        Step(
            "",
            "Decay elimination: W1(τ) = αe^{−τ}V(S), where V moves without decay from the start of the unscaled run",
            (
                Line(
                    equal(PUSH, -sp.Rational(1, 2) * c ** (-2 * power - 1) * Gradient(RHO, W1)),
                    "the push −½∂ρ/∂W1 at cW1: ρ is homogeneous of degree −2q in W1, its gradient of degree −2q − 1",
                    tuple(_scaled(example) for example in ZERO_LOSS if example.power),
                ),
                Line(
                    equal(sp.Derivative(S(tau), tau), (alpha * sp.exp(-tau)) ** (-rate)),
                    "αe^{−τ}V(S) put into (20), where dV/dS is the push at V",
                    (_keeps_the_flow,),
                ),
                Line(equal(S(tau), spent), "integrated from S(0) = 0", (_integrates,)),
                Line(
                    equal(tau, reached),
                    "solved for the time at which a start α times as large has spent S",
                    (identity("symbolic", lambda statement: _inverse(statement, spent)),),
                ),
                Line(
                    equal(
                        sp.Limit(reached - sp.log(alpha), alpha, sp.oo, "-"),
                        sp.log(rate * grown) / rate,
                    ),
                    "large starts: later by ln α",
                    (identity("limits, q = 1, 2, 3", _in_small_degrees),),
                ),
            ),
            "σ positively homogeneous of degree q; λ → 0, H of full row rank; predictions stay as W1 is scaled",
        ),
    )


def _scaled(example: Any) -> Decision:
    """The gradient of ρ at (2/3)W1, by differentiating there."""

    def values() -> dict[Any, Any]:
        here, factor = meaning(example), sp.Rational(2, 3)
        return {**here, c: factor, PUSH: _push(here, factor, example.power)}

    return holds_at(f"{example}: differentiated at 2/3 of W1", values, activation(example.power))


def _push(here: Any, factor: Any, degree: int) -> Any:
    """−½∂ρ/∂W1 at factor · W1 in exact arithmetic, an entry at a time."""
    t = sp.Symbol("t")
    X, Y, W = here[eq.X], here[eq.Y], factor * here[W1]

    def entry(i: int, j: int) -> Any:
        moved = sp.Matrix(W)
        moved[i, j] += t
        hidden = (X * moved).applyfunc(lambda z: z**degree)
        gram = hidden * hidden.T
        rho = sp.cancel((Y.T * gram.adjugate() * Y).trace() / gram.det())
        return -rho.diff(t).subs(t, 0) / 2

    return sp.Matrix(*W.shape, entry)


def _keeps_the_flow(statement: Statement) -> Check:
    """dW1/dτ + W1 = s S′ g(V), with s = αe^{−τ}, is the push at sV, s^{−2q−1} g(V)."""
    s = alpha * sp.exp(-tau)
    return exact("symbolic", sp.simplify(s * statement.rhs / s ** (-2 * q - 1) - 1))


def _integrates(statement: Statement) -> Check:
    rate = (alpha * sp.exp(-tau)) ** (-2 * q - 2)
    missed = [sp.simplify(statement.rhs.diff(tau) / rate - 1), statement.rhs.subs(tau, 0)]
    return exact("its derivative, and its start", sp.Matrix(missed))


def _inverse(statement: Statement, spent: Any) -> Any:
    """The stated time, put into what is spent until then."""
    return equal(sp.simplify(sp.expand_log(spent.subs(tau, statement.rhs), force=True)), grown)


def _in_small_degrees(statement: Statement) -> Any:
    return sp.Tuple(*(equal(statement.lhs.subs(q, n), statement.rhs.subs(q, n)) for n in (1, 2, 3)))
