"""What the equivariant flow obeys without a dense network beside it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reduced import (
    ACTIVATIONS,
    draw_classes,
    equivariant_cost,
    equivariant_flow,
    equivariant_readout,
    integrate,
)

HOMOGENEOUS = [name for name in sorted(ACTIVATIONS) if ACTIVATIONS[name].degree and name != "linear"]
SMOOTH = [name for name in sorted(ACTIVATIONS) if name not in ("relu", "leaky_relu", "linear")]
MODULI = st.sampled_from([5, 7, 9, 13, 15])
SEEDS = st.integers(0, 10**6)


def draw(p, seed, extra=3):
    rng = np.random.default_rng(seed)
    classes = draw_classes(p, 0.6, rng)
    return classes, rng.standard_normal((len(classes) + extra, p))


def relative(a, b):
    return np.abs(a - b).max() / np.abs(b).max()


@given(p=MODULI, seed=SEEDS, activation=st.sampled_from(HOMOGENEOUS), ridge=st.sampled_from([0.01, 1.0]))
def test_every_template_obeys_its_norm_law(p, seed, activation, ridge):
    classes, f = draw(p, seed)
    velocity = equivariant_flow(p, classes, activation, ridge)(0.0, f)
    omega = equivariant_readout(p, classes, activation, ridge)(f)
    first, second = np.sum(f**2, axis=1), np.sum(omega**2, axis=1)
    residual = np.sum(f * velocity, axis=1) - (ACTIVATIONS[activation].degree * second - first)
    assert np.abs(residual).max() < 1e-8 * (first + second).max()


@given(p=MODULI, seed=SEEDS, shift=st.integers(0, 12), activation=st.sampled_from(sorted(ACTIVATIONS)))
def test_relabelled_and_shifted_templates_have_a_relabelled_and_shifted_flow(p, seed, shift, activation):
    classes, f = draw(p, seed)
    order = np.random.default_rng(seed).permutation(len(f))
    flow = equivariant_flow(p, classes, activation, 0.1)
    moved = np.roll(f[order], shift, axis=1)
    assert relative(flow(0.0, moved), np.roll(flow(0.0, f)[order], shift, axis=1)) < 1e-9


@given(p=MODULI, seed=SEEDS, unit=st.integers(1, 14), activation=st.sampled_from(sorted(ACTIVATIONS)))
def test_residues_times_a_unit_are_classes_times_the_unit(p, seed, unit, activation):
    unit = next(u for u in range(unit, 2 * p + unit) if np.gcd(u, p) == 1)
    classes, f = draw(p, seed)
    times = np.arange(p) * unit % p
    moved = np.empty_like(f)
    moved[:, times] = f
    named = [min(d * unit % p, -d * unit % p) for d in classes]
    there = equivariant_flow(p, named, activation, 0.1)(0.0, moved)
    assert relative(there[:, times], equivariant_flow(p, classes, activation, 0.1)(0.0, f)) < 1e-9


@given(p=MODULI, seed=SEEDS, activation=st.sampled_from(SMOOTH), ridge=st.sampled_from([0.05, 0.5]))
def test_the_flow_is_half_the_gradient_of_the_cost_downhill(p, seed, activation, ridge):
    """A finite difference along a direction; p copies of a template's entry are entries of W1."""
    classes, f = draw(p, seed)
    direction = np.random.default_rng(seed + 1).standard_normal(f.shape)
    cost, h = equivariant_cost(p, classes, activation, ridge), 1e-6
    slope = (cost(f + h * direction) - cost(f - h * direction)) / (2 * h)
    velocity = equivariant_flow(p, classes, activation, ridge)(0.0, f)
    scale = p * np.linalg.norm(velocity) * np.linalg.norm(direction)
    assert abs(slope + 2 * p * np.sum(velocity * direction)) < 1e-5 * scale


@pytest.mark.parametrize("activation", ["relu", "gelu", "quadratic"])
def test_the_cost_falls_along_a_run(activation):
    classes, f = draw(13, 0, extra=6)
    cost = equivariant_cost(13, classes, activation)
    run = integrate(
        equivariant_flow(13, classes, activation), 0.5 * f, (0, 1), method="relative_legendre", step=1e-3
    )
    costs = np.array([cost(state) for state in run.y])
    assert (np.diff(costs) < 1e-9 * costs[0]).all()
    assert costs[-1] < costs[0]
