"""An equivariant network linearized at a state: its Jacobian and neural tangent kernel on whole classes.

Outputs are functions of a class and of the residues from half its label, so J maps 2mp numbers to |D|p. The kernel
Θ = ε J₁J₁ᵀ + J₂J₂ᵀ is inverted by conjugate gradients with the preconditioner of :mod:`reduced.network.neural_tangent`,
which falls into one |D| × |D| block a frequency here.
"""

from collections.abc import Callable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.linalg import LinearOperator, cg

from reduced.errors import SingularGramError
from reduced.network.neural_tangent import MAX_ITERATIONS
from reduced.network.parameters import Pair
from reduced.symmetry.blocks import gram_blocks
from reduced.symmetry.workspace import Complex, Translation, Workspace, conjugate_spectrum, from_conjugate

Array = NDArray[np.float64]
#: Relative residual of the conjugate gradients, a little above what rounding allows.
TOLERANCE = 1e-11


class Tangent:
    """A network (f, ω) of checked templates and readout, linearized.

    Parameters
    ----------
    given : Translation
        Modulus, classes, activation.
    state : (f, omega)
        Both (m, p).
    rate_ratio : float
        ε, the learning rate of the templates over that of the readout.
    near : Tangent, optional
        One at a state close by, whose preconditioner is good enough here.
    """

    def __init__(
        self, given: Translation, state: Pair, rate_ratio: float, near: "Tangent | None" = None
    ) -> None:
        self._given, self._rate_ratio, self._near = given, rate_ratio, near
        self._f, self._omega = np.ascontiguousarray(state[0].T), state[1]
        self._workspace = Workspace(given, len(state[0]))
        self._workspace.features(self._f)
        self._readout = conjugate_spectrum(given.group, self._omega)

    @property
    def residual(self) -> Array:
        """Outputs minus targets, shape (|D|, p)."""
        return self._functions(self._workspace.outputs(self._readout) - 1)

    @property
    def missed(self) -> float:
        """‖F − Y‖/‖Y‖; the targets of each class are one 1 among zeros."""
        return float(np.linalg.norm(self.residual) / np.sqrt(len(self._given.classes)))

    def output_change(self, direction: Pair) -> Array:
        """J V, shape (|D|, p)."""
        first = self._workspace.change(self._f, np.ascontiguousarray(direction[0].T), self._readout)
        return self._functions(
            first + self._workspace.outputs(conjugate_spectrum(self._given.group, direction[1]))
        )

    def adjoint(self, M: Array) -> Pair:
        """The direction Jᵀ M of both layers."""
        gamma = self._given.group.analyze(M).T.conj()
        first = self._workspace.pull(self._f, gamma, self._readout)
        return first.T, from_conjugate(self._given.group, self._workspace.readout(gamma))

    def kernel(self, M: Array) -> Array:
        """Θ M, shape (|D|, p)."""
        first, second = self.adjoint(M)
        return self.output_change((self._rate_ratio * first, second))

    def solve(self, right: Array, tolerance: float) -> Array:
        """Θ⁻¹ right by preconditioned conjugate gradients, to a residual relative to ‖right‖.

        Raises
        ------
        SingularGramError
            If the kernel is singular, or too ill-conditioned to reach the tolerance.
        """
        shape, size = right.shape, right.size

        def on_vectors(function: Callable[[Array], Array]) -> LinearOperator:
            return LinearOperator((size, size), lambda v: function(v.reshape(shape)).ravel(), dtype=float)

        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            solution, failed = cg(
                on_vectors(self.kernel),
                right.ravel(),
                rtol=tolerance,
                maxiter=MAX_ITERATIONS,
                M=on_vectors(self._precondition),
            )
        if failed or not np.isfinite(solution).all():
            raise SingularGramError(
                f"conjugate gradients on the neural tangent kernel ({size} rows) do not reach {tolerance:g} in "
                f"{MAX_ITERATIONS} iterations: the outputs' Jacobian is nearly rank-deficient; take more templates"
            )
        return np.asarray(solution.reshape(shape))

    def _precondition(self, M: Array) -> Array:
        gamma = self._given.group.analyze(M).T.conj()
        return self._functions(np.matmul(self._inverse, gamma[:, :, None])[:, :, 0].conj())

    @cached_property
    def _inverse(self) -> Complex:
        """Inverse of HHᵀ + ε (XXᵀ ⊙ S diag(c) Sᵀ) ⊗ W2ᵀW2 with c_j = ‖w2_j‖²/‖W2‖², block by block."""
        if self._near is not None:
            return self._near._inverse
        hidden = self._workspace.by_frequency(gram_blocks(self._workspace.spectrum))
        weights = np.sum(self._omega**2, axis=1)
        powers = np.sum(self._readout**2, axis=(1, 2))[:, None, None]
        slopes = Workspace(self._given, len(weights))
        slopes.slopes(self._f)
        slopes.spectrum *= np.sqrt(weights / max(weights.sum() * self._given.p, np.finfo(float).tiny))
        blocks = slopes.by_frequency(gram_blocks(slopes.spectrum))
        try:
            return np.linalg.inv(hidden + self._rate_ratio * powers * self._where_inputs_meet(blocks))
        except np.linalg.LinAlgError:
            raise SingularGramError(
                "a block of the neural tangent kernel averaged over outputs is singular: take more templates"
            ) from None

    def _where_inputs_meet(self, blocks: Complex) -> Complex:
        """Blocks of XXᵀ ⊙ Q from those of Q: samples (d, s) and (e, s′) share an input where s − s′ = ± e ± d."""
        group = self._given.group
        d = group.representatives[list(self._given.classes)]
        functions = group.synthesize(blocks.transpose(1, 2, 0)).transpose(2, 0, 1)
        met = np.zeros_like(functions)
        rows, columns = np.ix_(range(len(d)), range(len(d)))
        for a in (d, group.negative(d)):
            for b in (d, group.negative(d)):
                apart = group.sum(b[None, :], group.negative(a)[:, None])
                met[apart, rows, columns] += functions[apart, rows, columns]
        return group.analyze(met.transpose(1, 2, 0)).transpose(2, 0, 1)

    def _functions(self, spectrum: Complex) -> Array:
        return self._given.group.synthesize(spectrum.T)
