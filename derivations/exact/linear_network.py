"""The first-layer flow of a linear network, in the inner products of its hidden activations.

With σ(z) = z, X of full row rank and λ → 0, the flow (20) closes on the n × n Gram matrix of the hidden
activations in whitened coordinates: Σ = XXᵀ, G = Σ^{-½} HHᵀ Σ^{-½}, Q = Σ^{-½} YYᵀ Σ^{-½} and, in slow time,

    dG/dτ = G⁻¹Q + QG⁻¹ − 2G.
"""

from typing import Any

import sympy as sp

from derivations.checks import identity_with
from derivations.exact.case import InMatrices, Limit, Matrix, Reduction, SolvableCase, explicit_case
from derivations.steps import Step, one_line
from derivations.symbols import Rate

tau = sp.Symbol("tau", nonnegative=True)
g, g_0, q, sigma = sp.symbols("g g_0 q sigma", positive=True)


def gram_flow(gram: Any, target: Any) -> Any:
    """dG/dτ = G⁻¹Q + QG⁻¹ − 2G."""
    inverse = gram.inv()
    return Matrix(inverse * target + target * inverse - 2 * gram)


def _symmetric(name: str, size: int) -> Any:
    """A symmetric matrix of symbols."""
    return Matrix(size, size, lambda i, j: sp.Symbol(f"{name}_{min(i, j) + 1}{max(i, j) + 1}", real=True))


def _whitened_flow() -> dict[Any, Any]:
    """The flow (20) of H = X W1, K = HHᵀ, whitened, for every W1 at once.

    dH/dτ = Σ BBᵀH − H with B = K⁻¹Y, hence dK/dτ; the whitening root of Σ is exact: Σ^½ = [[2, 1], [1, 2]].
    """
    root = Matrix([[2, 1], [1, 2]])
    hidden, target = Matrix(2, 2, sp.symbols("h_1:5")), Matrix(2, 1, sp.symbols("y_1:3"))
    gram = hidden * hidden.T
    push = gram.inv() * target
    velocity = root * root * push * push.T * hidden - hidden
    moved = velocity * hidden.T + hidden * velocity.T
    whiten = root.inv()
    return {
        N: 2,
        Rate(GRAM, tau): whiten * moved * whiten,
        GRAM: whiten * gram * whiten,
        TARGET: whiten * target * target.T * whiten,
    }


N = sp.Symbol("n", positive=True, integer=True)
GRAM, TARGET = (sp.MatrixSymbol(name, N, N) for name in ("G", "Q"))
FLOW = sp.Eq(Rate(GRAM, tau), GRAM.I * TARGET + TARGET * GRAM.I - 2 * GRAM, evaluate=False)

MODE = explicit_case(
    name="linear network, first-layer flow, one common eigenvector of G and Q",
    assumption="G_0 and Q commute, slow time τ; g and q their eigenvalues",
    time=tau,
    state=Matrix([g]),
    velocity=Matrix([2 * q / g - 2 * g]),
    initial=Matrix([g_0]),
    substitution=((g**2, -4, 4 * q),),
    solution=Matrix([sp.sqrt(g_0**2 * sp.exp(-4 * tau) + q * (1 - sp.exp(-4 * tau)))]),
    limits=(Limit(tau, sp.oo, Matrix([sp.sqrt(q)])), Limit(q, 0, Matrix([g_0 * sp.exp(-2 * tau)]))),
)

_gram = _symmetric("g", 2)
_square, _square_0 = _symmetric("s", 2), _symmetric("c", 2)
ISOTROPIC = explicit_case(
    name="linear network, first-layer flow, isotropic targets: the square of G",
    assumption="Q = qI and any G_0, slow time τ; the state is G²",
    time=tau,
    state=_square,
    velocity=4 * q * sp.eye(2) - 4 * _square,
    initial=_square_0,
    solution=q * sp.eye(2) + (_square_0 - q * sp.eye(2)) * sp.exp(-4 * tau),
    limits=(Limit(tau, sp.oo, q * sp.eye(2)),),
    reduction=Reduction(_gram, gram_flow(_gram, q * sp.eye(2)), _gram**2),
)

