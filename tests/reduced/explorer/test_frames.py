"""Frames of the page that plays are those of the flow."""

import numpy as np
import pytest

from reduced.explorer.frames import Setting, experiment_of, play
from reduced.network.observables import fourier_features, rings


def test_a_ring_is_the_projection_on_the_plane_of_its_frequency():
    W1 = np.random.default_rng(0).normal(size=(7, 30))
    F = np.exp(-2j * np.pi * np.outer(np.arange(7), np.arange(7)) / 7) @ W1 / 7
    for k, ring in enumerate(rings(W1, 3), start=1):
        for axis, values in zip((F[k].real, F[k].imag), ring, strict=True):
            np.testing.assert_allclose(values, W1 @ axis / np.linalg.norm(axis), rtol=1e-12)


def test_residues_of_a_pure_frequency_lie_on_a_circle_in_the_order_of_jk():
    p, k = 11, 3
    angle = 2 * np.pi * np.outer(np.arange(p), [k]) / p
    W1 = np.hstack([np.cos(angle), np.sin(angle)])
    x, y = rings(W1, k)[k - 1]
    np.testing.assert_allclose(np.hypot(x, y), 1, rtol=1e-12)
    order = np.argsort(np.arange(p) * k % p)
    turn = np.diff(np.unwrap(np.arctan2(y, x)[order]))
    np.testing.assert_allclose(np.abs(turn), 2 * np.pi / p, rtol=1e-9)


@pytest.mark.parametrize("setting", [Setting(7, 1.5, 0.0, "squared"), Setting(7, 1.5, 0.1, "cross_entropy")])
def test_a_run_starts_memorized_and_its_norm_falls(setting):
    frames = play(experiment_of(setting, end=1.0, seed=0), frames=5, frequencies=2)
    np.testing.assert_allclose(frames.tau, np.linspace(0, 1, 5))
    assert frames.rings.shape == (5, 2, 2, 7)
    if setting.ridge == 0:
        assert (frames.curves["train"] == 1).all()
        assert (np.diff(frames.curves["norm_1"] + frames.curves["norm_2"]) < 0).all()


def test_frequencies_beyond_the_last_are_not_kept():
    experiment = experiment_of(Setting(5, 1.5, 0.0, "squared"), end=0.1, seed=0)
    assert play(experiment, frames=2, frequencies=9).rings.shape[1] == 2
    assert len(fourier_features(np.eye(5))) == 2
