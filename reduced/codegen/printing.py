"""How a SymPy expression is written in NumPy where SymPy's own printer is slow, overflows or is undecided."""

from typing import Any

import sympy as sp
from sympy.printing.numpy import SciPyPrinter

#: What cannot be written as a function of numbers.
WITHOUT_VALUE = (sp.DiracDelta, sp.Integral, sp.Derivative, sp.Subs, sp.Sum, sp.Product, sp.RootOf)


class Printer(SciPyPrinter):
    """SciPy printer whose steps, powers and logistic functions are those of numerical work."""

    def __init__(self) -> None:
        super().__init__({"fully_qualified_modules": True, "inline": True, "allow_unknown_functions": True})

    def _print_Max(self, expr: Any) -> str:
        return self._fold("numpy.maximum", expr.args)

    def _print_Min(self, expr: Any) -> str:
        return self._fold("numpy.minimum", expr.args)

    def _fold(self, function: str, args: Any) -> str:
        first, *rest = (self._print(arg) for arg in args)
        for other in rest:
            first = f"{function}({first}, {other})"
        return str(first)

    def _print_Heaviside(self, expr: Any) -> str:
        """Derivative of max(z, 0); 0 at the kink, as in every deep-learning library.

        A number, not the bare comparison: comparisons add as booleans, and cannot be negated.
        """
        return f"(1.0*({self._print(expr.args[0])} > 0))"

    def _print_total(self, expr: Any) -> str:
        """Sum over the outputs of every sample."""
        return f"numpy.sum({self._print(expr.args[0])}, axis=-1, keepdims=True)"

    def _print_logsumexp(self, expr: Any) -> str:
        """Log of the sum of exponentials over the outputs of every sample."""
        return f"logsumexp({self._print(expr.args[0])})"

    def _print_logistic(self, expr: Any) -> str:
        return self._print_expit(expr)

    def _print_larger(self, expr: Any) -> str:
        return self._fold("numpy.maximum", expr.args)

    def _print_expit(self, expr: Any) -> str:
        return f"scipy.special.expit({self._print(expr.args[0])})"

    def _print_logaddexp(self, expr: Any) -> str:
        return f"numpy.logaddexp({', '.join(self._print(arg) for arg in expr.args)})"

    def _print_Pow(self, expr: Any, **kwargs: Any) -> str:
        """The logistic function without overflow, and small powers as products."""
        base, exponent = expr.args
        if (
            exponent == -1
            and base.is_Add
            and len(base.args) == 2
            and base.args[0] == 1
            and base.args[1].func is sp.exp
        ):
            return f"scipy.special.expit({self._print(-base.args[1].args[0])})"
        if exponent in (3, 4) and base.is_Symbol:
            return f"({'*'.join([self._print(base)] * int(exponent))})"
        return str(super()._print_Pow(expr, **kwargs))
