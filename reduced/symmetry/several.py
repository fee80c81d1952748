"""The first-layer flow of many equivariant networks at once, where calls would cost more than arithmetic."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from reduced.errors import SingularGramError
from reduced.inputs.arrays import finite_array, real_array, without_overflow
from reduced.inputs.memory import refuse_beyond_memory
from reduced.network.activations import Activation
from reduced.symmetry.classes import Moduli
from reduced.symmetry.evaluation import bind_classes, numbers
from reduced.symmetry.transforms import transform
from reduced.symmetry.workspace import Translation

Array = NDArray[np.float64]
Complex = NDArray[np.complex128]
#: Numbers that the hidden activations of networks taken together hold about, with as many templates as classes: 128 KB.
#: Larger arrays are handed back to the system and cost page faults.
TOGETHER = 16_384


def equivariant_flows(
    p: Moduli, classes: Sequence[Sequence[int]], activation: str | Activation = "relu", ridge: float = 0.0
) -> "EquivariantFlows":
    """First-layer flows of several equivariant networks, each with its own training classes, in slow time τ = 2λt.

    Row by row :func:`equivariant_flow` with the squared loss. :func:`reduced.integrate` takes the stack of templates as
    one state, so a step of relative length moves the whole stack by a share of its norm, and one network of it perhaps
    by somewhat more.

    Parameters
    ----------
    p, activation, ridge
        As in :func:`equivariant_flow`.
    classes : sequence of sequences of int
        Difference classes that each network trains on, as many for each.

    Returns
    -------
    callable
        ``flow(tau, f) -> df/dτ``, both of shape (networks, m, p); ``flow.readout(f)`` is ω, of the same shape. It
        raises as :func:`equivariant_flow` does.

    Examples
    --------
    >>> flow = equivariant_flows(3, [[0], [1]], "linear")
    >>> flow(0.0, np.array([[[1.0, 0.0, 0.0]], [[1.0, 0.0, 0.0]]])).round(12)
    array([[[-0.75,  0.  ,  0.  ]],
    <BLANKLINE>
           [[-0.25, -0.25, -0.25]]])
    """
    try:
        rows = list(classes)
    except TypeError:
        raise ValueError(
            f"classes = {classes!r}: must be a sequence, of the classes of each network"
        ) from None
    if not rows:
        raise ValueError(f"classes = {classes!r}: name the classes of at least one network")
    given = [bind_classes(p, one, activation, ridge) for one in rows]
    sizes = sorted({len(one.classes) for one in given})
    if len(sizes) > 1:
        raise ValueError(
            f"classes names from {sizes[0]} to {sizes[-1]} classes: must name as many for each network"
        )
    return EquivariantFlows(given)


class EquivariantFlows:
    """The flows of problems that differ in their classes alone, see :func:`equivariant_flows`."""

    def __init__(self, given: Sequence[Translation]) -> None:
        self.given = given
        p, number = given[0].p, len(given[0].classes)
        together = max(1, TOGETHER // (p * number**2))
        starts = range(0, len(given), together)
        self._parts = [(slice(i, i + together), _Together(given[i : i + together])) for i in starts]

    def __call__(self, tau: float, f: Any) -> Array:
        """df/dτ of every network."""
        f = self._templates(f)
        return np.concatenate([part.velocity(f[where]) for where, part in self._parts])

    def readout(self, f: Any) -> Array:
        """Optimal readout ω of every network."""
        f = self._templates(f)
        return np.concatenate([part.readout(f[where]) for where, part in self._parts])

    def _templates(self, f: Any) -> Array:
        one = self.given[0]
        array = real_array("f", f)
        m = array.shape[1] if array.ndim > 1 else 0
        held = numbers(one.p, len(one.classes), m) + 3.0 * len(self.given) * m * one.p
        refuse_beyond_memory(f"{len(self.given)} networks with p = {one.p} and {m} templates", held)
        array = finite_array("f", array, len(self.given), "m", one.p)
        if one.ridge == 0 and m < len(one.classes):
            raise ValueError(
                f"f has {m} templates a network, less than the {len(one.classes)} training classes, and ridge = 0: the "
                f"blocks of the Gram matrix cannot be inverted; take at least {len(one.classes)} templates or ridge > 0"
            )
        return array


class _Together:
    """Some networks whose arrays fit a cache: rows of the stacked templates are elements, network after network."""

    def __init__(self, given: Sequence[Translation]) -> None:
        self._given, group = given[0], given[0].group
        self._transform = transform(group)
        p, number = group.order, len(self._given.classes)
        d = group.representatives[[one.classes for one in given]]
        shift = p * np.arange(len(given))[:, None]
        s = self._transform.order[:, None, None]
        self._first, self._second = (group.sum(s, by) + shift for by in (d, group.negative(d)))
        self._shape = p, len(given), number
        rows = self._first.size
        columns = np.stack([self._first.ravel(), self._second.ravel()], axis=1).ravel()
        X = sparse.csr_array(
            (np.ones(2 * rows), columns, np.arange(0, 2 * rows + 1, 2)), shape=(rows, p * len(given))
        )
        self._transposed = X.T.tocsr()

    def velocity(self, f: Array) -> Array:
        """df/dτ at checked templates."""
        rows = self._rows(f)
        Z, spectrum, dual = self._solved(rows)
        readout = np.matmul(dual.conj()[:, :, None], spectrum)
        kernel = dual[..., None] * readout
        parts = np.stack([kernel.real, kernel.imag], axis=1)
        forces = np.empty((self._given.p, Z[0].size))
        self._transform.inverse(parts.reshape(*parts.shape[:2], -1), forces)
        forces = forces.reshape(Z.shape) * self._given.activation.functions()[1](Z)
        pulled = np.asarray(self._transposed @ forces.reshape(-1, Z.shape[-1])) - rows
        velocity = pulled.reshape(len(f), -1, f.shape[1]).transpose(0, 2, 1)
        return without_overflow("the flow", np.ascontiguousarray(velocity))

    def readout(self, f: Array) -> Array:
        """ω at checked templates."""
        _, spectrum, dual = self._solved(self._rows(f))
        readout = np.matmul(dual.conj()[:, :, None], spectrum)[:, :, 0]
        sorted_rows = readout[np.argsort(self._transform.frequencies)]
        return without_overflow("the readout", self._given.group.synthesize(sorted_rows.transpose(1, 2, 0)))

    def _rows(self, f: Array) -> Array:
        return np.ascontiguousarray(f.transpose(0, 2, 1)).reshape(-1, f.shape[1])

    def _solved(self, rows: Array) -> tuple[Array, Complex, Complex]:
        """Inputs Z (p, networks, |D|, m), spectra of σ(Z) and dual variables, frequencies first."""
        Z = rows[self._first]
        Z += rows[self._second]
        H = np.array(np.broadcast_to(self._given.activation.functions()[0](Z), Z.shape), dtype=float)
        parts = np.empty((self._given.frequencies, 2, Z[0].size))
        self._transform.forward(H.reshape(self._given.p, -1), parts)
        spectrum = (parts[:, 0] + 1j * parts[:, 1]).reshape(-1, *Z.shape[1:])
        blocks = np.matmul(spectrum, spectrum.conj().transpose(0, 1, 3, 2))
        np.einsum("knii->kni", blocks)[...] += self._given.ridge
        return Z, spectrum, _solutions(blocks)


def _solutions(blocks: Complex) -> Complex:
    """B⁻¹ 1 for each block, (frequencies, networks, |D|).

    Raises
    ------
    SingularGramError
        If one of them is not positive definite to working precision.
    """
    size = blocks.shape[-1]
    ones = np.ones((*blocks.shape[:-1], 1))
    try:
        pivots = np.einsum("knii->kni", np.linalg.cholesky(blocks)).real
        if (pivots.min(axis=(0, 2)) > np.sqrt(size * np.finfo(float).eps) * pivots.max(axis=(0, 2))).all():
            return np.asarray(np.linalg.solve(blocks, ones)[..., 0])
    except np.linalg.LinAlgError:
        pass
    raise SingularGramError(
        f"a {size} x {size} block of the Gram matrix of one network's hidden activations is singular to working "
        "precision, or its state has diverged: take more templates, or set ridge > 0, or take smaller steps"
    )
