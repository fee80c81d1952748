"""The Jacobian of the two-layer network's outputs, its adjoint and the neural tangent kernel, as matrix maps.

Stacked, the outputs F(θ) = σ(XW1) W2 have a Jacobian J of n·d_out rows; at the paper's size it would hold
6.9e8 numbers. As maps on matrices, J, Jᵀ and the kernel Θ = JJᵀ cost a few matrix products.

References
----------
T. Musat, *The Geometry of Grokking: Norm Minimization on the Zero-Loss Manifold*, arXiv:2511.01938,
Section 4; Jacot, Gabriel and Hongler, arXiv:1806.07572, for the kernel.
"""

from fractions import Fraction
from functools import cache, partial
from typing import Any

import sympy as sp

from derivations import dual
from derivations import two_layer as eq
from derivations.checks import holds_at
from derivations.dual import Dual
from derivations.plain_network import product
from derivations.steps import Decision, Step, one_line
from derivations.two_layer import (
    HIDDEN,
    W1,
    W2,
    H,
    X,
    collect,
    d_h,
    d_in,
    d_out,
    differentiate,
    n,
    z,
)

#: A direction in parameter space, and a matrix of the outputs' shape.
V1 = sp.MatrixSymbol("V1", d_in, d_h)
V2 = sp.MatrixSymbol("V2", d_h, d_out)
M = sp.MatrixSymbol("M", n, d_out)
#: Learning rate of the first layer over that of the readout.
rate_ratio = sp.Symbol("epsilon", positive=True)
degree = sp.Symbol("q", positive=True)


def outputs() -> Any:
    """Outputs of the network on the training inputs, F = σ(XW1) W2."""
    return HIDDEN * W2


@cache
def output_change() -> Any:
    """J V: the derivative of the outputs along a direction (V1, V2)."""
    s = sp.Symbol("s")
    moved = outputs().xreplace({W1: W1 + s * V1, W2: W2 + s * V2})
    along = sp.diff(moved, s)
    return collect(along.xreplace({W1 + s * V1: W1, W2 + s * V2: W2}))


@cache
def adjoint() -> tuple[Any, Any]:
    """Jᵀ M: the gradient of ⟨M, F⟩ in (W1, W2), one map at a time as in the loss."""
    G = sp.MatrixSymbol("G", n, d_h)
    pairing = sp.Trace(M.T * H * W2)
    in_hidden, in_readout = (differentiate(pairing, variable) for variable in (H, W2))
    in_first = collect(differentiate(sp.Trace(G.T * HIDDEN), W1)).xreplace({G: in_hidden})
    return in_first, in_readout.xreplace({H: HIDDEN})


@cache
def kernel() -> Any:
    """Θ M = ε J₁J₁ᵀM + J₂J₂ᵀM: the neural tangent kernel when the readout learns 1/ε times faster.

    J₁ and J₂ are the columns of J for the two layers; ε = 1 is plain training.
    """
    first, second = adjoint()
    return collect(output_change().xreplace({V1: rate_ratio * first, V2: second}))


#: What the steps name: the change of the outputs, the adjoint's two parts, and the kernel.
CHANGE = sp.MatrixSymbol("dF", n, d_out)
PULLED = sp.MatrixSymbol("G_1", d_in, d_h), sp.MatrixSymbol("G_2", d_h, d_out)
KERNEL_OF_THE_READOUT = sp.MatrixSymbol("Theta_2M", n, d_out)
KERNEL = sp.MatrixSymbol("Theta_M", n, d_out)
equal = partial(sp.Eq, evaluate=False)


