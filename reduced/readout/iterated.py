"""The readout without a new factorization: block conjugate gradients from the last solution, with an older factor.

With n samples, d_h units and q outputs, the direct way to B = (HHᵀ + λI)⁻¹Y costs a Gram matrix and its Cholesky
factor, n²d_h/2 + n³/6 multiplications; an iteration costs 2 n d_h q + n²q of them and never forms the Gram matrix. With
λ > 0 and n > d_h the unknown is W2 = (HᵀH + λI)⁻¹HᵀY, and the two sizes change places.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.lapack import dpotrs

from reduced.inputs.memory import evaluation_numbers, refuse_beyond_memory
from reduced.network.problem import Problem
from reduced.readout.block_cg import block_conjugate_gradients
from reduced.readout.linear_system import System
from reduced.readout.memory import Memory

Array = NDArray[np.float64]
#: Iterating is chosen where a factorization is worth more iterations than this. On modular addition, in processor time
#: along the flow (``scripts/growth.py``), it loses by 17 % at 4.2, is even at 5.6 and wins by 22 % at 7.1, 35 % at 8.9.
CROSSING = 6.0
#: The parts of the memory that a checkpoint keeps; the factor follows from ``W1``.
SAVED = ("W1", "solution", "last", "total", "solutions")


def direct_work(samples: int, hidden: int) -> float:
    """Multiplications of a Gram matrix of the smaller size and its Cholesky factor."""
    small, large = sorted((samples, hidden))
    return small**2 * large / 2 + small**3 / 6


def iteration_work(samples: int, hidden: int, outputs: int) -> float:
    """Multiplications of one iteration: two products with H and two triangular solves."""
    return 2.0 * samples * hidden * outputs + float(min(samples, hidden)) ** 2 * outputs


def pays(samples: int, hidden: int, outputs: int) -> bool:
    """Whether iterating wins.

    Examples
    --------
    >>> pays(492, 512, 37), pays(4509, 5000, 113)
    (False, True)
    """
    return direct_work(samples, hidden) > CROSSING * iteration_work(samples, hidden, outputs)


class MatrixFree:
    """Solutions of the readout's system along a path of first layers.

    Invariant: the remembered factor is that of the remembered first layer, so the memory is a function of that layer,
    the last solution and the counts of work, and goes into a checkpoint as those. It is replaced, never changed:
    threads that share a solver may lose each other's solutions, nothing else. A pickled solver starts with no memory.

    Parameters
    ----------
    problem : Problem
        Data, activation and ridge.
    tolerance : float
        Largest relative error of B and of W2, hence half of that of their product in the velocity.
    """

    def __init__(self, problem: Problem, tolerance: float) -> None:
        self._problem, self._tolerance = problem, tolerance
        self._memory: Memory | None = None
        self._idle: list[Array] = []

    def __reduce__(self) -> tuple[type["MatrixFree"], tuple[Problem, float]]:
        return MatrixFree, (self._problem, self._tolerance)

    @contextmanager
    def _system(self, W1: Array) -> Iterator[System]:
        """The system at a first layer, on a buffer that the next one takes over."""
        n, d_h = shape = self._problem.samples, W1.shape[1]
        try:
            buffer = self._idle.pop()
        except IndexError:
            buffer = np.empty((0, 0))
        if buffer.shape != shape:
            numbers = evaluation_numbers(n, d_h, min(shape), iterates=True)
            refuse_beyond_memory(f"{n} training samples with d_h = {d_h}", numbers)
            buffer = np.empty(shape)
        yield System(self._problem, W1, buffer)
        self._idle.append(buffer)

    def solve(self, W1: Array) -> Array:
        """Solution at a first layer, from which the next one starts.

        Raises
        ------
        SingularGramError
            If neither iterating nor a factorization solves the system.
        """
        memory = self._remembered(W1)
        with self._system(W1) as system:
            found = None if memory is None or memory.worn else self._iterated(system, memory)
            found = found or self._factored(system, W1)
        self._memory = found
        return found.solution

    @property
    def condition(self) -> float:
        """Condition number at the last factorization; 0 before the first."""
        return 0.0 if self._memory is None else self._memory.condition

    def look(self, W1: Array) -> tuple[Array, Array, float]:
        """Solution, readout and condition number at a first layer beside the path, leaving the memory as it is.

        The condition number is the one at the last factorization, where there is one.
        """
        memory = self._remembered(W1)
        with self._system(W1) as system:
            found = None if memory is None else self._iterated(system, memory)
            found = found or self._factored(system, W1)
            readout = system.readout(found.solution)
        return found.solution, readout, found.condition

    def saved(self) -> dict[str, Any]:
        """The memory without its factor, for a checkpoint; empty before the first solution."""
        if self._memory is None:
            return {}
        return {name: getattr(self._memory, name) for name in SAVED}

    def recall(self, saved: dict[str, Any]) -> None:
        """Take the memory of a checkpoint, and factor again; forget everything where it is empty."""
        self._memory = None
        if saved:
            with self._system(saved["W1"]) as system:
                factor, condition = system.factored()
            self._memory = Memory(factor=factor, condition=condition, **saved)

    def _remembered(self, W1: Array) -> Memory | None:
        """The memory, unless it is of another width."""
        memory = self._memory
        return memory if memory is not None and memory.W1.shape == W1.shape else None

    def _iterated(self, system: System, memory: Memory) -> Memory | None:
        """The memory after iterating, or None where that fails or costs more than a factorization."""
        each = iteration_work(self._problem.samples, memory.W1.shape[1], system.right.shape[1])
        budget = int(direct_work(self._problem.samples, memory.W1.shape[1]) / each)

        def accurate(U: Array, *errors: float) -> bool:
            return all(
                error <= self._tolerance * scale
                for error, scale in zip(errors, system.scales(U), strict=True)
            )

        solution, iterations = block_conjugate_gradients(
            system.multiply, memory.factor, system.right, memory.solution, accurate, max(budget - 1, 0)
        )
        if solution is None:
            return None
        work = (iterations + 1) * each
        return replace(
            memory,
            solution=solution,
            last=work,
            total=memory.total + work,
            solutions=memory.solutions + 1,
        )

    def _factored(self, system: System, W1: Array) -> Memory:
        factor, condition = system.factored()
        solution, _ = dpotrs(factor, system.right, lower=1)
        work = direct_work(self._problem.samples, W1.shape[1])
        return Memory(W1.copy(), factor, condition, solution, last=work, total=work, solutions=1)
