"""Closed-form first-layer flow of homogeneous neurons that see one sample each; slow time tau, λ → 0.

z = x·w > 0 are the pre-activations of active neurons, σ(z) = z^q, and the strength of a sample is c = |x|²|y|².
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from derivations.exact import homogeneous_neurons as exact
from reduced.inputs.arrays import finite_array, kept_array, without_overflow
from reduced.inputs.scalars import positive, positive_entries
from reduced.solutions.formula import Array, formula, read_clock, times, together

_one = formula("one", (exact.tau, exact.z_0, exact.c, exact.q), exact.ONE_NEURON.solution[0])
_relu = formula("relu", (exact.tau, exact.N_0, exact.c), exact.RELU_NEURONS.solution[0])
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(12)
_PANELS = 16
_SLACK = 1e-9  # room for rounding about a bracket that one neuron makes a point


def one_neuron(strength: float, degree: float) -> Callable[[ArrayLike, ArrayLike], Array]:
    """z^{2q+2} = cq + (z_0^{2q+2} − cq)e^{−(2q+2)τ} for one active neuron: ``(tau, z0) -> z``."""
    strength, degree = positive(strength=strength, degree=degree)

    def solution(tau: ArrayLike, z0: ArrayLike) -> Array:
        start = positive_entries("z0", z0, ...)
        return without_overflow("the solution", _one(*together(times=times(tau), z0=start), strength, degree))

    return solution


def relu_neurons(strength: float) -> Callable[[ArrayLike, Array], Array]:
    """Several active ReLU neurons: N = Σz², N² = c + (N_0² − c)e^{−4τ}, z = z_0 √(N/N_0).

    Returns
    -------
    callable
        ``(tau, z0) -> z``, shapes (...,), (m,) -> (..., m).
    """
    (strength,) = positive(strength=strength)

    def solution(tau: ArrayLike, z0: Array) -> Array:
        start = positive_entries("z0", z0, "m")
        return without_overflow("the solution", _grown(times(tau), start, strength)[..., None] * start)

    return solution


def _grown(tau: Array, z0: Array, strength: float) -> Array:
    """√(N/N_0)."""
    start = np.sum(np.square(z0))
    return np.asarray(np.sqrt(_relu(tau, start, strength) / start))


def orthogonal_samples(X: Array, Y: Array) -> Callable[[ArrayLike, Array], Array]:
    """ReLU first layer for orthogonal samples when every neuron is active on at most one of them.

    Each sample moves its own neurons as :func:`relu_neurons`; the rest of W1 decays as e^{−τ}.

    Parameters
    ----------
    X, Y : arrays (n, d_in), (n, d_out)
        Inputs with XXᵀ diagonal, and targets.

    Returns
    -------
    callable
        ``(tau, W1) -> W1``, shapes (...,), (d_in, d_h) -> (..., d_in, d_h).

    Raises
    ------
    ValueError
        If samples are not orthogonal, a neuron is active on two, or a sample has no active neuron.
    """
    X = kept_array("X", X, "n", "d_in")
    Y = finite_array("Y", Y, len(X), "d_out")
    gram = without_overflow("XXᵀ", X @ X.T)
    lengths = np.diag(gram)
    if abs(gram - np.diag(lengths)).max() > 1e-12 * lengths.max():
        raise ValueError("X must have orthogonal rows: the samples do not decouple otherwise")
    strengths = without_overflow("a sample's strength", lengths * np.square(Y).sum(axis=1))
    if not (strengths > 0).all():
        raise ValueError("X and Y must have no row of zeros: such a sample moves no neuron")

    def solution(tau: ArrayLike, W1: Array) -> Array:
        W1 = finite_array("W1", W1, X.shape[1], "d_h")
        elapsed, pre = times(tau), X @ W1
        active = pre > 0
        if (active.sum(axis=0) > 1).any() or not active.any(axis=1).all():
            raise ValueError(
                "W1: every neuron may be active on one sample at most, and every sample needs one"
            )
        kept = np.exp(-elapsed)[..., None, None]
        factors = [_grown(elapsed, row[on], c) for row, on, c in zip(pre, active, strengths, strict=True)]
        gained = (np.stack(factors, axis=-1)[..., None] - kept) * np.where(active, pre, 0)
        return without_overflow("the solution", kept * W1 + X.T @ (gained / lengths[:, None]))

    return solution


def winner_takes_all(strength: float, degree: float) -> Callable[[ArrayLike, Array], Array]:
    """Several active neurons of degree q > 1: the largest grows at the cost of the others.

    v_j = z_j^{2−2q} = e^{(2q−2)τ}(v_j0 − Φ) with ∫₀^Φ [Σ(v_j0 − x)^{−p}]² dx = ((q−1)cq/(q+1))(e^{(2q+2)τ} − 1),
    p = q/(q−1). In r = −ln(1 − Φ/min v_0) the integral is e^{(2p−1)r} times an average over the last e-folds before
    r, taken by Gauss-Legendre quadrature; Φ is read by root finding, in logarithms. Some 0.2 ms a time.

    Parameters
    ----------
    strength : float
        c = ‖x‖²‖y‖².
    degree : float
        q > 1.

    Returns
    -------
    callable
        ``(tau, z0) -> z``, shapes (...,), (m,) -> (..., m).
    """
    strength, degree = positive(strength=strength, degree=degree)
    if not degree > 1:
        raise ValueError(f"degree = {degree}: must be above 1; relu_neurons holds for 1")
    power = degree / (degree - 1)
    alpha = 2 * power - 1
    budget = np.log((degree - 1) * strength * degree / (degree + 1))

    def solution(tau: ArrayLike, z0: Array) -> Array:
        z0 = positive_entries("z0", z0, "m")
        elapsed, largest = times(tau), np.max(z0)
        excess = np.expm1((2 * degree - 2) * _log_behind(z0))
        log_excess = np.log(excess, where=excess > 0, out=np.full(excess.shape, -np.inf))
        rise = (2 * degree + 2) * elapsed
        nonzero = np.where(rise > 0, rise, 1.0)
        log_target = budget + nonzero + np.log(-np.expm1(-nonzero)) - (2 * degree + 2) * np.log(largest)
        lower = (1 - _SLACK) * np.logaddexp(0, np.log(alpha) + log_target - 2 * np.log(len(excess))) / alpha
        upper = (1 + _SLACK) * np.logaddexp(0, np.log(alpha) + log_target) / alpha

        def clock(beyond: Array, least: Array) -> Array:
            r = least + beyond
            return np.asarray(alpha * r + np.log(_average(r, log_excess, power)))

        r = lower + read_clock(clock, log_target, upper - lower, lower)
        r = np.where(rise > 0, r, 0.0)
        log_ratio = elapsed[..., None] + np.logaddexp(log_excess, -r[..., None]) / (2 * degree - 2)
        return without_overflow("the solution", largest * np.exp(-log_ratio))

    return solution


def _log_behind(z0: Array) -> Array:
    """ln(max z_0/z_0), with all digits also where two starts nearly tie: their difference has no rounding then."""
    largest = np.max(z0)
    close = z0 > largest / 2
    return np.where(close, np.log1p((largest - z0) / z0), np.log(largest) - np.log(z0))


def _average(r: Array, log_excess: Array, power: float) -> Array:
    """∫ e^{−(2p−1)u} [Σ_j (1 + excess_j e^{r−u})^{−p}]² du over 0 < u < r; e^{−40} of it is left out."""
    reach = np.minimum(r, 40 / (2 * power - 1))[..., None]
    edges = np.arange(_PANELS)[:, None]
    u = reach * ((edges + (_NODES + 1) / 2) / _PANELS).ravel()
    crowd = np.exp(-power * np.logaddexp(0, log_excess + (r[..., None] - u)[..., None])).sum(axis=-1)
    integrand = np.exp(-(2 * power - 1) * u) * crowd**2
    return np.asarray(reach[..., 0] * (integrand @ np.tile(_WEIGHTS / 2 / _PANELS, _PANELS)))
