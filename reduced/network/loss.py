"""A convex loss of a network's outputs: one row-wise formula, from which all derivatives are generated."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.codegen.functions import Generated, scalar_function
from reduced.inputs.choices import one_of

Array = NDArray[np.float64]
#: How far from 1 a row of probabilities may sum.
ROUNDING = 1e-9


class Targets(StrEnum):
    """What a loss takes as targets."""

    ANY = "any"
    PROBABILITIES = "rows >= 0 that sum to 1, such as one-hot labels"
    SIGNS = "+1 and -1"


class ZeroRidge(StrEnum):
    """What becomes of the optimal readout as the ridge goes to 0, where the samples can be fitted."""

    INTERPOLATES = (
        "the loss is least where output and target agree, so the readout is that of the squared loss"
    )
    MARGIN = "the limit is a hard-margin problem with inequalities, which is not solved here"
    INFINITE = (
        "the loss has no minimum at finite weights: outputs grow like ln(1/ridge) as the ridge goes to 0"
    )
    UNKNOWN = "what this loss tends to as the ridge goes to 0 is not known"


@dataclass(frozen=True)
class Loss:
    """A convex, differentiable loss ℓ(Z), a sum over samples, given by the formula of one sample.

    Parameters
    ----------
    name : str
        A Python identifier; names the functions in generated source.
    formula : callable
        ``formula(z, y, total)`` returns a SymPy expression; ``z`` and ``y`` stand for one output and its target, and
        ``total`` sums over the outputs of a sample, as in ``total((z - y)**2)``. To be sent to other processes, it
        must be a function of a module.
    targets : Targets
        What Y must be.
    zero_ridge : ZeroRidge
        What happens at ridge 0.
    description : str
        One line in words.

    Notes
    -----
    See :mod:`derivations.row_loss` for how the derivatives follow, for any number of outputs. Every method takes
    outputs Z and targets Y of shape (n, d_out). Nothing overflows at outputs of ±1e4.

    Examples
    --------
    >>> quartic = Loss("quartic", lambda z, y, total: total((z - y)**4), Targets.ANY)
    >>> quartic.gradient(np.array([[1.0, 3.0]]), np.array([[0.0, 1.0]]))
    array([[ 4., 32.]])
    """

    name: str
    formula: Callable[[Any, Any, Any], Any]
    targets: Targets = Targets.ANY
    zero_ridge: ZeroRidge = ZeroRidge.UNKNOWN
    description: str = ""

    def value(self, Z: Array, Y: Array) -> float:
        """ℓ(Z), summed over the samples."""
        return float(np.sum(_generated(self, "value")(Z, Y)))

    def gradient(self, Z: Array, Y: Array) -> Array:
        """∇ℓ(Z), of shape (n, d_out)."""
        return _filled(_generated(self, "gradient")(Z, Y), Z)

    def hessian_product(self, Z: Array, Y: Array, V: Array) -> Array:
        """∇²ℓ(Z)·V, of shape (n, d_out)."""
        return _filled(_generated(self, "hessian_product")(Z, Y, V), Z)

    def hessian(self, Z: Array, Y: Array) -> Callable[[Array], Array]:
        """Function V ↦ ∇²ℓ(Z)·V, for products with several V: what depends on Z and Y alone is computed once."""
        parts, product = _split(self)
        known = () if parts is None else parts(Z, Y)
        return lambda V: _filled(product(*known, V), Z)

    def hessian_diagonal(self, Z: Array, Y: Array) -> Array:
        """∂²ℓ/∂z² of every output, of shape (n, d_out)."""
        return _filled(_generated(self, "hessian_diagonal")(Z, Y), Z)

    def source(self, quantity: str) -> str:
        """NumPy source of one of ``QUANTITIES``; that of the value is of each sample."""
        return str(_generated(self, one_of("quantity", quantity, QUANTITIES)))

    @property
    def separable(self) -> bool:
        """Whether ℓ is a sum over outputs too, so that its mean is one over samples and outputs."""
        return bool(_derived(self).separable)

    def terms(self, Y: Array) -> int:
        """How many terms the mean of the loss averages: n·d_out where it is separable, else n."""
        return int(Y.size if self.separable else len(Y))

    def from_one_hot(self, Y: Array) -> Array:
        """Targets of one-hot labels: ±1 for a loss of signs, otherwise the labels themselves."""
        return 2 * Y - 1 if self.targets is Targets.SIGNS else Y

    def refuse_zero_ridge(self) -> None:
        """Refuse ridge 0 where the readout has no limit that is known here.

        Raises
        ------
        ValueError
            Saying why, and what to set.
        """
        if self.zero_ridge is not ZeroRidge.INTERPOLATES:
            raise ValueError(f"ridge = 0: with loss {self.name!r}, {self.zero_ridge}; set ridge > 0")

    def check_targets(self, Y: Array) -> None:
        """Refuse targets of another kind.

        Raises
        ------
        ValueError
            Naming an entry or a row that does not fit.
        """
        wrong = np.abs(Y) != 1
        if self.targets is Targets.SIGNS and wrong.any():
            raise ValueError(
                f"Y holds {Y[wrong][0]:g}: loss {self.name!r} takes targets {self.targets}; of one-hot labels, 2*Y - 1"
            )
        if self.targets is Targets.PROBABILITIES:
            if (Y < 0).any():
                raise ValueError(f"Y holds {Y.min():g}: loss {self.name!r} takes {self.targets}")
            sums = Y.sum(axis=1)
            worst = int(np.abs(sums - 1).argmax())
            if abs(sums[worst] - 1) > ROUNDING:
                raise ValueError(
                    f"row {worst} of Y sums to {sums[worst]:g}: loss {self.name!r} takes {self.targets}"
                )


QUANTITIES = {"value": "zy", "gradient": "zy", "hessian_product": "zyv", "hessian_diagonal": "zy"}


@cache
def _derived(loss: Loss) -> Any:
    from derivations.row_loss import differentiated

    try:
        return differentiated(loss.formula)
    except ValueError as error:
        raise ValueError(f"loss {loss.name!r}: {error}") from None


@cache
def _split(loss: Loss) -> tuple[Generated | None, Generated]:
    """Functions of the parts of a Hessian product, and of the product given them."""
    from derivations.row_hessian import split
    from derivations.row_loss import v, y, z

    parts, product = split(_derived(loss).hessian_product)
    name = f"{loss.name}_hessian"
    rest = scalar_function(name, [*parts, v], product)
    return scalar_function(f"{name}_parts", [z, y], tuple(parts.values())) if parts else None, rest


@cache
def _generated(loss: Loss, quantity: str) -> Generated:
    from derivations import row_loss

    arguments = [getattr(row_loss, name) for name in QUANTITIES[quantity]]
    return scalar_function(f"{loss.name}_{quantity}", arguments, getattr(_derived(loss), quantity))


def _filled(found: Any, Z: Array) -> Array:
    """An array of the outputs' shape, where a formula does not depend on all of them."""
    return (
        np.asarray(found, dtype=float) if np.shape(found) == Z.shape else np.full(Z.shape, found, dtype=float)
    )
