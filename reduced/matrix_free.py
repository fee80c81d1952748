"""The readout without a new factorization: block conjugate gradients from the last solution, with an older factor.

With n samples, d_h units and q outputs, the direct way to B = (HHᵀ + λI)⁻¹Y costs a Gram matrix and its Cholesky
factor, n²d_h/2 + n³/6 multiplications; an iteration costs 2 n d_h q + n²q of them and never forms the Gram matrix. With
λ > 0 and n > d_h the unknown is W2 = (HᵀH + λI)⁻¹HᵀY, and the two sizes change places.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.blas import dgemm
from scipy.linalg.lapack import dpotrs

from reduced.block_cg import block_conjugate_gradients
from reduced.gram import factor_condition, factored_gram
from reduced.problem import Problem

Array = NDArray[np.float64]
#: The direct evaluation must cost as many iterations as this for iterating to win, see ``scripts/growth.py``.
CROSSING = 6.0
#: Samples whose hidden activations are computed at a time, so that their temporaries stay in cache.
ROWS = 16
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


@dataclass(frozen=True)
class Memory:
    """Where the next solution starts from, and what led there.

    Parameters
    ----------
    W1 : (d_in, d_h) array
        First layer at which the system was last factored.
    factor : (m, m) array
        Its lower Cholesky factor there.
    norm : float
        Its 1-norm there.
    solution : (m, q) array
        Last solution.
    last, total : float
        Work of the last solution, and of all since that factorization, itself included.
    solutions : int
        How many those are.
    """

    W1: Array
    factor: Array
    norm: float
    solution: Array
    last: float
    total: float
    solutions: int

    @property
    def worn(self) -> bool:
        """Whether the last solution cost more than the average since the factorization, so that a new one is due.

        Where solutions only get dearer with age, this makes the average the least possible.
        """
        return self.last * self.solutions > self.total


class System:
    """A U = C for the readout at one first layer: K B = Y, or (HᵀH + λI) W2 = HᵀY where that is smaller.

    Parameters
    ----------
    problem : Problem
        Data, activation and ridge.
    W1 : (d_in, d_h) array
        First layer.
    buffer : (n, d_h) array
        Receives H; it is the system's own while that lives.
    """

    def __init__(self, problem: Problem, W1: Array, buffer: Array) -> None:
        for start in range(0, problem.samples, ROWS):
            rows = slice(start, start + ROWS)
            buffer[rows] = problem.activation.value(problem.X[rows] @ W1)
        self._H, self._Y, self._ridge = buffer, problem.Y, problem.ridge
        self._primal = W1.shape[1] < problem.samples
        self.right = np.asfortranarray(self._Y)
        if self._primal:
            self.right = dgemm(1.0, self._H.T, self.right)

    def multiply(self, V: Array) -> Array:
        """A V, through H and Hᵀ."""
        inner = dgemm(1.0, self._H.T, V, trans_a=self._primal)
        return np.asarray(dgemm(1.0, self._H.T, inner, trans_a=not self._primal, beta=self._ridge, c=V))

    def factored(self) -> tuple[Array, float]:
        """Lower Cholesky factor and 1-norm of A."""
        return factored_gram(np.ascontiguousarray(self._H.T) if self._primal else self._H, self._ridge)

    def readout(self, U: Array) -> Array:
        """W2 of a solution: HᵀB, or the unknown itself."""
        return U if self._primal else np.asarray(dgemm(1.0, self._H.T, U))

    def scales(self, U: Array) -> tuple[float, float]:
        """What errors of U are held against, in the norms √Tr(VᵀAV) and Frobenius.

        They are those of the velocity's factors: √Tr(BᵀKB), which bounds ‖W2‖, and ‖B‖; or, with W2 the unknown,
        ‖Y − HW2‖ = λ‖B‖ and ‖W2‖.
        """
        energy, squares = float(np.sum(U * self.right)), float(np.sum(U**2))
        if self._primal:
            energy = float(np.sum(self._Y**2)) - energy - self._ridge * squares
        return np.sqrt(max(energy, 0.0)), np.sqrt(squares)


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
        shape = self._problem.samples, W1.shape[1]
        try:
            buffer = self._idle.pop()
        except IndexError:
            buffer = np.empty(shape)
        if buffer.shape != shape:
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
            self._memory = found or self._factored(system, W1)
        return self._memory.solution

    def look(self, W1: Array) -> tuple[Array, Array, float]:
        """Solution, readout and condition number at a first layer beside the path, leaving the memory as it is.

        The condition number is the one at the last factorization, where there is one.
        """
        memory = self._remembered(W1)
        with self._system(W1) as system:
            found = None if memory is None else self._iterated(system, memory)
            found = found or self._factored(system, W1)
            readout = system.readout(found.solution)
        return found.solution, readout, factor_condition(found.factor, found.norm)

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
                factor, norm = system.factored()
            self._memory = Memory(factor=factor, norm=norm, **saved)

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
        factor, norm = system.factored()
        solution, _ = dpotrs(factor, system.right, lower=1)
        work = direct_work(self._problem.samples, W1.shape[1])
        return Memory(W1.copy(), factor, norm, solution, last=work, total=work, solutions=1)
