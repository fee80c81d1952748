"""A claim: a statement in words, a measurement, what it should be, and how far off it may be."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from reduced.display import html_table

GROUPS = (
    "derivatives",
    "closed forms",
    "laws along trajectories",
    "convergence orders",
    "paper's claims",
    "neighbours",
)


@dataclass(frozen=True)
class Claim:
    """Something that is true or not, and the number that decides it.

    Parameters
    ----------
    group : str
        One of :data:`GROUPS`.
    claim : str
        The statement in words, with its regime and its time.
    source : str
        Where it is stated or derived.
    measure : callable
        Returns the number; run by :func:`check`.
    expected : float
        What the number should be.
    tolerance : float or None
        Largest allowed |measured − expected|; None reports the number without judging it.
    because : str
        Why this tolerance: the arithmetic, the integrator's error, the statistics.
    quick : bool
        Whether it belongs to the quick run.
    printed : bool
        Whether a paper claims it: if it does not hold, it is *not reproduced* instead of failing.
    method : str
        How it was tested: on what model, by what computation.
    """

    group: str
    claim: str
    source: str
    measure: Callable[[], float]
    expected: float
    tolerance: float | None
    because: str
    quick: bool = True
    printed: bool = False
    method: str = ""

    def __post_init__(self) -> None:
        if self.group not in GROUPS:
            raise ValueError(f"group = {self.group!r}: choose one of {', '.join(GROUPS)}")

    def _repr_html_(self) -> str:
        judged = (
            "reported, not judged" if self.tolerance is None else f"{self.expected:g} ± {self.tolerance:g}"
        )
        rows = {"group": self.group, "source": self.source, "expected": judged, "because": self.because}
        return html_table(self.claim, rows | ({"method": self.method} if self.method else {}))


@dataclass(frozen=True)
class Verdict:
    """A claim's row in the table; field names are the keys of the JSON report."""

    group: str
    claim: str
    source: str
    measured: float
    expected: float
    tolerance: float | None
    because: str
    verdict: str
    seconds: float
    method: str = ""

    @property
    def error(self) -> float:
        """|measured − expected|."""
        return abs(self.measured - self.expected)

    def _repr_html_(self) -> str:
        rows = {
            "verdict": self.verdict,
            "measured": f"{self.measured:.6g}",
            "expected": f"{self.expected:.6g}",
        }
        return html_table(self.claim, rows | {"source": self.source, "seconds": f"{self.seconds:.2g}"})


def check(claim: Claim) -> Verdict:
    """Measure a claim and judge it: ``holds``, ``fails``, ``not reproduced`` or ``reported``.

    A measurement that is not a number never holds.

    Examples
    --------
    >>> check(Claim("paper's claims", "one is two", "nowhere", lambda: 1.0, 2.0, 0.1, "", printed=True)).verdict
    'not reproduced'
    """
    began = time.perf_counter()
    measured = float(claim.measure())
    seconds = time.perf_counter() - began
    if claim.tolerance is None:
        verdict = "reported"
    elif math.isfinite(measured) and abs(measured - claim.expected) <= claim.tolerance:
        verdict = "holds"
    else:
        verdict = "not reproduced" if claim.printed else "fails"
    return Verdict(
        claim.group,
        claim.claim,
        claim.source,
        measured,
        claim.expected,
        claim.tolerance,
        claim.because,
        verdict,
        seconds,
        claim.method,
    )
