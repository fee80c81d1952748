"""Tian, Li₂ (arXiv:2509.21519): the gradient through a ridge readout, its limit, and the energy of one feature.

Translation: his η is our λ, his F is our H; he centres features and targets, and his gradient G_F is λ B BᵀH of ours.
"""

from collections.abc import Callable
from functools import partial

import numpy as np
import sympy as sp
from numpy.typing import NDArray
from scipy.optimize import minimize

from reduced.claims.claim import Claim
from reduced.claims.neighbours.measuring import ours, printed
from reduced.studies.ladder import fitted_slope

Array = NDArray[np.float64]
SOURCE = "Tian, arXiv:2509.21519"
MODULI = (5, 7, 11)
ENERGY = "½‖Yᵀσ(Xw)‖² of one unit, σ = z², all M² pairs of concatenated one-hots, centred targets, ‖w‖ = 1"


def claims() -> list[Claim]:
    """Equation (4), and Theorems 1 and 2."""
    found = [
        printed(
            "(4): the gradient through the ridge readout, (Y − HW2)W2ᵀ, is λK⁻¹YYᵀK⁻¹H, which is (20) with λ kept",
            f"{SOURCE}, (4); the push-through identity",
            _gradient_in_doubles,
            0.0,
            1e-12,
            "rounding",
            "random 7 × 11 activations and 3 outputs, λ = 0.3; largest difference relative to the gradient",
        ),
        printed(
            "(4), in exact arithmetic",
            f"{SOURCE}, (4)",
            _gradient_in_fractions,
            0.0,
            0.0,
            "fractions",
            "one 2 × 3 matrix of integers and λ = 1/3, by SymPy; sum of squares of the difference",
        ),
        printed(
            "Theorem 1: λ²K⁻¹YYᵀK⁻¹H → YYᵀH as λ → ∞: the error's power in λ",
            f"{SOURCE}, Theorem 1",
            _order_at_large_ridge,
            -1.0,
            0.02,
            "fitted over λ = 10³, 10⁴ and 10⁵",
            "random 7 × 11 activations; fitted slope",
        ),
        printed(
            "Theorem 2: the local maxima of the energy are single frequencies: smallest share of the leading one",
            f"{SOURCE}, Theorem 2",
            _purity,
            1.0,
            1e-4,
            "tolerance of the maximization",
            f"{ENERGY}; maximized from 12 random starts each at M = 5, 7 and 11",
        ),
    ]
    for modulus in MODULI:
        found += _energies(modulus)
    return found


def _energies(modulus: int) -> list[Claim]:
    checks: tuple[tuple[str, Callable[[], float], str], ...] = (
        ("maximized", partial(_largest_energy, modulus), "maximized from 12 random starts"),
        ("summed", partial(_energy_of_a_wave, modulus), "summed over all pairs at u = v = cos(2πx/M)/√M"),
    )
    printed_value, right = modulus / 16, modulus / 4
    found = [
        printed(
            f"Theorem 2: the energy of a complex pair of frequencies is M/16d ({how}, M = {modulus}, d = 1)",
            f"{SOURCE}, Theorem 2, as our notes have it",
            measure,
            printed_value,
            1e-6 * right,
            "tolerance of the maximization",
            f"{ENERGY}; {method}",
        )
        for how, measure, method in checks
    ]
    return found + [
        ours(
            f"misprinted: it is M/4d, four times as large, by the 2 in (u + v)² = … + 2uv ({how}, M = {modulus})",
            "our correction",
            measure,
            right,
            1e-6 * right,
            "tolerance of the maximization",
            f"{ENERGY}; {method}",
        )
        for how, measure, method in checks
    ]


def _random() -> tuple[Array, Array]:
    rng = np.random.default_rng(0)
    return rng.standard_normal((7, 11)), rng.standard_normal((7, 3))


def _gradient_in_doubles(ridge: float = 0.3) -> float:
    H, Y = _random()
    W2 = np.linalg.solve(H.T @ H + ridge * np.eye(11), H.T @ Y)
    B = np.linalg.solve(H @ H.T + ridge * np.eye(7), Y)
    gradient = (Y - H @ W2) @ W2.T
    return float(np.max(np.abs(gradient - ridge * B @ (B.T @ H))) / np.max(np.abs(gradient)))


def _gradient_in_fractions() -> float:
    H, Y, ridge = sp.Matrix([[1, 2, -1], [0, 3, 5]]), sp.Matrix([[1, -2], [4, 1]]), sp.Rational(1, 3)
    W2 = (H.T * H + ridge * sp.eye(3)).inv() * H.T * Y
    B = (H * H.T + ridge * sp.eye(2)).inv() * Y
    difference = (Y - H * W2) * W2.T - ridge * B * B.T * H
    return float(sum(entry**2 for entry in difference))


def _order_at_large_ridge() -> float:
    H, Y = _random()
    ridges, errors = (1e3, 1e4, 1e5), []
    for ridge in ridges:
        B = np.linalg.solve(H @ H.T + ridge * np.eye(7), Y)
        errors.append(float(np.linalg.norm(ridge**2 * B @ (B.T @ H) - Y @ (Y.T @ H))))
    return fitted_slope(ridges, errors)


def _energy(w: Array, modulus: int) -> tuple[float, Array]:
    """Energy at w/‖w‖ and its gradient in w."""
    size = float(np.linalg.norm(w))
    u, v = np.split(w / size, 2)
    pre = u[:, None] + v[None, :]
    labels = (np.arange(modulus)[:, None] + np.arange(modulus)) % modulus
    sums = np.bincount(labels.ravel(), (pre**2).ravel(), modulus)
    sums = sums - sums.mean()
    back = 2 * pre * sums[labels]
    slope = np.concatenate([back.sum(axis=1), back.sum(axis=0)])
    unit = w / size
    return float(sums @ sums / 2), (slope - (slope @ unit) * unit) / size


def maxima(modulus: int, starts: int = 12) -> list[tuple[float, float]]:
    """Energy and share of the leading frequency at local maxima from random starts."""
    found = []
    rng = np.random.default_rng(modulus)
    for _ in range(starts):

        def descent(w: Array) -> tuple[float, Array]:
            value, slope = _energy(w, modulus)
            return -value, -slope

        best = minimize(
            descent, rng.standard_normal(2 * modulus), jac=True, method="BFGS", options={"gtol": 1e-9}
        )
        waves = np.abs(np.fft.rfft(best.x.reshape(2, modulus), axis=1)) ** 2
        powers = waves[:, 1:].sum(axis=0)
        found.append((-float(best.fun), float(powers.max() / waves.sum())))
    return found


def _largest_energy(modulus: int) -> float:
    return max(energy for energy, _ in maxima(modulus))


def _purity() -> float:
    return min(share for modulus in MODULI for _, share in maxima(modulus))


def _energy_of_a_wave(modulus: int) -> float:
    wave = np.cos(2 * np.pi * np.arange(modulus) / modulus) / np.sqrt(modulus)
    return _energy(np.concatenate([wave, wave]), modulus)[0]
