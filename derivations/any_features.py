"""Any feature map below a linear readout: its readout held optimal, its cost, and the flow of every layer below.

The readout enters linearly whatever lies below it, so the readout and the cost are those of two layers, (15), (18) and
(19) with the ridge kept, at H = features; and with B = (HHᵀ + λI)⁻¹Y

    dW/dτ = (∂H/∂W)*[B Bᵀ H] − W,   τ = 2λt,

where (∂H/∂W)* pulls a matrix of the shape of H back to one of the shape of W. For another convex loss B is the
multiplier M of :mod:`derivations.convex_loss`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sympy as sp

from derivations import two_layer as eq
from derivations.pullback import pullback

if TYPE_CHECKING:
    from derivations.own_model.document import Document

#: What ``loss`` may be.
LOSSES = ("squared", "convex")


@dataclass(frozen=True, eq=False)
class DecoupledReadout:
    """A feature map with its linear readout held optimal.

    Parameters
    ----------
    features : sympy.MatrixExpr
        H of shape (n, d_h).
    layers : tuple of sympy.MatrixSymbol
        What moves below the readout, each with weight decay λ.
    targets : sympy.MatrixSymbol
        Y of shape (n, d_out).
    loss : str
        ``"squared"``, or ``"convex"``: any convex loss ℓ of the outputs, by its multiplier M = −∇ℓ/(2λ).
    readout : sympy.MatrixExpr
        Hᵀ(HHᵀ + λI)⁻¹Y, or HᵀM.
    cost : sympy.Expr
        R/λ = Σ‖W‖² + Tr(Yᵀ(HHᵀ + λI)⁻¹Y); for a convex loss Σ‖W‖² + ‖HᵀM‖² + ℓ/λ, ℓ its value.
    flow : dict
        Layer -> dW/dτ, in slow time τ = 2λt.
    """

    features: Any
    layers: tuple[Any, ...]
    targets: Any
    loss: str
    readout: Any
    cost: Any
    flow: dict[Any, Any]

    @property
    def ridge(self) -> Any:
        """λ; 0 is the zero-loss limit of the squared loss, and needs H of full row rank."""
        return eq.ridge

    @property
    def multiplier(self) -> Any:
        """M, what a convex loss gives: it solves 2λM + ∇ℓ(HHᵀM) = 0."""
        return sp.MatrixSymbol("M", *self.targets.shape)

    @property
    def data(self) -> tuple[Any, ...]:
        """Matrix symbols of the features that do not move, in the order of their names."""
        symbols = self.features.atoms(sp.MatrixSymbol) - set(self.layers)
        return tuple(sorted(symbols, key=lambda symbol: str(symbol.name)))

    def document(self) -> "Document":
        """Derivation of readout, cost and flow, each line decided on exact matrices and by differences."""
        from derivations.any_features_steps import document

        written: Document = document(self)
        return written


def decouple_readout(
    features: Any, layers: Iterable[Any], loss: str = "squared", targets: Any = None
) -> DecoupledReadout:
    """Hold the linear readout of a feature map at its optimum.

    Parameters
    ----------
    features : sympy.MatrixExpr
        H, of matrix symbols, sums, products, transposes, Hadamard products and elementwise functions; its activations
        may be ``derivations.two_layer.sigma`` (chosen when it is computed) or any elementwise function.
    layers : iterable of sympy.MatrixSymbol
        What moves; every other symbol is data.
    loss : str
        ``"squared"`` or ``"convex"``.
    targets : sympy.MatrixSymbol, optional
        Y; by default of shape (rows of H, d_out).

    Raises
    ------
    ValueError
        If the features are no matrix expression, a layer is no symbol of them, a name is used twice, or an operation
        has no rule.

    Examples
    --------
    >>> X, W = eq.X, eq.W1
    >>> linear = decouple_readout(X * W, [W])
    >>> linear.readout
    W1.T*X.T*(lambda*I + X*W1*W1.T*X.T)**(-1)*Y
    """
    layers = tuple(layers)
    if not isinstance(features, sp.MatrixExpr):
        raise ValueError(f"features = {features!r}: must be a matrix expression of matrix symbols")
    if loss not in LOSSES:
        raise ValueError(f"loss = {loss!r}: must be one of {', '.join(LOSSES)}")
    strangers = [str(layer) for layer in layers if layer not in features.atoms(sp.MatrixSymbol)]
    if strangers or not layers or len(set(layers)) < len(layers):
        raise ValueError(
            f"layers = {list(layers)}: must be different matrix symbols of the features, one at least"
        )
    n = features.shape[0]
    Y = sp.MatrixSymbol("Y", n, eq.d_out) if targets is None else targets
    names = [symbol.name for symbol in features.atoms(sp.MatrixSymbol) | {Y}]
    if len(set(names)) < len(names) or Y in features.atoms(sp.MatrixSymbol) or {"M", "ridge"} & set(names):
        raise ValueError(
            f"features hold {', '.join(sorted(names))}: names must differ, and be none of Y, M, ridge"
        )
    if Y.shape[0] != n:
        raise ValueError(f"targets have {Y.shape[0]} rows and the features {n}: must be as many")
    return _decoupled(features, layers, loss, Y)


def _decoupled(H: Any, layers: tuple[Any, ...], loss: str, Y: Any) -> DecoupledReadout:
    norms = sp.Add(*[eq.squared_norm(layer) for layer in layers])
    if loss == "squared":
        K = (H * H.T + eq.ridge * sp.Identity(H.shape[0])).doit()
        dual = sp.Inverse(K) * Y
        cost = norms + sp.Trace(Y.T * dual)
    else:
        dual = sp.MatrixSymbol("M", *Y.shape)
        cost = norms + eq.squared_norm(H.T * dual) + sp.Symbol("ell") / eq.ridge
    pulled = pullback(H, dual * dual.T * H, layers)
    flow = {layer: (part - layer).doit() for layer, part in pulled.items()}
    return DecoupledReadout(H, layers, Y, loss, (H.T * dual).doit(), cost, flow)
