"""How an erratum is decided: the printed form must fail the check that the correct form passes."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import sympy as sp

from derivations.checks import put_in
from derivations.steps import Check, Decision, Line, Statement, Step


def erratum(
    where: str, printed: tuple[str, Any], correct: tuple[str, Any], decisions: tuple[Decision, Decision]
) -> Step:
    """A step of two lines: the printed form, whose check must fail, and the correct one, whose check must pass.

    Parameters
    ----------
    where : str
        Place in arXiv:2511.01938v3.
    printed, correct : tuple of str and sympy expression
        Each form in words, and as a formula where it is one.
    decisions : tuple of callables
        How each is decided; the same callable twice where the formulas differ.
    """

    def fails(statement: Statement) -> Check:
        check = decisions[0](statement)
        return Check(f"misses by {check.residual:.3g}, as it must ({check.method})", float(check.passed))

    return Step(
        f"Erratum, {where}",
        f"Printed: {printed[0]}",
        (
            Line(printed[1], "as printed", (fails,)),
            Line(correct[1], f"correct: {correct[0]}", (decisions[1],)),
        ),
        "what one example in exact arithmetic decides",
    )


def counterexample(
    where: str, printed: str, correct: str, missed: Callable[[], tuple[Any, Any]], method: str
) -> Step:
    """An erratum in words, decided by what each form misses in one computation."""

    def decide(which: int, _: Statement) -> Check:
        return Check(method, float(abs(missed()[which])))

    return erratum(where, (printed, None), (correct, None), (partial(decide, 0), partial(decide, 1)))


def at(method: str, values: Callable[[], Mapping[Any, Any]], sigma: Any = None) -> tuple[Decision, Decision]:
    """Decide both formulas at one example; a formula that has no value there does not hold."""

    def decide(statement: Statement) -> Check:
        try:
            sides = put_in(statement, values(), sigma)
        except ValueError:  # SymPy's: a matrix that is inverted has no inverse
            return Check(f"{method}: a matrix has no inverse", float("inf"))
        difference = sides.lhs - sides.rhs
        entries = difference if isinstance(difference, sp.MatrixBase) else [difference]
        return Check(method, float(max(abs(entry) for entry in entries)))

    return decide, decide
