import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reduced.readout.block_cg import block_conjugate_gradients


def positive_definite(size, seed=0, smallest=1.0, largest=100.0):
    rng = np.random.default_rng(seed)
    Q = np.linalg.qr(rng.normal(size=(size, size)))[0]
    return Q * np.geomspace(smallest, largest, size) @ Q.T


def within(tolerance):
    return lambda solution, energy, distance: distance <= tolerance


def solve(A, right, near=None, start=None, tolerance=1e-10, limit=200):
    factor = np.asfortranarray(np.linalg.cholesky(A if near is None else near))
    start = np.zeros_like(right) if start is None else start
    return block_conjugate_gradients(lambda V: A @ V, factor, right, start, within(tolerance), limit)


@given(seed=st.integers(0, 10**6), columns=st.integers(1, 6))
def test_solves_whatever_the_preconditioner(seed, columns):
    A, near = positive_definite(30, seed), positive_definite(30, seed + 1)
    right = np.random.default_rng(seed).normal(size=(30, columns))
    solution, _ = solve(A, right, near)
    assert np.max(np.abs(solution - np.linalg.solve(A, right))) < 1e-9


def test_the_errors_reported_are_true_ones_where_the_factor_is_exact():
    A = positive_definite(30)
    right, start = np.random.default_rng(1).normal(size=(2, 30, 3))
    seen = []

    def accurate(solution, energy, distance):
        seen.append((energy, distance))
        return True

    block_conjugate_gradients(
        lambda V: A @ V, np.asfortranarray(np.linalg.cholesky(A)), right, start, accurate, 5
    )
    error = start - np.linalg.solve(A, right)
    assert seen == [pytest.approx((np.sqrt(np.sum(error * (A @ error))), np.linalg.norm(error)), rel=1e-10)]


@pytest.mark.parametrize(("rank", "columns"), [(4, 4), (8, 4), (9, 4), (4, 1)])
def test_a_block_removes_as_many_directions_an_iteration_as_it_has_columns(rank, columns):
    near, rng = positive_definite(40), np.random.default_rng(1)
    U = rng.normal(size=(40, rank))
    _, iterations = solve(near + 30 * U @ U.T, rng.normal(size=(40, columns)), near, tolerance=1e-9)
    assert iterations == -(-rank // columns) + 1


def test_repeated_and_vanishing_columns_do_no_harm():
    A, near = positive_definite(30), positive_definite(30, seed=1)
    right = np.random.default_rng(2).normal(size=(30, 4))
    right[:, 1], right[:, 2] = right[:, 0], 0.0
    solution, _ = solve(A, right, near)
    assert np.max(np.abs(solution - np.linalg.solve(A, right))) < 1e-9


def test_an_exact_start_takes_no_iteration():
    A, right = positive_definite(30), np.ones((30, 2))
    assert solve(A, right, start=np.linalg.solve(A, right))[1] == 0


@pytest.mark.parametrize(
    ("A", "limit"),
    [(positive_definite(30), 1), (-positive_definite(30), 200), (np.full((30, 30), np.nan), 200)],
    ids=["limit", "not positive definite", "NaN"],
)
def test_failure_is_told(A, limit):
    solution, iterations = solve(A, np.ones((30, 2)), positive_definite(30, seed=1), limit=limit)
    assert solution is None
    assert iterations <= limit
