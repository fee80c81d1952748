"""The first-layer flow of modular addition on translation-equivariant networks, with its readout and its cost."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from reduced.inputs.scalars import between_0_and_1
from reduced.network.activations import Activation
from reduced.network.loss import Loss
from reduced.symmetry.classes import Moduli
from reduced.symmetry.evaluation import EquivariantFlow, bind_classes, interpolable_classes

Array = NDArray[np.float64]


def equivariant_flow(
    p: Moduli,
    classes: Sequence[int],
    activation: str | Activation = "relu",
    ridge: float = 0.0,
    loss: str | Loss = "squared",
    *,
    tolerance: float = 1e-8,
) -> EquivariantFlow:
    """First-layer flow of templates, in slow time τ = 2λt: exactly the dense flow of the network they expand to.

        df_j/dτ(u) = Σ_{d in classes} [(G_j^d σ′)(u − d) + (G_j^d σ′)(u + d)] − f_j(u)

    with σ′ at f_j(s + d) + f_j(s − d) and G_j^d the counterpart of B Bᵀ H in
    :func:`reduced.first_layer_flow`. W1[a, g·m + j] = f_j(a + g), see :func:`expand_templates`.

    Parameters
    ----------
    p : int or tuple of int
        Modulus, odd and at least 3; it need not be prime. Or several, for Z_p × Z_q × … in C order.
    classes : sequence of int
        Difference classes to train on, see :func:`difference_classes`.
    activation : str or Activation
        σ, see :data:`reduced.activations.ACTIVATIONS`.
    ridge : float
        λ ≥ 0; 0 is the zero-loss limit and needs at least as many templates as classes (necessary, not sufficient).
    loss : str or Loss
        As in :func:`reduced.first_layer_flow`; other losses than the squared one find the readout by minimization.
    tolerance : float
        As in :func:`reduced.first_layer_flow`.

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
    (tolerance,) = between_0_and_1(tolerance=tolerance)
    return EquivariantFlow(interpolable_classes(bind_classes(p, classes, activation, ridge, loss)), tolerance)


def equivariant_readout(
    p: Moduli,
    classes: Sequence[int],
    activation: str | Activation = "relu",
    ridge: float = 0.0,
    loss: str | Loss = "squared",
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
    p: Moduli,
    classes: Sequence[int],
    activation: str | Activation = "relu",
    ridge: float = 0.0,
    loss: str | Loss = "squared",
) -> Callable[[Array], float]:
    """Reduced cost R/λ = ‖W1‖² + Σ_k 1ᵀ B_k⁻¹ 1 with ‖W1‖² = p Σ f², as :func:`reduced.reduced_cost` of the expansion.

    Parameters as in :func:`equivariant_flow`; returns ``cost(f) -> float``.

    Examples
    --------
    >>> round(equivariant_cost(3, [0], "linear")(np.array([[1.0, 0.0, 0.0]])), 12)
    3.75
    """
    return equivariant_flow(p, classes, activation, ridge, loss).cost
