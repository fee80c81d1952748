"""The optimal readout of templates: by one linear system a frequency, or for another loss by minimization.

The multiplier M of the training samples is a function of a class and of s − t, so the minimization has |D|·p unknowns,
or m·p where templates are fewer than classes, and the Gram matrix acts on them block by block in frequency space. A
class has p samples that differ by a shift, so its loss and its decay both count p times, and the minimization of
:mod:`reduced.readout.convex` sees one sample a class.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.errors import SingularGramError
from reduced.network.loss import Loss
from reduced.readout.convex import minimized, minimized_from_zero
from reduced.readout.convex_system import SLACK, ConvexSystem, Preconditioner
from reduced.symmetry.blocks import gram_blocks, solve_blocks
from reduced.symmetry.group import Group
from reduced.symmetry.workspace import Complex, Workspace, conjugate_spectrum, from_conjugate

Array = NDArray[np.float64]
#: To this share of the cost the gap is closed where one value is asked for, not a path: rounding allows no less.
EXACT = 1e-14


@dataclass(frozen=True)
class Inner:
    """The optimal readout and its multiplier, in frequency space.

    Parameters
    ----------
    gamma : (frequencies, |D|) complex array
        Dual variables γ̂.
    readout : (frequencies, 2, m) array
        Real and imaginary part of conj ω̂.
    cost : float
        ℓ/λ + ‖W2‖²; at ridge 0 the second term.
    gap : float
        Duality gap as a share of the cost; NaN where linear systems were solved.
    unknown : array or None
        What the next minimization starts from.
    """

    gamma: Complex
    readout: Array
    cost: float
    gap: float = np.nan
    unknown: Array | None = None


def solved(workspace: Workspace) -> Inner:
    """By (B_k + ridge) γ̂(k) = 1, for squared errors or at ridge 0."""
    gamma = workspace.by_frequency(solve_blocks(workspace.spectrum, workspace.given.ridge))
    sums = gamma.real.sum(axis=1)
    return Inner(gamma, workspace.readout(gamma), float(sums[0] + 2 * sums[1:].sum()))


def minimized_readout(workspace: Workspace, start: Array | None, share: float) -> Inner:
    """By Newton steps until the duality gap is at most this share of the cost; ridge > 0."""
    given = workspace.given
    system = class_system(workspace, given.loss, given.ridge)
    found = minimized_from_zero(system, share) if start is None else minimized(system, start, share)
    cost = given.p * found.cost / given.ridge
    return Inner(
        _dual(given.group, found.multiplier), found.readout, cost, found.gap / found.cost, found.unknown
    )


def class_system(workspace: Workspace, loss: Loss, ridge: float) -> "ClassSystem":
    """The minimization over the smaller unknown."""
    fewer = len(workspace.given.classes) <= workspace.m
    return (ThroughMultipliers if fewer else ThroughTemplates)(workspace, loss, ridge)


class ClassSystem(ConvexSystem):
    """The minimization at given templates, with one sample a class; readouts are those of :class:`Inner`."""

    def __init__(self, workspace: Workspace, loss: Loss, ridge: float) -> None:
        self.loss, self.ridge = loss, ridge
        self._workspace, self._group = workspace, workspace.given.group
        targets = np.zeros((len(workspace.given.classes), workspace.given.p))
        targets[:, 0] = 1
        self.Y = np.asfortranarray(loss.from_one_hot(targets))

    @property
    def size(self) -> float:
        """Mean squared norm of a sample's hidden activations."""
        powers = np.sum(self._workspace.spectrum**2, axis=(1, 2, 3))
        return float((powers[0] + 2 * powers[1:].sum()) / self.Y.size)

    def _scales(self, weights: Array) -> Array:
        return np.asarray(np.sqrt(weights / (2 * self.ridge)))


