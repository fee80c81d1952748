import re

import pytest

from derivations import errata, slips
from derivations.ledger import EQUATIONS, FIGURES, STATEMENTS, THEOREMS
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
    assert {name: len(found) for name, found in kinds.items()} == {"errata": 15, "slips": 7}


def test_the_ledger_counts_every_equation_figure_and_theorem_once():
    assert sorted(statement.name for statement in EQUATIONS) == sorted(f"({n})" for n in range(1, 30))
    assert [statement.name for statement in FIGURES] == [f"Fig. {n}" for n in range(1, 8)]
    known = [
        "4.1",
        "4.2",
        "4.7",
        "4.8",
        "4.9",
        "4.10",
        "4.11",
        "4.13",
        "4.14",
        "5.1",
        "A.1",
        "B.1",
        "B.2",
        "C.1",
        "C.2",
        "C.4",
    ]
    assert [statement.name.split()[-1] for statement in THEOREMS[:-1]] == known
    assert len({statement.name for statement in STATEMENTS}) == len(STATEMENTS)


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda statement: statement.name)
def test_every_statement_is_decided_by_a_step_or_has_a_reason(statement):
    names = {step.name: step for step in STEPS}
    assert set(statement.steps) <= names.keys()
    assert statement.steps or statement.reason
    in_errata = {step.name for step in ERRATA} & set(statement.steps)
    if statement.outcome in ("wrong in print", "slip of the pen"):
        assert in_errata
    elif statement.outcome == "derived":
        assert statement.steps
        assert not in_errata


def test_every_erratum_is_in_the_ledger():
    assert {step.name for step in ERRATA} <= {name for statement in STATEMENTS for name in statement.steps}
