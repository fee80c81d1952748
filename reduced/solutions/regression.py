"""Closed-form gradient flow of linear regression with weight decay; flow time t."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from derivations.exact import addition
from derivations.exact import linear_regression as exact
from derivations.toy_models import LEAK
from reduced.inputs.arrays import finite_array, kept_array, without_overflow
from reduced.inputs.renamed import renamed
from reduced.inputs.scalars import non_negative, positive
from reduced.solutions.formula import Array, formula, times

_mode = formula("mode", (exact.t, exact.w_0, exact.s, exact.y, exact.lam), exact.MODE.solution[0])
_weights = formula("weights", (exact.t, exact.lam), *addition.ONE_SAMPLE.solution)
_losses = formula("losses", (exact.t, exact.lam), addition.TRAINING_LOSS, addition.TEST_LOSS)
_descent = formula("descent", (addition.steps_taken, exact.lam, addition.step_size), *addition.DESCENT)


@renamed(decay="ridge")
def linear_regression(X: Array, y: Array, ridge: float = 0.0) -> Callable[[ArrayLike, ArrayLike], Array]:
    """Weights of linear regression: w = w* + e^{−2(XᵀX + λ)t}(w_0 − w*), w* = (XᵀX + λ)⁻¹Xᵀy.

    Solved in the singular basis of X. Singular values below max(n, d) · eps of the largest count as zero, as in a
    pseudo-inverse; those directions only decay, as e^{−2λt}.

    Parameters
    ----------
    X : array (n, d)
        Inputs.
    y : array (n,)
        Targets.
    ridge : float
        Weight decay λ ≥ 0.

    Returns
    -------
    callable
        ``(t, w0) -> w``, shapes (...,), (d,) -> (..., d).

    Examples
    --------
    >>> fit = linear_regression(np.array([[1.0, 1.0]]), np.array([2.0]))
    >>> fit(100.0, [-1.0, 1.0]).round(12) + 0.0
    array([0., 2.])
    """
    (ridge,) = non_negative(ridge=ridge)
    X = kept_array("X", X, "n", "d")
    y = finite_array("y", y, len(X))
    left, sizes, right = np.linalg.svd(X, full_matrices=False)
    fitted = sizes > sizes.max(initial=0.0) * max(X.shape) * np.finfo(float).eps
    sizes, right, targets = sizes[fitted], right[fitted], (left.T @ y)[fitted]

    def solution(t: ArrayLike, w0: ArrayLike) -> Array:
        start, elapsed = finite_array("w0", w0, X.shape[1]), times(t)[..., None]
        along = right @ start
        moved = np.asarray(_mode(elapsed, along, sizes, targets, ridge)) @ right
        return without_overflow(
            "the solution", moved + np.exp(-2 * ridge * elapsed) * (start - along @ right)
        )

    return solution


@renamed(decay="ridge")
def two_weights(ridge: float) -> Callable[[ArrayLike], Array]:
    """Fig. 1 of the paper: one sample (1, 1) -> 2 from w = (−1, 1); ``t -> w`` of shape (..., 2)."""
    (ridge,) = positive(ridge=ridge)
    return lambda t: without_overflow("the solution", np.stack(_weights(times(t), ridge), axis=-1))


@renamed(decay="ridge")
def two_weights_losses(ridge: float) -> Callable[[ArrayLike], tuple[Array, Array]]:
    """Training loss and expected test loss (standard normal inputs) of Fig. 1 as functions of flow time."""
    (ridge,) = positive(ridge=ridge)

    def losses(t: ArrayLike) -> tuple[Array, Array]:
        train, test = _losses(times(t), ridge)
        return without_overflow("the loss", train), without_overflow("the loss", test)

    return losses


@renamed(decay="ridge")
def two_weights_descent(ridge: float, step_size: float) -> Callable[[ArrayLike], Array]:
    """Fig. 1 by gradient descent of step size η on L_λ: ``k -> w`` after k steps, shape (..., 2)."""
    ridge, step_size = positive(ridge=ridge, step_size=step_size)
    return lambda k: without_overflow("the solution", np.stack(_descent(times(k), ridge, step_size), axis=-1))


@renamed(decay="ridge")
def leaky_weights(ridge: float) -> Callable[[ArrayLike, ArrayLike], Array]:
    """Fig. 3: the sample (1, 1) -> 2 through leaky ReLU of slope 1/10, regression on either side of w_1 + w_2 = 0.

    Below, the sum approaches 4b/(2b² + λ), b = 1/10, at rate 2(2b² + λ); it crosses 0 for every λ and stays above.

    Parameters
    ----------
    ridge : float
        Weight decay λ ≥ 0.

    Returns
    -------
    callable
        ``(t, w0) -> w``, shapes (...,), (2,) -> (..., 2), in flow time t.

    Examples
    --------
    >>> leaky_weights(0.0)([0.0, 1e3], [-3.0, 1.0]).round(12)
    array([[-3.,  1.],
           [-1.,  3.]])
    """
    (ridge,) = non_negative(ridge=ridge)
    leak = float(LEAK)
    below, above = (
        linear_regression(np.full((1, 2), slope), np.array([2.0]), ridge) for slope in (leak, 1.0)
    )
    curvature = 2 * leak**2 + ridge

    def solution(t: ArrayLike, w0: ArrayLike) -> Array:
        w0 = finite_array("w0", w0, 2)
        elapsed, total = times(t), float(without_overflow("the sum of the weights", np.sum(w0)))
        if total >= 0:
            return above(elapsed, w0)
        rise = np.log1p(-total * curvature / (4 * leak))
        crossing = without_overflow("the time of the crossing", rise / (2 * curvature))
        before = below(np.minimum(elapsed, crossing), w0)
        after = above(np.maximum(elapsed - crossing, 0), below(crossing, w0))
        return np.where((elapsed < crossing)[..., None], before, after)

    return solution
