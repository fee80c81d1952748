import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reduced.solutions import gradient_cosine, parabola_point, parabola_projection

feet = st.floats(-5, 5)


@given(foot=feet.filter(lambda foot: abs(foot) > 1e-6), share=st.floats(-2, 0.9))
def test_projection_finds_the_foot_within_the_focal_distance(foot, share):
    distance = share * np.sqrt(1 + 4 * foot**2) / 2 if share > 0 else share
    np.testing.assert_allclose(parabola_projection(parabola_point(foot, distance)), foot, rtol=1e-9)


@given(x=st.floats(-3, 3), y=st.floats(-3, 3))
def test_no_point_of_the_parabola_is_nearer(x, y):
    nearest = parabola_projection([x, y])
    others = np.linspace(-4, 4, 1001)

    def squared_distance(p):
        return (p - x) ** 2 + (p**2 - y) ** 2

    assert squared_distance(nearest) <= squared_distance(others).min() + 1e-13


@given(foot=feet, distance=st.floats(-5, 5).filter(lambda d: abs(d) > 1e-6))
def test_the_cosine_is_that_of_the_gradient(foot, distance):
    """Inside, outside, and beyond where the normal meets the parabola again."""
    x, y = parabola_point(foot, distance)
    assume(abs(y - x**2) > 1e-9)
    gradient = 2 * (y - x**2) * np.array([-2 * x, 1])
    tangent = np.array([1, 2 * foot]) / np.hypot(1, 2 * foot)
    measured = gradient @ tangent / np.linalg.norm(gradient)
    np.testing.assert_allclose(gradient_cosine(foot, distance), measured, atol=1e-12)


@pytest.mark.parametrize(("distance", "expected"), [(-1e-3, 7.5627e-4), (5.0, -0.94802), (0.0, 0.0)])
def test_the_cosine_has_its_sign_on_either_side(distance, expected):
    np.testing.assert_allclose(gradient_cosine(0.3, distance), expected, rtol=1e-4)


def test_the_gradient_turns_orthogonal_linearly():
    distances = 10.0 ** -np.arange(2, 9)
    slope = np.polyfit(np.log(distances), np.log(gradient_cosine(0.7, distances)), 1)[0]
    np.testing.assert_allclose(slope, 1, atol=2e-3)
    rate = gradient_cosine(0.7, 1e-9) / 1e-9
    np.testing.assert_allclose(rate, 4 * 0.7 / (1 + 4 * 0.7**2) ** 1.5, rtol=1e-8)
