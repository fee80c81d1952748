"""Linear regression under weight decay: the flow is linear, so the solution is a matrix exponential.

L_λ = ‖X w − y‖² + λ ‖w‖², dw/dt = −∇L_λ, flow time t.
"""

from typing import Any

import sympy as sp

from derivations.checks import identity
from derivations.exact.case import InMatrices, Limit, Matrix, explicit_case
from derivations.steps import Line, Step
from derivations.symbols import Exponential

t = sp.Symbol("t", nonnegative=True)
lam = sp.Symbol("lambda", positive=True)


def descent_of(loss: Any, weights: Any) -> Any:
    """-gradient of the loss, in the shape of the weights."""
    return -weights.applyfunc(lambda weight: loss.diff(weight))


# One right singular direction of X: singular value s, target component y, weight w.
s, y = sp.symbols("s y", positive=True)
w, w_0 = sp.symbols("w w_0", real=True)
_decay = sp.exp(-2 * (s**2 + lam) * t)
MODE = explicit_case(
    name="linear regression, one singular direction of the inputs",
    assumption="gradient flow in t; s = 0 is a direction no sample constrains; s² + λ > 0",
    time=t,
    state=Matrix([w]),
    velocity=descent_of((s * w - y) ** 2 + lam * w**2, Matrix([w])),
    initial=Matrix([w_0]),
    substitution=((w - s * y / (s**2 + lam), -2 * (s**2 + lam), 0),),
    solution=Matrix([w_0 * _decay + s * y * (1 - _decay) / (s**2 + lam)]),
    limits=(
        Limit(t, sp.oo, Matrix([s * y / (s**2 + lam)])),
        Limit(t, 0, Matrix([w_0])),
        Limit(lam, 0, Matrix([w_0 * sp.exp(-2 * s**2 * t) + y * (1 - sp.exp(-2 * s**2 * t)) / s])),
    ),
)

# Two samples of three weights, X X^T = [[2, 1], [1, 2]]: the matrix form with every entry exact.
_INPUTS = Matrix([[1, 0, 1], [0, 1, 1]])
_TARGETS = Matrix(sp.symbols("y_1:3", real=True))
_WEIGHTS = Matrix(sp.symbols("w_1:4", real=True))
_START = Matrix(sp.symbols("v_1:4", real=True))
_HESSIAN = _INPUTS.T * _INPUTS + lam * sp.eye(3)
_MINIMUM = _HESSIAN.inv() * _INPUTS.T * _TARGETS
_x, _y, _rest, _w, _w_0 = (
    sp.MatrixSymbol(name, *shape)
    for name, shape in (("X", (2, 3)), ("y", (2, 1)), ("w_*", (3, 1)), ("w", (3, 1)), ("w_0", (3, 1)))
)
_bend = _x.T * _x + lam * sp.Identity(3)
MATRIX = explicit_case(
    name="linear regression, three weights on two samples",
    assumption="gradient flow in t",
    time=t,
    state=_WEIGHTS,
    velocity=descent_of(
        (_INPUTS * _WEIGHTS - _TARGETS).dot(_INPUTS * _WEIGHTS - _TARGETS) + lam * _WEIGHTS.dot(_WEIGHTS),
        _WEIGHTS,
    ),
    initial=_START,
    solution=Matrix(_MINIMUM + (-2 * _HESSIAN * t).exp() * (_START - _MINIMUM)),
    law=InMatrices(
        sp.Tuple(
            sp.Eq(_rest, _bend.I * _x.T * _y, evaluate=False),
            sp.Eq(_w, _rest + Exponential(-2 * t * _bend) * (_w_0 - _rest), evaluate=False),
        ),
        {
            _x: _INPUTS,
            _y: _TARGETS,
            _rest: _MINIMUM,
            _w_0: _START,
            _w: _MINIMUM + (-2 * _HESSIAN * t).exp() * (_START - _MINIMUM),
        },
    ),
)


def _slow_limit() -> Step:
    tau = sp.Symbol("tau", positive=True)
    slow = MODE.solution[0].subs(t, tau / (2 * lam))
    rest = s * y / (s**2 + lam)
    limit = (identity("limit"),)
    return Step(
        "",
        "slow limit of linear regression: w → X⁺y + e^{−τ}(I − X⁺X)w_0, and the first order in λ of where it rests",
        (
            Line(
                sp.Eq(sp.Limit(slow, lam, 0), y / s, evaluate=False),
                "a direction that samples see: X⁺y",
                limit,
            ),
            Line(
                sp.Eq(slow.subs(s, 0), w_0 * sp.exp(-tau), evaluate=False),
                "one that they do not, s = 0: decay",
                limit,
            ),
            Line(
                sp.Eq(sp.Limit((rest - y / s) / lam, lam, 0), -y / s**3, evaluate=False),
                "where it rests, to first order: −(XᵀX)⁺X⁺y",
                limit,
            ),
        ),
        "τ = 2λt fixed, λ → 0; in the singular basis X⁺y is y/s, and 0 where s = 0",
    )


def steps() -> tuple[Step, ...]:
    """The solvable cases of linear regression, and their slow limit."""
    return (MODE.step(), MATRIX.step(), _slow_limit())
