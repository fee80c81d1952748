"""Solutions and equations printed in other words than their entries: in matrices, or in named parts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

from derivations.exact.vanishing import Values
from derivations.steps import Statement


@dataclass(frozen=True)
class InMatrices:
    """An equation or a solution in matrix symbols or named parts, printed where its entries are too long to read.

    Parameters
    ----------
    statement : sympy.Basic
        An ``Eq`` or a tuple of them.
    meaning : mapping
        An explicit matrix or expression for every symbol and rate of it.
    """

    statement: Statement
    meaning: Values


def written_out(parts: Mapping[Any, Any]) -> dict[Any, Any]:
    """Every part with the parts before it put in.

    Examples
    --------
    >>> x, y, z = sp.symbols("x y z")
    >>> written_out({y: x + 1, z: y**2})
    {y: x + 1, z: (x + 1)**2}
    """
    found: dict[Any, Any] = {}
    for name, part in parts.items():
        found[name] = part.subs(found)
    return found


def in_parts(parts: Mapping[Any, Any]) -> InMatrices:
    """A solution as a list of named parts, each in terms of those before it, the last ones being the solution."""
    equations = (sp.Eq(name, part, evaluate=False) for name, part in parts.items())
    return InMatrices(sp.Tuple(*equations), written_out(parts))
