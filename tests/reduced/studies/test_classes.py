import numpy as np
import pytest

from reduced.studies.attraction import beside_the_subspace, distance, nearest_templates, without_symmetry
from reduced.studies.class_training import trained_path
from reduced.studies.classes import critical_share, generalization
from reduced.symmetry.templates import expand_templates


def test_a_run_stops_where_all_held_out_classes_are_right():
    one = generalization(23, 0.8, 4, 0, 8.0)
    assert (one.train, one.held, one.templates) == (10, 2, 40)
    assert one.accuracy[0] < 1
    assert one.accuracy[-1] == 1
    assert one.time <= one.end < 8
    assert (np.diff(one.tau) > 0).all()
    assert one.margin > 0
    assert one.leading.shape == one.largest.shape == (len(one.tau), 40)


def test_a_run_that_does_not_generalize_goes_to_the_end():
    one = generalization(11, 0.2, 2, 0, 0.6)
    assert np.isnan(one.time)
    assert one.end == one.tau[-1] == pytest.approx(0.6)


def test_halving_the_step_hardly_moves_the_time():
    coarse, fine = (generalization(23, 0.7, 4, 0, 4.0, step=step).time for step in (0.02, 0.01))
    assert coarse == pytest.approx(fine, rel=0.03)


@pytest.mark.parametrize(
    ("generalized", "share"),
    [([0, 0.5, 1], 0.5), ([0, 0, 1], 0.55), ([0.6, 1, 1], np.nan), ([0, 0, 0.2], np.nan)],
)
def test_the_critical_share_is_told_only_between_two_shares(generalized, share):
    found = critical_share(np.array([0.4, 0.5, 0.6]), np.array(generalized, dtype=float))
    assert found == pytest.approx(share, nan_ok=True)


def test_the_nearest_templates_are_an_orthogonal_projection():
    rng = np.random.default_rng(0)
    W1, f = rng.standard_normal((5, 15)), rng.standard_normal((3, 5))
    residual = W1 - expand_templates(nearest_templates(W1))
    assert np.sum(residual * expand_templates(f)) == pytest.approx(0, abs=1e-12)
    assert distance(expand_templates(f)) < 1e-15


def test_a_start_beside_the_subspace_is_as_far_as_it_was_put():
    path = beside_the_subspace(7, 0.5, 3, 0, 1e-3, 0.1, "gelu")
    assert path["distance"][0] == pytest.approx(1e-3 * np.sqrt(6 / 7), rel=0.03)
    assert path["test_accuracy"].shape == path["t"].shape


@pytest.mark.parametrize("whole_classes", [True, False])
def test_a_start_without_symmetry_is_far_from_the_subspace(whole_classes):
    assert without_symmetry(7, 0.5, 3, 0, 0.1, "gelu", whole_classes=whole_classes)["distance"][0] > 0.5


def test_training_tends_to_the_zero_loss_flow_as_the_decay_falls():
    limit, *trained = (
        trained_path(11, 0.6, 3, 0, 0.5, activation="gelu", weight_decay=decay) for decay in (0.0, 0.1, 0.01)
    )
    gaps = [abs(path["norm"][-1] / limit["norm"][-1] - 1) for path in trained]
    assert gaps[1] < gaps[0] / 2
    assert gaps[1] < 0.05
