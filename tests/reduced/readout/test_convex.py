"""The inner minimization: its certificate, its robustness, and both unknowns."""

import numpy as np
import pytest
import scipy.special

from reduced.errors import ReadoutError
from reduced.network.loss import Loss, Targets
from reduced.network.losses import LOSSES, targets
from reduced.readout import convex
from reduced.readout.convex import minimized, minimized_from_zero
from reduced.readout.convex_system import ThroughMultipliers, ThroughReadout, convex_system

EVERY = pytest.mark.parametrize("loss", LOSSES.values(), ids=list(LOSSES))
BOTH = pytest.mark.parametrize("kind", [ThroughMultipliers, ThroughReadout])


def _system(loss, kind=None, n=12, d_h=20, d_out=3, ridge=1e-2, scale=1.0):
    rng = np.random.default_rng(0)
    H = scale * np.maximum(rng.standard_normal((n, d_h)), 0)
    Y = loss.from_one_hot(np.eye(d_out)[rng.integers(0, d_out, n)])
    return (kind or convex_system)(H, Y, loss, ridge), H, Y


def _cost(loss, H, Y, W2, ridge=1e-2):
    return loss.value(H @ W2, Y) + ridge * np.sum(W2**2)


@EVERY
@pytest.mark.parametrize("d_h", [20, 8])
def test_both_unknowns_lead_to_the_same_readout(loss, d_h):
    """With 8 units for 12 samples HHᵀ is singular."""
    found = [
        minimized_from_zero(_system(loss, kind, d_h=d_h)[0], 1e-14)
        for kind in (ThroughMultipliers, ThroughReadout)
    ]
    np.testing.assert_allclose(found[0].readout, found[1].readout, atol=1e-6 * np.abs(found[1].readout).max())
    np.testing.assert_allclose(
        found[0].multiplier, found[1].multiplier, atol=1e-5 * np.abs(found[1].multiplier).max()
    )


@EVERY
@pytest.mark.parametrize("ridge", [1e-2, 1e-5])
@pytest.mark.parametrize("seed", range(5))
def test_samples_given_twice_do_not_stall_the_multipliers(loss, ridge, seed):
    """HHᵀ is singular then, whatever the width; some of the labels contradict each other."""
    rng = np.random.default_rng(seed)
    H = np.tile(np.maximum(rng.standard_normal((6, 24)), 0), (2, 1))
    Y = loss.from_one_hot(np.eye(3)[rng.integers(0, 3, 12)])
    kinds = ThroughMultipliers, ThroughReadout
    found = [minimized_from_zero(kind(H, Y, loss, ridge), 1e-14) for kind in kinds]
    assert found[0].cost == pytest.approx(found[1].cost, rel=1e-9)
    np.testing.assert_allclose(found[0].readout, found[1].readout, atol=1e-4 * np.abs(found[1].readout).max())


@EVERY
@pytest.mark.parametrize("d_h", [20, 8])
@pytest.mark.parametrize("share", [1e-1, 1e-3, 1e-6])
def test_the_gap_bounds_the_cost_and_is_what_it_says(loss, d_h, share):
    system, H, Y = _system(loss, d_h=d_h)
    best = minimized_from_zero(system, 1e-14).cost
    found = minimized(system, None, share)
    assert found.cost == pytest.approx(_cost(loss, H, Y, found.readout), rel=1e-12)
    assert -1e-12 * best <= found.cost - best <= found.gap * (1 + 1e-9) + 1e-12 * best
    assert found.gap <= share * found.cost
    M = -loss.gradient(H @ found.readout, Y) / (2 * system.ridge)
    assert found.gap == pytest.approx(system.ridge * np.sum((found.readout - H.T @ M) ** 2), rel=1e-6)


