"""Activation functions: one formula each, from which value and slope are generated."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.codegen.functions import Generated, scalar_function
from reduced.inputs.choices import one_of

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Activation:
    """An activation σ, given by a formula in ``z``.

    Parameters
    ----------
    name : str
        A Python identifier; names the function in generated source.
    formula : str
        SymPy expression in the real symbol ``z``, e.g. ``"z/(1 + exp(-z))"``.
    degree : int or None
        q where σ(cz) = c^q σ(z) for every c > 0, else None.

    Notes
    -----
    At a kink the slope is the one from the left, e.g. ReLU′(0) = 0.

    Examples
    --------
    >>> swish = Activation("swish", "z/(1 + exp(-z))", None)
    >>> swish.value(np.array([0.0, 700.0]))
    array([  0., 700.])
    >>> swish.derivative(np.array([0.0]))
    array([0.5])
    """

    name: str
    formula: str
    degree: int | None

    @property
    def lambdas(self) -> dict[str, Any]:
        """σ and σ′ as ``sympy.Lambda``, by their names in generated source."""
        return _lambdas(self.name, self.formula)

    def value(self, z: Array) -> Array:
        """σ(z), elementwise."""
        return _evaluate(_generated(self.name, self.formula)[0], z)

    def derivative(self, z: Array) -> Array:
        """σ′(z), elementwise."""
        return _evaluate(_generated(self.name, self.formula)[1], z)

    def functions(self) -> tuple[Callable[[Array], Any], Callable[[Array], Any]]:
        """σ and σ′ as they are generated, for hot loops: they may return their argument, a scalar, or booleans."""
        value, slope = _generated(self.name, self.formula)
        return value.function(), slope.function()


@cache
def _lambdas(name: str, formula: str) -> dict[str, Any]:
    import sympy as sp
    from sympy.codegen.numpy_nodes import logaddexp

    z = sp.Symbol("z", real=True)
    sigma = sp.sympify(formula, locals={"z": z, "logaddexp": logaddexp})
    if not sigma.free_symbols <= {z}:
        raise ValueError(f"activation {name!r}: formula {formula!r} must be an expression in z alone")
    return {name: sp.Lambda(z, sigma), f"{name}_slope": sp.Lambda(z, sigma.diff(z))}


@cache
def _generated(name: str, formula: str) -> tuple[Generated, Generated]:
    value, slope = (
        scalar_function(label, f.variables, f.expr) for label, f in _lambdas(name, formula).items()
    )
    return value, slope


def _evaluate(function: Generated, z: Array) -> Array:
    z = np.asarray(z, dtype=float)
    found = function(z)
    if found is not z and np.shape(found) == z.shape and found.dtype == float:
        return np.asarray(found)
    return np.broadcast_to(found, z.shape).astype(float)


ACTIVATIONS = {
    activation.name: activation
    for activation in (
        Activation("relu", "Max(z, 0)", 1),
        Activation("leaky_relu", "z/10 + 9*Max(z, 0)/10", 1),
        Activation("quadratic", "z**2", 2),
        Activation("cubic", "z**3", 3),
        Activation("gelu", "z*(1 + erf(z/sqrt(2)))/2", None),
        Activation("softplus", "logaddexp(0, z)", None),
        Activation("tanh", "tanh(z)", None),
        Activation("linear", "z", 1),
    )
}


def get_activation(activation: str | Activation) -> Activation:
    """Look an activation up by name; an :class:`Activation` passes through.

    Raises
    ------
    ValueError
        If the name is unknown; the message suggests the nearest.

    Examples
    --------
    >>> get_activation("cubic").degree
    3
    """
    if isinstance(activation, Activation):
        return activation
    return ACTIVATIONS[one_of("activation", activation, ACTIVATIONS)]
