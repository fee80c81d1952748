import re

import pytest

from derivations import errata, slips
from derivations.paper import UNCHECKED, chapters
from derivations.steps import run_line

STEPS = [step for chapter in chapters() for step in chapter.steps]
ERRATA = [*errata.steps(), *slips.steps()]


def test_every_numbered_equation_has_a_verdict_or_a_reason():
    labels = {step.label for step in STEPS if re.fullmatch(r"\(\d+\)", step.label)} | {
        n for n, _ in UNCHECKED
    }
    assert labels == {f"({number})" for number in range(1, 30)}


@pytest.mark.parametrize("step", ERRATA, ids=[step.name for step in ERRATA])
def test_the_printed_form_fails_and_the_correct_form_passes(step):
    printed, correct = step.lines
    assert all(check.passed for line in step.lines for check in run_line(line))
    if printed.statement is not None and correct.statement is not None:
        swapped = [check(correct.statement) for check in printed.checks] + [
            check(printed.statement) for check in correct.checks
        ]
        assert not any(check.passed for check in swapped)


def test_errata_and_slips_are_apart_from_what_holds():
    kinds = {chapter.kind: chapter.steps for chapter in chapters() if chapter.kind != "derivation"}
    assert {name: len(found) for name, found in kinds.items()} == {"errata": 12, "slips": 7}
