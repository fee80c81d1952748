"""How a decoupled loss is read: as LaTeX, in a notebook, and as its closed form in time."""

from typing import TYPE_CHECKING, Any

import sympy as sp

from derivations.closed_form import ClosedForm, closed_forms
from derivations.notation import latex

if TYPE_CHECKING:
    from derivations.own_model.document import Document


class Readable:
    """What has a fast optimum, a cost and a flow in a time of its own.

    Attributes
    ----------
    time, cost_name : sympy.Expr
        Symbol of the time in which the flow runs, and what the cost is called.
    """

    fast_optimum: Any
    cost: Any
    flow: Any
    time: Any
    cost_name: Any

    @property
    def statements(self) -> tuple[Any, ...]:
        """Equations of the fast optimum, the cost and the flow, in this order."""
        rates = [(sp.Derivative(s, self.time, evaluate=False), speed) for s, speed in self.flow.items()]
        sides = [*self.fast_optimum.items(), (self.cost_name, self.cost), *rates]
        return tuple(sp.Eq(left, right, evaluate=False) for left, right in sides)

    def latex(self) -> str:
        r"""LaTeX of the fast optimum, the cost and the flow, one aligned line each.

        Examples
        --------
        >>> from derivations import decouple
        >>> a, b = sp.symbols("a b")
        >>> print(decouple((b - a) ** 2 + b**2, slow=a, fast=b).latex())
        \begin{aligned}
        b &= \frac{a}{2} \\
        R &= \frac{a^{2}}{2} \\
        \frac{\mathrm{d}}{\mathrm{d} t} a &= - a
        \end{aligned}
        """
        lines = [f"{latex(line.lhs)} &= {latex(line.rhs)}" for line in self.statements]
        return "\n".join([r"\begin{aligned}", " \\\\\n".join(lines), r"\end{aligned}"])

    def _repr_latex_(self) -> str:
        """What a notebook shows."""
        return f"$\\displaystyle {self.latex()}$"

    def closed_form(self, seconds: float = 10.0) -> dict[Any, ClosedForm]:
        """Closed forms in time of those slow parameters that move by themselves, where one is found.

        Parameters
        ----------
        seconds : float
            Processor time for each search.
        """
        return closed_forms(self.flow, self.time, seconds)


class Documented(Readable):
    """What has a derivation that can be written down line by line."""

    def document(self: Any, weight_decay: Any = None) -> "Document":
        """Derivation from the loss to the fixed points, each line decided by machine.

        Parameters
        ----------
        weight_decay : symbol, optional
            Whose zero-loss limit is wanted; by default the one symbol that multiplies squares of the parameters.

        Returns
        -------
        Document
            With ``.html()``, ``.latex()``, ``.failures`` and ``.summary``; a notebook shows it.
        """
        from derivations.own_model.document import document

        written: Document = document(self, weight_decay)
        return written
