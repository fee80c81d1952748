"""Derive the equations of the reduced dynamics with SymPy, check every step, and write them as a document."""

import time
from dataclasses import dataclass, replace
from os.path import relpath
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

from reduced.console.ranges import RESULTS
from reduced.runs.results import writable_folder

if TYPE_CHECKING:
    from derivations.steps import Step
    from derivations.verdicts import Verdict


@dataclass(frozen=True)
class Options:
    """Check every derivation and write derivations.html and derivations.tex; exit status 1 if any check fails.

    Example: grokking-reduced derive --out equations
    """

    out: Annotated[Path, tyro.conf.arg(metavar="FOLDER")] = RESULTS / "derivations"
    """Folder for the two files; made if it is missing."""


def main(options: Options) -> int:
    """Judge the chapters one by one, print a line for each step, and write the document."""
    from derivations.latex_file import latex_document
    from derivations.page import html
    from derivations.paper import chapters
    from derivations.paper_matter import PAPER
    from derivations.verdicts import JudgedChapter
    from reduced.flows.sources import KERNELS_IN_WORDS, sources

    folder = writable_folder(options.out)
    whole = []
    for chapter in chapters():
        print(f"\n{chapter.title}")
        verdicts = [timed(step) for step in chapter.steps]
        for label, reason in chapter.remarks:
            print(f"{label:>25}  -      -     {reason}")
        whole.append(JudgedChapter(chapter, tuple(verdicts)))
    root = f"{Path(relpath(Path(__file__).resolve().parents[2], folder.resolve())).as_posix()}/"
    matter = replace(PAPER, kernels=KERNELS_IN_WORDS, root=root)
    for suffix, write in (("html", html), ("tex", latex_document)):
        path = folder / f"derivations.{suffix}"
        path.write_text(write(whole, sources(), matter), encoding="utf-8")
        print(f"wrote {path}")
    failed = [line for chapter in whole for verdict in chapter.verdicts for line in verdict.failures]
    print(f"FAILED: {', '.join(failed)}" if failed else "every step holds")
    return int(bool(failed))


def timed(step: "Step") -> "Verdict":
    """Judge one step and print its line of the table."""
    from derivations.verdicts import judge

    began = time.perf_counter()
    verdict = judge(step)
    seconds = time.perf_counter() - began
    print(
        f"{step.label:>25}  {'holds' if verdict.passed else 'FAILS'}  {seconds:4.1f}s  {step.title}",
        flush=True,
    )
    return verdict
