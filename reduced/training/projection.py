"""The paper's own projection on the zero-loss set."""

from reduced.network.parameters import Pair
from reduced.network.problem import Problem
from reduced.training.gradient_descent import train


def project_by_descent(problem: Problem, state: Pair, learning_rate: float = 1.0) -> Pair:
    """The paper's projection: 100 steps of gradient descent without decay, momentum 0.9, mean-squared error.

    References
    ----------
    arXiv:2511.01938, Appendix D.
    """
    descent = train(
        problem.X,
        problem.Y,
        state,
        steps=100,
        learning_rate=learning_rate,
        weight_decay=0.0,
        activation=problem.activation,
        momentum=0.9,
    )
    W1, W2 = descent.y
    return W1[-1], W2[-1]
