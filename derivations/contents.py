"""The contents of a document: its steps under the questions that they answer, or under their chapters."""

from collections.abc import Sequence
from typing import NamedTuple

from derivations.matter import Matter
from derivations.verdicts import JudgedChapter, Verdict


class Entry(NamedTuple):
    """A step in the contents, and the name by which links reach it."""

    anchor: str
    verdict: Verdict


def anchor(chapter: int, step: int) -> str:
    """Name by which links reach a step.

    Examples
    --------
    >>> anchor(0, 3)
    's0-3'
    """
    return f"s{chapter}-{step}"


def anchors(chapters: Sequence[JudgedChapter]) -> dict[str, str]:
    """Name of every step -> its anchor."""
    return {
        verdict.step.name: anchor(i, j)
        for i, judged in enumerate(chapters)
        for j, verdict in enumerate(judged.verdicts)
    }


def grouped(chapters: Sequence[JudgedChapter], matter: Matter) -> dict[str, list[Entry]]:
    """Heading -> the steps below it, in reading order."""
    found: dict[str, list[Entry]] = {question: [] for question in matter.questions.values()}
    for i, judged in enumerate(chapters):
        chapter = matter.questions.get(judged.chapter.title, judged.chapter.title)
        for j, verdict in enumerate(judged.verdicts):
            heading = matter.questions.get(verdict.step.name, chapter)
            found.setdefault(heading, []).append(Entry(anchor(i, j), verdict))
    return {heading: entries for heading, entries in found.items() if entries}
