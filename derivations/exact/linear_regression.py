"""Linear regression under weight decay: the flow is linear, so the solution is a matrix exponential.

L_λ = ‖X w − y‖² + λ ‖w‖², dw/dt = −∇L_λ, flow time t.
"""

from typing import Any

import sympy as sp

from derivations.checks import identity
from derivations.exact.case import InMatrices, Limit, Matrix, explicit_case, vanishes
from derivations.steps import Check, Line, Step, one_line
from derivations.symbols import Exponential

t = sp.Symbol("t", nonnegative=True)
lam = sp.Symbol("lambda", positive=True)


def _descent(loss: Any, weights: Any) -> Any:
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
    velocity=_descent((s * w - y) ** 2 + lam * w**2, Matrix([w])),
    initial=Matrix([w_0]),
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
    velocity=_descent(
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

# The paper's Fig. 1.
W_1, W_2 = sp.symbols("w_1 w_2", real=True)
_weights = Matrix([W_1, W_2])
_loss = (W_1 + W_2 - 2) ** 2 + lam * (W_1**2 + W_2**2)
_fast = sp.exp(-2 * (2 + lam) * t)
_along = 2 / (2 + lam) * (1 - _fast)
_across = sp.exp(-2 * lam * t)
ONE_SAMPLE = explicit_case(
    name="two weights, one sample (1, 1) -> 2, from (−1, 1)",
    assumption="gradient flow in t (Fig. 1)",
    time=t,
    state=_weights,
    velocity=_descent(_loss, _weights),
    initial=Matrix([-1, 1]),
    solution=Matrix([_along - _across, _along + _across]),
    limits=(Limit(t, sp.oo, Matrix([2, 2]) / (2 + lam)),),
)
_missing = (lam + 2 * _fast) / (2 + lam)  # 1 − _along without its cancellation
TRAINING_LOSS = 4 * _missing**2
TEST_LOSS = 2 * (_missing**2 + _across**2)

step_size = sp.Symbol("eta", positive=True)
steps_taken = sp.Symbol("k", nonnegative=True)
DESCENT = ONE_SAMPLE.solution.subs(
    {
        _fast: (1 - 2 * step_size * (2 + lam)) ** steps_taken,
        _across: (1 - 2 * step_size * lam) ** steps_taken,
    }
)


def _expected_test_loss(weights: Any) -> Any:
    """E (w·x − x_1 − x_2)² for x ~ N(0, 1): the moments E x_i x_j = δ_ij."""
    x = sp.symbols("x_1:3")
    error = sp.Poly((weights[0] * x[0] + weights[1] * x[1] - x[0] - x[1]) ** 2, *x)
    return error.coeff_monomial(x[0] ** 2) + error.coeff_monomial(x[1] ** 2)


def _is_the_training_loss(statement: Any) -> Check:
    return vanishes("training loss", Matrix([statement.rhs - (sum(ONE_SAMPLE.solution) - 2) ** 2]))


def _is_the_test_loss(statement: Any) -> Check:
    return vanishes("test loss", Matrix([statement.rhs - _expected_test_loss(ONE_SAMPLE.solution)]))


def _descends(statement: Any) -> Check:
    """One step of gradient descent from the k-th iterate, against the next; and the start."""
    iterate = statement.rhs
    gradient = -ONE_SAMPLE.velocity.subs(list(zip(_weights, iterate, strict=True)), simultaneous=True)
    following = iterate.subs(steps_taken, steps_taken + 1)
    started = iterate.subs(steps_taken, 0) - Matrix([-1, 1])
    return vanishes(
        "one step, and the start", Matrix([*(following - iterate + step_size * gradient), *started])
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


def steps(
    training_loss: Any = TRAINING_LOSS, test_loss: Any = TEST_LOSS, descent: Any = DESCENT
) -> tuple[Step, ...]:
    """The solvable cases of linear regression and what follows from them."""
    train, test = sp.symbols("L_train L_test")
    at_rest = (2 * lam / (2 + lam)) ** 2
    return (
        MODE.step(),
        MATRIX.step(),
        _slow_limit(),
        ONE_SAMPLE.step(),
        Step(
            "",
            "Fig. 1: training loss and expected test loss",
            (
                Line(
                    sp.Eq(train, training_loss, evaluate=False), "(w_1 + w_2 − 2)²", (_is_the_training_loss,)
                ),
                Line(
                    sp.Eq(sp.Limit(training_loss, t, sp.oo, "-"), at_rest, evaluate=False),
                    "where it rests",
                    (identity("limit"),),
                ),
                Line(
                    sp.Eq(test, test_loss, evaluate=False),
                    "expectation over x, by its second moments",
                    (_is_the_test_loss,),
                ),
            ),
            "inputs of the test samples standard normal",
        ),
        one_line(
            "",
            "Fig. 1 by gradient descent: e^{−2at} becomes (1 − 2ηa)^k",
            sp.Eq(_weights, descent, evaluate=False),
            "step size η on L_λ, k steps",
            [_descends],
            "by induction over k",
        ),
    )
