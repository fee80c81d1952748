"""The network linearized at a state: its Jacobian J, the adjoint, the neural tangent kernel Θ and Θ⁻¹.

Nothing of n·d_out rows is formed. Θ = ε J₁J₁ᵀ + J₂J₂ᵀ is inverted by conjugate gradients, preconditioned by

    HHᵀ ⊗ I + ε B ⊗ C,    B = XXᵀ ⊙ (S diag(c) Sᵀ),   S = σ′(XW1),   c_j = ‖w2_j‖² / ‖W2‖²,   C = W2ᵀW2,

which one generalized eigendecomposition of (HHᵀ, B) and one of C invert exactly. J₂J₂ᵀ is the first term; J₁J₁ᵀ
would be the second if every hidden unit had the same output direction on average. The first term alone does not
suffice near the interpolation threshold d_h ≈ n, where W2 is large and J₁J₁ᵀ dominates.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
import scipy.linalg
from numpy.typing import NDArray
from scipy.sparse.linalg import LinearOperator, cg

from reduced.codegen.functions import Generated, matrix_function
from reduced.errors import SingularGramError
from reduced.inputs.arrays import without_overflow
from reduced.inputs.scalars import positive
from reduced.network.activations import Activation
from reduced.network.parameters import Pair
from reduced.network.problem import Problem, both_layers

Array = NDArray[np.float64]
#: Conjugate gradients give up after this many iterations; 166 suffice at the paper's random start.
MAX_ITERATIONS = 3000
#: Smallest eigenvalue the preconditioner admits, where the mean is 1; only a rank-deficient W2 comes near.
FLOOR = 1e-6


@cache
def generated(quantity: str, activation: Activation) -> Generated:
    """NumPy source of a map of :mod:`derivations.neural_tangent`, at given Z = XW1 and H = σ(Z).

    Parameters
    ----------
    quantity : str
        ``"output_change"`` of ``(V1, V2, Z, H, X, W2)``, ``"adjoint"`` of ``(M, Z, H, X, W2)``, or ``"kernel"``
        of ``(M, Z, H, X, W2, epsilon)``.
    activation : Activation
        Stands for the derivation's undefined σ.
    """
    import sympy as sp

    from derivations import neural_tangent as nt
    from derivations import two_layer as eq

    Z = sp.MatrixSymbol("Z", eq.n, eq.d_h)
    given = {"Z": Z, "H": eq.H, "X": eq.X, "W2": eq.W2}
    arguments = {
        "output_change": {"V1": nt.V1, "V2": nt.V2} | given,
        "adjoint": {"M": nt.M} | given,
        "kernel": {"M": nt.M} | given | {"epsilon": nt.rate_ratio},
    }[quantity]
    sigma = activation.lambdas[activation.name]
    hidden = eq.with_activation(eq.HIDDEN, sigma)
    at_hidden = {hidden: eq.H, hidden.T.doit(): eq.H.T}

    def concrete(expression: Any) -> Any:
        expression = eq.with_activation(expression, sigma).doit()
        return expression.xreplace(at_hidden).xreplace({eq.X * eq.W1: Z})

    derived = getattr(nt, quantity)()
    outputs = tuple(map(concrete, derived)) if isinstance(derived, tuple) else concrete(derived)
    return matrix_function(quantity, arguments, outputs, functions=activation.lambdas)


@dataclass(frozen=True)
class Linearization:
    """A network at one state; made by :func:`linearize`.

    Parameters
    ----------
    problem : Problem
        Training data and activation.
    W1, W2 : arrays
        The state θ.
    Z, H : (n, d_h) arrays
        Pre-activations XW1 and activations σ(XW1), consistent with W1.
    rate_ratio : float
        ε of the kernel, the learning rate of the first layer over that of the readout.
    near : Linearization, optional
        One at a state close by, whose preconditioner is good enough here.
    """

    problem: Problem
    W1: Array
    W2: Array
    Z: Array
    H: Array
    rate_ratio: float
    near: "Linearization | None" = None

    @property
    def residual(self) -> Array:
        """Outputs minus targets, H W2 − Y, shape (n, d_out)."""
        return np.asarray(self.H @ self.W2 - self.problem.Y)

    @property
    def missed(self) -> float:
        """‖F − Y‖ relative to ‖Y‖, or itself where all targets are 0."""
        return float(np.linalg.norm(self.residual) / (np.linalg.norm(self.problem.Y) or 1.0))

    def output_change(self, direction: Pair) -> Array:
        """J V, shape (n, d_out)."""
        return np.asarray(self._map("output_change")(*direction, self.Z, self.H, self.problem.X, self.W2))

    def adjoint(self, M: Array) -> Pair:
        """Jᵀ M, a direction."""
        first, second = self._map("adjoint")(M, self.Z, self.H, self.problem.X, self.W2)
        return first, second

    def kernel(self, M: Array) -> Array:
        """Θ M, shape (n, d_out)."""
        return np.asarray(self._map("kernel")(M, self.Z, self.H, self.problem.X, self.W2, self.rate_ratio))

    def solve(self, right: Array, tolerance: float = 1e-11) -> Array:
        """Θ⁻¹ right by preconditioned conjugate gradients.

        Parameters
        ----------
        right : (n, d_out) array
        tolerance : float
            Residual of the linear system relative to ‖right‖.

        Raises
        ------
        SingularGramError
            If the kernel is singular, or too ill-conditioned to reach the tolerance.
        """
        shape, size = right.shape, right.size
        kernel = LinearOperator((size, size), lambda m: self.kernel(m.reshape(shape)).ravel(), dtype=float)
        inverse = LinearOperator(
            (size, size), lambda m: self.preconditioner(m.reshape(shape)).ravel(), dtype=float
        )
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            solution, failed = cg(kernel, right.ravel(), rtol=tolerance, maxiter=MAX_ITERATIONS, M=inverse)
        if failed or not np.isfinite(solution).all():
            raise SingularGramError(
                f"conjugate gradients on the neural tangent kernel ({size} rows) do not reach {tolerance:g} in "
                f"{MAX_ITERATIONS} iterations: the outputs' Jacobian is nearly rank-deficient; widen the hidden layer"
            )
        return np.asarray(solution.reshape(shape))

    def jacobian(self) -> Array:
        """Dense J, shape (n·d_out, d_in·d_h + d_h·d_out): for small networks only."""
        units = np.eye(self.problem.Y.size).reshape(-1, *self.problem.Y.shape)
        rows = (self.adjoint(unit) for unit in units)
        return np.array([np.concatenate([first.ravel(), second.ravel()]) for first, second in rows])

    def _map(self, quantity: str) -> Generated:
        return generated(quantity, self.problem.activation)

    @cached_property
    def preconditioner(self) -> Callable[[Array], Array]:
        """Approximate inverse of the kernel, see the module; a map of (n, d_out) arrays."""
        if self.near is not None:
            return self.near.preconditioner
        X, weights = self.problem.X, np.sum(self.W2**2, axis=1)
        slopes = self.problem.activation.derivative(self.Z)
        inputs = X @ X.T
        inputs = inputs if isinstance(inputs, np.ndarray) else inputs.toarray()
        A = self.H @ self.H.T
        B = self.rate_ratio * inputs * ((slopes * weights) @ slopes.T)
        spectrum, V = np.linalg.eigh(self.W2.T @ self.W2)
        relative = spectrum / spectrum.mean()
        mean_kernel = without_overflow("the neural tangent kernel", A + B / len(spectrum))
        try:
            share, U = scipy.linalg.eigh(A, mean_kernel)
        except np.linalg.LinAlgError:
            raise SingularGramError(
                f"the neural tangent kernel averaged over outputs ({len(A)} x {len(A)}) is singular: widen the "
                "hidden layer or remove repeated training samples"
            ) from None
        eigenvalues = share[:, None] + (1 - share[:, None]) * relative
        scale = 1 / np.maximum(eigenvalues, FLOOR)
        return lambda M: np.asarray(U @ ((U.T @ M @ V) * scale) @ V.T)


def linearize(
    problem: Problem, state: Pair, rate_ratio: float = 1.0, near: Linearization | None = None
) -> Linearization:
    """Linearize the network at a state.

    Raises
    ------
    ValueError
        If W1 or W2 does not fit the data, or the rate ratio is not positive.
    """
    (rate_ratio,) = positive(rate_ratio=rate_ratio)
    W1, W2 = both_layers(problem, state)
    Z = np.ascontiguousarray(problem.X @ W1)
    return Linearization(problem, W1, W2, Z, problem.activation.value(Z), rate_ratio, near)
