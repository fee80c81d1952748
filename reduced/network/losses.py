"""The losses by name."""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reduced.inputs.choices import one_of
from reduced.network.loss import Loss, Targets, ZeroRidge

Array = NDArray[np.float64]
#: Where the convexity of a user's loss is tried: distances of outputs from 0, numbers of outputs, and samples of each.
SCALES, OUTPUTS, SAMPLES = (1e-2, 0.3, 1.0, 3.0, 30.0), (1, 2, 5), 40
#: A curvature below this share of the largest around, with its sign turned, is rounding.
ROUNDING = 1e-7


def _squared(z: Any, y: Any, total: Any) -> Any:
    return total((z - y) ** 2)


def _cross_entropy(z: Any, y: Any, total: Any) -> Any:
    import sympy as sp

    return sp.log(total(sp.exp(z))) - total(y * z)


def _logistic(z: Any, y: Any, total: Any) -> Any:
    import sympy as sp

    return total(sp.log(1 + sp.exp(-y * z)))


def _pseudo_huber(z: Any, y: Any, total: Any) -> Any:
    import sympy as sp

    return total(2 * (sp.sqrt(1 + (z - y) ** 2) - 1))


def _squared_hinge(z: Any, y: Any, total: Any) -> Any:
    import sympy as sp

    return total(sp.Max(0, 1 - y * z) ** 2)


LOSSES = {
    loss.name: loss
    for loss in (
        Loss("squared", _squared, Targets.ANY, ZeroRidge.INTERPOLATES, "sum of squared errors"),
        Loss(
            "cross_entropy",
            _cross_entropy,
            Targets.PROBABILITIES,
            ZeroRidge.INFINITE,
            "cross-entropy of the softmax of the outputs",
        ),
        Loss(
            "logistic",
            _logistic,
            Targets.SIGNS,
            ZeroRidge.INFINITE,
            "every output a yes-or-no question of its own",
        ),
        Loss(
            "pseudo_huber",
            _pseudo_huber,
            Targets.ANY,
            ZeroRidge.INTERPOLATES,
            "squared for errors well below 1, twice the absolute value well above",
        ),
        Loss(
            "squared_hinge",
            _squared_hinge,
            Targets.SIGNS,
            ZeroRidge.MARGIN,
            "squared distance of every output from a margin of 1",
        ),
    )
}


def get_loss(loss: str | Loss) -> Loss:
    """Look a loss up by name; a :class:`reduced.network.loss.Loss` passes through if it is found convex.

    Raises
    ------
    ValueError
        If the name is unknown, with the nearest, or a formula cannot be used, with the reason.

    Examples
    --------
    >>> print(get_loss("logistic").source("gradient"))
    def logistic_gradient(z, y):
        return -y*scipy.special.expit(-y*z)
    >>> get_loss(Loss("well", lambda z, y, total: total((z**2 - 1)**2)))
    Traceback (most recent call last):
        ...
    ValueError: loss 'well' is not convex: at the outputs [-4.45e-05] with targets [-2.33] it curves by -4 along [1]
    """
    if isinstance(loss, Loss):
        _refuse_non_convex(loss)
        return loss
    return LOSSES[one_of("loss", loss, LOSSES)]


@cache
def _refuse_non_convex(loss: Loss) -> None:
    """Sample the Hessian, and gradients pairwise: a convex loss has ⟨∇ℓ(a) − ∇ℓ(b), a − b⟩ ≥ 0.

    A loss that passes may still be non-convex where no sample fell.
    """
    if not (isinstance(loss.name, str) and loss.name.isidentifier()):
        raise ValueError(f"loss name {loss.name!r}: must be a Python identifier")
    rng = np.random.default_rng(0)
    with np.errstate(all="ignore"):
        _sample(loss, rng)


def _sample(loss: Loss, rng: np.random.Generator) -> None:
    for d_out in OUTPUTS:
        for scale in SCALES:
            Y = targets(loss.targets, SAMPLES, d_out, rng)
            A, B = (shift * Y + scale * rng.standard_normal(Y.shape) for shift in (0, 1))
            slopes = [loss.gradient(Z, Y) for Z in (A, B)]
            columns = [loss.hessian_product(A, Y, np.tile(row, (SAMPLES, 1))) for row in np.eye(d_out)]
            hessians = np.stack(columns, axis=-1)
            if not np.isfinite([*slopes, *columns]).all():
                raise ValueError(f"loss {loss.name!r} is not finite at outputs of size {scale:g}")
            curvatures, directions = np.linalg.eigh((hessians + hessians.swapaxes(1, 2)) / 2)
            i = int(curvatures[:, 0].argmin())
            if curvatures[i, 0] < -ROUNDING * np.abs(curvatures).max():
                raise ValueError(
                    f"loss {loss.name!r} is not convex: at the outputs {_row(A[i])} with targets {_row(Y[i])} it "
                    f"curves by {curvatures[i, 0]:.3g} along {_row(directions[i, :, 0])}"
                )
            products = np.sum((slopes[0] - slopes[1]) * (A - B), axis=1)
            i = int(products.argmin())
            if products[i] < -ROUNDING * np.abs(products).max():
                raise ValueError(
                    f"loss {loss.name!r} is not convex: from the outputs {_row(A[i])} to {_row(B[i])} with targets "
                    f"{_row(Y[i])} its slope falls"
                )


def targets(kind: Targets, samples: int, d_out: int, rng: np.random.Generator) -> Array:
    """Random targets of a kind."""
    if kind is Targets.PROBABILITIES:
        return rng.dirichlet(np.ones(d_out), samples)
    if kind is Targets.SIGNS:
        return rng.choice([-1.0, 1.0], (samples, d_out))
    return rng.standard_normal((samples, d_out))


def _row(values: Array) -> str:
    return "[" + ", ".join(f"{value:.3g}" for value in values) + "]"
