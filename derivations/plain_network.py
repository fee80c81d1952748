"""A two-layer network in plain numbers: sums over indices, and linear systems read off a sum of squares.

Works on any numbers with the four operations: fractions, many digits, dual numbers.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from derivations import dual
from derivations.dual import Rows, solve


def squares(matrix: Rows) -> Any:
    """Sum of the squared entries."""
    return sum(entry * entry for row in matrix for entry in row)


def product(left: Rows, right: Rows) -> Rows:
    """Σ_b l_ib r_bj."""
    return [
        [sum(row[b] * right[b][j] for b in range(len(right))) for j in range(len(right[0]))] for row in left
    ]


def misfit(H: Rows, W2: Rows, Y: Rows) -> Any:
    """Sum over samples and outputs of (Σ_a h_ia w_aj − y_ij)²."""
    outputs = product(H, W2)
    return squares([[f - y for f, y in zip(*rows, strict=True)] for rows in zip(outputs, Y, strict=True)])


def best_readout(H: Rows, Y: Rows, ridge: Any) -> Rows:
    """The readout where the sum of squares is least; without ridge the shortest that fits, by multipliers."""
    units, samples = range(len(H[0])), range(len(H))
    zero = 0 * H[0][0]  # of the kind of number that H holds
    unit = [[zero + int(a == b) for b in units] for a in units]
    columns = []
    for j in range(len(Y[0])):
        target = [[row[j]] for row in Y]
        if ridge == 0:
            above = [unit[a] + [H[i][a] for i in samples] for a in units]
            below = [[*H[i], *(zero for _ in samples)] for i in samples]
            found = solve(above + below, [zero for _ in units] + [row[0] for row in target])
        else:

            def goal(w: Rows, y: Rows = target) -> Any:
                return misfit(H, w, y) + ridge * squares(w)

            slope = partial(_slope_of_a_quadratic, goal)
            start = slope([[zero] for _ in units])
            bends = [slope([[entry] for entry in column]) for column in unit]
            matrix = [[bends[b][a] - start[a] for b in units] for a in units]
            found = solve(matrix, [-entry for entry in start])
        columns.append(found[: len(units)])
    return [[column[a] for column in columns] for a in units]


def _slope_of_a_quadratic(function: Callable[[Rows], Any], at: Rows) -> list[Any]:
    """Gradient in a column; central differences of a quadratic are exact."""
    return [row[0] for row in dual.difference_gradient(function, at, 1)]


def times(factor: Any, matrix: Rows) -> Rows:
    """Every entry times a number."""
    return [[entry * factor for entry in row] for row in matrix]


def gram(H: Rows, ridge: Any) -> Rows:
    """Σ_a h_ia h_ja + λδ_ij."""
    inner = product(H, [list(column) for column in zip(*H, strict=True)])
    return [[entry + ridge * int(i == j) for j, entry in enumerate(row)] for i, row in enumerate(inner)]


def norm_of_the_targets(Y: Rows, K: Rows) -> Any:
    """Σ_j y_jᵀK⁻¹y_j over the columns of Y."""
    return sum(
        sum(y * b for y, b in zip(column, solve(K, column), strict=True)) for column in zip(*Y, strict=True)
    )


def cost(H: Rows, W1: Rows, Y: Rows, ridge: Any) -> Any:
    """R/λ as it is defined: the least regularized loss, over λ; without ridge the least squared norm that fits."""
    W2 = best_readout(H, Y, ridge)
    return squares(W1) + squares(W2) + (misfit(H, W2, Y) / ridge if ridge else 0)
