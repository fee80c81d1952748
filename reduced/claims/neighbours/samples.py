"""Tian, Li₂, Theorem 4: how many pairs keep the maxima of the energy, n ≳ M log M.

Translation: M is the modulus; pairs are drawn without replacement from all M²; one unit, σ = z², centred targets.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from reduced.claims.claim import Claim
from reduced.claims.neighbours.measuring import GROUP
from reduced.claims.neighbours.tian import SOURCE
from reduced.studies.ladder import fitted_slope

Array = NDArray[np.float64]
MODULI = (11, 17, 23, 31)
#: Numbers of pairs over M ln M that are tried; a feature is kept if its share is above this.
RATIOS, KEPT = (1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0), 0.9


def claims() -> list[Claim]:
    """The critical number of pairs, as a power of M."""
    return [
        Claim(
            GROUP,
            "Theorem 4: n of the order of M ln M pairs keep the maxima: power of M ln M in the n that keeps half",
            f"{SOURCE}, Theorem 4",
            _power,
            1.0,
            None,
            "four moduli, one order of magnitude in n: reported",
            quick=False,
            method="maximized from 8 starts on 3 draws each at M = 11, 17, 23 and 31; kept: 0.9 in one frequency",
        )
    ]


def kept(modulus: int, pairs: int, starts: int = 8, draws: int = 3) -> float:
    """Share of the local maxima whose leading frequency has nine tenths of the square."""
    rng, count = np.random.default_rng([modulus, pairs]), 0
    for _ in range(draws):
        chosen = rng.permutation(modulus**2)[:pairs]
        first, second = chosen // modulus, chosen % modulus
        for _ in range(starts):
            best = minimize(
                _descent,
                rng.standard_normal(2 * modulus),
                args=(first, second, modulus),
                jac=True,
                method="L-BFGS-B",
            )
            waves = np.abs(np.fft.rfft(best.x.reshape(2, modulus), axis=1)) ** 2
            count += waves[:, 1:].sum(axis=0).max() > KEPT * waves.sum()
    return count / (starts * draws)


def _descent(w: Array, first: Array, second: Array, modulus: int) -> tuple[float, Array]:
    """Minus the energy of the unit w/‖w‖ on some pairs, and its gradient."""
    size = float(np.linalg.norm(w))
    unit = w / size
    u, v = np.split(unit, 2)
    pre, labels = u[first] + v[second], (first + second) % modulus
    sums = np.bincount(labels, pre**2, modulus) - np.bincount(labels, minlength=modulus) * np.mean(pre**2)
    back = 2 * pre * (sums[labels] - float(np.mean(sums[labels])))
    slope = np.concatenate([np.bincount(first, back, modulus), np.bincount(second, back, modulus)])
    return -float(sums @ sums / 2), -(slope - (slope @ unit) * unit) / size


@cache
def critical(modulus: int) -> float:
    """Number of pairs, over M ln M, at which half of the maxima are kept; by linear interpolation."""
    shares = [kept(modulus, min(modulus**2, round(ratio * modulus * np.log(modulus)))) for ratio in RATIOS]
    above = int(np.argmax(np.array(shares) >= 0.5))
    if above == 0:
        return RATIOS[0] if shares[0] >= 0.5 else float("nan")
    low, high = shares[above - 1], shares[above]
    return RATIOS[above - 1] + (RATIOS[above] - RATIOS[above - 1]) * (0.5 - low) / (high - low)


def _power() -> float:
    scales = [modulus * np.log(modulus) for modulus in MODULI]
    return fitted_slope(
        scales, [scale * critical(modulus) for scale, modulus in zip(scales, MODULI, strict=True)]
    )
