"""The tasks that are made: polynomials, division, parity, random labels, regression, digits."""

import sys

import numpy as np
import pytest

from reduced import modular_operation
from reduced.runs.experiment import Experiment, draw
from reduced.tasks.digits import Digits
from reduced.tasks.parity import Parity, different_signs
from reduced.tasks.polynomial import Polynomial, polynomial_values
from reduced.tasks.random_labels import RandomLabels
from reduced.tasks.regression import Regression


@pytest.mark.parametrize(
    ("formula", "compute"),
    [
        ("a**2 + a*b + b**2", lambda a, b: a**2 + a * b + b**2),
        ("(a - b)**3*(a + 1)", lambda a, b: (a - b) ** 3 * (a + 1)),
        ("-a + 10", lambda a, b: 10 - a),
        ("b**40 - 3*a", lambda a, b: b**40 - 3 * a),
        ("a/2", lambda a, b: a * 6),
        ("0.5*a - b/3", lambda a, b: a * 6 - b * 4),
    ],
)
def test_polynomials_are_computed_in_integers(formula, compute):
    for part in Polynomial(formula, p=11).draw(0):
        expected = [compute(int(a), int(b)) % 11 for a, b in part.pairs]
        assert part.labels.tolist() == expected


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("a/b", "is no polynomial in a and b"),
        ("sin(a)", "is no polynomial"),
        ("sqrt(a)", "is no polynomial"),
        ("a**b", "is no polynomial"),
        ("pi*a", "pi is no polynomial"),
        ("3", "is a constant"),
        ("a/7 + b", "7 has no inverse modulo p = 7"),
        ("c + a", "'c' is no symbol"),
        ("__import__('os')", "is no function of it"),
        ("a.real", "no number, no name and no call"),
        ("(lambda: a)()", "no function"),
        ("a**1000", "power above"),
        ("a +", "is not a formula"),
        ("", "must be text"),
    ],
)
def test_a_formula_of_something_else_is_one_line(formula, message):
    with pytest.raises(ValueError, match=message) as refused:
        draw(Experiment(formula=formula, p=7, hidden=40))
    assert "\n" not in str(refused.value)


def test_a_polynomial_is_not_multiplied_out():
    """Eighty factors of degree 100 would have millions of terms."""
    text = "*".join(f"(a + {i}*b + 1)**100" for i in range(2, 45))
    assert polynomial_values(text, np.arange(5), np.arange(5), 5).shape == (5,)


@pytest.mark.parametrize("p", [2, 3, 7])
def test_division_is_undone_by_multiplication(p):
    for part in modular_operation("divide", p, 0.6, 0):
        a, b = part.pairs.T
        assert (b > 0).all()
        assert np.array_equal(part.labels * b % p, a)


def test_division_needs_a_prime():
    with pytest.raises(ValueError, match="p = 12: division modulo p needs a prime"):
        modular_operation("divide", 12, 0.5, 0)


def test_parity_depends_on_the_secret_bits_alone():
    train, test = Parity(bits=7, secret=3, samples=120).draw(2)
    X, labels = np.vstack([train.X, test.X]), np.concatenate([train.labels, test.labels])
    correct = [
        bits
        for bits in np.ndindex(2, 2, 2, 2, 2, 2, 2)
        if np.array_equal(X[:, np.array(bits) == 1].prod(axis=1) > 0, labels == 1)
    ]
    assert [sum(bits) for bits in correct] == [3]


@pytest.mark.parametrize("bits", [6, 40])
def test_samples_of_parity_are_all_different(bits):
    rows = different_signs(60, bits, np.random.default_rng(0))
    assert len(np.unique(rows, axis=0)) == 60
    assert set(np.unique(rows)) == {-1.0, 1.0}


def test_random_labels_have_every_class_and_no_rule():
    train, test = RandomLabels(inputs=5, classes=3, samples=900).draw(0)
    shares = np.vstack([train.Y, test.Y]).mean(axis=0)
    assert shares == pytest.approx(np.full(3, 1 / 3), abs=0.05)


def test_the_regression_is_the_papers():
    train, test = Regression(inputs=3).draw(0)
    assert (train.X.tolist(), train.Y.tolist()) == ([[1.0, 1.0, 1.0]], [[3.0]])
    assert np.array_equal(test.Y[:, 0], test.X.sum(axis=1))
    assert test.X.shape == (100, 3)


def test_digits_are_standardized_by_the_training_samples():
    train, test = Digits(samples=300).draw(0)
    spread = train.X.std(axis=0)
    assert abs(train.X.mean(axis=0)).max() < 1e-12
    assert np.all((abs(spread - 1) < 1e-12) | (spread == 0))
    assert abs(test.X.mean(axis=0)).max() > 1e-3
    raw, _ = Digits(samples=300, standardize=False).draw(0)
    assert (raw.X.min(), raw.X.max()) == (0, 16)
    assert np.array_equal(raw.labels, train.labels)


def test_digits_without_scikit_learn_say_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(ValueError, match=r"needs scikit-learn; pip install 'grokking-reduced\[digits\]'"):
        Digits().draw(0)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"bits": 3, "secret": 4}, "secret = 4: must be at most bits = 3"),
        ({"bits": 3, "samples": 9}, "bits = 3 make 8 different ones alone"),
        ({"bits": 10**18, "samples": 9}, "needs about"),
        ({"task": "digits", "samples": 1798}, "there are 1797 digits"),
        ({"task": "digits", "standardize": "no"}, "standardize = 'no': must be True or False"),
        ({"classes": 1}, "classes = 1: must be an integer >= 2"),
        ({"task": "regression", "samples": 10**18}, "needs about"),
        ({"task": "regression", "loss": "cross_entropy", "ridge": 0.1}, "takes classes, and the targets"),
        ({"task": "regression", "train_fraction": 0.5}, "train_fraction = 0.5: belongs to the tasks"),
        ({"bits": 5, "classes": 3}, "belongs to the tasks"),
        ({"task": "parity", "p": 5}, "p = 5: belongs to the tasks"),
        ({"task": "polynomial", "p": 10**9}, "needs about"),
    ],
)
def test_options_that_cannot_be_are_one_line(options, message):
    with pytest.raises(ValueError, match=message) as refused:
        draw(Experiment(hidden=40, **options))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("options", "task"),
    [
        ({"bits": 5}, "parity"),
        ({"formula": "a"}, "polynomial"),
        ({"data": "x.csv"}, "data"),
        ({"samples": 3}, "add"),
        ({"group": "S3"}, "group"),
        ({"inputs": 3, "classes": 3}, "random_labels"),
        ({}, "add"),
        ({"task": "multiply"}, "multiply"),
    ],
)
def test_an_option_that_one_task_has_names_it(options, task):
    assert Experiment(**options).task == task
