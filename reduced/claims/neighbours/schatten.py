"""Tan, Gai, Zhang (arXiv:2606.05863): weight decay on a linear network is a Schatten penalty on its product.

Translation: N counts all matrices, the readout among them; the penalty is Σ‖W_i‖², without their ½.
"""

from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from reduced.claims.claim import Claim
from reduced.claims.neighbours.measuring import printed
from reduced.flows.deep import hidden_cost, hidden_flow
from reduced.integration.solve import integrate

Array = NDArray[np.float64]
SOURCE = "Tan, Gai, Zhang, arXiv:2606.05863; abstract read"
TARGET = np.array([[2.0, 0.3, -0.4], [0.1, 1.2, 0.5], [-0.2, 0.4, 0.7]])


def claims() -> list[Claim]:
    """The least norm of a factorization, by minimization and as the end of the deep flow."""
    found = []
    for matrices in (2, 3, 4):
        schatten = matrices * float(np.sum(np.linalg.svd(TARGET, compute_uv=False) ** (2 / matrices)))
        words = f"min Σ‖W_i‖² over products of N = {matrices} matrices is N Σ s^(2/N)"
        found += [
            printed(
                f"{words}: least reduced cost",
                SOURCE,
                partial(_least_cost, matrices),
                schatten,
                1e-6,
                "tolerance of the minimization",
                "one 3 × 3 target; the cost of the last matrix eliminated, minimized from three starts",
            ),
            printed(
                f"{words}: ‖θ‖² at the end of the hidden flow, λ → 0",
                SOURCE,
                partial(_end_of_the_flow, matrices),
                schatten,
                1e-6,
                "the end of the run, τ = 30",
                "one 3 × 3 target, from matrices near the identity; the first exact end point of the deep flow here",
            ),
        ]
    return found


def _starts(matrices: int, seed: int) -> tuple[Array, ...]:
    rng = np.random.default_rng(seed)
    return tuple(np.eye(3) + 0.2 * rng.standard_normal((3, 3)) for _ in range(matrices - 1))


def _least_cost(matrices: int) -> float:
    cost = hidden_cost(np.eye(3), TARGET, "linear")

    def value(flat: Array) -> float:
        return float(cost(tuple(flat.reshape(matrices - 1, 3, 3))))

    flow = hidden_flow(np.eye(3), TARGET, "linear")

    def slope(flat: Array) -> Array:
        velocity: Array = np.concatenate(
            [part.ravel() for part in flow(0.0, tuple(flat.reshape(matrices - 1, 3, 3)))]
        )
        return -2 * velocity

    starts = (np.concatenate([part.ravel() for part in _starts(matrices, seed)]) for seed in range(3))
    return min(float(minimize(value, start, jac=slope, method="BFGS").fun) for start in starts)


def _end_of_the_flow(matrices: int) -> float:
    flow = hidden_flow(np.eye(3), TARGET, "linear")
    path = integrate(
        flow, _starts(matrices, 0), (0, 30.0), method="LSODA", t_eval=[30.0], rtol=1e-10, atol=1e-12
    )
    return hidden_cost(np.eye(3), TARGET, "linear")(tuple(layer[-1] for layer in path.y))
