"""Section 4's theorems and the two limits of training, as slopes measured on small networks."""

from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from reduced.claims.claim import Claim
from reduced.flows.zero_loss import zero_loss_flow
from reduced.network.neural_tangent import linearize
from reduced.network.parameters import Pair
from reduced.network.problem import Problem, bind
from reduced.studies.ladder import fitted_slope, rate_ratio_errors, ridge_errors, start_on_set
from reduced.studies.theorems import distances_after_training, gradient_tilt
from reduced.tasks.modular import modular_addition

GROUP = "laws along trajectories"
PAPER = "paper's claims"
RIDGES, RATE_RATIOS = (0.03, 0.01, 0.003), (0.01, 0.003, 0.001)
DISTANCES = (1e-5, 1e-4, 1e-3)
SMALL = "addition modulo 3, 24 hidden units"
FITTED = "fitted over a decade; the next order bends it"


def claims() -> list[Claim]:
    """The zero-loss flow against dense algebra, then what training tends to, and how fast."""
    return [
        Claim(
            GROUP,
            "the zero-loss flow is −Pθ, P from a dense pseudo-inverse (gelu, in τ)",
            "Section 4",
            dense_difference,
            0.0,
            1e-10,
            "tolerance of the linear solve, relative to ‖θ‖",
            method=f"{SMALL}; against NumPy's pseudo-inverse of the whole Jacobian, relative to ‖θ‖",
        ),
        Claim(
            GROUP,
            "training differs from the zero-loss flow by O(λ): slope (gelu, τ ≤ 1/2)",
            "first-order perturbation",
            partial(ridge_slope, "gelu"),
            1.0,
            0.15,
            FITTED,
            method=f"{SMALL}; fitted power of the largest difference over λ = 0.03, 0.01, 0.003",
        ),
        Claim(
            GROUP,
            "a readout 1/ε times faster differs from the first-layer flow by O(ε): slope (gelu, λ → 0, τ ≤ 1/2)",
            "first-order perturbation",
            partial(rate_ratio_slope, "gelu"),
            1.0,
            0.15,
            FITTED,
            method=f"{SMALL}; fitted power of the largest difference over ε = 0.01, 0.003, 0.001",
        ),
        Claim(
            PAPER,
            "training stays at a distance O(λ) from the zero-loss set: slope (gelu)",
            "Theorem 4.8",
            partial(_training_slope, "distance"),
            1.0,
            0.15,
            FITTED,
            method=f"{SMALL}; gradient descent on both layers to τ = 0.3, fitted power over λ = 0.03, 0.01, 0.003",
            printed=True,
        ),
        Claim(
            GROUP,
            "the loss that training leaves is O(λ²): slope (gelu)",
            "first-order perturbation",
            partial(_training_slope, "loss"),
            2.0,
            0.15,
            FITTED,
            method=f"{SMALL}; gradient descent on both layers to τ = 0.3, fitted power over λ = 0.03, 0.01, 0.003",
        ),
        Claim(
            PAPER,
            "the gradient turns orthogonal to the zero-loss set, in proportion to the distance: slope (relu)",
            "Theorem 4.14",
            partial(tilt_slope, "relu"),
            1.0,
            0.1,
            "fitted over two decades that cross no kink",
            method=f"{SMALL}; fitted power of the cosine at distances 1e-5, 1e-4 and 1e-3 from the set",
            printed=True,
        ),
    ]


def _small(activation: str) -> tuple[Problem, Pair]:
    train, _ = modular_addition(3, 0.7, 0)
    problem = bind(train.X, train.Y, activation)
    return problem, start_on_set(problem, 24, 0)


def dense_difference() -> float:
    """‖flow + Pθ‖ / ‖θ‖ with P from NumPy's pseudo-inverse."""
    problem, state = _small("gelu")
    J = linearize(problem, state).jacobian()
    theta = np.concatenate([layer.ravel() for layer in state])
    velocity = zero_loss_flow(problem.X, problem.Y, problem.activation)(0.0, state)
    flat = np.concatenate([layer.ravel() for layer in velocity])
    projected = theta - np.linalg.pinv(J) @ (J @ theta)
    return float(np.linalg.norm(flat + projected) / np.linalg.norm(theta))


def ridge_slope(activation: str) -> float:
    """Fitted power of λ in the difference between training and the zero-loss flow."""
    return fitted_slope(RIDGES, ridge_errors(*_small(activation), RIDGES, 0.5))


def rate_ratio_slope(activation: str) -> float:
    """Fitted power of ε in the difference between the zero-loss flow with rate ratio ε and the first-layer flow."""
    return fitted_slope(RATE_RATIOS, rate_ratio_errors(*_small(activation), RATE_RATIOS, 0.5))


def tilt_slope(activation: str) -> float:
    """Fitted power of the distance in the gradient's cosine with the tangent space."""
    return fitted_slope(DISTANCES, gradient_tilt(*_small(activation), DISTANCES, 0))


@cache
def _trained() -> dict[str, NDArray[np.float64]]:
    return distances_after_training(*_small("gelu"), RIDGES, learning_rate=5e-3, slow_time=0.3)


def _training_slope(quantity: str) -> float:
    return fitted_slope(RIDGES, _trained()[quantity])
