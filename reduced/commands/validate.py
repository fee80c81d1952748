"""Hold every claim about the dynamics against numbers, and print what a referee asks of each."""

import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from reduced.console.ranges import OutPath
from reduced.integration.atomic import replacing

if TYPE_CHECKING:
    from reduced.claims import Claim, Verdict

MEANING = {
    "fails": "a claim of this project that its measurement contradicts",
    "not reproduced": "a claim in print that its measurement contradicts",
    "reported": "measured, with nothing to judge it by",
    "holds": "measured within its tolerance",
}
"""What each verdict says, in the order in which they are printed."""


@dataclass(frozen=True)
class Options:
    """Measure every claim: derivations, closed forms, laws along trajectories, orders, the paper's claims, neighbours'.

    Each is printed with its source, how it was tested, what was measured and expected, the error and the tolerance;
    first what fails, then what is not reproduced (a claim in print that its measurement contradicts), then
    what is reported without a judgement, then what holds. Ctrl-C prints and keeps what is done.

    Exit status: 0 if no claim fails, 1 if one does, 2 for options that cannot be used, 130 if interrupted. What is
    not reproduced leaves the status at 0: the program did what it should, and the paper's claim did not hold.

    Example: grokking-reduced validate --quick --json claims.json
    """

    quick: bool = False
    """Only the claims that take seconds."""
    json: OutPath | None = None
    """File for the table as JSON: claim, source, method, measured, expected, tolerance, verdict and more; written
    anew after every claim."""


def main(options: Options) -> int:
    """Measure the claims one by one, then print the report and the counts."""
    from reduced.claims import all_claims

    began = time.perf_counter()
    claims = all_claims()
    chosen = [claim for claim in claims if claim.quick or not options.quick]
    write(options.json, [])
    verdicts: list[Verdict] = []
    interrupted = False
    try:
        for verdict in measured(chosen):
            verdicts.append(verdict)
            write(options.json, verdicts)
    except KeyboardInterrupt:
        interrupted = True
    for kind in MEANING:
        print_section(kind, [verdict for verdict in verdicts if verdict.verdict == kind])
    counts = Counter(verdict.verdict for verdict in verdicts)
    print(f"\n{len(verdicts)} claims in {time.perf_counter() - began:.0f} s:")
    for kind, meaning in MEANING.items():
        print(f"{counts[kind]:5d} {kind}: {meaning}")
    if len(chosen) < len(claims):
        print(f"      {len(claims) - len(chosen)} more take minutes: leave out --quick to measure them")
    if interrupted:
        print(f"interrupted: {len(chosen) - len(verdicts)} claims were not measured", file=sys.stderr)
        return 130
    return int(counts["fails"] > 0)


def measured(claims: Sequence["Claim"]) -> "Iterator[Verdict]":
    """Verdicts one by one, with a bar on a terminal and a line for each claim elsewhere."""
    from reduced.claims import check

    began = time.perf_counter()
    bar = tqdm(claims, desc="claims", disable=None, leave=False)
    for number, claim in enumerate(bar, start=1):
        verdict = check(claim)
        if bar.disable:
            print(
                f"{number}/{len(claims)}  {time.perf_counter() - began:.0f} s  {verdict.verdict}: {claim.claim}",
                file=sys.stderr,
                flush=True,
            )
        yield verdict


def write(path: Path | None, verdicts: "Sequence[Verdict]") -> None:
    """Replace the JSON table by what is measured so far."""
    if path is None:
        return
    rows = [asdict(verdict) | {"error": verdict.error} for verdict in verdicts]
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def print_section(kind: str, verdicts: "Sequence[Verdict]") -> None:
    """Print the claims of one verdict, group by group."""
    if not verdicts:
        return
    print(f"\n=== {kind}: {MEANING[kind]} ===")
    group = ""
    for verdict in verdicts:
        if verdict.group != group:
            group = verdict.group
            print(f"\n{group[0].upper()}{group[1:]}")
        print(paragraph(verdict))


def paragraph(verdict: "Verdict") -> str:
    """A claim as a referee reads it.

    Examples
    --------
    >>> from reduced.claims import Verdict
    >>> print(paragraph(Verdict("laws", "energy falls", "(3)", 2e-9, 0.0, 1e-8, "rounding", "holds", 0.1, "a run")))
      energy falls
          source: (3); tested: a run
          measured 2e-09, expected 0; error 2e-09, allowed 1e-08 (rounding)
    """
    tested = f"; tested: {verdict.method}" if verdict.method else ""
    numbers = f"measured {verdict.measured:.5g}, expected {verdict.expected:.5g}"
    if verdict.tolerance is not None:
        numbers += f"; error {verdict.error:.2g}, allowed {verdict.tolerance:.2g}"
    return "\n".join(
        (
            f"  {verdict.claim}",
            f"      source: {verdict.source}{tested}",
            f"      {numbers} ({verdict.because})",
        )
    )
