"""The full flow of a linear network: the imbalance decays; balanced weights solve a Riccati equation.

L_λ = ‖X W1 W2 − Y‖² + λ(‖W1‖² + ‖W2‖²), dθ/dt = −∇L_λ, flow time t. Balanced: W1ᵀW1 = W2W2ᵀ.
"""

from typing import Any

import sympy as sp

from derivations.exact.case import Matrix, Reduction, explicit_case, vanishes
from derivations.steps import Step, from_closures

t = sp.Symbol("t", nonnegative=True)
lam = sp.Symbol("lambda", positive=True)


def _full_flow(inputs: Any, first: Any, second: Any, target: Any) -> tuple[Any, Any]:
    """(dW1/dt, dW2/dt), differentiated from the loss entry by entry."""
    error = inputs * first * second - target
    loss = sum(entry**2 for entry in error) + lam * sum(entry**2 for entry in [*first, *second])
    return -first.applyfunc(lambda weight: loss.diff(weight)), -second.applyfunc(
        lambda weight: loss.diff(weight)
    )


_first, _second = Matrix(2, 2, sp.symbols("a_1:5")), Matrix(2, 2, sp.symbols("b_1:5"))
_inputs, _target = Matrix(2, 2, sp.symbols("x_1:5")), Matrix(2, 2, sp.symbols("y_1:5"))
_dfirst, _dsecond = _full_flow(_inputs, _first, _second, _target)
_imbalance = Matrix(2, 2, sp.symbols("d_1:5"))
_imbalance_0 = Matrix(2, 2, sp.symbols("c_1:5"))
IMBALANCE = explicit_case(
    name="linear network: W1ᵀW1 − W2W2ᵀ decays as e^{−4λt}",
    assumption="full flow in t, every λ ≥ 0, every X and Y",
    time=t,
    state=_imbalance,
    velocity=-4 * lam * _imbalance,
    initial=_imbalance_0,
    solution=_imbalance_0 * sp.exp(-4 * lam * t),
    reduction=Reduction(
        Matrix([*_first, *_second]),
        Matrix([*_dfirst, *_dsecond]),
        _first.T * _first - _second * _second.T,
    ),
)


def growth(target: Any, decay: Any) -> Any:
    """B = 2[[0, Y], [Yᵀ, 0]] − 2λI."""
    inputs, outputs = target.shape
    corner, block = sp.zeros(inputs, inputs), sp.zeros(outputs, outputs)
    return Matrix(2 * sp.Matrix([[corner, target], [target.T, block]]) - 2 * decay * sp.eye(inputs + outputs))


def _riccati_residual() -> Any:
    """The full flow of Q = [W1; W2ᵀ] for X = I, less BQ − QQᵀQ and what the imbalance leaves over."""
    first_rate, second_rate = _full_flow(sp.eye(2), _first, _second, _target)
    stack = Matrix.vstack(_first, _second.T)
    left_over = Matrix.vstack(_first, -_second.T) * (_first.T * _first - _second * _second.T)
    moved = Matrix.vstack(first_rate, second_rate.T)
    return moved - growth(_target, lam) * stack + stack * stack.T * stack - left_over


# Two inputs, one output, Y = (3, 4)ᵀ, two hidden units: B has eigenvalues ±10 − 2λ, −2λ, rational projectors.
_example = growth(Matrix([3, 4]), lam)
_stack_0 = Matrix([[1, 0], [0, 2], [1, 1]])
_eigenvectors = (Matrix([3, 4, 5]) / sp.sqrt(50), Matrix([3, 4, -5]) / sp.sqrt(50), Matrix([4, -3, 0]) / 5)
_spectrum = [(v * v.T, v.dot(_example * v)) for v in _eigenvectors]
_half = sum((sp.exp(rate * t) * on for on, rate in _spectrum), sp.zeros(3, 3))
_accumulated = sum(((sp.exp(2 * rate * t) - 1) / rate * on for on, rate in _spectrum), sp.zeros(3, 3))
_damping = sp.eye(2) + _stack_0.T * _accumulated * _stack_0
_gram = Matrix(3, 3, lambda i, j: sp.Symbol(f"p_{min(i, j) + 1}{max(i, j) + 1}"))
_P, _growth = sp.MatrixSymbol("P", 3, 3), sp.MatrixSymbol("B", 3, 3)
RICCATI = explicit_case(
    name="balanced linear network: QQᵀ = e^{Bt}Q_0[I + 2Q_0ᵀ∫e^{2Bu}du Q_0]⁻¹Q_0ᵀe^{Bt}, Q = [W1; W2ᵀ]",
    assumption="full flow in t, X = I, W1ᵀW1 = W2W2ᵀ, B = 2[[0, Y], [Yᵀ, 0]] − 2λI; P = QQᵀ",
    time=t,
    state=_gram,
    velocity=Matrix(_example * _gram + _gram * _example - 2 * _gram * _gram),
    initial=_stack_0 * _stack_0.T,
    solution=Matrix(_half * _stack_0 * _damping.adjugate() * _stack_0.T * _half / _damping.det()),
    points=({t: sp.Rational(1, 20), lam: sp.Rational(1, 3)},),
    law=sp.Eq(sp.MatrixSymbol("dP", 3, 3), _growth * _P + _P * _growth - 2 * _P * _P, evaluate=False),
)
_SHAPE = sp.symbols("d d_h", positive=True, integer=True)  # d = d_in + d_out
_Q, _B = sp.MatrixSymbol("Q", *_SHAPE), sp.MatrixSymbol("B", _SHAPE[0], _SHAPE[0])


def steps() -> tuple[Step, ...]:
    """Conservation of the imbalance, the Riccati equation and its solution."""
    reduced = from_closures(
        "",
        "balanced weights Q = [W1; W2ᵀ] obey dQ/dt = BQ − QQᵀQ",
        sp.Eq(sp.MatrixSymbol("dQ", *_SHAPE), _B * _Q - _Q * _Q.T * _Q, evaluate=False),
        "full flow in t, X = I; without balance [W1; −W2ᵀ](W1ᵀW1 − W2W2ᵀ) is added",
        (lambda: vanishes("full flow", _riccati_residual()),),
    )
    return (IMBALANCE.step(), reduced, RICCATI.step())
