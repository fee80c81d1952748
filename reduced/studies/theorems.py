"""The geometric theorems of Section 4 as numbers measured on networks."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.errors import RetractionError, SingularGramError
from reduced.flows.zero_loss_set import distance, normal_part, retract, singular_values, tangent_part
from reduced.inputs.arrays import without_overflow
from reduced.inputs.memory import refuse_beyond_memory
from reduced.inputs.scalars import generator, positive, positive_entries, whole
from reduced.network.neural_tangent import linearize
from reduced.network.parameters import Pair, moved, norm
from reduced.network.problem import Problem, bind, both_layers
from reduced.studies.ladder import start_on_set
from reduced.tasks.modular import modular_addition
from reduced.training.curvature import descend

Array = NDArray[np.float64]


def gradient_tilt(problem: Problem, foot: Pair, distances: Any, rng: int | np.random.Generator) -> Array:
    """How far the training loss's gradient is from orthogonal to the zero-loss set, at several distances from it.

    At foot + s·v, v a random unit normal and s the distance, the cosine of the gradient with the tangent space at the
    foot, ‖P∇L‖ / ‖∇L‖. Theorem 4.14 bounds it by a constant times s.

    Parameters
    ----------
    problem : Problem
    foot : (W1, W2)
        On the zero-loss set.
    distances : sequence of float
    rng : int or numpy.random.Generator
        Draws the normal.

    References
    ----------
    arXiv:2511.01938, Theorem 4.14.
    """
    distances = positive_entries("distances", distances, "m")
    foot = both_layers(problem, foot)
    draw = generator(rng).standard_normal
    normal = normal_part(problem, foot, (draw(foot[0].shape), draw(foot[1].shape)))
    length = norm(normal)
    tilts = []
    for s in distances:
        network = linearize(problem, moved(foot, normal, by=s / length))
        first, second = network.adjoint(2 * network.residual)
        what = f"the gradient at distances = {s:g}"
        gradient = without_overflow(what, first), without_overflow(what, second)
        tilts.append(norm(tangent_part(problem, foot, gradient)) / norm(gradient))
    return np.array(tilts)


def distances_after_training(
    problem: Problem, state: Pair, ridges: Any, *, learning_rate: float, slow_time: float
) -> dict[str, Array]:
    """How far from the zero-loss set training with each λ is, from a start on the set.

    Gradient descent on the sum of squared errors, watched at ten slow times up to ``slow_time``. Theorem 4.8: the
    distance vanishes with λ. To first order the residual is −λM with Θ M = Jθ, and the distance λ‖JᵀΘ⁻¹M‖.

    Returns
    -------
    dict of arrays
        For each λ, ``"distance"`` and ``"loss"``: the largest seen; ``"ratio"``: the last distance over the one
        predicted there.

    References
    ----------
    arXiv:2511.01938, Theorem 4.8.
    """
    ridges = positive_entries("ridges", ridges, "m")
    learning_rate, slow_time = positive(learning_rate=learning_rate, slow_time=slow_time)

    def measured(ridge: float) -> list[float]:
        def watch(step: int, at: Pair) -> dict[str, float]:
            network = linearize(problem, at)
            multiplier = network.solve(network.output_change(at))
            shift = network.adjoint(network.solve(multiplier))
            away = distance(problem, at)
            loss = float(np.sum(network.residual**2))
            return {"distance": away, "loss": loss, "ratio": away / (ridge * norm(shift))}

        seen = descend(problem, state, slow_time, ridge, learning_rate, observe=watch)
        return [seen["distance"].max(), seen["loss"].max(), seen["ratio"][-1]]

    columns = np.transpose([measured(ridge) for ridge in ridges])
    return dict(zip(("distance", "loss", "ratio"), columns, strict=True))


def smallest_singular_value(problem: Problem, hidden: int, rng: int | np.random.Generator) -> float:
    """Smallest singular value of ∇F at a state of the zero-loss set, reached from a random one by retraction.

    Theorem 4.10: for almost every target it is positive on all of the set, if d ≥ n·d_out (Assumption 4.1).

    Raises
    ------
    RetractionError, SingularGramError
        If no state of the set is reached, as where d < n·d_out.
    """
    (hidden,) = whole(1, hidden=hidden)
    refuse_beyond_memory(f"hidden = {hidden}", problem.samples * hidden)
    draw = generator(rng).standard_normal
    d_in, d_out = problem.X.shape[1], problem.Y.shape[1]
    start = draw((d_in, hidden)) / np.sqrt(d_in), draw((hidden, d_out)) / np.sqrt(hidden)
    return float(singular_values(problem, retract(problem, start, 1e-10))[-1])


def near_the_set(activation: str, p: int, hidden: int, ridges: Any, distances: Any) -> dict[str, Array]:
    """:func:`gradient_tilt` averaged over three normals, and :func:`distances_after_training`, from one start.

    Addition modulo p with six tenths of the pairs; training up to slow time 0.5 at learning rate 0.002. Returns a dict
    of ``"tilt"`` and the quantities of training.
    """
    problem = bind(*_data(p), activation)
    start = start_on_set(problem, hidden, 0)
    tilts = np.mean([gradient_tilt(problem, start, distances, seed) for seed in range(3)], axis=0)
    return {
        "tilt": tilts,
        **distances_after_training(problem, start, ridges, learning_rate=2e-3, slow_time=0.5),
    }


def rank(case: tuple[str, int, int], p: int) -> float:
    """Smallest singular value of a network (activation, hidden width, seed) on random targets in place of the sums.

    NaN where no zero-loss state is reached.
    """
    activation, hidden, seed = case
    X, Y = _data(p)
    problem = bind(X, np.random.default_rng(seed).standard_normal(Y.shape), activation)
    try:
        return smallest_singular_value(problem, hidden, seed)
    except (RetractionError, SingularGramError):
        return float("nan")


def constraints(p: int) -> int:
    """How many equations F(θ) = Y are in :func:`rank`: samples times outputs."""
    return int(_data(p)[1].size)


def _data(p: int) -> tuple[Array, Array]:
    training, _ = modular_addition(p, 0.6, 0)
    return training.X, training.Y
