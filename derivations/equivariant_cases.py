"""Explicit equivariant networks at small p, solved by the formulas in exact arithmetic or at 60 digits."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import mpmath
import sympy as sp

from derivations import equivariant as q
from derivations import two_layer as eq
from derivations.gradients import DIGITS, rational_matrix
from derivations.residues import Roots, exact_roots, p, solve_exactly, value

SQUARE, TANH = sp.Lambda(eq.z, eq.z**2), sp.Lambda(eq.z, sp.tanh(eq.z))
#: Rounding at 60 digits through linear systems of fourteen rows.
FLOAT_TOLERANCE = 1e-50


@dataclass(frozen=True)
class Case:
    """Explicit templates on an explicit group; exact with σ(z) = z², at 60 digits with σ = tanh."""

    order: int
    classes: tuple[int, ...]
    templates: int
    ridge: Any
    smooth: bool = False

    @property
    def f(self) -> Any:
        """Template j − 1 in row j − 1."""
        return rational_matrix(self.templates, self.order, seed=self.order)

    def dense(self) -> dict[Any, Any]:
        """The dense network and data that the templates stand for, as values of the two-layer derivation."""
        n, m, f = self.order, self.templates, self.f
        X, Y = sp.zeros(n * len(self.classes), n), sp.zeros(n * len(self.classes), n)
        for i, d in enumerate(self.classes):
            for s in range(n):
                X[i * n + s, (s + d) % n] += 1
                X[i * n + s, (s - d) % n] += 1
                Y[i * n + s, 2 * s % n] = 1
        W1 = sp.Matrix(n, n * m, lambda a, unit: f[unit % m, (a + unit // m) % n])
        sizes = {eq.n: X.rows, eq.d_in: n, eq.d_h: n * m, eq.d_out: n}
        values = sizes | {eq.ridge: self.ridge, eq.X: X, eq.Y: Y, eq.W1: W1}
        return {key: sp.N(given, DIGITS) for key, given in values.items()} if self.smooth else values

    @property
    def sigma(self) -> Any:
        """The activation."""
        return TANH if self.smooth else SQUARE


EXACT = (
    Case(3, (0, 1), 2, sp.S.Zero),
    Case(5, (0, 2), 3, sp.S.Zero),
    Case(5, (1, 2), 1, sp.Rational(2, 7)),
)
FLOATING = (Case(7, (1, 3), 3, sp.S.Zero, True), Case(9, (0, 2), 1, sp.Rational(2, 7), True))


@dataclass(frozen=True)
class Solved:
    """All functions of a case by the formulas, each a table of the next."""

    case: Case
    roots: Roots
    tables: dict[str, Callable[..., Any]]

    def __call__(self, formula: Any, **at: int) -> Any:
        """Value of a formula at named indices."""
        case = self.case
        fixed = {p: case.order, q.m: case.templates, q.classes: len(case.classes)}
        fixed[eq.ridge] = self.roots.number(case.ridge)
        return value(
            formula, self.tables, fixed | {getattr(q, name): i for name, i in at.items()}, self.roots
        )


@cache
def solved(case: Case) -> Solved:
    """Evaluate the chain hidden activations, blocks, dual variables, readout, force; each function when asked for."""
    with mpmath.workdps(DIGITS):
        return _solved(case)


def _solved(case: Case) -> Solved:
    n = case.order
    roots, field = (_roots(n), None) if case.smooth else exact_roots(n)
    f = [[roots.number(entry) for entry in case.f.row(j)] for j in range(case.templates)]
    tables: dict[str, Callable[..., Any]] = {
        "D": lambda i: case.classes[i - 1],
        "f": lambda j, u: f[j - 1][u % n],
        "sigma": mpmath.tanh if case.smooth else lambda x: x * x,
        "σ′": (lambda x: 1 - mpmath.tanh(x) ** 2) if case.smooth else lambda x: 2 * x,
    }
    chain = Solved(case, roots, tables)

    def table(name: str, formula: Any, *indices: str) -> None:
        known: dict[tuple[int, ...], Any] = {}

        def look(*at: int) -> Any:
            at = (*at[:-1], at[-1] % n)
            if at not in known:
                known[at] = chain(formula, **dict(zip(indices, at, strict=True)))
            return known[at]

        tables[name] = look

    table("z", q.templates_sum(), "j", "d", "s")
    table("h", q.hidden(), "j", "d", "s")
    table("fhat", q.transform(q.f(q.j, q.u), q.u), "j", "k")
    table("hhat", q.transform(q.h(q.j, q.d, q.s), q.s), "j", "d", "k")
    duals = cache(partial(_dual, chain, field))
    tables["gammahat"] = lambda d, k: duals(k % n)[case.classes.index(d)]
    table("omegahat", q.readout_spectrum(), "j", "k")
    table("gamma", q.inverse_transform(q.gamma_hat(q.d, q.k), q.s), "d", "s")
    table("omega", q.inverse_transform(q.omega_hat(q.j, q.k), q.s), "j", "s")
    table("c", q.gram_entry().xreplace({q.s2: sp.S.Zero}), "d", "e", "s")
    table("G", q.force(), "j", "d", "s")
    return chain


def _roots(order: int) -> Roots:
    powers = tuple(mpmath.expjpi(mpmath.mpf(2 * i) / order) for i in range(order))
    return Roots(powers, lambda x: mpmath.mpc(mpmath.mpf(sp.Rational(x).p) / sp.Rational(x).q))


def block_at(case: Case, k: int) -> list[list[Any]]:
    """The block of the Gram matrix at one frequency."""
    chain, classes = solved(case), case.classes
    return [[chain(q.block_entry(), d=d, e=e, k=k) for e in classes] for d in classes]


def _dual(chain: Solved, field: Any, k: int) -> list[Any]:
    block, ones = block_at(chain.case, k), [chain.roots.number(1) for _ in chain.case.classes]
    if field is not None:
        return solve_exactly(field, block, ones)
    return list(mpmath.lu_solve(mpmath.matrix(block), mpmath.matrix(ones)))
