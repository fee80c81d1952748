"""What is printed is what is checked: one number of one line altered, and that line fails by its name."""

import random

import pytest
import sympy as sp

from derivations import paper
from derivations.steps import Line, Step, line_name, run_line
from derivations.verdicts import judge

LITTLE = sp.Rational(1, 1000)
#: Chapters whose lines take seconds each: a sample of them is altered.
SLOW = ("Solvable cases", "Modular addition in frequency space")


def decidable(chapter):
    """Lines that state a formula and that a check has to confirm; what is printed wrongly has to fail as it is."""
    return [
        (step, index)
        for step in chapter.steps
        for index, line in enumerate(step.lines)
        if line.checks and line.statement is not None and line.rule != "as printed"
    ]


CHAPTERS = paper.chapters()
LINES = [
    *(line for chapter in CHAPTERS if chapter.title not in SLOW for line in decidable(chapter)),
    *random.Random(0).sample(
        [x for chapter in CHAPTERS if chapter.title in SLOW for x in decidable(chapter)], 10
    ),
]


def one_entry(shape, rng):
    """A matrix of zeros but for one small entry, somewhere."""
    i, j = sp.symbols("i j", integer=True)
    sizes = [int(size) if size.is_number else 2 for size in shape]
    row, column = (rng.randrange(size) for size in sizes)
    small = sp.KroneckerDelta(i, row) * sp.KroneckerDelta(j, column) * LITTLE
    return sp.FunctionMatrix(*shape, sp.Lambda((i, j), small))


def altered(statement, rng):
    """The statement with one entry of its right side, or of one of its equations, a little larger."""
    if isinstance(statement, sp.Tuple):
        parts = list(statement)
        which = rng.randrange(len(parts))
        parts[which] = altered(parts[which], rng)
        return sp.Tuple(*parts)
    if isinstance(statement, sp.Le):  # a bound may be loose by a little, but not by a factor
        return sp.Le(statement.lhs, (1 - LITTLE) * statement.rhs, evaluate=False)
    if isinstance(statement, sp.core.relational.Relational):
        return statement.func(statement.lhs, altered(statement.rhs, rng), evaluate=False)
    if isinstance(statement, sp.FiniteSet):
        return sp.FiniteSet(*(element + LITTLE for element in statement))
    if isinstance(statement, sp.MatrixBase):
        entries = sp.Matrix(statement)
        entries[rng.randrange(entries.rows), rng.randrange(entries.cols)] += LITTLE
        return sp.ImmutableMatrix(entries)
    if isinstance(statement, sp.MatrixExpr):
        return sp.MatAdd(statement, one_entry(statement.shape, rng))
    return statement + LITTLE


@pytest.mark.parametrize(("step", "index"), LINES, ids=[line_name(*line) for line in LINES])
def test_a_line_with_one_altered_entry_fails(step, index):
    line = step.lines[index]
    wrong = Line(altered(line.statement, random.Random(index)), line.rule, line.checks)
    assert not all(check.passed for check in run_line(wrong)), wrong.statement


def test_the_failure_is_reported_by_the_name_of_the_line():
    step = next(step for step, _ in LINES if step.label == "(20)")
    line = step.lines[4]
    lines = list(step.lines)
    lines[4] = Line(altered(line.statement, random.Random(0)), line.rule, line.checks)
    verdict = judge(Step(step.label, step.title, tuple(lines), step.assumption))
    assert verdict.failures == ("(20), line 5: chain rule through H = σ(Z), elementwise",)
