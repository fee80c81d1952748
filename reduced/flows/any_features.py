"""Any feature map below a linear readout as numbers: its readout, cost and the flow of every layer, generated."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from reduced.codegen.functions import Generated, matrix_function
from reduced.inputs.arrays import finite_array, without_overflow
from reduced.inputs.scalars import non_negative
from reduced.network.activations import Activation, get_activation

if TYPE_CHECKING:
    from derivations.any_features import DecoupledReadout

Array = NDArray[np.float64]
Layers = tuple[Array, ...]


def features_flow(
    model: "DecoupledReadout",
    data: Mapping[str, Any],
    activation: str | Activation = "relu",
    ridge: float = 0.0,
) -> Callable[[float, Layers], Layers]:
    """Motion of every layer below the readout, in slow time τ = 2λt.

    Parameters
    ----------
    model : DecoupledReadout
        From :func:`derivations.decouple_readout` with the squared loss.
    data : mapping
        Name -> matrix, for every data symbol of the features and the targets ``"Y"``.
    activation : str or Activation
        Stands for σ, if the features hold it.
    ridge : float
        λ ≥ 0; 0 is the zero-loss limit and needs features at least as wide as there are samples.

    Returns
    -------
    callable
        ``flow(tau, (W, …)) -> (dW/dτ, …)``, in the order of ``model.layers``. It raises ``ValueError`` for layers that
        do not fit, :class:`reduced.errors.SingularGramError` where the Gram matrix cannot be inverted.

    Examples
    --------
    >>> from derivations import decouple_readout
    >>> from derivations.two_layer import W1, X
    >>> flow = features_flow(decouple_readout(X * W1, [W1]), {"X": np.eye(1), "Y": np.eye(1)})
    >>> flow(0.0, (np.array([[2.0]]),))  # w' = 1/w³ − w
    (array([[-1.875]]),)
    """
    call = _bound(model, "flow", data, activation, ridge)
    return lambda tau, layers: tuple(without_overflow("the flow", part) for part in call(layers))


def features_cost(
    model: "DecoupledReadout",
    data: Mapping[str, Any],
    activation: str | Activation = "relu",
    ridge: float = 0.0,
) -> Callable[[Layers], float]:
    """Reduced cost R/λ = Σ‖W‖² + Tr(Yᵀ(HHᵀ + λI)⁻¹Y), whose −½ gradient is the flow; as :func:`features_flow`."""
    call = _bound(model, "cost", data, activation, ridge)
    return lambda layers: float(without_overflow("the cost", call(layers)))


def features_readout(
    model: "DecoupledReadout",
    data: Mapping[str, Any],
    activation: str | Activation = "relu",
    ridge: float = 0.0,
) -> Callable[[Layers], Array]:
    """Optimal readout Hᵀ(HHᵀ + λI)⁻¹Y, of shape (d_h, d_out); as :func:`features_flow`."""
    call = _bound(model, "readout", data, activation, ridge)
    return lambda layers: without_overflow("the readout", call(layers))


@cache
def generated(model: "DecoupledReadout", quantity: str, activation: Activation) -> Generated:
    """NumPy source of ``"flow"``, ``"cost"`` or ``"readout"``: of layers, data, ones where H holds them, Y, ridge."""
    import sympy as sp
    from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

    from derivations import two_layer as eq

    sigma = activation.lambdas[activation.name]
    ones = _ones(model)
    turned = {node.T.doit(): symbol.T for node, symbol in ones.items()}

    def concrete(expression: Any) -> Any:
        return eq.with_activation(expression, sigma).xreplace(ones | turned)

    several = tuple(model.flow.values()) if quantity == "flow" else (getattr(model, quantity),)
    outputs = tuple(map(concrete, several))
    known = {function: name for name, function in activation.lambdas.items()}
    used = sorted(
        {node.function for out in outputs for node in out.atoms(ElementwiseApplyFunction)} - set(known),
        key=str,
    )
    functions = {known.get(f, f"f{i}"): f for i, f in enumerate([*known, *used])}
    arguments = {
        symbol.name: symbol for symbol in (*model.layers, *model.data, *ones.values(), model.targets)
    }
    H = concrete(model.features)
    K = (H * H.T + eq.ridge * sp.Identity(H.shape[0])).doit()
    named = {"H": H, "K": K, "L": sp.Inverse(K), "B": sp.Inverse(K) * model.targets}
    return matrix_function(
        quantity,
        arguments | {"ridge": eq.ridge},
        outputs if quantity == "flow" else outputs[0],
        functions=functions,
        named={name: part for name, part in named.items() if name not in arguments},
    )


def _ones(model: "DecoupledReadout") -> dict[Any, Any]:
    """A symbol for every matrix of ones in the features."""
    import sympy as sp

    found = sorted(model.features.atoms(sp.OneMatrix), key=str)
    return {node: sp.MatrixSymbol(f"ones{i + 1}", *node.shape) for i, node in enumerate(found)}


def _bound(
    model: "DecoupledReadout",
    quantity: str,
    data: Mapping[str, Any],
    activation: str | Activation,
    ridge: float,
) -> Callable[[Layers], Any]:
    """A generated function with its data and ridge in place, which checks the layers that it is given."""
    if model.loss != "squared":
        raise ValueError(
            f"model.loss = {model.loss!r}: its multiplier M is not solved for; take loss='squared'"
        )
    (ridge,) = non_negative(ridge=ridge)
    symbols = (*model.data, model.targets)
    wanted = sorted(symbol.name for symbol in symbols)
    if sorted(data) != wanted:
        raise ValueError(
            f"data has {', '.join(sorted(data)) or 'nothing'}: needs a matrix for each of {', '.join(wanted)}"
        )
    sizes: dict[Any, tuple[int, str]] = {}
    held = [_fitting(symbol, data[symbol.name], sizes) for symbol in symbols]
    function = generated(model, quantity, get_activation(activation))
    nodes = _ones(model)

    def call(layers: Layers) -> Any:
        if not isinstance(layers, tuple | list) or len(layers) != len(model.layers):
            raise ValueError(
                f"layers: must be a tuple of {len(model.layers)} matrices, {_listed(model.layers)}"
            )
        here = dict(sizes)
        matrices = [_fitting(layer, W, here) for layer, W in zip(model.layers, layers, strict=True)]
        rows, width = (_size(size, here) for size in model.features.shape)
        if ridge == 0 and width < rows:
            raise ValueError(
                f"the features are {width} wide, less than the {rows} training samples, and ridge = 0: widen them to "
                f"{rows} or take ridge > 0"
            )
        ones = [np.ones([_size(size, here) for size in node.shape]) for node in nodes]
        return function(*matrices, *held[:-1], *ones, held[-1], ridge)

    return call


def _fitting(symbol: Any, values: Any, sizes: dict[Any, tuple[int, str]]) -> Array:
    """A finite matrix whose sizes are those that its symbol shares with the ones before."""
    matrix = finite_array(symbol.name, values, "rows", "columns")
    for size, found in zip(symbol.shape, matrix.shape, strict=True):
        expected, of = (
            (int(size), "its shape") if size.is_number else sizes.setdefault(size, (found, symbol.name))
        )
        if expected != found:
            raise ValueError(f"{symbol.name} has shape {matrix.shape}: {size} is {expected}, by {of}")
    return matrix


def _size(size: Any, sizes: Mapping[Any, tuple[int, str]]) -> int:
    return int(size.subs({symbol: number for symbol, (number, _) in sizes.items()}))


def _listed(layers: Any) -> str:
    return f"({', '.join(layer.name for layer in layers)})"
