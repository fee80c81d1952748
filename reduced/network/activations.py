"""Activation functions: one formula each, from which value and slope are generated."""

import re
from collections.abc import Callable
from dataclasses import astuple, dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.codegen.functions import Generated, scalar_function
from reduced.inputs.choices import one_of
from reduced.inputs.formula import parse_formula
from reduced.inputs.scalars import whole

Array = NDArray[np.float64]
#: Where a new formula is tried, and by how much its slope may differ from a difference quotient.
TRIALS = np.array([-30.0, -3.1, -1.07, -0.31, -1e-3, 0.0, 1e-3, 0.29, 1.13, 2.9, 30.0])
STEP, SLOPE_ERROR = 1e-6, 1e-4
#: What tells a formula from a name.
FORMULA = re.compile(r"[-+*/()]")
#: How far σ(cz) may be from c^q σ(z), relative to the larger.
HOMOGENEOUS = 1e-9


@dataclass(frozen=True)
class Activation:
    """An activation σ, given by a formula in ``z``.

    Parameters
    ----------
    name : str
        Any printable name; in generated source it appears as the nearest identifier that is free.
    formula : str
        Expression in ``z``, e.g. ``"z/(1 + exp(-z))"``; read by :func:`reduced.inputs.formula.parse_formula`.
    degree : int or None
        q where σ(cz) = c^q σ(z) for every c > 0, else None.

    Raises
    ------
    ValueError
        If the formula is none, is no function of z, has no value or no slope somewhere in −30 … 30 (a jump, 1/z), or
        is not of the degree given.

    Notes
    -----
    At a kink the slope is that of one side, and 0 for max(z, 0) and Abs(z), as in deep-learning libraries.

    Examples
    --------
    >>> swish = Activation("swish", "z/(1 + exp(-z))", None)
    >>> swish.value(np.array([0.0, 700.0]))
    array([  0., 700.])
    >>> swish.derivative(np.array([-800.0, 0.0]))
    array([0. , 0.5])
    """

    name: str
    formula: str
    degree: int | None

    def __post_init__(self) -> None:
        if astuple(self) not in BUILT_IN:
            _check(self)

    @property
    def kinked(self) -> bool:
        """Whether the slope jumps somewhere, as ReLU's does at 0: no error-controlled method crosses that well."""
        import sympy as sp

        value = self.lambdas[self.name].expr
        return bool(value.has(sp.Max, sp.Min, sp.Abs, sp.sign, sp.Heaviside, sp.Piecewise))

    @property
    def lambdas(self) -> dict[str, Any]:
        """σ and σ′ as ``sympy.Lambda``, by their names."""
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


#: The built-in ones, which are tested and not tried anew: SymPy is loaded when one of them is used.
BUILT_IN = (
    ("relu", "Max(z, 0)", 1),
    ("leaky_relu", "z/10 + 9*Max(z, 0)/10", 1),
    ("quadratic", "z**2", 2),
    ("cubic", "z**3", 3),
    ("gelu", "z*(1 + erf(z/sqrt(2)))/2", None),
    ("softplus", "logaddexp(0, z)", None),
    ("tanh", "tanh(z)", None),
    ("linear", "z", 1),
)


@cache
def _lambdas(name: str, formula: str) -> dict[str, Any]:
    import sympy as sp

    from reduced.codegen.stable import stable

    z = sp.Symbol("z", real=True)
    sigma = stable(parse_formula(formula, [z], name=f"activation {name!r}: formula"))
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


def _check(activation: Activation) -> None:
    """Try a new activation, so that what is wrong with it is said where it is made."""
    name, degree = activation.name, activation.degree
    if not isinstance(name, str) or not name.isprintable():
        raise ValueError(f"activation name = {name!r}: must be printable text")
    said = f"activation {name!r}: formula = {activation.formula!r}"
    if not activation.lambdas[name].expr.free_symbols:  # a formula that is none says so itself
        raise ValueError(f"{said} is a constant: must be an expression in z")
    try:
        _generated(name, activation.formula)
    except ValueError:
        raise ValueError(f"{said} has no slope everywhere: it jumps") from None
    with np.errstate(all="ignore"):
        value, slope = activation.value(TRIALS), activation.derivative(TRIALS)
        ahead, behind = activation.value(TRIALS + STEP), activation.value(TRIALS - STEP)
        beyond = activation.value(3.0 * TRIALS)
    for what, found in (("value", value), ("slope", slope)):
        wrong = ~np.isfinite(found)
        if wrong.any():
            raise ValueError(f"{said} has no finite {what} at z = {TRIALS[wrong][0]:g}")
    errors = abs((ahead - behind) / (2 * STEP) - slope) - SLOPE_ERROR * (1 + abs(slope) + abs(value))
    errors[TRIALS == 0] = 0  # where a kink may be
    if (errors > 0).any():
        raise ValueError(f"{said} has no slope at z = {TRIALS[errors > 0][0]:g}: it jumps there")
    if degree is not None:
        (degree,) = whole(1, **{f"activation {name!r}: degree": degree})
        scaled = 3.0**degree * value
        if not (abs(beyond - scaled) <= HOMOGENEOUS * np.maximum(abs(beyond), abs(scaled))).all():
            raise ValueError(
                f"activation {name!r}: degree = {degree}: {activation.formula!r} is not homogeneous of this degree, "
                "σ(cz) = c^degree σ(z) for c > 0; give the right one, or None"
            )


ACTIVATIONS = {name: Activation(name, formula, degree) for name, formula, degree in BUILT_IN}


def get_activation(activation: str | Activation) -> Activation:
    """Look an activation up by name, or make one of a formula in ``z``; an :class:`Activation` passes through.

    Raises
    ------
    ValueError
        If the name is unknown, with the nearest; or the formula cannot be used, with the reason.

    Examples
    --------
    >>> get_activation("cubic").degree
    3
    >>> get_activation("z/(1 + exp(-z))").value(np.array([0.0, 700.0]))
    array([  0., 700.])
    """
    if isinstance(activation, Activation):
        return activation
    if isinstance(activation, str) and FORMULA.search(activation) and activation.isprintable():
        return _of_formula(activation)
    return ACTIVATIONS[one_of("activation", activation, ACTIVATIONS)]


@cache
def _of_formula(formula: str) -> Activation:
    return Activation("formula", formula, None)