@pytest.mark.parametrize("d_h", [20, 8])
def test_the_gap_is_primal_minus_dual(d_h):
    """By the conjugates that textbooks give: ℓ*(V) = ‖V‖²/4 + ⟨V, Y⟩, and the entropy Σ p ln p at p = V + y."""
    for name in ("squared", "cross_entropy"):
        system, H, Y = _system(LOSSES[name], d_h=d_h)
        found = minimized(system, None, 1e-2)
        V = -2 * system.ridge * found.multiplier
        if name == "squared":
            conjugate = np.sum(V**2) / 4 + np.sum(V * Y)
        else:
            conjugate = np.sum(scipy.special.xlogy(V + Y, V + Y))
        dual = -conjugate - system.ridge * np.sum((H.T @ found.multiplier) ** 2)
        assert found.cost - dual == pytest.approx(found.gap, rel=1e-7, abs=1e-11 * found.cost)


@EVERY
@BOTH
@pytest.mark.parametrize("size", [1e-3, 1.0, 1e4])
def test_it_gets_there_from_any_start(loss, kind, size):
    system, _, _ = _system(loss, kind)
    start = size * np.random.default_rng(1).standard_normal(system.shape)
    kept = start.copy()
    found, best = minimized(system, start, 1e-12), minimized_from_zero(system, 1e-14)
    assert found.cost == pytest.approx(best.cost, rel=1e-10)
    assert np.array_equal(start, kept)


@EVERY
@pytest.mark.parametrize("d_h", [20, 8])
@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3])
@pytest.mark.parametrize("ridge", [1e-8, 1e-2, 1e4])
def test_it_does_not_stall_at_rounding(loss, d_h, scale, ridge):
    """Asked for more than double precision has, it gives what there is and says so."""
    system, _, _ = _system(loss, d_h=d_h, scale=scale, ridge=ridge * scale**2)
    found = minimized_from_zero(system, 1e-30)
    assert found.gap <= convex.ROUNDING * found.cost
    assert found.newton_steps < 60


@EVERY
@pytest.mark.parametrize("d_h", [20, 8])
def test_a_good_start_is_used(loss, d_h):
    system, _, _ = _system(loss, d_h=d_h)
    first = minimized_from_zero(system, 1e-12)
    again = minimized(system, first.unknown, 1e-11)
    assert again.newton_steps == 0
    assert again.iterations == 0


def test_the_squared_loss_takes_one_step_and_one_iteration():
    found = minimized(_system(LOSSES["squared"])[0], None, 1e-12)
    assert (found.newton_steps, found.iterations) == (1, 1)


def test_a_users_loss_is_minimized():
    def euclidean(z, y, total):
        import sympy as sp

        return sp.sqrt(1 + total((z - y) ** 2)) + total((z - y) ** 4)

    loss = Loss("euclidean", euclidean, Targets.ANY)
    system, H, Y = _system(loss)
    found = minimized_from_zero(system, 1e-13)
    M = -loss.gradient(H @ found.readout, Y) / (2 * system.ridge)
    np.testing.assert_allclose(H.T @ M, found.readout, atol=1e-5)


def test_a_minimum_that_is_not_reached_is_refused_in_one_line(monkeypatch):
    monkeypatch.setattr(convex, "NEWTON_STEPS", 2)
    with pytest.raises(
        ReadoutError, match=r"duality gap of .* of the cost, asked for 1.0e-12: set a larger"
    ) as caught:
        minimized(_system(LOSSES["cross_entropy"])[0], None, 1e-12)
    assert "\n" not in str(caught.value)


def test_activations_beyond_double_precision_are_refused():
    system, _, _ = _system(LOSSES["cross_entropy"], scale=1e160)
    with np.errstate(all="ignore"), pytest.raises(OverflowError, match="the loss is not finite"):
        minimized(system, None, 1e-6)


@EVERY
def test_one_output_and_one_sample(loss):
    rng = np.random.default_rng(0)
    H, Y = rng.standard_normal((1, 4)), targets(loss.targets, 1, 1, rng)
    found = minimized_from_zero(convex_system(H, Y, loss, 0.1), 1e-12)
    assert found.readout.shape == (4, 1)


@EVERY
def test_dead_units_give_a_readout_of_zero(loss):
    Y = loss.from_one_hot(np.eye(3))
    for d_h in (2, 5):
        found = minimized_from_zero(convex_system(np.zeros((3, d_h)), Y, loss, 0.1), 1e-10)
        assert not found.readout.any()
