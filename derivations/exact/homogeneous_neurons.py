"""Neurons of a positively homogeneous activation that see one sample each: the first-layer flow (20), λ → 0.

z_j = x·w_j > 0 is the pre-activation of an active neuron, σ(z) = z^q, c = |x|²|y|². Whatever of w_j is
orthogonal to x, and every neuron that is off, decays as e^{−τ}.
"""

from typing import Any

import sympy as sp

from derivations.exact.case import Limit, Matrix, Reduction, SolvableCase, explicit_case
from derivations.exact.parts import in_parts
from derivations.steps import Step

tau = sp.Symbol("tau", nonnegative=True)
c, q, z, z_0, N, N_0, Phi = sp.symbols("c q z z_0 N N_0 Phi", positive=True)


def _one_sample_flow(active: Any, degree: Any) -> Any:
    """dz/dτ = −½|x|² d/dz(|y|²/Σz^{2q}) − z: the flow of R/λ = ‖w‖² + |y|²/|h|² seen from x."""
    readout = c / sum(entry ** (2 * degree) for entry in active)
    return active.applyfunc(lambda entry: -readout.diff(entry) / 2 - entry)


_decay = sp.exp(-(2 * q + 2) * tau)
ONE_NEURON = explicit_case(
    name="one sample, one active neuron of degree q",
    assumption="first-layer flow with λ → 0, slow time τ, σ(z) = z^q for z > 0",
    time=tau,
    state=Matrix([z]),
    velocity=_one_sample_flow(Matrix([z]), q),
    initial=Matrix([z_0]),
    substitution=((z ** (2 * q + 2), -(2 * q + 2), (2 * q + 2) * c * q),),
    solution=Matrix([(z_0 ** (2 * q + 2) * _decay + c * q * (1 - _decay)) ** (1 / (2 * q + 2))]),
    limits=(Limit(tau, sp.oo, Matrix([(c * q) ** (1 / (2 * q + 2))])),),
)

_active = Matrix(sp.symbols("z_1:4", positive=True))
RELU_NEURONS = explicit_case(
    name="one sample, several active ReLU neurons: N = Σz²",
    assumption="first-layer flow with λ → 0, slow time τ, q = 1; the ratios of the z_j stay",
    time=tau,
    state=Matrix([N]),
    velocity=Matrix([2 * c / N - 2 * N]),
    initial=Matrix([N_0]),
    substitution=((N**2, -4, 4 * c),),
    solution=Matrix([sp.sqrt(N_0**2 * sp.exp(-4 * tau) + c * (1 - sp.exp(-4 * tau)))]),
    limits=(Limit(tau, sp.oo, Matrix([sp.sqrt(c)])),),
    reduction=Reduction(_active, _one_sample_flow(_active, 1), Matrix([sum(entry**2 for entry in _active)])),
)

_v, _v_0 = Matrix(sp.symbols("v_1:4", positive=True)), Matrix(sp.symbols("u_1:4", positive=True))
_spent = sp.Symbol("x", positive=True)


def _gram(inverse_sizes: Any) -> Any:
    """K = Σz^{2q} = Σv^{−q/(q−1)}."""
    return sum(entry ** (-q / (q - 1)) for entry in inverse_sizes)


_race = sp.Integral(_gram(_v_0 - Matrix([_spent] * 3)) ** 2, (_spent, 0, Phi))
_race_time = sp.log(1 + (q + 1) / ((q - 1) * c * q) * _race) / (2 * q + 2)
_g, _T = sp.symbols("g T", positive=True)
# The equation needs the derivative of the integral and holds whatever its value: the points set it to 2.
WINNER_TAKES_ALL = SolvableCase(
    name="one sample, several active neurons of degree q ≥ 2: the largest takes all",
    assumption="first-layer flow with λ → 0, slow time τ, σ(z) = z^q for z > 0; v = z^{2−2q}, Φ < min v_0",
    time=tau,
    state=_v,
    velocity=(2 * q - 2) * (_v - Matrix([c * q / _gram(_v) ** 2] * 3)),
    initial=_v_0,
    solution=sp.exp((2 * q - 2) * _race_time) * (_v_0 - Matrix([Phi] * 3)),
    parameter=Phi,
    clock=_race_time,
    points=tuple(
        {q: degree, c: sp.Rational(5, 3), Phi: sp.Rational(1, 4), _race: 2}
        | dict(zip(_v_0, start, strict=True))
        for degree, start in (
            (2, (sp.Rational(1, 3), 1, 2)),
            (3, (sp.Rational(2, 5), sp.Rational(2, 5), 7)),
            (5, (3, sp.Rational(1, 2), sp.Rational(5, 9))),
        )
    ),
    reduction=Reduction(
        _active, _one_sample_flow(_active, q), _active.applyfunc(lambda entry: entry ** (2 - 2 * q))
    ),
    law=in_parts(
        {
            _g: _race,
            _T: sp.log(1 + (q + 1) / ((q - 1) * c * q) * _g) / (2 * q + 2),
            tau: _T,
            **{now: sp.exp((2 * q - 2) * _T) * (start - Phi) for now, start in zip(_v, _v_0, strict=True)},
        }
    ),
)

# Two orthogonal samples, three neurons: the first two on for sample 1 alone, the third for sample 2 alone.
_length, _length_2 = sp.symbols("ℓ_1:3", positive=True)  # squared norms of the samples
_y = Matrix(2, 2, sp.symbols("y_1:5", real=True))
_on = Matrix([[1, 1, 0], [0, 0, 1]])
_U = Matrix(2, 3, sp.symbols("u_1:7", real=True))
_U_0 = Matrix(2, 3, sp.symbols("r_1:7", positive=True))


def _relu_flow(pre: Any) -> Any:
    """dU/dτ = XXᵀ[(BBᵀH) ⊙ σ′(U)] − U for U = XW1, XXᵀ diagonal and the pattern of active neurons fixed."""
    hidden = pre.multiply_elementwise(_on)
    push = (hidden * hidden.T).inv() * _y
    return sp.diag(_length, _length_2) * (push * push.T * hidden).multiply_elementwise(_on) - pre


def _orthogonal_solution() -> Any:
    rows = []
    for i, squared_norm in enumerate((_length, _length_2)):
        total = sum(entry**2 for entry in _U_0.row(i).multiply_elementwise(_on.row(i)))
        strength = squared_norm * _y.row(i).dot(_y.row(i))
        reached = RELU_NEURONS.solution[0].subs({N_0: total, c: strength}, simultaneous=True)
        factor = [sp.sqrt(reached / total) if active else sp.exp(-tau) for active in _on.row(i)]
        rows.append([factor[j] * _U_0[i, j] for j in range(3)])
    return Matrix(rows)


ORTHOGONAL_SAMPLES = explicit_case(
    name="orthogonal samples, every ReLU neuron active on at most one: each sample on its own",
    assumption="first-layer flow with λ → 0, slow time τ; every sample has a neuron; U = XW1",
    time=tau,
    state=_U,
    velocity=_relu_flow(_U),
    initial=_U_0,
    solution=_orthogonal_solution(),
)


def steps() -> tuple[Step, ...]:
    """The solvable cases of homogeneous neurons."""
    cases = (ONE_NEURON, RELU_NEURONS, WINNER_TAKES_ALL, ORTHOGONAL_SAMPLES)
    return tuple(case.step() for case in cases)
