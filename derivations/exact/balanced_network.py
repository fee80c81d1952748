"""The full flow of a linear network: the imbalance decays; balanced weights solve a Riccati equation.

L_λ = ‖X W1 W2 − Y‖² + λ(‖W1‖² + ‖W2‖²), dθ/dt = −∇L_λ, flow time t. Balanced: W1ᵀW1 = W2W2ᵀ.
"""

from typing import Any

import sympy as sp

from derivations.checks import identity_with
from derivations.exact.case import InMatrices, Matrix, Reduction, explicit_case
from derivations.steps import Step, one_line
from derivations.symbols import Exponential, Rate

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


# Two inputs, one output, Y = (3, 4)ᵀ, two hidden units: B has eigenvalues ±10 − 2λ, −2λ, rational projectors.
_example = growth(Matrix([3, 4]), lam)
_stack_0 = Matrix([[1, 0], [0, 2], [1, 1]])
_eigenvectors = (Matrix([3, 4, 5]) / sp.sqrt(50), Matrix([3, 4, -5]) / sp.sqrt(50), Matrix([4, -3, 0]) / 5)
_spectrum = [(v * v.T, v.dot(_example * v)) for v in _eigenvectors]
_half = sum((sp.exp(rate * t) * on for on, rate in _spectrum), sp.zeros(3, 3))
_accumulated = sum(((sp.exp(2 * rate * t) - 1) / rate * on for on, rate in _spectrum), sp.zeros(3, 3))
_damping = sp.eye(2) + _stack_0.T * _accumulated * _stack_0
_gram = Matrix(3, 3, lambda i, j: sp.Symbol(f"p_{min(i, j) + 1}{max(i, j) + 1}"))
_P, _B, _Q_0 = sp.MatrixSymbol("P", 3, 3), sp.MatrixSymbol("B", 3, 3), sp.MatrixSymbol("Q_0", 3, 2)
_grown = Exponential(t * _B)
_stacked_solution = Matrix(_half * _stack_0 * _damping.adjugate() * _stack_0.T * _half / _damping.det())
_velocity = Matrix(_example * _gram + _gram * _example - 2 * _gram * _gram)
_spread = _Q_0.T * sp.Inverse(_B) * (Exponential(2 * t * _B) - sp.Identity(3)) * _Q_0
RICCATI = explicit_case(
    name="balanced linear network: P = QQᵀ, Q = [W1; W2ᵀ], obeys a Riccati equation, which is solved",
    assumption="full flow in t, X = I, W1ᵀW1 = W2W2ᵀ, B = 2[[0, Y], [Yᵀ, 0]] − 2λI invertible",
    time=t,
    state=_gram,
    velocity=_velocity,
    initial=_stack_0 * _stack_0.T,
    solution=_stacked_solution,
    points=({t: sp.Rational(1, 20), lam: sp.Rational(1, 3)},),
    equation=InMatrices(
        sp.Eq(Rate(_P, t), _B * _P + _P * _B - 2 * _P * _P, evaluate=False),
        {_P: _gram, _B: _example, Rate(_P, t): _velocity},
    ),
    law=InMatrices(
        sp.Eq(_P, _grown * _Q_0 * sp.Inverse(sp.Identity(2) + _spread) * _Q_0.T * _grown, evaluate=False),
        {_B: _example, _Q_0: _stack_0, _P: _stacked_solution},
    ),
)
_Q, _H = sp.MatrixSymbol("Q", 4, 2), sp.MatrixSymbol("B", 4, 4)
_R, _D = sp.MatrixSymbol("R", 4, 2), sp.MatrixSymbol("D", 2, 2)


def steps() -> tuple[Step, ...]:
    """Conservation of the imbalance, the Riccati equation and its solution."""
    reduced = one_line(
        "",
        "linear network: the flow of Q = [W1; W2ᵀ], and what the imbalance D = W1ᵀW1 − W2W2ᵀ adds",
        sp.Eq(Rate(_Q, t), _H * _Q - _Q * _Q.T * _Q + _R * _D, evaluate=False),
        "full flow in t, X = I; R = [W1; −W2ᵀ]; balanced networks have D = 0",
        [identity_with("every W1, W2 and Y of size 2 × 2", _stacked)],
        "the loss differentiated entry by entry",
    )
    return (IMBALANCE.step(), reduced, RICCATI.step())


def _stacked() -> dict[Any, Any]:
    """The full flow of both layers for X = I, stacked."""
    first_rate, second_rate = _full_flow(sp.eye(2), _first, _second, _target)
    return {
        Rate(_Q, t): Matrix.vstack(first_rate, second_rate.T),
        _Q: Matrix.vstack(_first, _second.T),
        _R: Matrix.vstack(_first, -_second.T),
        _D: _first.T * _first - _second * _second.T,
        _H: growth(_target, lam),
    }
