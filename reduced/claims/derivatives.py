"""Every step of the derivations as a claim: the largest residual of its checks, in units of what each allows."""

import math
from functools import partial

from derivations.paper import chapters
from derivations.steps import Check, Step, run_checks
from reduced.claims.claim import Claim

GROUP = "derivatives"
BECAUSE = "in units of each check's own tolerance; a check in exact arithmetic allows no residual at all"
#: Steps that take a second or more, by title; the quick run leaves them out.
SLOW = frozenset(
    {
        "first-layer flow in slow time τ = 2λt; B = K⁻¹Y gives Xᵀ[(BBᵀH) ⊙ σ′(XW1)] − W1",
        "Flow of W1 in a three-layer network",
        "linear regression, three weights on two samples: w = w* + exp(−2(XᵀX + λ)t)(w_0 − w*)",
        "product of two weights, full flow with any weight decay: r = (w_1 − w_2)/(w_1 + w_2)",
        "the first-layer flow of a linear network closes on the whitened Gram matrix",
        "linear network, first-layer flow, one output, G_0 and Q not commuting",
        "linear network: W1ᵀW1 − W2W2ᵀ decays as e^{−4λt}",
        "balanced linear network: QQᵀ = e^{Bt}Q_0[I + 2Q_0ᵀ∫e^{2Bu}du Q_0]⁻¹Q_0ᵀe^{Bt}, Q = [W1; W2ᵀ]",
        "one sample, several active neurons of degree q ≥ 2: the largest takes all",
    }
)


def claims() -> list[Claim]:
    """One claim a step, in reading order."""
    return [
        Claim(
            GROUP,
            f"{step.label} {step.title}".strip(),
            f"derivations: {chapter.title}",
            partial(_largest, step),
            0.0,
            1.0,
            BECAUSE,
            quick=step.title not in SLOW,
        )
        for chapter in chapters()
        for step in chapter.steps
    ]


def _largest(step: Step) -> float:
    return max(map(_in_its_units, run_checks(step)))


def _in_its_units(check: Check) -> float:
    """Residual over tolerance; infinite for NaN, and for whatever exact arithmetic leaves.

    Examples
    --------
    >>> _in_its_units(Check("sixty digits", 1e-39, 4e-39)), _in_its_units(Check("exact", 1e-9))
    (0.25, inf)
    """
    if check.residual == 0:
        return 0.0
    units = abs(check.residual) / check.tolerance if check.tolerance else math.inf
    return math.inf if math.isnan(units) else units
