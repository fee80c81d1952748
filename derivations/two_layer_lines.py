"""Lines of the two-layer derivation in each regime, and the symbols that they share."""

from functools import partial

import sympy as sp

from derivations import two_layer as eq
from derivations.steps import Line
from derivations.two_layer import H
from derivations.two_layer_meaning import WITH_DECAY, ZERO_LOSS, Z, decided_at

equal = partial(sp.Eq, evaluate=False)


#: σ(Z) and σ′(Z), elementwise.
SIGMA_Z = Z.applyfunc(sp.Lambda(eq.z, eq.sigma(eq.z)))


SLOPE_Z = Z.applyfunc(sp.Lambda(eq.z, eq.sigma(eq.z).diff(eq.z)))


I_h, I_n = sp.Identity(eq.d_h), sp.Identity(eq.n)


ANY_SHAPE, FULL_RANK = "λ > 0, any shapes", "λ → 0, H of full row rank (d_h ≥ n)"


POLYNOMIAL = tuple(example for example in (*WITH_DECAY, *ZERO_LOSS) if example.power)


#: Examples with λ > 0 whose hidden activations have full row rank.
WIDE_WITH_DECAY = tuple(example for example in WITH_DECAY if example.d_h >= example.n)


def with_decay(statement: sp.Basic, rule: str) -> Line:
    """A line that holds for λ > 0."""
    return Line(statement, rule, decided_at(*WITH_DECAY))


def zero_loss(statement: sp.Basic, rule: str) -> Line:
    """A line that holds at λ → 0."""
    return Line(statement, rule, decided_at(*ZERO_LOSS))


def both(statement: sp.Basic, rule: str) -> Line:
    """A line that holds in both regimes."""
    return Line(statement, rule, decided_at(*WITH_DECAY, *ZERO_LOSS))


def named(expression: sp.Basic) -> sp.Basic:
    """Write Z, H and K in an expression of the inputs and weights."""
    return eq.readable(expression.xreplace({H: eq.HIDDEN}))
