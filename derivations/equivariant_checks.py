"""Checks of the frequency-space reduction: index algebra for any p, and the dense flow at explicit small p."""

import math
from typing import Any

import mpmath
import sympy as sp

from derivations import equivariant as q
from derivations import two_layer as eq
from derivations.equivariant_cases import EXACT, FLOAT_TOLERANCE, Case, Solved, block_at, solved
from derivations.evaluate import evaluate
from derivations.gradients import DIGITS
from derivations.residues import p
from derivations.steps import Check


def flow_agrees(case: Case) -> Check:
    """The dense flow of the expanded network at every residue and unit, against the formula at a + g."""
    dense = evaluate(eq.first_layer_flow(), case.dense(), case.sigma)
    n, m = case.order, case.templates
    return _compare(
        case,
        "dense flow",
        {
            (a, g, j): (dense[a, g * m + j - 1], (q.flow(), {"j": j, "u": (a + g) % n}))
            for a in range(n)
            for g in range(n)
            for j in range(1, m + 1)
        },
    )


def cost_agrees(case: Case) -> Check:
    """The dense reduced cost."""
    dense = evaluate(eq.reduced_cost().xreplace({eq.H: eq.HIDDEN}), case.dense(), case.sigma)
    return _compare(case, "dense cost", {(): (dense, (q.cost(), {}))})


def blocks_agree(case: Case) -> Check:
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
                residuals.append(dense - chain(q.block_entry(), d=d, e=e, k=k))
    return _verdict(case, "Fourier sums of the dense Gram matrix", residuals)


def readout_agrees(case: Case) -> Check:
    """The dense readout at every unit and label, against ω_j(g + t) at label 2t."""
    dense = evaluate(eq.dual_readout().xreplace({eq.H: eq.HIDDEN}), case.dense(), case.sigma)
    n, m = case.order, case.templates
    formula = q.inverse_transform(q.omega_hat(q.j, q.k), q.s)
    return _compare(
        case,
        "dense readout",
        {
            (g, j, t): (dense[g * m + j - 1, 2 * t % n], (formula, {"j": j, "s": (g + t) % n}))
            for t in range(n)
            for g in range(n)
            for j in range(1, m + 1)
        },
    )


def outputs_agree(case: Case) -> Check:
    """Dense outputs of classes that train and of classes that do not, against the formula at t − s."""
    every = Case(case.order, tuple(range((case.order + 1) // 2)), case.templates, case.ridge, case.smooth)
    H = evaluate(eq.HIDDEN, every.dense(), case.sigma)
    dense = H * evaluate(eq.dual_readout().xreplace({eq.H: eq.HIDDEN}), case.dense(), case.sigma)
    n = case.order
    return _compare(
        case,
        "dense outputs of every class",
        {
            (d, s, t): (dense[d * n + s, 2 * t % n], (q.outputs(), {"d": d, "s": (t - s) % n}))
            for d in every.classes
            for s in range(n)
            for t in range(n)
        },
    )


def quadratic_agrees(case: Case) -> Check:
    """The trigonometric form against the transform of the hidden activations."""
    chain, places = (
        solved(case),
        [(j, d, k) for j in range(1, case.templates + 1) for d in case.classes for k in range(case.order)],
    )
    return _verdict(
        case,
        "the transform of the hidden activations",
        [chain(q.quadratic_spectrum(), j=j, d=d, k=k) - chain.tables["hhat"](j, d, k) for j, d, k in places],
    )


def norm_law(case: Case) -> Check:
    """Σ_u f_j df_j/dτ = 2 Σ_u ω_j² − Σ_u f_j² for every template, σ of degree 2."""
    n, chain = case.order, solved(case)
    omega = q.inverse_transform(q.omega_hat(q.j, q.k), q.s)
    residuals = [
        sum(
            (
                chain(q.f(q.j, q.u) * q.flow(), j=j, u=u)
                - 2 * chain(omega, j=j, s=u) ** 2
                + chain(q.f(q.j, q.u) ** 2, j=j, u=u)
                for u in range(n)
            ),
            chain.roots.number(0),
        )
        for j in range(1, case.templates + 1)
    ]
    return _verdict(case, "norm law of every template", residuals)


def force_agrees(case: Case) -> Check:
    """The dense (BBᵀH) at every sample and unit, against the formula at s + g."""
    B = sp.Inverse(eq.gram()) * eq.Y
    dense = evaluate((B * B.T * eq.H).xreplace({eq.H: eq.HIDDEN}), case.dense(), case.sigma)
    n, m = case.order, case.templates
    formula = q.G(q.j, q.d, q.s)
    return _compare(
        case,
        "dense BBᵀH",
        {
            (i, s, g, j): (dense[i * n + s, g * m + j - 1], (formula, {"j": j, "d": d, "s": (s + g) % n}))
            for i, d in enumerate(case.classes)
            for s in range(n)
            for g in range(n)
            for j in range(1, m + 1)
        },
    )


def fewer_templates_are_singular() -> Check:
    """At ridge 0 with m = |D| − 1 every block has determinant 0; with m = |D| none has, at these templates."""
    wrong = 0
    for m, singular in ((1, True), (2, False)):
        case = Case(5, (0, 2), m, sp.S.Zero)
        for k in range(5):
            (first, second), (third, fourth) = block_at(case, k)
            wrong += bool(first * fourth == second * third) is not singular
    return Check("exact determinants, p = 5, two classes, one template and two", wrong)


def linear_is_singular() -> Check:
    """σ(z) = z: ĥ_j^d(k) = 2 cos(2πkd/p) f̂_j(k), a product of a function of d and one of j."""
    chain = solved(EXACT[1])
    formula = q.transform(q.templates_sum(), q.s) - 2 * sp.cos(2 * sp.pi * q.k * q.d / p) * q.f_hat(q.j, q.k)
    places = [(j, d, k) for j in (1, 2, 3) for d in range(3) for k in range(5)]
    return _verdict(
        EXACT[1], "linear spectra are products", [chain(formula, j=j, d=d, k=k) for j, d, k in places]
    )


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
