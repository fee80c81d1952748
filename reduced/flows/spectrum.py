"""How fast the first-layer flow comes to rest: products with its Jacobian, and the slowest rates by Lanczos.

The flow is −½ the gradient of R/λ, so its Jacobian is symmetric, J = −½∇²(R/λ). At a fixed point its eigenvalues are
the rates: a displacement along an eigenvector of −r decays as e^{−rτ}. For σ(cz) = c^q σ(z) at ridge 0 the cost without
its decay is homogeneous of degree −2q, so W1 itself is an eigenvector there, of the radial rate 2q + 2.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.linalg import ArpackNoConvergence, LinearOperator, eigsh

from reduced.codegen.functions import Generated, matrix_function
from reduced.errors import ReadoutError
from reduced.inputs.arrays import finite_array, without_overflow
from reduced.inputs.scalars import positive, whole
from reduced.network.activations import Activation
from reduced.network.problem import bind

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Rates:
    """The slowest rates of a flow near a first layer.

    Parameters
    ----------
    values : (k,) array
        Rates r, the smallest first; a negative one grows.
    directions : (k, d_in, d_h) array
        Unit displacements of W1 that decay as e^{−rτ}.
    residuals : (k,) array
        ‖JV + rV‖ of each: bounds how far the rate is off.
    speed : float
        ‖dW1/dτ‖ there; the rates are those of a fixed point only where it is small.
    """

    values: Array
    directions: Array
    residuals: Array
    speed: float

    def flat(self, tolerance: float = 1e-6) -> int:
        """Number of directions among them along which nothing moves, abs(r) ≤ tolerance."""
        return int((abs(self.values) <= tolerance).sum())


def hessian_product(
    X: Any, Y: Any, activation: str | Activation = "relu", ridge: float = 0.0
) -> Callable[[Array, Array], Array]:
    """Product of the reduced cost's Hessian with a direction, ½∇²(R/λ)V = −J V, J the Jacobian of the first-layer flow.

    Parameters
    ----------
    X, Y, activation, ridge
        As in :func:`reduced.first_layer_flow`, with the squared loss. Kinks of σ count for nothing: σ″ = 0 for ReLU.

    Returns
    -------
    callable
        ``product(W1, V) -> (d_in, d_h) array``, from the derivative that SymPy takes of (20) along V.

    Examples
    --------
    >>> product = hessian_product(np.eye(1), np.eye(1), "linear")
    >>> product(np.array([[1.0]]), np.array([[1.0]]))  # w' = 1/w³ − w, at its fixed point: 2q + 2
    array([[4.]])
    """
    problem = bind(X, Y, activation, ridge)
    function = generated(problem.activation)

    def product(W1: Array, V: Array) -> Array:
        W1 = finite_array("W1", W1, problem.X.shape[1], "width")
        V = finite_array("V", V, *W1.shape)
        moved = function(W1, V, problem.X, problem.Y, problem.ridge)
        return without_overflow("the product", -moved)

    return product


def slowest_rates(
    X: Any,
    Y: Any,
    W1: Any,
    activation: str | Activation = "relu",
    ridge: float = 0.0,
    *,
    count: int = 6,
    tolerance: float = 1e-9,
) -> Rates:
    """The slowest rates of the first-layer flow near a first layer, by Lanczos on products with its Jacobian.

    Parameters
    ----------
    X, Y, activation, ridge
        As in :func:`hessian_product`.
    W1 : (d_in, d_h) array
        The end of a run: a fixed point, as near as it was integrated.
    count : int
        How many; less than the number of weights.
    tolerance : float
        Relative accuracy asked of the eigenvalues.

    Returns
    -------
    Rates

    Raises
    ------
    ValueError
        If an argument is not usable.
    ReadoutError
        If Lanczos does not get there.

    Examples
    --------
    >>> rates = slowest_rates(np.eye(2), np.eye(2), np.eye(2, 3), "quadratic", count=2)
    >>> rates.values.round(6), rates.flat()
    (array([1., 1.]), 0)
    """
    (count,) = whole(1, count=count)
    positive(tolerance=tolerance)
    problem = bind(X, Y, activation, ridge)
    W1 = finite_array("W1", W1, problem.X.shape[1], "width")
    if count >= W1.size:
        raise ValueError(f"count = {count}: must be less than the {W1.size} weights of the first layer")
    product = hessian_product(X, Y, activation, ridge)

    def times(v: Array) -> Array:
        return product(W1, v.reshape(W1.shape)).ravel()

    def shifted(v: Array) -> Array:
        """Of A + I, whose eigenvalues are not zero: Lanczos converges in relative terms."""
        return times(v) + v.ravel()

    operator = LinearOperator((W1.size, W1.size), matvec=shifted, dtype=np.float64)
    start = np.random.default_rng(0).normal(size=W1.size)
    try:
        values, vectors = eigsh(
            operator,
            k=count,
            which="SA",
            v0=start,
            tol=tolerance,
            ncv=min(W1.size, max(4 * count, 80)),
            maxiter=100 * W1.size,
        )
    except ArpackNoConvergence as error:
        raise ReadoutError(f"the slowest rates were not found to {tolerance:g}: {error}") from None
    order = np.argsort(values)
    values, vectors = values[order] - 1, vectors[:, order]
    residuals = [np.linalg.norm(times(v) - r * v) for r, v in zip(values, vectors.T, strict=True)]
    from reduced.flows.two_layer import first_layer_flow

    speed = float(np.linalg.norm(first_layer_flow(X, Y, activation, ridge)(0.0, W1)))
    return Rates(values, vectors.T.reshape(count, *W1.shape), np.array(residuals), speed)


@cache
def generated(activation: Activation) -> Generated:
    """NumPy source of J V, a function of ``(W1, V, X, Y, ridge)``."""
    import sympy as sp
    from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

    from derivations import two_layer as eq
    from derivations.pushforward import pushforward

    V = sp.MatrixSymbol("V", *eq.W1.shape)
    sigma = activation.lambdas[activation.name]
    along = eq.with_activation(pushforward(eq.first_layer_flow().doit(), {eq.W1: V}), sigma)

    def without_kinks(function: Any, argument: Any) -> Any:
        """σ″ where it is a function; zero where it is none."""
        body = function.expr.replace(sp.DiracDelta, lambda *_: sp.S.Zero)
        return (
            sp.ZeroMatrix(*argument.shape)
            if body == 0
            else argument.applyfunc(sp.Lambda(function.variables[0], body))
        )

    along = along.replace(ElementwiseApplyFunction, without_kinks).doit()
    H = eq.with_activation(eq.HIDDEN, sigma)
    K = eq.gram().xreplace({eq.H: H}).doit()
    known = {function: name for name, function in activation.lambdas.items()}
    others = sorted({node.function for node in along.atoms(ElementwiseApplyFunction)} - set(known), key=str)
    functions = {name: function for function, name in known.items()}
    functions |= {f"{activation.name}_bend{i or ''}": f for i, f in enumerate(others)}
    return matrix_function(
        "jacobian_product",
        {"W1": eq.W1, "V": V, "X": eq.X, "Y": eq.Y, "ridge": eq.ridge},
        along,
        functions=functions,
        named={"Z": eq.X * eq.W1, "H": H, "K": K, "L": K.I, "B": K.I * eq.Y},
    )
