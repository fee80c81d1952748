"""Hold every claim about the dynamics against numbers, and print the verdicts."""

import json
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

from _cli import run
from tqdm import tqdm

from reduced.claims import Verdict, all_claims, check


@dataclass(frozen=True)
class Options:
    """Check the closed forms, laws, convergence orders and the paper's claims; exit status 1 if any fails.

    A claim of the paper that does not hold is shown as "not reproduced", with the measurement.
    """

    quick: bool = False
    """Only the claims that take seconds."""
    json: Path | None = None
    """File for the table as JSON: claim, source, measured, expected, tolerance, verdict and more."""


def main(options: Options) -> int:
    """Measure every claim, print the table and a summary."""
    began = time.perf_counter()
    chosen = [claim for claim in all_claims() if claim.quick or not options.quick]
    if options.json is not None:
        options.json.write_text("[]\n")
    verdicts = [check(claim) for claim in tqdm(chosen, desc="claims", disable=None, leave=False)]
    group = ""
    for verdict in verdicts:
        if verdict.group != group:
            group = verdict.group
            print(
                f"\n{group}\n{'verdict':15}{'measured':>11}{'expected':>11}{'tolerance':>11}  claim [source]"
            )
        print(_row(verdict))
    if options.json is not None:
        options.json.write_text(
            json.dumps([asdict(verdict) for verdict in verdicts], indent=1, ensure_ascii=False)
        )
    counts = Counter(verdict.verdict for verdict in verdicts)
    summary = ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items()))
    print(f"\n{len(verdicts)} claims: {summary}; {time.perf_counter() - began:.0f} s")
    return int(counts["fails"] > 0)


def _row(verdict: Verdict) -> str:
    tolerance = "-" if verdict.tolerance is None else f"{verdict.tolerance:.1e}"
    numbers = f"{verdict.measured:11.4g}{verdict.expected:11.4g}{tolerance:>11}"
    return f"{verdict.verdict:15}{numbers}  {verdict.claim} [{verdict.source}]"


if __name__ == "__main__":
    sys.exit(run(main, Options))
