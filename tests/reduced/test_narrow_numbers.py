"""A number means the same whatever its type, from float16 and int8 to fractions; a decimal is refused by name."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from reduced.integration.trajectory import Trajectory
from reduced.studies.attraction import beside_the_subspace, without_symmetry
from reduced.studies.class_training import trained_path
from reduced.studies.classes import generalization
from reduced.studies.convex_losses import fast_readout_errors, vanishing_ridge
from reduced.studies.counterfactual import follow
from reduced.studies.generalization import path_curves
from reduced.studies.memorization import memorize
from reduced.studies.paths import training_path
from reduced.studies.theorems import distances_after_training
from reduced.training.curvature import descend_with_the_curvature
from tests.hostile import MATHEMATICAL, Call, leaves
from tests.reduced.solutions.test_hostile_solutions import CALLS as SOLUTIONS
from tests.reduced.test_public_functions import CALLS as ON_ARRAYS
from tests.reduced.test_public_functions import FOOT, PROBLEM, W1, X, Y
from tests.reduced.test_public_runs import CALLS as RUNS

ADDITION = {"p": 7, "share": 0.5, "ratio": 1.5, "seed": 0, "end": 0.0625}
START = {"X": X, "Y": Y, "W1": W1}
STUDIES = {
    "attraction.beside_the_subspace": Call(beside_the_subspace, ADDITION | {"offset": 0.25}),
    "attraction.without_symmetry": Call(lambda **how: without_symmetry(whole_classes=False, **how), ADDITION),
    "classes.generalization": Call(
        lambda **how: vars(generalization(activation="tanh", **how)), ADDITION | {"ridge": 0.5, "step": 0.125}
    ),
    "class_training.trained_path": Call(
        lambda **how: trained_path(activation="tanh", **how),
        ADDITION | {"weight_decay": 0.5, "step": 0.125, "every": 0.03125},
    ),
    "convex_losses.vanishing_ridge": Call(
        lambda **how: vanishing_ridge(loss="pseudo_huber", **how), START | {"ridges": (0.5, 0.25)}
    ),
    "convex_losses.fast_readout_errors": Call(
        lambda **how: fast_readout_errors(loss="squared", **how),
        START | {"rate_ratios": (0.5,), "ridge": 0.25, "end": 0.0625},
    ),
    "counterfactual.follow": Call(
        lambda seed, **how: follow((seed, "W1 alone"), **how),
        {"seed": 1, "p": 5, "hidden": 30, "slow_time": 0.03125, "step": 0.015625},
    ),
    "generalization.path_curves": Call(
        lambda p, hidden, samples, **how: {
            name: values
            for name, values in path_curves(("zero-loss flow", (p, hidden, samples)), **how).items()
            if name != "seconds"
        },
        {"p": 5, "hidden": 40, "samples": 12, "slow_time": 0.25, "step": 0.125},
    ),
    "memorization.memorize": Call(
        lambda seed, decay, **how: memorize((seed, decay), **how)[1:],
        {"seed": 1, "decay": 0.125, "p": 5, "hidden": 12, "steps": 20},
    ),
    "paths.training_path": Call(
        lambda **how: training_path(PROBLEM, FOOT, **how),
        {"slow_time": 0.03125, "ridge": 0.5, "rate_ratio": 0.5},
    ),
    "theorems.distances_after_training": Call(
        lambda **how: distances_after_training(PROBLEM, FOOT, **how),
        {"ridges": (0.125, 0.25), "learning_rate": 0.0078125, "slow_time": 0.0625},
    ),
    "curvature.descend_with_the_curvature": Call(
        lambda **how: descend_with_the_curvature(PROBLEM, FOOT, **how),
        {"times": np.array([0.0, 0.25]), "ridge": 0.5, "momentum": 0.5},
    ),
}
CALLS = RUNS | ON_ARRAYS | STUDIES | {f"solutions.{name}": call for name, call in SOLUTIONS.items()}
#: They compute with no number.
OTHERS = {
    "inputs.choices.one_of",
    "network.losses.get_loss",
    "network.activations.get_activation",
    "runs.parallel.pinned_pool",
}


def narrowed(value):
    """Pairs of a number, or an array of them, of another type, and what it is in Python's own or in doubles."""
    if isinstance(value, bool | str) or value is None:
        return []
    if isinstance(value, tuple):
        return [
            ((*value[:i], narrow, *value[i + 1 :]), (*value[:i], wide, *value[i + 1 :]))
            for i, part in enumerate(value)
            for narrow, wide in narrowed(part)
        ]
    if isinstance(value, int):
        return [(kind(value), value) for kind in (np.int8, np.uint8, np.int64, np.uint64)]
    if isinstance(value, float):
        kinds = [(kind(value), float(kind(value))) for kind in (np.float16, np.float32, np.longdouble)]
        exact = [(Fraction(value), value), (np.array(value), value)]
        whole = [
            (kind(round(value)), float(round(value))) for kind in (np.int8, np.uint8, int) if value >= 1
        ] * (value >= 1)
        return kinds + exact + whole
    if np.iscomplexobj(value):
        return [(value.astype(np.complex64), value.astype(np.complex64).astype(complex))]
    whole = np.rint(4 * value).astype(np.int8)
    return [
        *((value.astype(kind), value.astype(kind).astype(float)) for kind in (np.float16, np.float32)),
        *((whole.astype(kind), whole.astype(float)) for kind in (np.int8, np.int64)),
        (value.tolist(), value),
        (np.vectorize(Fraction, otypes=[object])(value), value),
    ]


def answered(call, name, value):
    """The numbers, or the reason."""
    try:
        result = call(**{name: value})
        timed = isinstance(result, Trajectory)
        return [np.asarray(leaf) for leaf in leaves(replace(result, seconds=0.0) if timed else result)]
    except (*MATHEMATICAL, ValueError) as refused:
        return str(refused)


CASES = [(function, name) for function in sorted(set(CALLS) - OTHERS) for name in CALLS[function].arguments]


@pytest.mark.parametrize(("function", "name"), CASES, ids=map(" ".join, CASES))
def test_a_narrow_number_is_computed_with_as_its_double(function, name):
    call = CALLS[function]
    for narrow, wide in narrowed(call.arguments[name]):
        got, expected = answered(call, name, narrow), answered(call, name, wide)
        assert isinstance(got, str) == isinstance(expected, str), (narrow, got, expected)
        if not isinstance(got, str):
            assert [leaf.dtype.itemsize for leaf in got] == [leaf.dtype.itemsize for leaf in expected], narrow
            for one, other in zip(got, expected, strict=True):
                may_be_nan = one.dtype.kind in "fc"
                assert np.array_equal(one, other, equal_nan=may_be_nan), (narrow, one, other)


@pytest.mark.parametrize(("function", "name"), CASES, ids=map(" ".join, CASES))
def test_a_decimal_is_refused_in_one_line(function, name):
    call = CALLS[function]
    if isinstance(call.arguments[name], float):
        refused = answered(call, name, Decimal(call.arguments[name]))
        assert isinstance(refused, str), refused
        assert name in refused
        assert "\n" not in refused
