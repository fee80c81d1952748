"""The largest margin that a readout of one first layer can have, enclosed between two numbers."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from reduced.network.activations import Activation
from reduced.network.problem import bind, first_layer

Array = NDArray[np.float64]
#: Iterations of L-BFGS-B, and the corrections that it keeps.
MOST, KEPT = 20_000, 30


def hard_margin(X: Any, Y: Any, W1: Any, activation: str | Activation = "relu") -> tuple[float, float]:
    """Bounds of max over W2 of the least (output of the target − another output)/‖W2‖ over samples.

    The maximum is the least norm of Σ α_ic h_i (e_y − e_c)ᵀ over weights α ≥ 0 of sum 1 on samples i and wrong outputs
    c (the multiclass support vector machine of K. Crammer and Y. Singer, J. Mach. Learn. Res. 2, 265 (2001), without
    slack). So any α bounds it from above, and the readout that α makes bounds it from below, whatever the minimization
    has reached. SciPy's L-BFGS-B minimizes half the squared norm minus the sum of α.

    Parameters
    ----------
    X, Y, activation
        As in :func:`reduced.first_layer_flow`; the target of a sample is its largest.
    W1 : (d_in, d_h) array
        First layer.

    Returns
    -------
    lower, upper : float
        They enclose the maximum; a lower bound of at most 0 says that no readout that separates was found.

    Examples
    --------
    >>> [round(bound, 6) for bound in hard_margin(np.eye(2), np.eye(2), np.eye(2))]
    [1.0, 1.0]
    """
    problem = bind(X, Y, activation)
    H = problem.activation.value(problem.X @ first_layer(problem, W1))
    if not H.any():
        return 0.0, 0.0
    wrong = np.ones(problem.Y.shape, dtype=bool)
    wrong[np.arange(len(wrong)), problem.Y.argmax(axis=1)] = False

    def readout(alpha: Array) -> Array:
        weights = np.zeros(wrong.shape)
        weights[wrong] = -alpha
        weights[~wrong] = -weights.sum(axis=1)
        return np.asarray(H.T @ weights)

    def differences(W2: Array) -> Array:
        outputs = H @ W2
        return np.asarray((outputs[~wrong][:, None] - outputs)[wrong])

    def dual(alpha: Array) -> tuple[float, Array]:
        W2 = readout(alpha)
        return float(np.sum(W2**2)) / 2 - float(alpha.sum()), differences(W2) - 1

    start = np.full(int(wrong.sum()), 1 / float(np.sum(H**2)))
    options = {"maxiter": MOST, "maxfun": 2 * MOST, "maxcor": KEPT, "ftol": 0.0, "gtol": 1e-9}
    how: Any = {"jac": True, "bounds": [(0, None)] * len(start), "method": "L-BFGS-B", "options": options}
    alpha = minimize(dual, start, **how).x
    W2 = readout(alpha)
    norm = float(np.linalg.norm(W2))
    if norm == 0:
        return 0.0, 0.0
    return float(differences(W2).min()) / norm, norm / float(alpha.sum())
