"""What became of the steps: every line with the outcome of its checks, and the counts that head the document."""

from collections.abc import Sequence
from dataclasses import dataclass

from derivations.chapter import Chapter
from derivations.steps import Check, Line, Step, line_name, run_line

SOURCE = "T. Musat, The Geometry of Grokking: Norm Minimization on the Zero-Loss Manifold, arXiv:2511.01938v3"


@dataclass(frozen=True)
class JudgedLine:
    """A line with the outcome of its checks; it has none if it is only quoted."""

    name: str
    line: Line
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return all(check.passed for check in self.checks)


@dataclass(frozen=True)
class Verdict:
    """A step with every line judged."""

    step: Step
    lines: tuple[JudgedLine, ...]

    @property
    def passed(self) -> bool:
        """Whether every line passed."""
        return all(line.passed for line in self.lines)

    @property
    def checked(self) -> bool:
        """Whether any line was checked at all."""
        return any(line.checks for line in self.lines)

    @property
    def failures(self) -> tuple[str, ...]:
        """The names of the lines that fail."""
        return tuple(line.name for line in self.lines if not line.passed)


@dataclass(frozen=True)
class JudgedChapter:
    """A chapter with every step judged."""

    chapter: Chapter
    verdicts: tuple[Verdict, ...]


def judge(step: Step) -> Verdict:
    """Run the checks of every line of a step."""
    lines = enumerate(step.lines)
    return Verdict(step, tuple(JudgedLine(line_name(step, i), line, run_line(line)) for i, line in lines))


def summary(chapters: Sequence[JudgedChapter]) -> str:
    """How many steps hold, by how many lines and checks; errata and what is only quoted are counted apart."""
    derived, errata, slips = (
        [verdict for judged in chapters if judged.chapter.kind == kind for verdict in judged.verdicts]
        for kind in ("derivation", "errata", "slips")
    )
    checked = [verdict for verdict in derived if verdict.checked]
    lines = [line for verdict in derived for line in verdict.lines]
    checks = sum(len(line.checks) for line in lines)
    quoted = sum(not line.checks for line in lines) + sum(len(judged.chapter.remarks) for judged in chapters)
    return (
        f"{sum(verdict.passed for verdict in checked)} of {len(checked)} steps hold: "
        f"{sum(bool(line.checks) for line in lines)} lines decided by {checks} checks. "
        f"Not counted among them: {len(errata)} mathematical errata, {len(slips)} slips of the pen, "
        f"and {quoted} statements that are quoted and not checked. Equation numbers are those of {SOURCE}."
    )


def outcome(check: Check) -> str:
    """How a check was decided, with its residual where it is not zero.

    Examples
    --------
    >>> outcome(Check("exact", 0.0)), outcome(Check("60 digits", 2e-38, 1e-35))
    ('exact', '60 digits: residual 2.0e-38, at most 1e-35')
    """
    if check.residual == 0:
        return check.method
    bound = f", at most {check.tolerance:.0e}" if check.tolerance else ", must be 0"
    return f"{check.method}: residual {check.residual:.1e}{bound}"
