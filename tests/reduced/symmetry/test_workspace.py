"""Corners of the hand-written kernels: activations whose generated functions are no fresh arrays, many blocks."""

import numpy as np
import pytest

from reduced import Activation, equivariant_flow, expand_templates, first_layer_flow
from reduced.symmetry import workspace
from reduced.symmetry.classes import class_pairs
from reduced.symmetry.evaluation import bind_classes
from reduced.symmetry.tangent import Tangent

ODD = [
    Activation("half_square", "z**2/2", 2),  # its slope is its argument
    Activation("affine", "z + 1", None),
]


def draw(p, m):
    return np.random.default_rng(p).standard_normal((m, p))


@pytest.mark.parametrize("activation", ODD, ids=lambda one: one.name)
def test_activations_that_are_no_fresh_arrays(activation):
    f, data = draw(7, 4), class_pairs(7, (0, 2))
    ours = expand_templates(equivariant_flow(7, (0, 2), activation, 0.5)(0.0, f))
    dense = first_layer_flow(data.X, data.Y, activation, 0.5)(0.0, expand_templates(f))
    assert np.abs(ours - dense).max() < 1e-12 * np.abs(dense).max()


def test_the_change_of_the_outputs_where_the_slope_is_its_argument():
    bound, h = bind_classes(7, (0, 3), ODD[0]), 1e-6
    state, direction = (draw(7, 3), draw(7, 3)), (draw(7, 3)[::-1], draw(7, 3))
    ahead, behind = (
        Tangent(bound, tuple(a + sign * h * b for a, b in zip(state, direction, strict=True)), 1.0).residual
        for sign in (1, -1)
    )
    change = Tangent(bound, state, 1.0).output_change(direction)
    assert np.abs((ahead - behind) / (2 * h) - change).max() < 1e-6 * np.abs(change).max()


@pytest.mark.parametrize("wide", [1, 2, 3, 4, 5])
@pytest.mark.parametrize(
    "p", [13, 113, 625]
)  # transforms by even and odd parts, by powers, and by the library
def test_classes_taken_in_blocks_give_the_dense_flow(p, wide, monkeypatch):
    classes = (0, 1, 3, 4, 6)
    monkeypatch.setattr(workspace, "BLOCK", wide * p * 2)
    f = draw(p, 2)
    ours = equivariant_flow(p, classes, "tanh", 0.1)(0.0, f)
    assert np.abs(ours - flow_by_sums(f, classes, 0.1)).max() < 1e-11 * np.abs(ours).max()


def flow_by_sums(f, classes, ridge):
    """The definition at tanh, with transforms of the library and solutions of linear systems, one after the other."""
    p = f.shape[1]
    s, d = np.arange(p), np.array(classes)
    inputs = f[:, (s + d[:, None]) % p] + f[:, (s - d[:, None]) % p]
    spectra = np.fft.fft(np.tanh(inputs)).transpose(2, 1, 0)
    blocks = spectra @ spectra.conj().transpose(0, 2, 1) + ridge * np.eye(len(d))
    dual = np.array([np.linalg.solve(block, np.ones(len(d))) for block in blocks])
    readout = np.einsum("kdj,kd->kj", spectra, dual.conj())
    forces = np.fft.ifft(np.einsum("kd,kj->jdk", dual, readout)).real / np.cosh(inputs) ** 2
    velocity = -f
    for number, one in enumerate(d):
        velocity = (
            velocity + np.roll(forces[:, number], one, axis=1) + np.roll(forces[:, number], -one, axis=1)
        )
    return velocity
