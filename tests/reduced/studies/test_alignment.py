"""What a comparison of training with the theory holds, computed a second time from its definition."""

import numpy as np
import pytest

from reduced.flows.two_layer import first_layer_flow
from reduced.flows.zero_loss_set import retract
from reduced.network.problem import bind
from reduced.studies.alignment import UPDATE_STEPS, aligned_training, all_but_seven
from reduced.training.gradient_descent import ridge_of, uniform_start

EVERY, DECAY, RATE = 25, 1e-2, 0.5


def trained(problem, state, steps):
    """Plain gradient descent on the mean-squared error with weight decay."""
    ridge = ridge_of(DECAY, problem.Y)
    return descended(problem, state, steps, RATE / problem.Y.size, ridge)


def descended(problem, state, steps, rate, ridge):
    W1, W2 = state
    X, Y = problem.X, problem.Y
    for _ in range(steps):
        H = np.maximum(X @ W1, 0)
        residual = H @ W2 - Y
        G1 = X.T @ ((residual @ W2.T) * (H > 0))
        W1, W2 = W1 - 2 * rate * (G1 + ridge * W1), W2 - 2 * rate * (H.T @ residual + ridge * W2)
    return W1, W2


def test_cosine_and_distance_are_those_of_their_definitions():
    train_set, test_set = all_but_seven(7, 0)
    found = aligned_training(
        train_set, test_set, hidden=64, steps=EVERY, every=EVERY, learning_rate=RATE, weight_decay=DECAY
    )
    problem = bind(train_set.X, train_set.Y, "relu")
    start = uniform_start(7, 64, 7, 0)
    before = trained(problem, start, EVERY - UPDATE_STEPS)
    after = trained(problem, before, UPDATE_STEPS)
    update, predicted = after[0] - before[0], first_layer_flow(train_set.X, train_set.Y)(0.0, after[0])

    def cosine(a, b):
        return np.vdot(a, b) / np.linalg.norm(a) / np.linalg.norm(b)

    expected = cosine(update, predicted)
    assert found["first_layer_cosine"] == pytest.approx([expected], rel=1e-9)
    assert abs(expected - cosine(update, after[0])) > 1e-3
    foot = retract(problem, after, 1e-10)
    distance = np.sqrt(sum(np.sum((a - b) ** 2) for a, b in zip(after, foot, strict=True)))
    assert found["distance"] == pytest.approx([distance / ridge_of(DECAY, train_set.Y)], rel=1e-6)
