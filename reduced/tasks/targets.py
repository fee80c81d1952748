"""A generalizing network in closed form: quadratic units that add modulo p exactly."""

import numpy as np
from numpy.typing import NDArray

from reduced.inputs.memory import refuse_beyond_memory
from reduced.inputs.scalars import whole

Array = NDArray[np.float64]
#: Phases a frequency needs so that all products but the sum's cancel.
PHASES = 5


def quadratic_addition(p: int) -> tuple[Array, Array]:
    """Zero-loss quadratic network for addition modulo an odd p on all pairs, of width 5(p − 1)/2 + 1.

    Each frequency k has five units of phase φ = 2πj/5, with angles in units of 2π/p:

        u_a = A(x + cos(ka + φ)),   w_c = B(cos(kc + 2φ) − y cos((k/2)c + φ)),   k/2 = k·2⁻¹ mod p

    and one unit is constant, u = √2 ω, w = ω = (8p)^(−1/3). Scales are balanced as at a fixed point of the flow.

    Parameters
    ----------
    p : int
        Odd modulus, at least 3.

    Returns
    -------
    W1, W2 : arrays of shape (p, width) and (width, p)

    Raises
    ------
    ValueError
        If p is even or too small.

    Examples
    --------
    >>> W1, W2 = quadratic_addition(5)
    >>> outputs = (W1[1] + W1[3]) ** 2 @ W2
    >>> np.abs(outputs.round(12)).tolist()
    [0.0, 0.0, 0.0, 0.0, 1.0]
    """
    (p,) = whole(3, p=p)
    if p % 2 == 0:
        raise ValueError(f"p = {p}: must be odd, since the construction halves frequencies modulo p")
    refuse_beyond_memory(f"p = {p}", PHASES * p**2)
    x = np.sqrt((np.sqrt(257) - 1) / 256)
    y = 1 / (8 * x)
    ratio = (0.5 + x**2) / (1 + y**2)
    A = (4 / (5 * p) / np.sqrt(ratio)) ** (1 / 3)
    B = A * np.sqrt(ratio)
    k, j = (
        grid.ravel() for grid in np.meshgrid(np.arange(1, (p + 1) // 2), np.arange(PHASES), indexing="ij")
    )
    half, phase, residue = k * ((p + 1) // 2) % p, 2 * np.pi * j / PHASES, np.arange(p)[:, None]
    angle = 2 * np.pi / p * residue
    u = A * (x + np.cos(k * angle + phase))
    w = B * (np.cos(k * angle + 2 * phase) - y * np.cos(half * angle + phase))
    constant = (8 * p) ** (-1 / 3) * np.ones((p, 1))
    return np.hstack([np.sqrt(2) * constant, u]), np.hstack([constant, w]).T
