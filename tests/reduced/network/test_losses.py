"""Every loss: derivatives against differences and complex steps, extremes, targets, and refusals."""

import pickle

import numpy as np
import pytest
import scipy.special
import sympy as sp

from reduced.codegen.kernels import Kernels
from reduced.network.loss import Loss
from reduced.network.losses import LOSSES, get_loss, targets

ALL = pytest.mark.parametrize("loss", LOSSES.values(), ids=list(LOSSES))


def _euclidean(z, y, total):
    return sp.sqrt(1 + total((z - y) ** 2))


#: Losses of a user's own: not separable without a logarithm, and with kinks of the second derivative.
OWN = {
    "euclidean": _euclidean,
    "one_sided": lambda z, y, total: total(sp.Max(0, z - y) ** 2 + (z - y) ** 4),
    "exponential": lambda z, y, total: total(sp.exp(-y * z)),
}
EVERY = [*LOSSES.values(), *(Loss(name, formula) for name, formula in OWN.items())]


def _point(loss, scale=1.0, samples=9, d_out=4):
    rng = np.random.default_rng(5)
    Y = targets(loss.targets, samples, d_out, rng)
    return scale * rng.standard_normal(Y.shape), Y, rng.standard_normal(Y.shape)


@pytest.mark.parametrize("loss", EVERY, ids=lambda loss: loss.name)
@pytest.mark.parametrize("d_out", [1, 4])
def test_derivatives_are_those_of_the_value(loss, d_out):
    Z, Y, V = _point(loss, d_out=d_out)
    h = 1e-5

    def along(function):
        return (function(Z + h * V) - function(Z - h * V)) / (2 * h)

    slope = np.sum(loss.gradient(Z, Y) * V)
    assert along(lambda at: loss.value(at, Y)) == pytest.approx(slope, rel=1e-7)
    product = loss.hessian_product(Z, Y, V)
    np.testing.assert_allclose(along(lambda at: loss.gradient(at, Y)), product, rtol=1e-6, atol=1e-8)
    assert abs(along(lambda at: loss.value(at, Y)) - 1.01 * slope) > 1e-3 * abs(slope)
    for k, unit in enumerate(np.eye(d_out)):
        column = loss.hessian_product(Z, Y, np.tile(unit, (len(Z), 1)))
        np.testing.assert_allclose(loss.hessian_diagonal(Z, Y)[:, k], column[:, k], rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("loss", EVERY, ids=lambda loss: loss.name)
@pytest.mark.parametrize("scale", [1.0, 1e4])
def test_products_with_several_vectors_are_those_with_one(loss, scale):
    Z, Y, V = _point(loss, 1.0 if loss.name == "exponential" else scale)
    multiply = loss.hessian(Z, Y)
    for vector in (V, 2 * V[::-1]):
        expected = loss.hessian_product(Z, Y, vector)
        np.testing.assert_allclose(
            multiply(vector), expected, rtol=1e-12, atol=1e-14 * np.abs(expected).max()
        )


def test_the_kernel_of_log_sum_exp_is_scipys():
    rows = (
        np.random.default_rng(0).standard_normal((7, 5)) * np.array([1, 10, 1e2, 1e4, 1e-8, 0, 1e3])[:, None]
    )
    with np.errstate(over="raise"):
        found = Kernels().logsumexp(rows)
    np.testing.assert_allclose(found, scipy.special.logsumexp(rows, axis=-1, keepdims=True), rtol=1e-15)


@pytest.mark.parametrize("loss", EVERY, ids=lambda loss: loss.name)
def test_the_hessian_is_symmetric_and_not_negative(loss):
    Z, Y, V = _point(loss)
    W = np.random.default_rng(6).standard_normal(Z.shape)
    left, right = np.sum(W * loss.hessian_product(Z, Y, V)), np.sum(V * loss.hessian_product(Z, Y, W))
    assert left == pytest.approx(right, rel=1e-10)
    assert np.sum(V * loss.hessian_product(Z, Y, V)) >= 0


def test_cross_entropy_is_the_textbooks():
    Z, Y, V = _point(LOSSES["cross_entropy"])
    P = scipy.special.softmax(Z, axis=1)
    loss = LOSSES["cross_entropy"]
    assert loss.value(Z, Y) == pytest.approx(-np.sum(Y * np.log(P)), rel=1e-12)
    np.testing.assert_allclose(loss.gradient(Z, Y), P - Y, atol=1e-14)
    products = np.stack([(np.diag(p) - np.outer(p, p)) @ v for p, v in zip(P, V, strict=True)])
    np.testing.assert_allclose(loss.hessian_product(Z, Y, V), products, atol=1e-14)


def test_logistic_is_the_textbooks():
    loss = LOSSES["logistic"]
    Z, Y, _ = _point(loss)
    assert loss.value(Z, Y) == pytest.approx(-np.sum(np.log(scipy.special.expit(Y * Z))), rel=1e-12)
    np.testing.assert_allclose(loss.gradient(Z, Y), -Y / (1 + np.exp(Y * Z)), rtol=1e-12)


@ALL
@pytest.mark.parametrize("scale", [1e4, -1e4])
def test_nothing_overflows(loss, scale):
    Z, Y, V = _point(loss, scale)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        found = [
            loss.value(Z, Y),
            loss.gradient(Z, Y),
            loss.hessian_product(Z, Y, V),
            loss.hessian_diagonal(Z, Y),
        ]
    assert all(np.isfinite(one).all() for one in found)


def test_formulas_in_plain_words_do_not_overflow_either():
    plain = Loss("plain", lambda z, y, total: sp.log(total(sp.exp(z - y))) + total(sp.log(1 + sp.exp(z))))
    Z = np.array([[1e4, -1e4], [-1e4, 1e4]])
    with np.errstate(over="raise"):
        assert plain.value(Z, 0 * Z) == 4e4
        np.testing.assert_allclose(plain.gradient(Z, 0 * Z), [[2, 0], [0, 2]])


@ALL
def test_a_loss_of_the_registry_passes_the_check_of_a_users_own(loss):
    assert get_loss(Loss("copy", loss.formula, loss.targets)).value is not None


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        (lambda z, y, total: total((z**2 - 1) ** 2), "is not convex: at the outputs"),
        (lambda z, y, total: total(-((z - y) ** 2)), "it curves by -2 along"),
        (lambda z, y, total: total(sp.Piecewise((z, z < y), (0, True))), "its slope falls"),
        (lambda z, y, total: total(z) ** 2 - 3 * total(z**2), "is not convex"),
        (lambda z, y, total: total(sp.Abs(z - y)), "has a kink at z = y"),
        (lambda z, y, total: total(sp.Max(0, 1 - y * z)), "has a kink at z = 1/y"),
        (lambda z, y, total: (z - y) ** 2, "write every output within one total"),
        (lambda z, y, total: total(z * total(z)), "write every output within one total"),
        (lambda z, y, total: total(sp.Symbol("q") * z**2), "holds the symbol q"),
        (lambda z, y, total: sp.Integer(3), "holds no output"),
        (lambda z, y, total: "total(z**2)", "must return a SymPy expression"),
        (lambda z, y, total: total(sp.log(z) ** 2), "is not"),
    ],
)
def test_formulas_that_are_no_convex_loss_are_refused(formula, message):
    with pytest.raises(ValueError, match="loss 'own'") as caught:
        get_loss(Loss("own", formula))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["", "two words", "1st", None])
