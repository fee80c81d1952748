import numpy as np
import pytest

from reduced.errors import RetractionError
from reduced.flows.zero_loss_set import distance, normal_part, retract, singular_values, tangent_part
from reduced.network.neural_tangent import linearize
from reduced.network.parameters import inner, moved, norm
from reduced.network.problem import bind
from reduced.training.projection import project_by_descent


def network(activation="tanh", n=5, d_in=4, d_h=12, d_out=3, seed=0):
    draw = np.random.default_rng(seed).standard_normal
    return bind(draw((n, d_in)), draw((n, d_out)), activation), (draw((d_in, d_h)), draw((d_h, d_out)))


def product(w1, w2):
    return np.array([[w1]], dtype=float), np.array([[w2]], dtype=float)


@pytest.mark.parametrize("activation", ["relu", "quadratic", "tanh"])
def test_retraction_reaches_rounding_from_afar(activation):
    problem, state = network(activation)
    there = retract(problem, state)
    assert np.linalg.norm(linearize(problem, there).residual) <= 1e-12 * np.linalg.norm(problem.Y)


def test_a_state_that_need_not_move_is_not_handed_back():
    """What the caller does to the result leaves the state as it was."""
    W1, W2 = product(2.0, 0.5)
    found = retract(bind(np.eye(1), np.eye(1), "linear"), (W1, W2))
    for kept, part in zip((W1, W2), found, strict=True):
        assert np.array_equal(part, kept)
        assert not np.shares_memory(part, kept)


def test_retraction_finds_the_nearest_point_up_to_second_order():
    # On w1 w2 = 1 near (2, 1/2): a normal offset of size s is the exact distance.
    problem = bind(np.eye(1), np.eye(1), "linear")
    foot, normal = product(2.0, 0.5), product(0.5 / 4.25**0.5, 2 / 4.25**0.5)
    errors = [abs(distance(problem, moved(foot, normal, by=s)) - s) for s in (1e-2, 1e-3)]
    assert errors[0] < 1e-2**2
    assert errors[1] < errors[0] / 90


def test_normal_and_tangent_parts_split_a_direction():
    problem, state = network()
    direction = state[0] + 1, state[1] - 1
    normal, tangent = normal_part(problem, state, direction), tangent_part(problem, state, direction)
    assert norm(moved(moved(normal, tangent, 1.0), direction, -1.0)) < 1e-12 * norm(direction)
    assert abs(inner(normal, tangent)) < 1e-9 * norm(direction) ** 2
    assert np.abs(linearize(problem, state).output_change(tangent)).max() < 1e-8
    assert norm(normal_part(problem, state, tangent)) < 1e-8 * norm(direction)


def test_descent_with_momentum_approaches_the_set():
    problem, state = network()
    near = moved(retract(problem, state), state, by=1e-3)
    assert distance(problem, project_by_descent(problem, near, 0.5)) < 0.05 * distance(problem, near)


def test_singular_values_vanish_where_the_product_is_singular():
    problem = bind(np.eye(1), np.eye(1), "linear")
    assert singular_values(problem, product(3.0, 4.0)) == pytest.approx([5.0])
    assert singular_values(problem, product(0.0, 0.0)) == pytest.approx([0.0])


def test_an_unreachable_target_is_reported():
    # σ ≥ 0 with one hidden unit gives both samples outputs of one sign.
    problem = bind(np.array([[1.0], [2.0]]), np.array([[1.0], [-1.0]]), "softplus")
    with pytest.raises((RetractionError, np.linalg.LinAlgError)):
        retract(problem, product(1.0, 1.0))
