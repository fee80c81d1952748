"""Linear regression under weight decay: the flow is linear, so the solution is a matrix exponential.

L_λ = ‖X w − y‖² + λ ‖w‖², dw/dt = −∇L_λ, flow time t.
"""

from typing import Any

import sympy as sp

from derivations.exact.case import Limit, Matrix, explicit_case, vanishes
from derivations.steps import Step, from_closures

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
_x, _y, _rest = (sp.MatrixSymbol(*name) for name in (("X", 2, 3), ("y", 2, 1), ("w_*", 3, 1)))
MATRIX = explicit_case(
    name="linear regression, three weights on two samples: w = w* + exp(−2(XᵀX + λ)t)(w_0 − w*)",
    assumption="gradient flow in t; w* = (XᵀX + λ)⁻¹Xᵀy",
    time=t,
    state=_WEIGHTS,
    velocity=_descent(
        (_INPUTS * _WEIGHTS - _TARGETS).dot(_INPUTS * _WEIGHTS - _TARGETS) + lam * _WEIGHTS.dot(_WEIGHTS),
        _WEIGHTS,
    ),
    initial=_START,
    solution=Matrix(_MINIMUM + (-2 * _HESSIAN * t).exp() * (_START - _MINIMUM)),
    law=sp.Eq(_rest, (_x.T * _x + lam * sp.Identity(3)).I * _x.T * _y, evaluate=False),
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


def _slow_limit_residual() -> Any:
    """What t = τ/2λ, λ → 0 leaves of a direction that samples see, and of one that they do not."""
    tau = sp.Symbol("tau", positive=True)
    slow = MODE.solution[0].subs(t, tau / (2 * lam))
    return Matrix([sp.limit(slow, lam, 0) - y / s, slow.subs(s, 0) - w_0 * sp.exp(-tau)])


def _correction_residual() -> Any:
    """(y s/(s² + λ) − y/s)/λ as λ → 0, against −(XᵀX)⁺X⁺y."""
    return Matrix([sp.limit((s * y / (s**2 + lam) - y / s) / lam, lam, 0) + y / s**3])


def _descent_residual(iterate: Any) -> Any:
    """One step of gradient descent from the k-th iterate, against the next; and the start."""
    gradient = -ONE_SAMPLE.velocity.subs(list(zip(_weights, iterate, strict=True)), simultaneous=True)
    following = iterate.subs(steps_taken, steps_taken + 1)
    return Matrix(
        [*(following - iterate + step_size * gradient), *(iterate.subs(steps_taken, 0) - Matrix([-1, 1]))]
    )


def steps(
    training_loss: Any = TRAINING_LOSS, test_loss: Any = TEST_LOSS, descent: Any = DESCENT
) -> tuple[Step, ...]:
    """The solvable cases of linear regression and what follows from them."""
    train_at_rest = (2 * lam / (2 + lam)) ** 2
    return (
        MODE.step(),
        MATRIX.step(),
        from_closures(
            "",
            "slow limit: w → X⁺y + e^{−τ}(I − X⁺X)w_0, and w* = X⁺y − λ(XᵀX)⁺X⁺y + O(λ²)",
            sp.Eq(w, y / s - lam * y / s**3, evaluate=False),
            "τ = 2λt fixed, λ → 0; in the singular basis X⁺y is y/s, and 0 where s = 0",
            (
                lambda: vanishes("slow limit", _slow_limit_residual()),
                lambda: vanishes("first correction", _correction_residual()),
            ),
        ),
        ONE_SAMPLE.step(),
        from_closures(
            "",
            "Fig. 1: training loss and expected test loss",
            sp.Tuple(training_loss, test_loss),
            "inputs of the test samples standard normal",
            (
                lambda: vanishes(
                    "training loss", Matrix([training_loss - (sum(ONE_SAMPLE.solution) - 2) ** 2])
                ),
                lambda: vanishes(
                    "training loss at rest", Matrix([sp.limit(training_loss, t, sp.oo) - train_at_rest])
                ),
                lambda: vanishes("test loss", Matrix([test_loss - _expected_test_loss(ONE_SAMPLE.solution)])),
            ),
        ),
        from_closures(
            "",
            "Fig. 1 by gradient descent: e^{−2at} becomes (1 − 2ηa)^k",
            sp.Eq(_weights, descent, evaluate=False),
            "step size η on L_λ, k steps",
            (lambda: vanishes("one step", _descent_residual(descent)),),
        ),
    )