def test_names_are_identifiers(name):
    with pytest.raises(ValueError, match="must be a Python identifier"):
        get_loss(Loss(name, _euclidean))


@pytest.mark.parametrize(
    ("loss", "nearest"), [("crossentropy", "cross_entropy"), ("hinge", "squared_hinge"), (3, "")]
)
def test_unknown_names_are_refused_with_the_nearest(loss, nearest):
    with pytest.raises(ValueError, match=f"loss = .*{nearest}"):
        get_loss(loss)


@pytest.mark.parametrize(
    ("name", "Y", "message"),
    [
        (
            "cross_entropy",
            [[0.5, 0.4]],
            "row 0 of Y sums to 0.9: loss 'cross_entropy' takes rows >= 0 that sum to 1",
        ),
        ("cross_entropy", [[1, 0], [1.5, -0.5]], "Y holds -0.5"),
        (
            "logistic",
            [[1, 0]],
            r"Y holds 0: loss 'logistic' takes targets \+1 and -1; of one-hot labels, 2\*Y - 1",
        ),
        ("squared_hinge", [[1, 2]], "Y holds 2"),
    ],
)
def test_targets_of_another_kind_are_refused(name, Y, message):
    with pytest.raises(ValueError, match=message):
        LOSSES[name].check_targets(np.array(Y, dtype=float))


@ALL
def test_one_hot_labels_become_targets(loss):
    loss.check_targets(loss.from_one_hot(np.eye(3)))


@pytest.mark.parametrize(("name", "terms"), [("cross_entropy", 5), ("squared", 15), ("logistic", 15)])
def test_the_mean_is_over_samples_or_over_outputs_too(name, terms):
    assert LOSSES[name].terms(np.zeros((5, 3))) == terms


@ALL
def test_losses_pickle(loss):
    assert pickle.loads(pickle.dumps(loss)) == loss
