"""A checker reads every entry: one that is wrong, wherever it stands, is enough."""

import itertools

import pytest
import sympy as sp

from derivations.checks import exact, holds_at, identity, identity_with
from derivations.exact.case import Matrix, vanishes

SHAPE = (2, 3)
PLACES = list(itertools.product(range(SHAPE[0]), range(SHAPE[1])))
A, C = sp.MatrixSymbol("A", *SHAPE), sp.MatrixSymbol("C", *SHAPE)


def wrong_at(place, base):
    matrix = sp.Matrix(base)
    matrix[place] += sp.Rational(1, 10**6)
    return matrix


@pytest.mark.parametrize("place", PLACES)
def test_one_wrong_entry_fails_every_kind_of_check(place):
    numbers = sp.Matrix(*SHAPE, lambda i, j: i + 2 * j)
    symbols = sp.Matrix(*SHAPE, lambda i, j: sp.Symbol(f"a_{i}{j}"))
    equal = sp.Eq(A, C, evaluate=False)
    assert not exact("numbers", wrong_at(place, sp.zeros(*SHAPE))).passed
    assert not vanishes("symbols", Matrix(wrong_at(place, sp.zeros(*SHAPE)))).passed
    assert not identity("symbols")(sp.Eq(wrong_at(place, symbols), symbols, evaluate=False)).passed
    for right, passes in ((numbers, True), (wrong_at(place, numbers), False)):
        assert holds_at("numbers", lambda right=right: {A: numbers, C: right})(equal).passed is passes
        assert (
            holds_at("digits", lambda right=right: {A: numbers, C: right}, tolerance=1e-9)(equal).passed
            is passes
        )
    for right, passes in ((symbols, True), (wrong_at(place, symbols), False)):
        assert identity_with("symbols", lambda right=right: {A: symbols, C: right})(equal).passed is passes


def test_every_equation_of_a_tuple_is_read():
    x = sp.Symbol("x")
    pair = sp.Tuple(sp.Eq(x, x, evaluate=False), sp.Eq(x, x + 1, evaluate=False))
    assert not identity("second is wrong")(pair).passed