class ThroughMultipliers(ClassSystem):
    """The unknown is M, of shape (|D|, p) and seen from the labels, through the blocks B_k."""

    def __init__(self, workspace: Workspace, loss: Loss, ridge: float) -> None:
        super().__init__(workspace, loss, ridge)
        self._blocks = workspace.by_frequency(gram_blocks(workspace.spectrum)).conj()
        self.slack = SLACK * float(np.einsum("kii->", self._blocks).real) / self._blocks[..., 0].size

    @property
    def shape(self) -> tuple[int, int]:
        """(|D|, p)."""
        classes, p = self.Y.shape
        return classes, p

    def outputs(self, U: Array) -> Array:
        """The Gram matrix times U."""
        return _by_frequency(self._group, self._blocks, U)

    def pulled(self, G: Array) -> Array:
        """G itself."""
        return G

    def inner(self, A: Array, B: Array, outputs_of_B: Array) -> float:
        """Scalar product of the readouts of A and B, of one shift."""
        return float(np.vdot(A.T, outputs_of_B.T))

    def readout(self, U: Array) -> Array:
        """HᵀU."""
        return self._workspace.readout(_dual(self._group, U))

    def preconditioner(self, weights: Array) -> "ByFrequency":
        """Through the blocks I + S B_k S, with one curvature a class."""
        S = self._scales(weights)
        return ByFrequency(self._group, S[:, None] * _inverse(S[:, None] * self._blocks * S) / S)


class ThroughTemplates(ClassSystem):
    """The unknown is ω itself, of shape (m, p)."""

    @property
    def shape(self) -> tuple[int, int]:
        """(m, p)."""
        return self._workspace.m, self.Y.shape[1]

    def outputs(self, U: Array) -> Array:
        """H times the readout."""
        spectrum = self._workspace.outputs(conjugate_spectrum(self._group, U))
        return np.asfortranarray(self._group.synthesize(spectrum.T))

    def pulled(self, G: Array) -> Array:
        """HᵀG."""
        return np.asfortranarray(from_conjugate(self._group, self._workspace.readout(_dual(self._group, G))))

    def inner(self, A: Array, B: Array, outputs_of_B: Array) -> float:
        """Tr(AᵀB)."""
        return float(np.vdot(A.T, B.T))

    def readout(self, U: Array) -> Array:
        """The same in frequency space."""
        return conjugate_spectrum(self._group, U)

    def preconditioner(self, weights: Array) -> "ByFrequency":
        """Through the matrices I + HᵀS²H, one a frequency."""
        spectrum = self._workspace.by_frequency(self._workspace.spectrum)
        scaled = (spectrum[:, 0] + 1j * spectrum[:, 1]) * self._scales(weights)[:, None]
        return ByFrequency(self._group, _inverse(np.matmul(scaled.transpose(0, 2, 1), scaled.conj())))


def _inverse(matrices: Any) -> Any:
    """(I + A)⁻¹ of each."""
    try:
        return np.linalg.inv(np.eye(matrices.shape[1]) + matrices)
    except np.linalg.LinAlgError:
        raise SingularGramError(
            "a block of the readout's equations is singular to working precision: set a larger ridge, or take smaller "
            "steps"
        ) from None


class ByFrequency(Preconditioner):
    """A matrix for each frequency, an approximate inverse of the Newton equation's."""

    def __init__(self, group: Group, matrices: Any) -> None:
        self._group, self._matrices = group, matrices

    def __call__(self, U: Array) -> Array:
        """An approximate solution of the Newton equation with this right-hand side."""
        return _by_frequency(self._group, self._matrices, U)


def _by_frequency(group: Group, matrices: Any, U: Array) -> Array:
    """Functions of the residues, one a row, on which a matrix acts at each frequency."""
    spectrum = group.analyze(U).T
    acted = np.matmul(matrices, spectrum[:, :, None])[:, :, 0]
    return np.asfortranarray(group.synthesize(acted.T))


def _dual(group: Group, multiplier: Array) -> Complex:
    """γ̂ of a multiplier seen from the labels."""
    return group.analyze(multiplier).T.conj()