def steps() -> tuple[Step, ...]:
    """The Jacobian's maps and Euler's identity, each with exact checks."""
    smooth = "σ differentiable"
    pairs = zip(PULLED, adjoint(), strict=True)
    return (
        one_line(
            "",
            "Outputs along a direction, dF = J V",
            equal(CHANGE, output_change()),
            smooth,
            _decisions(2, 3),
            "product rule and chain rule through σ",
        ),
        one_line(
            "",
            "Adjoint of the Jacobian, G = Jᵀ M",
            sp.Tuple(*(equal(*pair) for pair in pairs)),
            smooth,
            _decisions(2, 3),
            "gradient of ⟨M, F⟩ in each layer",
        ),
        one_line(
            "",
            "Neural tangent kernel, J Jᵀ M with the rates of the layers",
            equal(KERNEL, kernel()),
            smooth,
            _decisions(2, 3),
            "the change of the outputs along JᵀM, the first layer's part times ε",
        ),
        one_line(
            "",
            "A point is regular wherever H has full row rank, whatever the targets: the readout's part of J Jᵀ is HHᵀ",
            equal(KERNEL_OF_THE_READOUT, eq.readable(kernel().xreplace({rate_ratio: sp.S.Zero}).doit())),
            "any σ; HHᵀ is then positive definite, and so is J Jᵀ, which adds a positive semidefinite part",
            _decisions(2, 3),
            "the kernel at ε = 0",
        ),
        one_line(
            "",
            "Euler's identity: along the parameters themselves the outputs grow (1 + q)-fold",
            equal(output_change().xreplace({V1: W1, V2: W2}), (1 + degree) * outputs()),
            "σ positively homogeneous of degree q",
            _decisions(2, 3),
            "zσ′(z) = qσ(z)",
        ),
    )


SIZES = {n: 2, d_in: 2, d_h: 3, d_out: 2}


def _decisions(*powers: int) -> list[Decision]:
    return [
        holds_at(f"exact rationals, σ = z^{power}", partial(_meaning, power), sp.Lambda(z, z**power))
        for power in powers
    ]


@cache
def _meaning(power: int) -> dict[Any, Any]:
    """Matrices without zeros or symmetry; changes and gradients by exact differentiation of plain numbers."""
    drawn = {
        symbol: [
            [Fraction((5 * i + 3 * j + 2 * shift) % 7 - 3, j + 2) for j in range(SIZES[symbol.shape[1]])]
            for i in range(SIZES[symbol.shape[0]])
        ]
        for shift, symbol in enumerate((X, W1, W2, V1, V2, M))
    }
    rate = Fraction(2, 7)

    def outputs_of(first: dual.Rows, second: dual.Rows) -> dual.Rows:
        return product([[entry**power for entry in row] for row in product(drawn[X], first)], second)

    def along(first: dual.Rows, second: dual.Rows) -> dual.Rows:
        moved = [
            [
                [Dual(*pair) for pair in zip(*rows, strict=True)]
                for rows in zip(drawn[layer], towards, strict=True)
            ]
            for layer, towards in ((W1, first), (W2, second))
        ]
        return [[entry.slope for entry in row] for row in outputs_of(*moved)]

    def paired(first: dual.Rows, second: dual.Rows) -> Any:
        rows = zip(outputs_of(first, second), drawn[M], strict=True)
        return sum(f * m for fs, ms in rows for f, m in zip(fs, ms, strict=True))

    first = dual.gradient(lambda V: paired(V, drawn[W2]), drawn[W1])
    second = dual.gradient(lambda V: paired(drawn[W1], V), drawn[W2])
    found = drawn | {
        CHANGE: along(drawn[V1], drawn[V2]),
        PULLED[0]: first,
        PULLED[1]: second,
        H: [[entry**power for entry in row] for row in product(drawn[X], drawn[W1])],
        KERNEL_OF_THE_READOUT: along([[0 * entry for entry in row] for row in first], second),
        KERNEL: along([[rate * entry for entry in row] for row in first], second),
    }
    exact = {
        symbol: sp.Matrix([[sp.Rational(x.numerator, x.denominator) for x in row] for row in rows])
        for symbol, rows in found.items()
    }
    return {**exact, **SIZES, rate_ratio: sp.Rational(2, 7), degree: power}
