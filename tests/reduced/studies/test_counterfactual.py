import numpy as np
import pytest

from reduced.flows.zero_loss import zero_loss_flow
from reduced.network.neural_tangent import linearize
from reduced.network.parameters import norm, rescaled_norm
from reduced.network.problem import bind
from reduced.studies.counterfactual import DIRECTIONS, constant_direction, matched_flow
from reduced.studies.ladder import start_on_set
from reduced.tasks.modular import modular_addition


@pytest.mark.parametrize("name", [*DIRECTIONS, "random"])
def test_every_path_stays_tangent_at_the_speed_of_norm_descent(name):
    train, _ = modular_addition(3, 0.7, 0)
    problem = bind(train.X, train.Y)
    start = start_on_set(problem, 24, 0)
    direction = DIRECTIONS.get(name) or constant_direction(start, 0)
    velocity = matched_flow(train.X, train.Y, direction)(0.0, start)
    speed = norm(zero_loss_flow(train.X, train.Y)(0.0, start))
    assert norm(velocity) == pytest.approx(speed, rel=1e-12)
    assert np.abs(linearize(problem, start).output_change(velocity)).max() < 1e-8 * speed


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("ℓ1 descent", lambda state: sum(np.abs(layer).sum() for layer in state)),
        ("nuclear-norm descent", lambda state: sum(np.linalg.norm(layer, "nuc") for layer in state)),
        ("W1 alone", lambda state: np.linalg.norm(state[0])),
        ("W2 alone", lambda state: np.linalg.norm(state[1])),
    ],
)
def test_each_direction_descends_what_it_says(name, size):
    train, _ = modular_addition(3, 0.7, 0)
    start = start_on_set(bind(train.X, train.Y), 24, 0)
    velocity = matched_flow(train.X, train.Y, DIRECTIONS[name])(0.0, start)
    ahead = tuple(layer + 1e-6 * change for layer, change in zip(start, velocity, strict=True))
    assert size(ahead) < size(start)


def test_the_rescaled_norm_is_the_least_and_rescaling_does_not_change_it():
    rng = np.random.default_rng(0)
    W1, W2 = rng.standard_normal((4, 6)), rng.standard_normal((6, 3))
    balance = np.sqrt(np.linalg.norm(W2, axis=1) / np.linalg.norm(W1, axis=0))
    least = rescaled_norm((W1, W2))
    assert least == pytest.approx(norm((W1 * balance, W2 / balance[:, None])), rel=1e-14)
    for scale in np.exp(rng.standard_normal((5, 6))):
        other = W1 * scale, W2 / scale[:, None]
        assert rescaled_norm(other) == pytest.approx(least, rel=1e-14)
        assert norm(other) > least
