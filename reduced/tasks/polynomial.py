"""A polynomial of two residues, given as a formula."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.inputs.formula import parse_formula
from reduced.inputs.ranges import Fraction, Modulus, Words
from reduced.network.dataset import Dataset, Sizes
from reduced.tasks.modular import of_pairs
from reduced.tasks.registry import Task, declare
from reduced.tasks.split import split, split_sizes

Integers = NDArray[np.int64]


@declare("polynomial", "a polynomial of a and b modulo p, of ordered pairs side by side")
@dataclass(frozen=True)
class Polynomial(Task):
    """A polynomial of two residues, all pairs of them split at random.

    Parameters
    ----------
    formula : str
        In ``a`` and ``b``, with rational coefficients whose denominators have an inverse modulo p.
    p : int
        Modulus.
    train_fraction : float
        Share of the pairs that trains.

    Examples
    --------
    >>> train, _ = Polynomial("a**2 + a*b + b**2", p=5).draw(0)
    >>> a, b = train.pairs[0]
    >>> int(train.labels[0] - (a**2 + a*b + b**2) % 5)
    0
    """

    formula: Words = "a**2 + a*b + b**2"
    p: Modulus = 37
    train_fraction: Fraction = 0.7

    @property
    def residues(self) -> int:
        """Those of the first operand."""
        return self.p

    @property
    def fan_in(self) -> int:
        """The modulus."""
        return self.p

    def sizes(self) -> Sizes:
        """Sizes of the split of all p² pairs."""
        size = split_sizes(self.p**2, self.train_fraction, 2 * self.p, self.p, f"p = {self.p}")
        polynomial_values(self.formula, np.arange(2), np.arange(2), self.p)
        return size

    def draw(self, rng: int | np.random.Generator) -> tuple[Dataset, Dataset]:
        """All pairs, split."""
        train = self.sizes().train
        a, b = np.divmod(np.arange(self.p**2), self.p)
        labels = polynomial_values(self.formula, a, b, self.p)
        return split(of_pairs(self.p, np.stack([a, b], axis=1), labels), train, rng)


def polynomial_values(formula: str, a: Integers, b: Integers, p: int) -> Integers:
    """A polynomial modulo p, computed in integers.

    Raises
    ------
    ValueError
        If the formula is no polynomial in a and b, is a constant, or has a denominator without an inverse modulo p.

    Examples
    --------
    >>> polynomial_values("a**2/2 - b", np.array([1, 3]), np.array([0, 1]), 7).tolist()
    [4, 0]
    """
    expression, symbols = _parsed(formula)
    if not expression.free_symbols:
        raise ValueError(f"formula = {formula!r}: is a constant; must be a polynomial in a and b")
    values = dict(zip(symbols, (a, b), strict=True))
    return np.asarray(_modulo(formula, expression, values, p) % p, dtype=np.int64)


@cache
def _parsed(formula: str) -> Any:
    import sympy as sp

    symbols = sp.symbols("a b", real=True)
    return parse_formula(formula, symbols), symbols


def _modulo(formula: str, part: Any, values: dict[Any, Integers], p: int) -> Any:
    """A part of a formula modulo p, not multiplied out."""
    if part in values:
        return values[part]
    if part.is_Rational:
        try:
            return int(part.p) * pow(int(part.q), -1, p) % p
        except ValueError:
            raise ValueError(f"formula = {formula!r}: {part.q} has no inverse modulo p = {p}") from None
    if part.is_Pow and part.exp.is_Integer and part.exp > 0:
        base = found = _modulo(formula, part.base, values, p)
        for _ in range(int(part.exp) - 1):
            found = found * base % p
        return found
    if not (part.is_Add or part.is_Mul):
        raise ValueError(
            f"formula = {formula!r}: {part} is no polynomial in a and b; use + - * and whole powers **, and for a "
            "quotient the task divide"
        )
    parts = [_modulo(formula, one, values, p) for one in part.args]
    found = parts[0]
    for one in parts[1:]:
        found = (found + one if part.is_Add else found * one) % p
    return found
