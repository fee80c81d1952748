import numpy as np
import pytest
import sympy as sp

from derivations import toy_models
from reduced.flows.scalar import flow_of, gradient_flow


@pytest.mark.parametrize(
    ("loss", "weights"),
    [
        (toy_models.addition_loss(3), toy_models.w),
        (toy_models.leaky_loss(), toy_models.w[:2]),
        (toy_models.parabola_loss(), (toy_models.x, toy_models.y)),
    ],
    ids=["plane", "leaky ReLU", "parabola"],
)
def test_the_gradient_flow_is_minus_the_slope_of_the_loss(loss, weights):
    start, h = np.array([-0.7, 0.4, 0.9])[: len(weights)], 1e-6

    def value(at):
        return float(loss.subs(dict(zip(weights, at, strict=True))))

    slopes = [(value(start + h * e) - value(start - h * e)) / (2 * h) for e in np.eye(len(weights))]
    np.testing.assert_allclose(gradient_flow(loss, weights)(0.0, start), -np.array(slopes), rtol=1e-8)


@pytest.mark.parametrize("values", [{}, {"rate": 1.0, "extra": 2.0}])
def test_parameters_and_numbers_must_match(values):
    w, t, rate = sp.symbols("w t rate")
    with pytest.raises(ValueError, match="a number for each of rate"):
        flow_of([-rate * w], [w], t, **values)


def test_a_sum_of_kinks_has_the_sum_of_their_slopes():
    a = sp.Symbol("a")
    assert gradient_flow(sum(sp.Max(k - a, 0) for k in (1, 2, 3, 4)), (a,))(0.0, np.zeros(1)) == 4


def test_a_weight_may_be_called_t():
    t = sp.Symbol("t")
    assert gradient_flow(t**2, (t,))(0.0, np.array([3.0])) == -6


def test_parameters_of_one_name_are_refused():
    w, t = sp.symbols("w t")
    with pytest.raises(ValueError, match="different parameters of one name"):
        flow_of([-sp.Symbol("a") * w - sp.Symbol("a", real=True)], [w], t, a=1.0)
