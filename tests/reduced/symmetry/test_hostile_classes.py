"""What may be passed where classes, templates and a modulus are asked for."""

import pickle

import numpy as np
import pytest

from reduced import (
    difference_classes,
    draw_classes,
    equivariant_cost,
    equivariant_flow,
    equivariant_readout,
    expand_readout,
    expand_templates,
    modular_addition,
)

TEMPLATES = np.random.default_rng(0).standard_normal((4, 7))


@pytest.mark.parametrize(
    ("p", "classes", "message"),
    [
        (8, [1], r"p = 8: must be odd; multiplication by 2 is no bijection"),
        (1, [0], "p = 1: must be an integer >= 3"),
        (7.0, [0], "p = 7.0: must be an integer >= 3"),
        (7, [4], "classes holds 4: must lie from 0 to 3"),
        (7, [-1], "classes holds -1: must lie from 0 to 3"),
        (7, [2, 2], "classes holds 2 more than once"),
        (7, [], "name at least one of 0 to 3"),
        (7, [0.5], "must be a sequence of integers from 0 to 3"),
        (7, [True], "must be a sequence of integers from 0 to 3"),
        (7, "01", "must be a sequence of integers from 0 to 3"),
        (7, 2, "must be a sequence of integers from 0 to 3"),
        (7, None, "must be a sequence of integers from 0 to 3"),
    ],
)
@pytest.mark.parametrize(
    "function", [equivariant_flow, equivariant_readout, equivariant_cost, difference_classes]
)
def test_unusable_classes_are_refused(function, p, classes, message):
    with pytest.raises(ValueError, match=message) as refused:
        function(p, classes)
    assert "\n" not in str(refused.value)


def test_classes_may_come_as_an_array_or_a_generator():
    flow = equivariant_flow(7, np.array([0, 2]))(0.0, TEMPLATES)
    assert np.array_equal(equivariant_flow(7, (d for d in (0, 2)))(0.0, TEMPLATES), flow)


def test_all_classes_leave_no_test_set():
    with pytest.raises(ValueError, match=r"classes holds all 4 classes of p = 7: no test set is left"):
        difference_classes(7, range(4))
    assert np.isfinite(equivariant_flow(7, range(4))(0.0, TEMPLATES)).all()


@pytest.mark.parametrize("share", [0, 1, 0.05, 0.95, np.nan, "x", None])
def test_an_unusable_share_is_refused(share):
    with pytest.raises(ValueError, match=r"share (=|is)"):
        draw_classes(7, share, 0)


@pytest.mark.parametrize(
    ("f", "message"),
    [
        (TEMPLATES[:, :6], r"f has shape \(4, 6\): must be \(m, 7\)"),
        (TEMPLATES[0], r"f has shape \(7,\)"),
        (TEMPLATES[:0], r"f has shape \(0, 7\)"),
        (np.where(TEMPLATES > 1, np.nan, TEMPLATES), "f holds NaN or infinity"),
        (TEMPLATES * 1j, "f is not an array of real numbers"),
        (TEMPLATES[:1], "f has 1 templates, less than the 2 training classes, and ridge = 0"),
        (
            np.broadcast_to(1.0, (10**10, 7)),
            r"p = 7 with 2 classes and 10000000000 templates: needs about .* GiB",
        ),
    ],
)
def test_unusable_templates_are_refused(f, message):
    for function in (equivariant_flow(7, [0, 2]).__call__, lambda _, f: equivariant_readout(7, [0, 2])(f)):
        with pytest.raises(ValueError, match=message):
            function(0.0, f)


def test_a_ridge_allows_any_number_of_templates():
    assert equivariant_flow(7, [0, 2], ridge=0.1)(0.0, TEMPLATES[:1]).shape == (1, 7)


@pytest.mark.parametrize("options", [{"ridge": -1}, {"activation": "rellu"}, {"loss": "squard"}])
def test_other_options_are_refused_by_name(options):
    (name,) = options
    with pytest.raises(ValueError, match=f"{name} = "):
        equivariant_flow(7, [0, 2], **options)


@pytest.mark.parametrize("expand", [expand_templates, expand_readout])
def test_only_templates_expand(expand):
    with pytest.raises(ValueError, match="an odd number >= 3"):
        expand(np.ones((2, 6)))
    with pytest.raises(ValueError, match="GiB"):
        expand(np.broadcast_to(1.0, (10**5, 10**5 + 1)))


@pytest.mark.parametrize("call", [lambda p: draw_classes(p, 0.5, 0), lambda p: difference_classes(p, [0])])
def test_a_modulus_beyond_memory_is_refused(call):
    with pytest.raises(ValueError, match=r"p = 1000000000000001.* needs about .* GiB"):
        call(10**15 + 1)


def test_three_residues_are_enough():
    train, test = difference_classes(3, [0])
    assert sorted(map(tuple, train.pairs)) == [(0, 0), (1, 1), (2, 2)]
    assert sorted(map(tuple, test.pairs)) == [(0, 1), (0, 2), (1, 2)]
    assert np.isfinite(equivariant_flow(3, [0])(0.0, np.array([[1.0, 2.0, 0.5]]))).all()


@pytest.mark.parametrize("p", [3, 5, 9, 13])
def test_the_classes_are_all_pairs_of_modular_addition(p):
    every = np.vstack([half.pairs for half in difference_classes(p, draw_classes(p, 0.5, 0))])
    pairs = np.vstack([half.pairs for half in modular_addition(p, 0.5, 0)])
    assert sorted(map(tuple, every)) == sorted(map(tuple, pairs))
    for half in difference_classes(p, draw_classes(p, 0.5, 0)):
        a, b = half.pairs.T
        assert (a <= b).all()
        assert np.array_equal((a + b) % p, half.labels)
        assert np.array_equal(half.X, np.eye(p)[a] + np.eye(p)[b])
        assert np.array_equal(half.Y, np.eye(p)[half.labels])


def test_drawn_classes_are_sorted_and_follow_the_seed():
    assert draw_classes(113, 0.7, 3) == tuple(sorted(draw_classes(113, 0.7, np.random.default_rng(3))))
    assert len(draw_classes(113, 0.7, 3)) == 40


def test_a_flow_pickles_and_takes_other_numbers_of_templates():
    flow = equivariant_flow(7, [0, 2])
    expected = flow(0.0, TEMPLATES)
    flow(0.0, TEMPLATES[:3])
    assert np.array_equal(pickle.loads(pickle.dumps(flow))(0.0, TEMPLATES), expected)
    assert np.array_equal(flow(0.0, TEMPLATES), expected)
