"""Products with the Hessian of the reduced cost, and the slowest rates: differences, symmetry, known eigenvalues."""

import numpy as np
import pytest

from reduced.flows.rest import resting_point
from reduced.flows.spectrum import hessian_product, slowest_rates
from reduced.flows.two_layer import first_layer_flow, reduced_cost
from reduced.integration.solve import integrate

SMOOTH = ("tanh", "softplus", "gelu", "quadratic", "cubic", "linear")


def problem(samples=4, inputs=3, outputs=5, width=8, seed=3):
    rng = np.random.default_rng(seed)
    shapes = ((samples, inputs), (samples, outputs), (inputs, width), (inputs, width), (inputs, width))
    return tuple(rng.normal(size=shape) for shape in shapes)


@pytest.mark.parametrize("ridge", [0.0, 0.3])
@pytest.mark.parametrize("activation", [*SMOOTH, "relu"])
def test_the_product_is_a_difference_of_the_flow_and_symmetric(activation, ridge):
    samples = 3 if activation == "linear" else 4
    X, Y, W1, U, V = problem(samples)
    product = hessian_product(X, Y, activation, ridge)
    flow, h = first_layer_flow(X, Y, activation, ridge), 1e-4
    ahead, behind, far, back = (flow(0.0, W1 + s * h * V) for s in (1, -1, 2, -2))
    difference = -(8 * (ahead - behind) - (far - back)) / (12 * h)
    along = product(W1, V)
    np.testing.assert_allclose(along, difference, atol=1e-7 * (1 + abs(along).max()))
    assert np.sum(U * along) == pytest.approx(
        np.sum(V * product(W1, U)), rel=1e-9, abs=1e-9 * abs(along).max()
    )


def test_the_product_is_the_second_difference_of_the_cost():
    X, Y, W1, _, V = problem()
    cost, h = reduced_cost(X, Y, "tanh", 0.2), 1e-3
    bend = (cost(W1 + h * V) - 2 * cost(W1) + cost(W1 - h * V)) / h**2
    assert np.sum(V * hessian_product(X, Y, "tanh", 0.2)(W1, V)) == pytest.approx(bend / 2, rel=1e-4)


def end_of_run(activation, **sizes):
    X, Y, W1, *_ = problem(**sizes)
    path = integrate(first_layer_flow(X, Y, activation), W1, (0, 4), method="relative_legendre", step=2e-2)
    return X, Y, resting_point(X, Y, path.y[-1], activation)


RESTS = {
    ("linear", 1): end_of_run("linear", samples=3, inputs=4, outputs=4, width=5),
    ("quadratic", 2): end_of_run("quadratic"),
    ("cubic", 3): end_of_run("cubic", samples=3, inputs=3, outputs=4, width=6),
}


@pytest.mark.parametrize(("activation", "q"), RESTS)
def test_the_radial_rate_is_2q_plus_2(activation, q):
    X, Y, W1 = RESTS[activation, q]
    radial = W1 / np.linalg.norm(W1)
    product = hessian_product(X, Y, activation)(W1, radial)
    assert np.sum(radial * product) == pytest.approx(2 * q + 2, abs=1e-6)
    np.testing.assert_allclose(product, (2 * q + 2) * radial, atol=1e-6)


@pytest.mark.parametrize(("activation", "q"), RESTS)
def test_lanczos_finds_the_eigenvalues_of_the_whole_matrix(activation, q):
    X, Y, W1 = RESTS[activation, q]
    product = hessian_product(X, Y, activation)
    unit = np.eye(W1.size).reshape(-1, *W1.shape)
    whole = np.array([product(W1, V).ravel() for V in unit])
    found = slowest_rates(X, Y, W1, activation, count=6)
    np.testing.assert_allclose(found.values, np.linalg.eigvalsh(whole)[:6], atol=1e-7)
    assert found.residuals.max() < 1e-6
    assert found.speed < 1e-9


def test_flat_directions_of_a_linear_network_are_the_rotations_of_its_units():
    """W1 → W1 Q changes neither the Gram matrix nor the norm; those that move a W1 of rank r: r d_h − r(r + 1)/2."""
    X, Y, W1 = RESTS["linear", 1]
    rank = np.linalg.matrix_rank(W1, tol=1e-6)
    width = W1.shape[1]
    assert slowest_rates(X, Y, W1, "linear", count=12).flat() == rank * width - rank * (rank + 1) // 2
    turn = np.random.default_rng(0).normal(size=(width, width))
    np.testing.assert_allclose(hessian_product(X, Y, "linear")(W1, W1 @ (turn - turn.T)), 0, atol=1e-8)


def test_units_that_vanished_relax_at_rate_one():
    """A unit of degree q > 1 at zero feels its decay alone: d_in directions each."""
    X, Y, W1 = RESTS["quadratic", 2]
    dead = int((np.linalg.norm(W1, axis=0) < 1e-6).sum())
    assert dead > 0
    rates = slowest_rates(X, Y, W1, "quadratic", count=23).values
    assert (abs(rates - 1) < 1e-6).sum() == dead * X.shape[1]


def test_a_displacement_along_a_slow_direction_decays_at_its_rate():
    X, Y, W1 = RESTS["quadratic", 2]
    rates = slowest_rates(X, Y, W1, "quadratic", count=2)
    flow = first_layer_flow(X, Y, "quadratic")
    for rate, direction in zip(rates.values, rates.directions, strict=True):
        start = W1 + 1e-4 * direction
        path = integrate(flow, start, (0, 2), method="DOP853", rtol=1e-11, atol=1e-13, t_eval=[0, 2])
        left = np.sum((path.y[-1] - W1) * direction) / 1e-4
        assert -np.log(left) / 2 == pytest.approx(rate, rel=1e-2)


def test_a_run_relaxes_at_the_slowest_rate():
    """Late distances from the end fall as e^(−rτ), r the smallest rate: the slope of their logarithm."""
    X, Y, W1 = RESTS["quadratic", 2]
    (rate,) = slowest_rates(X, Y, W1, "quadratic", count=1).values
    start = W1 + 1e-2 * np.random.default_rng(5).normal(size=W1.shape)
    flow = first_layer_flow(X, Y, "quadratic")
    path = integrate(flow, start, (0, 16), method="DOP853", rtol=1e-11, atol=1e-13, t_eval=[0, 10, 16])
    before, after = (np.linalg.norm(W - W1) for W in path.y[1:])
    assert np.log(before / after) / 6 == pytest.approx(rate, rel=2e-2)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda X, Y, W: slowest_rates(X, Y, W, "tanh", count=W.size),
            "count = 24: must be less than the 24 weights",
        ),
        (lambda X, Y, W: slowest_rates(X, Y, W, "tanh", count=0), "count"),
        (lambda X, Y, W: hessian_product(X, Y, "tanh")(W, W[:, :2]), "V has shape"),
        (lambda X, Y, W: hessian_product(X, Y, "tanh")(W[:2], W[:2]), "W1 has shape"),
        (lambda X, Y, W: resting_point(X, Y, W * np.nan, "tanh"), "W1"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_line(call, message):
    X, Y, W1, *_ = problem()
    with pytest.raises(ValueError, match=message) as refused:
        call(X, Y, W1)
    assert "\n" not in str(refused.value)
