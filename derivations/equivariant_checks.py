"""Checks of the frequency-space reduction: index algebra for any p, and the dense flow at explicit small p."""

import itertools
import math
from typing import Any

import mpmath
import sympy as sp

from derivations import equivariant as q
from derivations import two_layer as eq
from derivations.equivariant_cases import FLOAT_TOLERANCE, Case, Solved, solved
from derivations.evaluate import evaluate
from derivations.gradients import DIGITS
from derivations.steps import Check, Statement

#: Indices of the formulas by their names here.
INDICES = ("a", "d", "e", "g", "j", "k", "s", "s2", "t", "u")


def flow_agrees(case: Case, statement: Statement) -> Check:
    """The dense flow of the expanded network at every residue and unit, against the formula at a + g."""
    dense = evaluate(eq.first_layer_flow(), case.dense(), case.sigma)
    n, m = case.order, case.templates
    return _compare(
        case,
        "dense flow",
        {
            (a, g, j): (dense[a, g * m + j - 1], (statement.rhs, {"j": j, "u": (a + g) % n}))
            for a in range(n)
            for g in range(n)
            for j in range(1, m + 1)
        },
    )


def cost_agrees(case: Case, statement: Statement) -> Check:
    """The dense reduced cost."""
    dense = evaluate(eq.reduced_cost().xreplace({eq.H: eq.HIDDEN}), case.dense(), case.sigma)
    return _compare(case, "dense cost", {(): (dense, (statement.rhs, {}))})


def blocks_agree(case: Case, statement: Statement) -> Check:
    """Fourier sums of the dense Gram matrix over s − s′, sample s′ = 0, against the blocks."""
    K = evaluate(eq.gram().xreplace({eq.H: eq.HIDDEN}), case.dense(), case.sigma)
    n, chain = case.order, solved(case)
    pairs = [(i, d, l, e) for i, d in enumerate(case.classes) for l, e in enumerate(case.classes)]
    with mpmath.workdps(DIGITS):
        residuals = []
        for i, d, l, e in pairs:
            for k in range(n):
                dense = sum(
                    (
                        _in_field(chain, K[i * n + s, l * n]) * chain.roots.powers[-k * s % n]
                        for s in range(1, n)
                    ),
                    _in_field(chain, K[i * n, l * n]),
                )
                residuals.append(dense - chain(statement.rhs, d=d, e=e, k=k))
    return _verdict(case, "Fourier sums of the dense Gram matrix", residuals)


def readout_agrees(case: Case, statement: Statement) -> Check:
    """Fourier sums over t of the dense readout at unit (0, j) and label 2t; its entry at g is that at 0 and g + t."""
    W2 = evaluate(eq.dual_readout().xreplace({eq.H: eq.HIDDEN}), case.dense(), case.sigma)
    n, m, chain = case.order, case.templates, solved(case)
    with mpmath.workdps(DIGITS):
        residuals = [
            sum(
                (_in_field(chain, W2[j, 2 * t % n]) * chain.roots.powers[-k * t % n] for t in range(n)),
                chain.roots.number(0),
            )
            - chain(statement.rhs, j=j + 1, k=k)
            for j in range(m)
            for k in range(n)
        ]
        residuals += [
            _in_field(chain, W2[g * m + j, 2 * t % n] - W2[j, 2 * (g + t) % n])
            for j in range(m)
            for g in range(n)
            for t in range(n)
        ]
    return _verdict(case, "Fourier sums of the dense readout", residuals)


