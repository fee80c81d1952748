"""Four networks below a linear readout, in matrix symbols: what ``decouple_readout`` is tried on."""

import sympy as sp

from derivations import two_layer as eq

n, p, q, k, h = sp.symbols("n p q k d_h", integer=True, positive=True)
X, V = sp.MatrixSymbol("X", n, p), sp.MatrixSymbol("V", n, q)
A, B, b = sp.MatrixSymbol("A", p, h), sp.MatrixSymbol("B", q, h), sp.MatrixSymbol("b", 1, h)
E, U = sp.MatrixSymbol("E", p, h), sp.MatrixSymbol("U", h, h)
W1, W2 = sp.MatrixSymbol("W1", p, k), sp.MatrixSymbol("W2", k, h)


def act(matrix):
    return matrix.applyfunc(sp.Lambda(eq.z, eq.sigma(eq.z)))


NETWORKS = {
    "hidden bias": (act(X * A + sp.OneMatrix(n, 1) * b), (A, b)),
    "two embeddings": (act(X * A + V * B), (A, B)),
    "three layers": (act(act(X * W1) * W2), (W1, W2)),
    "skip connection": (X * E + act(X * E * U), (E, U)),
}
