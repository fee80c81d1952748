"""First integrals of one variable: what falls at a steady rate along a solvable case."""

from typing import Any

import sympy as sp

from derivations.exact.case import Matrix, SolvableCase, vanishes
from derivations.steps import Check, Statement, Step, one_line


def integral_step(case: SolvableCase, integral: Any) -> Step:
    """The statement that a function of the state falls at rate 2 along the flow of a case."""
    rate = sp.Derivative(integral, case.state[0], evaluate=False) * case.velocity[0]
    return one_line(
        "",
        f"{case.name}: a first integral, which falls as C − 2τ",
        sp.Eq(rate, -2, evaluate=False),
        case.assumption,
        [_is_zero],
        "its derivative along the flow",
    )


def _is_zero(statement: Statement) -> Check:
    return vanishes("first integral", Matrix([statement.lhs.doit() - statement.rhs]))
