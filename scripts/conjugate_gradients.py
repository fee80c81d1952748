"""How fast conjugate gradients solve with the neural tangent kernel at the paper's start, by preconditioner."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from _cli import run as run_command
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse.linalg import LinearOperator, cg
from threadpoolctl import threadpool_limits

from reduced.flows.two_layer import optimal_readout
from reduced.inputs.ranges import Count, Modulus, Seed
from reduced.network.neural_tangent import MAX_ITERATIONS, Linearization, linearize
from reduced.network.problem import bind
from reduced.runs.experiment import INIT_EXPONENTS, Experiment, draw

Array = NDArray[np.float64]


def solved(network: Linearization, inverse: Callable[[Array], Array]) -> tuple[int, float, float]:
    """Iterations, seconds on one core and relative residual of Θ M = Y, to 1e-8 or the limit of iterations."""
    Y = network.problem.Y

    def operator(f: Callable[[Array], Array]) -> LinearOperator:
        return LinearOperator((Y.size, Y.size), lambda m: f(m.reshape(Y.shape)).ravel(), dtype=float)

    counted: list[int] = []
    kernel, M = operator(network.kernel), operator(inverse)
    began = time.perf_counter()
    solution, _ = cg(
        kernel, Y.ravel(), rtol=1e-8, maxiter=MAX_ITERATIONS, M=M, callback=lambda _: counted.append(1)
    )
    seconds = time.perf_counter() - began
    return len(counted), seconds, float(np.linalg.norm(kernel @ solution - Y.ravel()) / np.linalg.norm(Y))


@dataclass(frozen=True)
class Options:
    """How fast conjugate gradients solve with the neural tangent kernel at the paper's start, by preconditioner."""

    p: Modulus = 37
    """Modulus of the addition."""
    hidden: Count = 512
    """Hidden width."""
    seed: Seed = 0
    """Seed of the split and the start."""


def main(options: Options) -> None:
    """Print one line for each reading of the initial scale and each preconditioner."""
    for init_scale in INIT_EXPONENTS:
        experiment = Experiment(p=options.p, hidden=options.hidden, seed=options.seed, init_scale=init_scale)
        training, _, W1 = draw(experiment)
        with threadpool_limits(1):
            W2 = optimal_readout(training.X, training.Y)(W1)
            network = linearize(bind(training.X, training.Y), (W1, W2))
            readout_alone = partial(cho_solve, cho_factor(network.H @ network.H.T))
            for name, inverse in (("both layers", network.preconditioner), ("readout alone", readout_alone)):
                iterations, seconds, residual = solved(network, inverse)
                print(
                    f"{init_scale}, {name}: {iterations} iterations, {seconds:.1f} s, residual {residual:.1e}"
                )


if __name__ == "__main__":
    sys.exit(run_command(main, Options))
