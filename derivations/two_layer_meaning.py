"""What the symbols of the two-layer derivation stand for at explicit matrices, entry by entry.

The referee of the chain, in plain numbers: sums over indices, linear systems read off a sum of squares, and exact
derivatives of scalar functions. Nothing of ``derivations.two_layer`` but its symbols is used.
"""

from collections.abc import Callable
from fractions import Fraction
from functools import cache, partial
from typing import Any, NamedTuple

import mpmath
import sympy as sp

from derivations import dual
from derivations import two_layer as eq
from derivations.checks import holds_at
from derivations.dual import Rows, solve
from derivations.gradients import DIFFERENCE_TOLERANCE, DIGITS, rational_matrix
from derivations.plain_network import (
    best_readout,
    cost,
    gram,
    misfit,
    norm_of_the_targets,
    product,
    squares,
    times,
)
from derivations.steps import Decision
from derivations.symbols import Gradient, Rate

L, L_LAMBDA, R, RHO, q, t, TAU = sp.symbols("L L_lambda R rho q t tau")
#: R/λ as λ → 0, the least squared norm of a network that fits.
R_LIMIT = sp.Limit(R / eq.ridge, eq.ridge, 0, "+")
Z = sp.MatrixSymbol("Z", eq.n, eq.d_h)
PHI = sp.MatrixSymbol("phi", eq.d_h, eq.d_out)


class Example(NamedTuple):
    """Sizes, weight decay and activation at which a line is decided; σ(z) = z^q, or tanh where the power is 0."""

    n: int
    d_in: int
    d_h: int
    d_out: int
    ridge: Fraction
    power: int

    def __str__(self) -> str:
        sizes = f"n={self.n}, d_in={self.d_in}, d_h={self.d_h}, d_out={self.d_out}, λ={self.ridge}"
        return f"exact rationals, {sizes}, σ=z^{self.power}" if self.power else f"60 digits, {sizes}, σ=tanh"


def activation(power: int) -> sp.Lambda:
    """σ as a function of ``derivations.two_layer.z``."""
    return sp.Lambda(eq.z, eq.z**power if power else sp.tanh(eq.z))


@cache
def meaning(example: Example) -> dict[Any, Any]:
    """A value for every symbol of the chain: W2 any matrix, φ the best readout, exact but for tanh."""
    n, d_in, d_h, d_out, ridge, power = example
    with mpmath.workdps(2 * DIGITS):
        number = (lambda x: Fraction(int(x.p), int(x.q))) if power else (lambda x: mpmath.mpf(x.p) / x.q)
        sizes = ((n, d_in), (n, d_out), (d_in, d_h), (d_h, d_out))
        X, Y, W1, W2 = (
            [[number(entry) for entry in row] for row in rational_matrix(*size, seed=seed).tolist()]
            for seed, size in enumerate(sizes)
        )
        X = X if power else times(mpmath.mpf(1) / 8, X)  # tanh of large numbers is ±1 and HHᵀ near singular
        values = _values(
            X, Y, W1, W2, ridge if power else mpmath.mpf(ridge.numerator) / ridge.denominator, power
        )
        found = {symbol: to_sympy(value) for symbol, value in values.items()}
    return found | {eq.n: n, eq.d_in: d_in, eq.d_h: d_h, eq.d_out: d_out, q: power}


def _values(X: Rows, Y: Rows, W1: Rows, W2: Rows, ridge: Any, power: int) -> dict[Any, Any]:
    def sigma(matrix: Rows) -> Rows:
        return [[entry**power if power else mpmath.tanh(entry) for entry in row] for row in matrix]

    def gradient(function: Callable[[Rows], Any], at: Rows) -> Rows:
        return (
            dual.gradient(function, at)
            if power
            else dual.difference_gradient(function, at, mpmath.mpf(10) ** -30)
        )

    def rho(K: Rows) -> Any:
        return norm_of_the_targets(Y, K)

    pre = product(X, W1)
    H = sigma(pre)
    K, phi, loss, decay = gram(H, ridge), best_readout(H, Y, ridge), misfit(H, W2, Y), squares(W1)
    slope = gradient(lambda V: cost(sigma(product(X, V)), V, Y, ridge), W1)
    in_readout = gradient(lambda V: misfit(H, V, Y) + ridge * squares(V), W2)
    in_first = gradient(lambda V: misfit(sigma(product(X, V)), W2, Y) + ridge * squares(V), W1)
    B = [list(row) for row in zip(*[solve(K, column) for column in zip(*Y, strict=True)], strict=True)]
    return {
        **{eq.X: X, eq.Y: Y, eq.W1: W1, eq.W2: W2, eq.H: H, eq.K: K, eq.B: B, Z: pre, PHI: phi},
        **{eq.ridge: ridge, L: loss, L_LAMBDA: loss + ridge * (decay + squares(W2)), RHO: rho(K)},
        R: misfit(H, phi, Y) + ridge * (decay + squares(phi)),
        **({R_LIMIT: cost(H, W1, Y, ridge)} if ridge == 0 else {}),
        Gradient(L_LAMBDA, eq.W2): in_readout,
        Gradient(L, eq.H): gradient(lambda V: misfit(V, phi, Y), H),
        Gradient(L, Z): gradient(lambda V: misfit(sigma(V), phi, Y), pre),
        Gradient(L, eq.W1): gradient(lambda V: misfit(sigma(product(X, V)), phi, Y), W1),
        Gradient(RHO, eq.K): gradient(rho, K),
        Gradient(RHO, eq.H): gradient(lambda V: rho(gram(V, ridge)), H),
        Gradient(RHO, Z): gradient(lambda V: rho(gram(sigma(V), ridge)), pre),
        Gradient(RHO, eq.W1): gradient(lambda V: rho(gram(sigma(product(X, V)), ridge)), W1),
        Gradient(R, eq.W1): times(ridge, slope),
        Rate(eq.W1, TAU): times(-0.5 if power == 0 else Fraction(-1, 2), slope),
        Rate(eq.W1, t): times(-1, in_first),
        Rate(eq.W2, t): times(-1, in_readout),
    }


def to_sympy(value: Any) -> Any:
    """A number or rows of numbers as SymPy's."""
    if isinstance(value, list):
        return sp.Matrix([[to_sympy(entry) for entry in row] for row in value])
    return (
        sp.Rational(value.numerator, value.denominator)
        if isinstance(value, Fraction | int)
        else sp.Float(value, DIGITS)
    )


def decided_at(*examples: Example) -> tuple[Decision, ...]:
    """Decide a statement at each example, exactly; with tanh to what central differences leave at 60 digits."""
    return tuple(
        holds_at(
            str(example),
            partial(meaning, example),
            activation(example.power),
            0.0 if example.power else DIFFERENCE_TOLERANCE,
        )
        for example in examples
    )


RIDGE = Fraction(2, 7)
#: Two shapes in exact arithmetic, more units than samples and fewer; a third, with tanh, in 60 digits.
WITH_DECAY = (
    Example(2, 2, 3, 2, RIDGE, 2),
    Example(3, 2, 2, 1, RIDGE, 3),
    Example(3, 2, 4, 2, RIDGE, 0),
)
ZERO_LOSS = (
    Example(2, 2, 3, 2, Fraction(0), 2),
    Example(2, 3, 4, 1, Fraction(0), 3),
    Example(3, 2, 4, 2, Fraction(0), 0),
)