def outputs_agree(case: Case, statement: Statement) -> Check:
    """Dense outputs of classes that train and of classes that do not, against the formula at t − s."""
    every = Case(case.order, tuple(range((case.order + 1) // 2)), case.templates, case.ridge, case.smooth)
    H = evaluate(eq.HIDDEN, every.dense(), case.sigma)
    dense = H * evaluate(eq.dual_readout().xreplace({eq.H: eq.HIDDEN}), case.dense(), case.sigma)
    n = case.order
    return _compare(
        case,
        "dense outputs of every class",
        {
            (d, s, t): (dense[d * n + s, 2 * t % n], (statement.rhs, {"d": d, "s": (t - s) % n}))
            for d in every.classes
            for s in range(n)
            for t in range(n)
        },
    )


def norm_law(case: Case, statement: Statement) -> Check:
    """Σ_u f_j df_j/dτ = 2 Σ_u ω_j² − Σ_u f_j² for every template, σ of degree 2."""
    n, chain = case.order, solved(case)
    omega = q.inverse_transform(q.omega_hat(q.j, q.k), q.s)
    residuals = [
        sum(
            (
                chain(q.f(q.j, q.u) * statement.rhs, j=j, u=u)
                - 2 * chain(omega, j=j, s=u) ** 2
                + chain(q.f(q.j, q.u) ** 2, j=j, u=u)
                for u in range(n)
            ),
            chain.roots.number(0),
        )
        for j in range(1, case.templates + 1)
    ]
    return _verdict(case, "norm law of every template", residuals)


def force_agrees(case: Case, statement: Statement) -> Check:
    """The dense (BBᵀH) at every sample and unit, against the formula at s + g."""
    B = sp.Inverse(eq.gram()) * eq.Y
    dense = evaluate((B * B.T * eq.H).xreplace({eq.H: eq.HIDDEN}), case.dense(), case.sigma)
    n, m = case.order, case.templates
    return _compare(
        case,
        "dense BBᵀH",
        {
            (i, s, g, j): (
                dense[i * n + s, g * m + j - 1],
                (statement.rhs, {"j": j, "d": d, "s": (s + g) % n}),
            )
            for i, d in enumerate(case.classes)
            for s in range(n)
            for g in range(n)
            for j in range(1, m + 1)
        },
    )


def fewer_templates_are_singular(statement: Statement) -> Check:
    """At ridge 0 with m = |D| − 1 every block has determinant 0; with m = |D| none has, at these templates."""
    wrong = 0
    for m, singular in ((1, True), (2, False)):
        case = Case(5, (0, 2), m, sp.S.Zero)
        chain = solved(case)
        for k in range(5):
            first, second, third, fourth = (
                chain(statement.rhs, d=d, e=e, k=k) for d in case.classes for e in case.classes
            )
            wrong += bool(first * fourth == second * third) is not singular
    return Check("exact determinants, p = 5, two classes, one template and two", wrong)


def sides_agree(case: Case, statement: Statement) -> Check:
    """Both sides of an equation between functions of residues, at all indices that it holds."""
    chain, n = solved(case), case.order
    ranges = {"j": range(1, case.templates + 1), "d": case.classes, "e": case.classes}
    free = sorted(name for name in INDICES if getattr(q, name) in statement.free_symbols)
    places = itertools.product(*(ranges.get(name, range(n)) for name in free))
    difference = statement.lhs - statement.rhs
    with mpmath.workdps(DIGITS):
        residuals = [chain(difference, **dict(zip(free, at, strict=True))) for at in places]
    return _verdict(case, "both sides, every index", residuals)


def _compare(case: Case, what: str, entries: dict[Any, Any]) -> Check:
    chain = solved(case)
    with mpmath.workdps(DIGITS):
        residuals = [
            _in_field(chain, dense) - chain(formula, **at) for dense, (formula, at) in entries.values()
        ]
    return _verdict(case, what, residuals)


def _in_field(chain: Solved, entry: Any) -> Any:
    return mpmath.mpmathify(entry) if chain.case.smooth else chain.roots.number(entry)


def _verdict(case: Case, what: str, residuals: list[Any]) -> Check:
    size = f"p = {case.order}, classes {case.classes}, m = {case.templates}, λ = {case.ridge}"
    if not case.smooth:
        zero = solved(case).roots.number(0)
        return Check(f"exact in Q(ζ): {what}, {size}, σ = z²", sum(entry != zero for entry in residuals))
    return Check(
        f"60 digits: {what}, {size}, σ = tanh",
        float(max(map(abs, residuals), default=math.nan)),
        FLOAT_TOLERANCE,
    )