_target = _symmetric("q", 2)
_trace, _trace_0 = sp.symbols("T T_0", positive=True)
TRACE = explicit_case(
    name="linear network, first-layer flow: the trace of G²",
    assumption="any G_0 and Q, slow time τ; the state is Tr G²",
    time=tau,
    state=Matrix([_trace]),
    velocity=Matrix([4 * _target.trace() - 4 * _trace]),
    initial=Matrix([_trace_0]),
    solution=Matrix([_target.trace() + (_trace_0 - _target.trace()) * sp.exp(-4 * tau)]),
    reduction=Reduction(_gram, gram_flow(_gram, _target), Matrix([(_gram**2).trace()])),
)

# One output: Q = q e eᵀ. In the basis of e and the eigenvectors of G_0 on its complement,
# e^{2τ}G = [[k, bᵀ], [b, diag(β)]].
k_0, beta = sp.symbols("k_0 beta", positive=True)
b_0 = sp.Symbol("b_0", real=True)
DRIFT = k_0 * sigma + q * sigma**2
OVERLAP = b_0**2 * (1 - sp.exp(-2 * q * sigma / beta)) / (2 * q)
COUPLING = b_0 * sp.exp(-q * sigma / beta)
_two = [
    dict(zip((b_0, beta), sp.symbols((f"b_{i}", f"beta_{i}"), positive=True), strict=True)) for i in (1, 2)
]
_stretched_time = DRIFT - sum(OVERLAP.subs(mode) for mode in _two)
_couplings = [COUPLING.subs(mode) for mode in _two]
_stretched = Matrix(
    [
        [k_0 + 2 * q * sigma, *_couplings],
        [_couplings[0], _two[0][beta], 0],
        [_couplings[1], 0, _two[1][beta]],
    ]
)
_stretch = sp.Symbol("S", positive=True)
_whole = sp.MatrixSymbol("G", 3, 3)
ONE_OUTPUT = SolvableCase(
    name="linear network, first-layer flow, one output, G_0 and Q not commuting",
    assumption="Q = q e eᵀ, slow time τ; in the basis of e and the eigenvectors of G_0 on its complement",
    time=tau,
    state=_symmetric("g", 3),
    velocity=gram_flow(_symmetric("g", 3), sp.diag(q, 0, 0)),
    initial=_stretched.subs(sigma, 0),
    solution=_stretched / sp.sqrt(1 + 4 * _stretched_time),
    parameter=sigma,
    clock=sp.log(1 + 4 * _stretched_time) / 4,
    law=InMatrices(
        sp.Tuple(
            sp.Eq(_stretch, _stretched_time, evaluate=False),
            sp.Eq(tau, sp.log(1 + 4 * _stretch) / 4, evaluate=False),
            sp.Eq(sp.sqrt(1 + 4 * _stretch) * _whole, _stretched, evaluate=False),
        ),
        {
            _stretch: _stretched_time,
            tau: sp.log(1 + 4 * _stretched_time) / 4,
            _whole: _stretched / sp.sqrt(1 + 4 * _stretched_time),
        },
    ),
    equation=InMatrices(
        FLOW,
        {
            N: 3,
            GRAM: _symmetric("g", 3),
            TARGET: sp.diag(q, 0, 0),
            Rate(GRAM, tau): gram_flow(_symmetric("g", 3), sp.diag(q, 0, 0)),
        },
    ),
)


def steps() -> tuple[Step, ...]:
    """The whitened flow and its solvable cases."""
    closed = one_line(
        "",
        "the first-layer flow of a linear network closes on the whitened Gram matrix",
        FLOW,
        "σ(z) = z, X of full row rank, λ → 0; checked for every H and y of two samples, Σ rational",
        [identity_with("every H and y of two samples", _whitened_flow)],
        "K = HHᵀ differentiated along (20), then whitened",
    )
    return (closed, *(case.step() for case in (MODE, ISOTROPIC, TRACE, ONE_OUTPUT)))
