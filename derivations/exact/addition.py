"""The paper's Fig. 1: two weights that learn 1 + 1 = 2 from one sample, in flow time t and by gradient descent."""

from typing import Any

import sympy as sp

from derivations.checks import identity
from derivations.exact.case import Limit, Matrix, explicit_case, vanishes
from derivations.exact.linear_regression import descent_of, lam, t
from derivations.steps import Check, Line, Statement, Step, one_line

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
    velocity=descent_of(_loss, _weights),
    initial=Matrix([-1, 1]),
    substitution=((W_1 + W_2, -2 * (2 + lam), 8), (W_2 - W_1, -2 * lam, 0)),
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


def _is_the_training_loss(statement: Statement) -> Check:
    return vanishes("training loss", Matrix([statement.rhs - (sum(ONE_SAMPLE.solution) - 2) ** 2]))


def _is_the_test_loss(statement: Statement) -> Check:
    return vanishes("test loss", Matrix([statement.rhs - _expected_test_loss(ONE_SAMPLE.solution)]))


def _descends(statement: Statement) -> Check:
    """One step of gradient descent from the k-th iterate, against the next; and the start."""
    iterate = statement.rhs
    gradient = -ONE_SAMPLE.velocity.subs(list(zip(_weights, iterate, strict=True)), simultaneous=True)
    following = iterate.subs(steps_taken, steps_taken + 1)
    started = iterate.subs(steps_taken, 0) - Matrix([-1, 1])
    return vanishes(
        "one step, and the start", Matrix([*(following - iterate + step_size * gradient), *started])
    )


def steps(
    training_loss: Any = TRAINING_LOSS, test_loss: Any = TEST_LOSS, descent: Any = DESCENT
) -> tuple[Step, ...]:
    """Fig. 1, solved: its weights, its losses, and gradient descent on it."""
    train, test = sp.symbols("L_train L_test")
    at_rest = (2 * lam / (2 + lam)) ** 2
    return (
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
