"""The Jacobian of the two-layer network's outputs, its adjoint and the neural tangent kernel, as matrix maps.

Stacked, the outputs F(θ) = σ(XW1) W2 have a Jacobian J of n·d_out rows; at the paper's size it would hold
6.9e8 numbers. As maps on matrices, J, Jᵀ and the kernel Θ = JJᵀ cost a few matrix products.

References
----------
T. Musat, *The Geometry of Grokking: Norm Minimization on the Zero-Loss Manifold*, arXiv:2511.01938,
Section 4; Jacot, Gabriel and Hongler, arXiv:1806.07572, for the kernel.
"""

from functools import cache
from typing import Any

import sympy as sp

from derivations.evaluate import evaluate
from derivations.steps import Check, Step, from_closures
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
lag = sp.Symbol("epsilon", positive=True)
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
    return collect(output_change().xreplace({V1: lag * first, V2: second}))


def steps() -> tuple[Step, ...]:
    """The Jacobian's maps and Euler's identity, each with exact checks."""
    smooth = "σ differentiable"
    return (
        from_closures(
            "", "Outputs along a direction, dF = J V", _equation("dF", output_change()), smooth, (_change,)
        ),
        from_closures(
            "",
            "Adjoint of the Jacobian, G = Jᵀ M",
            sp.Tuple(*(_equation(f"G_{i}", part) for i, part in enumerate(adjoint(), start=1))),
            smooth,
            (_adjoint,),
        ),
        from_closures(
            "",
            "Neural tangent kernel, J Jᵀ M with the rates of the layers",
            _equation("Theta_M", kernel()),
            smooth,
            (_kernel,),
        ),
        from_closures(
            "",
            "Euler's identity: along the parameters themselves the outputs grow (1 + q)-fold",
            sp.Eq(output_change().xreplace({V1: W1, V2: W2}), (1 + degree) * outputs()),
            "σ positively homogeneous of degree q",
            (_euler(2), _euler(3)),
        ),
    )


def _equation(name: str, value: Any) -> Any:
    return sp.Eq(sp.MatrixSymbol(name, *value.shape), value, evaluate=False)


SIZES = {n: 2, d_in: 2, d_h: 3, d_out: 2}


def _values(power: int) -> tuple[dict[Any, Any], sp.Lambda]:
    """Rational matrices without zeros or symmetry, and the activation z ↦ z**power."""
    values: dict[Any, Any] = {**SIZES, lag: sp.Rational(2, 7)}
    for shift, symbol in enumerate((X, W1, W2, V1, V2, M)):
        rows, columns = (int(dimension.subs(SIZES)) for dimension in symbol.shape)
        values[symbol] = sp.Matrix(
            rows, columns, lambda i, j, s=shift: sp.Rational((5 * i + 3 * j + 2 * s) % 7 - 3, j + 2)
        )
    return values, sp.Lambda(z, z**power)


def _verdict(method: str, difference: Any) -> Check:
    return Check(f"exact rationals, {method}", float(max(map(abs, difference))))


def _change() -> Check:
    values, sigma = _values(3)
    s = sp.Symbol("s", real=True)
    moved = {**values, W1: values[W1] + s * values[V1], W2: values[W2] + s * values[V2]}
    by_entries = evaluate(outputs(), moved, sigma).diff(s).subs(s, 0)
    return _verdict(
        "derivative entry by entry, σ = z³", by_entries - evaluate(output_change(), values, sigma)
    )


def _adjoint() -> Check:
    values, sigma = _values(3)
    first, second = (evaluate(part, values, sigma) for part in adjoint())
    change = evaluate(output_change(), values, sigma)
    left = (values[M].T * change).trace()
    right = (first.T * values[V1]).trace() + (second.T * values[V2]).trace()
    return _verdict("⟨M, JV⟩ = ⟨JᵀM, V⟩, σ = z³", [left - right])


def _kernel() -> Check:
    values, sigma = _values(3)
    unknown = {layer: sp.Matrix(*values[layer].shape, lambda i, j: sp.Dummy()) for layer in (W1, W2)}
    flat = [*unknown[W1], *unknown[W2]]
    J = evaluate(outputs(), values | unknown, sigma).vec().jacobian(flat)
    J = J.subs(dict(zip(flat, [*values[W1], *values[W2]], strict=True)))
    rates = sp.diag(*[values[lag]] * len(values[W1]), *[1] * len(values[W2]))
    dense = J * rates * J.T * values[M].vec()
    return _verdict("dense J diag(ε, 1) Jᵀ, σ = z³", dense - evaluate(kernel(), values, sigma).vec())


def _euler(power: int) -> Any:
    def check() -> Check:
        values, sigma = _values(power)
        change = evaluate(output_change().xreplace({V1: W1, V2: W2}), values, sigma)
        return _verdict(
            f"σ(z) = z to the power {power}", change - (1 + power) * evaluate(outputs(), values, sigma)
        )

    return check
