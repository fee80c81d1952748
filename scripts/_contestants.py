"""Ways to compute the same first-layer velocity, for the benchmark to hold against each other."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.blas import dgemm, dsyrk
from scipy.linalg.lapack import dpotrf, dpotrs

from reduced.flows.two_layer import first_layer_flow

Array = NDArray[np.float64]
Velocity = Callable[[Array], Array]


def generated(X: Array, Y: Array) -> Velocity:
    """The function generated from SymPy."""
    flow = first_layer_flow(X, Y)
    return lambda W1: flow(0.0, W1)


def literal_numpy(X: Array, Y: Array) -> Velocity:
    """The paper's formula as printed, A = (HHᵀ)⁻¹, in NumPy."""

    def velocity(W1: Array) -> Array:
        Z = X @ W1
        H = np.maximum(Z, 0)
        A = np.linalg.inv(H @ H.T)
        return np.asarray(X.T @ ((A @ Y @ Y.T @ A @ H) * (Z > 0)) - W1)

    return velocity


def blas_calls(X: Array, Y: Array) -> Velocity:
    """The BLAS and LAPACK calls that the flow cannot do without, on buffers made once; not a velocity.

    One syrk, potrf and potrs, and the two products with the readout.
    """
    n, d_out = Y.shape

    def calls(W1: Array) -> Array:
        if not buffers:
            H = np.maximum(X @ W1, 0)
            shapes = (n, n), (n, d_out), (W1.shape[1], d_out), (W1.shape[1], n)
            buffers.extend([H, *(np.empty(shape, order="F") for shape in shapes)])
        H, K, B, W2, M = buffers
        dsyrk(1.0, H.T, trans=1, lower=1, c=K, overwrite_c=1)
        factor, _ = dpotrf(K, lower=1, clean=0, overwrite_a=1)
        B[...] = Y
        dpotrs(factor, B, lower=1, overwrite_b=1)
        dgemm(1.0, H.T, B, c=W2, overwrite_c=1)
        return np.asarray(dgemm(1.0, W2, B, trans_b=1, c=M, overwrite_c=1))

    buffers: list[Array] = []
    return calls


def literal_torch(X: Array, Y: Array) -> Velocity:
    """The paper's formula as printed, in PyTorch float64."""
    import torch

    x, y = torch.from_numpy(X), torch.from_numpy(Y)

    def velocity(W1: Array) -> Array:
        w = torch.from_numpy(W1)
        z = x @ w
        h = torch.relu(z)
        a = torch.linalg.inv(h @ h.T)
        return np.asarray((x.T @ ((a @ y @ y.T @ a @ h) * (z > 0)) - w).numpy())

    return velocity


def autograd_torch(X: Array, Y: Array) -> Velocity:
    """−½ the gradient of the reduced cost by PyTorch's automatic differentiation, float64."""
    import torch

    x, y = torch.from_numpy(X), torch.from_numpy(Y)

    def velocity(W1: Array) -> Array:
        w = torch.from_numpy(W1).requires_grad_()
        h = torch.relu(x @ w)
        cost = (w**2).sum() + (y * torch.linalg.solve(h @ h.T, y)).sum()
        (gradient,) = torch.autograd.grad(cost, w)
        return np.asarray(-0.5 * gradient.numpy())

    return velocity


def literal_jax(X: Array, Y: Array) -> Velocity:
    """The paper's formula as printed, compiled by JAX, float64."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)

    @jax.jit
    def velocity(w: Any) -> Any:
        z = X @ w
        h = jnp.maximum(z, 0)
        a = jnp.linalg.inv(h @ h.T)
        return X.T @ ((a @ Y @ Y.T @ a @ h) * (z > 0)) - w

    return lambda W1: np.asarray(velocity(W1))


def autograd_jax(X: Array, Y: Array) -> Velocity:
    """−½ the gradient of the reduced cost by JAX's automatic differentiation, compiled, float64."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)

    def cost(w: Any) -> Any:
        h = jax.nn.relu(X @ w)
        return (w**2).sum() + (Y * jnp.linalg.solve(h @ h.T, Y)).sum()

    gradient = jax.jit(jax.grad(cost))
    return lambda W1: -0.5 * np.asarray(gradient(W1))


PEERS: dict[str, Callable[[Array, Array], Velocity]] = {
    "generated field": generated,
    "bare BLAS and LAPACK calls": blas_calls,
    "printed formula, NumPy": literal_numpy,
    "printed formula, PyTorch": literal_torch,
    "autograd of the cost, PyTorch": autograd_torch,
    "printed formula, JAX": literal_jax,
    "autograd of the cost, JAX": autograd_jax,
}
