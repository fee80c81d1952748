"""A derivation step is a chain of lines: each with the rule that leads to it, and the checks that decide it.

The statement that is printed is the argument of its checks, so that what is read is what was checked.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True)
class Check:
    """A machine's verdict on one line.

    Parameters
    ----------
    method : str
        How it was decided, e.g. ``"exact rationals, n=2, d_h=3"``.
    residual : float
        What should be zero; exactly 0 where the arithmetic is exact.
    tolerance : float
        The largest residual the arithmetic explains; 0 for exact checks.
    """

    method: str
    residual: float
    tolerance: float = 0.0

    @property
    def passed(self) -> bool:
        """Whether the residual is within its tolerance (a NaN is not)."""
        return abs(self.residual) <= self.tolerance


#: What is printed and checked, usually a SymPy ``Eq``, or a ``Tuple`` of them; None where a line is in words.
Statement: TypeAlias = Any

#: Decides a statement: called with what is printed.
Decision: TypeAlias = Callable[[Statement], Check]


@dataclass(frozen=True)
class Line:
    """One line of a derivation.

    Parameters
    ----------
    statement : sympy.Basic
        What is printed and checked, usually an ``Eq``.
    rule : str
        What leads here, in words: ``"definition"``, ``"push-through identity"``.
    checks : tuple of callables
        Each is called with ``statement`` and returns a :class:`Check`. It must decide by the statement alone:
        a changed statement has to fail.
    unchecked : str
        For a line without checks, why it has none: quoted from the paper, or resting on cited analysis.
    """

    statement: Statement
    rule: str
    checks: tuple[Decision, ...] = ()
    unchecked: str = ""

    def __post_init__(self) -> None:
        if bool(self.checks) == bool(self.unchecked):
            raise ValueError(f"line {self.rule!r}: give it checks, or else the reason why it has none")


@dataclass(frozen=True)
class Step:
    """A derived result: the chain of lines that ends in it, and what it assumes.

    Parameters
    ----------
    label : str
        Equation or theorem of the paper, e.g. ``"(20)"``; empty for an intermediate step.
    title : str
        The result in words.
    lines : tuple of Line
        From the definition to the result.
    assumption : str
        What it needs: regime, shapes, smoothness.
    """

    label: str
    title: str
    lines: tuple[Line, ...]
    assumption: str

    def __post_init__(self) -> None:
        if not self.lines:
            raise ValueError(f"step {self.name!r} has no line: give it at least one")

    @property
    def name(self) -> str:
        """What a reader calls it: its label, or its title where it has none."""
        return self.label or self.title

    @property
    def statement(self) -> Statement:
        """The result: the statement of the last line."""
        return self.lines[-1].statement


def one_line(
    label: str,
    title: str,
    statement: Statement,
    assumption: str,
    checks: Sequence[Decision],
    rule: str = "",
) -> Step:
    """A step that is one line.

    Examples
    --------
    >>> import sympy as sp
    >>> x = sp.Symbol("x")
    >>> square = sp.Eq((x + 1) ** 2, x**2 + 2 * x + 1, evaluate=False)
    >>> step = one_line(
    ...     "", "square of a sum", square, "none",
    ...     [lambda eq: Check("expanded", float(sp.expand(eq.lhs - eq.rhs)))],
    ... )
    >>> run_checks(step)
    (Check(method='expanded', residual=0.0, tolerance=0.0),)
    """
    return Step(label, title, (Line(statement, rule, tuple(checks)),), assumption)


def run_line(line: Line) -> tuple[Check, ...]:
    """Decide one line: every check of it, called with its statement."""
    return tuple(check(line.statement) for check in line.checks)


def run_checks(step: Step) -> tuple[Check, ...]:
    """Decide every line of a step, in order."""
    return tuple(check for line in step.lines for check in run_line(line))


def line_name(step: Step, index: int) -> str:
    """What a line is called when it fails, e.g. ``"(20), line 3: push-through identity"``."""
    rule = step.lines[index].rule
    where = step.name if len(step.lines) == 1 else f"{step.name}, line {index + 1}"
    return f"{where}: {rule}" if rule else where
