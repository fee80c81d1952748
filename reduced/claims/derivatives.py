"""The derivations as claims, one a topic: the largest residual of its checks, in units of what each check allows."""

import math
from functools import partial

from derivations.chapter import Chapter
from derivations.paper import chapters
from derivations.steps import Check, run_checks
from reduced.claims.claim import Claim

GROUP = "derivatives"
BECAUSE = "in units of each check's own tolerance; a check in exact arithmetic allows no residual at all"
#: Topics that take more than ten seconds; the quick run leaves them out.
SLOW = frozenset({"Solvable cases", "Modular addition in frequency space"})
WORDS = {
    "derivation": "every line of the derivation follows",
    "errata": "what the paper prints fails, and its correction holds",
    "slips": "what the paper prints is a slip of the pen, and its correction holds",
}


def claims() -> list[Claim]:
    """One claim a topic, in reading order."""
    return [_claim(chapter) for chapter in chapters()]


def _claim(chapter: Chapter) -> Claim:
    lines = [line for step in chapter.steps for line in step.lines if line.checks]
    checks = sum(len(line.checks) for line in lines)
    labels = [step.label.removeprefix("Erratum, ") for step in chapter.steps if step.label]
    return Claim(
        GROUP,
        f"{chapter.title}: {WORDS[chapter.kind]}",
        f"the paper's {', '.join(labels)}" if labels else "derived here",
        partial(largest_residual, chapter),
        0.0,
        1.0,
        BECAUSE,
        quick=chapter.title not in SLOW,
        method=f"{len(lines)} lines of {len(chapter.steps)} results, by {checks} checks: symbolic, in exact rational "
        "matrices, or to 50 or 60 digits",
    )


def largest_residual(chapter: Chapter) -> float:
    """Largest residual of a chapter's checks in units of their tolerances."""
    return max(in_its_units(check) for step in chapter.steps for check in run_checks(step))


def in_its_units(check: Check) -> float:
    """Residual over tolerance; infinite for NaN, and for whatever exact arithmetic leaves.

    Examples
    --------
    >>> in_its_units(Check("sixty digits", 1e-39, 4e-39)), in_its_units(Check("exact", 1e-9))
    (0.25, inf)
    """
    if check.residual == 0:
        return 0.0
    units = abs(check.residual) / check.tolerance if check.tolerance else math.inf
    return math.inf if math.isnan(units) else units
