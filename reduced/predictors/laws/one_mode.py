"""Pracher et al.: one eigenvalue Λ of the tangent kernel, driven by the residual that weight decay leaves."""

import math

import numpy as np

from reduced.inputs.arrays import without_overflow
from reduced.inputs.scalars import non_negative, positive
from reduced.predictors.law import Law, Needs, declare
from reduced.predictors.runs import Run


def constant_coupling(
    start: float, end: float, *, coupling: float, target: float, ridge: float = 0.0
) -> float:
    """Slow time in which Λ moves from ``start`` to ``end`` under dΛ/dτ = 2(a·y/(Λ + 2λ) − Λ), a constant.

    The residual of a network of degree 2 is 2λy/(Λ + 2λ). Fixed point Λ* = −λ + √(λ² + ay); with its partner
    Λ₋ = −λ − √(λ² + ay),

        2τ = [(Λ* + 2λ) ln((Λ_start − Λ*)/(Λ_end − Λ*)) − (Λ₋ + 2λ) ln((Λ_start − Λ₋)/(Λ_end − Λ₋))]/(Λ* − Λ₋)

    At λ → 0, Λ² = ay + (Λ_start² − ay)e^{−4τ}: the zero-loss flow of the product network, with Λ = w1² + w2², and its
    first-layer flow, with Λ = w1².

    Parameters
    ----------
    start, end : float
        Λ > 0, both on one side of Λ*, the end nearer.
    coupling, target, ridge : float
        a > 0, y > 0, λ ≥ 0.

    Raises
    ------
    ValueError
        If the end is not reached.

    Examples
    --------
    >>> tau = constant_coupling(3.0, 2.5, coupling=2.0, target=2.0)
    >>> round(4.0 + (9.0 - 4.0) * math.exp(-4 * tau), 12)  # 2.5 squared
    6.25
    """
    start, end, coupling, target = positive(start=start, end=end, coupling=coupling, target=target)
    (ridge,) = non_negative(ridge=ridge)
    root = math.hypot(ridge, math.sqrt(coupling) * math.sqrt(target))
    high, low = -ridge + root, -ridge - root
    _reaches(high, start=start, end=end, coupling=coupling, target=target, ridge=ridge)
    gone = (start - high) / (end - high), (start - low) / (end - low)
    falls = np.log(without_overflow("the time", gone))
    time = ((high + 2 * ridge) * falls[0] - (low + 2 * ridge) * falls[1]) / (2 * (high - low))
    return float(without_overflow("the time", time))


def proportional_coupling(
    start: float, end: float, *, ratio: float, target: float, ridge: float = 0.0
) -> float:
    """The same with a = κΛ: dΛ/dτ = 2Λ(κy − 2λ − Λ)/(Λ + 2λ), Λ* = κy − 2λ, for λ < κy/2.

        2τ = (2λ/Λ*) ln(Λ_end/Λ_start) + (1 + 2λ/Λ*) ln((Λ* − Λ_start)/(Λ* − Λ_end))

    Exact for the balanced product network ŷ = w1 w2 x once it is as fast as λ → 0 makes it: Λ = x²(w1² + w2²), κ = 2x.

    Parameters
    ----------
    start, end : float
        Λ > 0, as in :func:`constant_coupling`.
    ratio, target, ridge : float
        κ > 0, y > 0, 0 ≤ λ < κy/2.

    Examples
    --------
    >>> tau = proportional_coupling(5.0, 4.5, ratio=2.0, target=2.0)
    >>> round(4.0 + (5.0 - 4.0) * math.exp(-2 * tau), 12)
    4.5
    """
    start, end, ratio, target = positive(start=start, end=end, ratio=ratio, target=target)
    (ridge,) = non_negative(ridge=ridge)
    fixed = ratio * target - 2 * ridge
    if not 0 < fixed < math.inf:
        raise ValueError(
            f"ratio = {ratio:g}, target = {target:g}, ridge = {ridge:g}: ratio·target − 2·ridge must be positive and "
            "finite, or the mode dies"
        )
    _reaches(fixed, start=start, end=end, ratio=ratio, target=target, ridge=ridge)
    share = 2 * ridge / fixed
    gone = (fixed - start) / (fixed - end)
    time = share * (math.log(end) - math.log(start)) + (1 + share) * math.log(
        without_overflow("the time", gone)
    )
    return float(without_overflow("the time", time / 2))


def _reaches(fixed: float, **given: float) -> None:
    start, end = given["start"], given["end"]
    if not ((start >= end > fixed) or (start <= end < fixed)):
        told = ", ".join(f"{name} = {value:g}" for name, value in given.items())
        raise ValueError(
            f"{told}: the mode runs from the start to {fixed:g}, and the end is not between them"
        )


def constant(run: Run, reference: Run) -> float:
    """Λ read as ‖θ‖² at λ → 0: from memorization to the reference's value at generalization, fixed point its end."""
    now, there = run.measured, reference.measured
    rest = there.squared_norm_end**2
    moved = constant_coupling(
        now.squared_norm_memorized, there.squared_norm_generalized, coupling=rest, target=1.0
    )
    return now.memorized + moved


def proportional(run: Run, reference: Run) -> float:
    """As :func:`constant`, with the coupling proportional to Λ."""
    now, there = run.measured, reference.measured
    moved = proportional_coupling(
        now.squared_norm_memorized, there.squared_norm_generalized, ratio=there.squared_norm_end, target=1.0
    )
    return now.memorized + moved


_SOURCE = "Pracher et al., arXiv:2609.26679, Theorem 2; not found in print by us, law from our notes"
for _name, _predict, _formula in (
    ("one mode, constant coupling", constant, "τ = τ_mem + ¼ ln((V_mem² − V∞²)/(V*² − V∞²))"),
    ("one mode, proportional coupling", proportional, "τ = τ_mem + ½ ln((V_mem − V∞)/(V* − V∞))"),
):
    declare(
        Law(
            name=_name,
            formula=_formula,
            source=_SOURCE,
            needs=Needs.MEMORIZATION,
            calibrated="V* and V∞, ‖θ‖² of the reference as it generalizes and at its end",
            scope="one mode; reading ‖θ‖² for its eigenvalue is ours, exact for the product network",
            predict=_predict,
            units="slow time τ = 2λt, for the loss ‖F − Y‖² + λ‖θ‖²",
        )
    )
