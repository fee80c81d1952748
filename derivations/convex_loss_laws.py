"""Checks of the laws of every neuron that do not know the loss."""

from typing import Any

import sympy as sp

from derivations import convex_loss as cl
from derivations import convex_loss_checks as checks
from derivations import two_layer as eq
from derivations.checks import exact
from derivations.evaluate import evaluate
from derivations.steps import Check, Decision, Statement


def _of_neurons(statement: Statement, W1: Any, W2: Any, q: Any, degree: int) -> Any:
    """Values of a law's right side, one for each neuron."""
    norms = [(checks.squares(W1[:, j]), checks.squares(W2[j, :])) for j in range(W1.cols)]
    first, second = (sp.Symbol(f"‖w{i}_j‖²") for i in (1, 2))
    return [statement.rhs.subs({first: a, second: b, q: degree, eq.ridge: checks.RIDGE}) for a, b in norms]


def norm_law(q: Any, degree: int) -> Decision:
    """Decide the change of ‖w1_j‖² at the optimal readout of any multiplier, for σ = z^degree."""

    def check(statement: Statement) -> Check:
        given = checks.values(q=degree)
        velocity = evaluate(cl.first_layer_flow(), given, checks.POWERS[degree])
        W1, W2 = given[eq.W1], evaluate(cl.readout(), given)
        stated = _of_neurons(statement, W1, W2, q, degree)
        found = [2 * W1[:, j].dot(velocity[:, j]) for j in range(W1.cols)]
        return exact(f"exact rationals, any M, degree {degree}", sp.Matrix(found) - sp.Matrix(stated))

    return check


def balance_law(q: Any, degree: int) -> Decision:
    """Decide the change of ‖w1_j‖² − q‖w2_j‖² where both layers move, for σ = z^degree."""

    def check(statement: Statement) -> Check:
        given = checks.values(q=degree)
        first, second = (evaluate(v, given, checks.POWERS[degree]) for v in cl.full_flow_given_gradient())
        W1, W2 = given[eq.W1], given[eq.W2]
        stated = _of_neurons(statement, W1, W2, q, degree)
        found = [
            2 * W1[:, j].dot(first[:, j]) - 2 * degree * W2[j, :].dot(second[j, :]) for j in range(W1.cols)
        ]
        return exact(f"exact rationals, any G, degree {degree}", sp.Matrix(found) - sp.Matrix(stated))

    return check
