"""The first-layer flow of modular addition on translation-equivariant networks, with its readout and its cost."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.inputs.arrays import finite_array, real_array, without_overflow
from reduced.inputs.choices import one_of
from reduced.inputs.memory import refuse_beyond_memory
from reduced.inputs.scalars import non_negative
from reduced.network.activations import Activation, get_activation
from reduced.symmetry.blocks import solve_blocks
from reduced.symmetry.classes import checked_classes
from reduced.symmetry.workspace import Complex, Translation, Workspace

Array = NDArray[np.float64]
LOSSES = ("squared",)


def bind_classes(
    p: int,
    classes: Sequence[int],
    activation: str | Activation = "relu",
    ridge: float = 0.0,
    loss: str = "squared",
) -> Translation:
    """Check what an equivariant flow is bound to.

    Raises
    ------
    ValueError
        Naming the parameter, its value and what is allowed.
    """
    named = checked_classes(p, classes)
    non_negative(ridge=ridge)
    one_of("loss", loss, LOSSES)
    return Translation(int(p), named, get_activation(activation), float(ridge))


class EquivariantFlow:
    """The flow of a bound problem: ``flow(tau, f) -> df/dτ``, both (m, p)."""

    def __init__(self, given: Translation) -> None:
        self.given = given
        self._idle: list[Workspace] = []

    def __call__(self, tau: float, f: Array) -> Array:
        """df/dτ."""
        templates = self._templates(f)
        workspace = self._workspace(templates.shape[1])
        gamma, readout = self._optimum(workspace, templates)
        velocity = workspace.pull(templates, gamma, readout) - templates
        self._idle.append(workspace)
        return without_overflow("the flow", np.ascontiguousarray(velocity.T))

    def readout(self, f: Array) -> Array:
        """Optimal readout ω (m, p)."""
        templates = self._templates(f)
        workspace = self._workspace(templates.shape[1])
        u, v = self._optimum(workspace, templates)[1].transpose(1, 2, 0)
        self._idle.append(workspace)
        return without_overflow("the readout", np.fft.irfft(u - 1j * v, self.given.p, axis=1))

    def cost(self, f: Array) -> float:
        """Reduced cost R/λ."""
        templates = self._templates(f)
        workspace = self._workspace(templates.shape[1])
        gamma = self._optimum(workspace, templates)[0]
        self._idle.append(workspace)
        sums = gamma.real.sum(axis=1)
        norm = self.given.p * np.sum(templates**2)
        return float(without_overflow("the cost", norm + sums[0] + 2 * sums[1:].sum()))

    def _optimum(self, workspace: Workspace, templates: Array) -> tuple[Complex, Array]:
        workspace.features(templates)
        gamma = solve_blocks(workspace.spectrum, self.given.ridge)
        return gamma, workspace.readout(gamma)

    def _templates(self, f: Any) -> Array:
        """Templates that fit the modulus and, without a ridge, the number of classes; one residue a row."""
        p, classes = self.given.p, len(self.given.classes)
        array = real_array("f", f)
        m = array.shape[0] if array.ndim else 0
        refuse_beyond_memory(f"p = {p} with {classes} classes and {m} templates", numbers(p, classes, m))
        array = finite_array("f", array, "m", p)
        if self.given.ridge == 0 and m < classes:
            raise ValueError(
                f"f has {m} templates, less than the {classes} training classes, and ridge = 0: the blocks of the "
                f"Gram matrix cannot be inverted; take at least {classes} templates or ridge > 0"
            )
        return np.ascontiguousarray(array.T)

    def _workspace(self, m: int) -> Workspace:
        while self._idle:
            workspace = self._idle.pop()
            if workspace.m == m:
                return workspace
        return Workspace(self.given, m)

    def __getstate__(self) -> dict[str, Any]:
        return vars(self) | {"_idle": []}


def numbers(p: int, classes: int, m: int) -> float:
    """Numbers in double precision that an evaluation holds at once."""
    return float(p + 1) * classes * m + 6.0 * p * m + 4.0 * p * classes + 1.5 * p * p


def equivariant_flow(
    p: int,
    classes: Sequence[int],
    activation: str | Activation = "relu",
    ridge: float = 0.0,
    loss: str = "squared",
) -> EquivariantFlow:
    """First-layer flow of templates, in slow time τ = 2λt: exactly the dense flow of the network they expand to.

        df_j/dτ(u) = Σ_{d in classes} [(G_j^d σ′)(u − d) + (G_j^d σ′)(u + d)] − f_j(u)

    with σ′ at f_j(s + d) + f_j(s − d) and G_j^d the counterpart of B Bᵀ H in
    :func:`reduced.first_layer_flow`. W1[a, g·m + j] = f_j(a + g), see :func:`expand_templates`.

    Parameters
    ----------
    p : int
        Modulus, odd and at least 3; it need not be prime.
    classes : sequence of int
        Difference classes to train on, see :func:`difference_classes`.
    activation : str or Activation
        σ, see :data:`reduced.activations.ACTIVATIONS`.
    ridge : float
        λ ≥ 0; 0 is the zero-loss limit and needs at least as many templates as classes (necessary, not sufficient).
    loss : str
        ``"squared"``.

    Returns
    -------
    callable
        ``flow(tau, f) -> df/dτ``, both (m, p). It raises ``ValueError`` for templates that do not fit and
        :class:`reduced.SingularGramError` where a block of the Gram matrix cannot be inverted.

    References
    ----------
    arXiv:2511.01938, equation (20), restricted to translation-equivariant networks.

    Examples
    --------
    >>> flow = equivariant_flow(3, [1], "linear")
    >>> flow(0.0, np.array([[1.0, 0.0, 0.0]])).round(12)
    array([[-0.25, -0.25, -0.25]])
    """
    return EquivariantFlow(bind_classes(p, classes, activation, ridge, loss))


def equivariant_readout(
    p: int,
    classes: Sequence[int],
    activation: str | Activation = "relu",
    ridge: float = 0.0,
    loss: str = "squared",
) -> Callable[[Array], Array]:
    """Optimal readout ω (m, p) of templates: W2[g·m + j, 2t mod p] = ω_j(g + t), see :func:`expand_readout`.

    Parameters as in :func:`equivariant_flow`; returns ``readout(f) -> omega``.

    Examples
    --------
    >>> equivariant_readout(3, [0], "linear")(np.array([[1.0, 0.0, 0.0]])).round(12)
    array([[0.5, 0. , 0. ]])
    """
    return equivariant_flow(p, classes, activation, ridge, loss).readout


def equivariant_cost(
    p: int,
    classes: Sequence[int],
    activation: str | Activation = "relu",
    ridge: float = 0.0,
    loss: str = "squared",
) -> Callable[[Array], float]:
    """Reduced cost R/λ = ‖W1‖² + Σ_k 1ᵀ B_k⁻¹ 1 with ‖W1‖² = p Σ f², as :func:`reduced.reduced_cost` of the expansion.

    Parameters as in :func:`equivariant_flow`; returns ``cost(f) -> float``.

    Examples
    --------
    >>> round(equivariant_cost(3, [0], "linear")(np.array([[1.0, 0.0, 0.0]])), 12)
    3.75
    """
    return equivariant_flow(p, classes, activation, ridge, loss).cost
