"""The interpolating readout by an orthogonal factorization: half as many digits are lost as through the Gram matrix.

HHᵀ has the square of the condition number of H. With Hᵀ = QR,

    W2 = Q R⁻ᵀY,   B = R⁻¹R⁻ᵀY,   Tr(YᵀB) = ‖R⁻ᵀY‖²,

and one step of refinement, W2 ← W2 + Q R⁻ᵀ(Y − HW2), takes out what R⁻ᵀ left. It costs some three times as much.
"""

import warnings
from dataclasses import dataclass

import numpy as np
import scipy.linalg
from numpy.typing import NDArray
from scipy.linalg.lapack import dtrcon

from reduced.errors import SingularGramError
from reduced.network.problem import Problem

Array = NDArray[np.float64]
#: Squared ratio of the Gram matrix's Cholesky pivots beyond which it is not used. The condition number is up to 1e4
#: times as large, and the readout misses Y by about ε times that: 1e-9 here at most. The paper's run stays below 500.
PIVOTS = 1e4
#: Condition number of the Gram matrix beyond which the factorization is not used, where it is known.
CONDITION = 1e7
#: Condition number up to which the readout keeps ‖HW2 − Y‖ ≤ ACCURACY ‖Y‖; a warning says so beyond it.
WARNED, ACCURACY = 1e14, 1e-9


class IllConditionedWarning(RuntimeWarning):
    """The readout has few correct digits; the message says how few."""


@dataclass(frozen=True)
class Interpolation:
    """The interpolating readout at one first layer.

    Parameters
    ----------
    dual : (n, d_out) array
        B = (HHᵀ)⁻¹Y.
    readout : (d_h, d_out) array
        W2 = HᵀB.
    squares : float
        ‖W2‖² = Tr(YᵀB).
    condition : float
        Condition number of HHᵀ in the 1-norm, estimated from R.
    """

    dual: Array
    readout: Array
    squares: float
    condition: float


def interpolate(problem: Problem, W1: Array) -> Interpolation:
    """Factor Hᵀ at a first layer that fits the data, at ridge 0.

    Raises
    ------
    SingularGramError
        If H is not finite, or its rows are linearly dependent to working precision.

    Warns
    -----
    IllConditionedWarning
        If the Gram matrix has a condition number above 1e14, or the readout misses Y by more than 1e-9 of its size.

    Examples
    --------
    >>> from reduced.network.problem import bind
    >>> found = interpolate(bind(np.eye(2), np.eye(2), "linear"), np.diag([1.0, 1e-6]))
    >>> found.readout[1, 1].round(), f"{found.condition:.0e}"
    (np.float64(1000000.0), '1e+12')
    """
    H = problem.activation.value(problem.X @ W1)
    if not np.isfinite(H).all():
        raise SingularGramError(
            "the hidden activations are not finite: the state has diverged; take smaller steps"
        )
    Q, R = scipy.linalg.qr(H.T, mode="economic", check_finite=False)
    reciprocal, _ = dtrcon(R)
    if not reciprocal > max(H.shape) * np.finfo(float).eps:
        raise SingularGramError(
            f"the {len(H)} x {len(H)} Gram matrix of the hidden activations is singular to working precision: widen "
            "the hidden layer, set ridge > 0, or remove repeated training samples"
        )
    along = _solved(R, problem.Y, transposed=True)
    along = along + _solved(R, problem.Y - H @ (Q @ along), transposed=True)
    readout, condition = Q @ along, float(reciprocal) ** -2
    missed = float(np.linalg.norm(H @ readout - problem.Y) / (np.linalg.norm(problem.Y) or 1.0))
    if condition > WARNED or missed > ACCURACY:
        warnings.warn(
            f"the Gram matrix of the hidden activations has a condition number of about {condition:.1e}: the readout "
            f"leaves ‖HW2 − Y‖/‖Y‖ = {missed:.1e}, and the flow has errors of about "
            f"{np.finfo(float).eps / reciprocal:.0e}; widen the hidden layer, or set ridge > 0",
            IllConditionedWarning,
            stacklevel=2,
        )
    return Interpolation(_solved(R, along), readout, float(np.sum(along**2)), condition)


def _solved(R: Array, right: Array, transposed: bool = False) -> Array:
    return np.asarray(scipy.linalg.solve_triangular(R, right, trans=transposed, check_finite=False))
