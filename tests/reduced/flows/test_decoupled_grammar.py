"""Losses from a seeded grammar: verdict, cost and flow against brute force over the fast values."""

import random
import time
from collections import Counter
from itertools import product

import numpy as np
import pytest
import sympy as sp
from scipy.optimize import minimize

from derivations import decouple
from reduced.decoupled import fast_values, vector_field

SLOW = sp.Symbol("a")
FAST = sp.symbols("b c d")
DECAY = sp.Symbol("lambda", positive=True)
KINDS = ("polynomial", "rational", "exponential", "logarithmic", "kinked")
NUMBERS = (1, 2, -1, sp.Rational(1, 2), 0.7, sp.Rational(-3, 2), 1.3, 0.25)
#: Slow values at which every loss is tried.
SLOW_VALUES = (-1.37, -0.31, 0.83, 2.2)
RIDGE = 0.3


def loss_of(kind, size, bounded, seed):
    """A loss of one slow and ``size`` fast variables; an unbounded one lacks some decay, or has a negative part."""
    rng = random.Random(f"{kind} {size} {bounded} {seed}")
    fast = FAST[:size]

    def number():
        return rng.choice(NUMBERS)

    def linear():
        return sp.Add(*[number() * v for v in rng.sample(fast, rng.randint(1, size))]) + rng.choice(
            (0, number())
        )

    def monomial():
        return number() * SLOW ** rng.randint(0, 2) * sp.prod([v ** rng.randint(0, 2) for v in fast])

    unit = {
        "polynomial": lambda: monomial() + SLOW * linear(),
        "rational": lambda: SLOW * linear() / (1 + rng.choice(fast) ** 2),
        "exponential": lambda: rng.choice((sp.exp(SLOW * rng.choice(fast) / 2), sp.tanh(SLOW * linear()))),
        "logarithmic": lambda: rng.choice((sp.log(1 + linear() ** 2), SLOW * sp.log(1 + sp.exp(linear())))),
        "kinked": lambda: (
            SLOW * rng.choice((sp.Max(linear(), 0), sp.Abs(linear()), sp.Min(linear(), number())))
        ),
    }[kind]
    residuals = [unit() - number() for _ in range(rng.randint(1, 2))]
    loss = sp.Add(*[r**2 for r in residuals]) + rng.choice((0, SLOW * linear()))
    decay = {v: rng.choice((v**2, v**2, v**4, v**2 + v**4)) for v in fast}
    if kind == "kinked":
        decay[fast[0]] = rng.choice((sp.Abs(fast[0]), fast[0] ** 2))
    if kind == "logarithmic" and rng.random() < 0.5:
        loss -= sp.log(fast[-1])
    if not bounded:
        decay[fast[-1]] = rng.choice((0, 0, -(fast[-1] ** 4), fast[-1] ** 3))
    missing = sp.Add(*[v for v in fast if not (loss + decay[v]).has(v)])
    return loss + SLOW * missing + DECAY * (SLOW**2 + sp.Add(*decay.values()))


class BruteForce:
    """The plain loss as a function of numbers, and its lowest value from many starts."""

    def __init__(self, loss, size):
        self.loss = sp.lambdify((SLOW, DECAY, *FAST[:size]), loss, "numpy")
        axis = {1: np.linspace(-12, 12, 4801), 2: np.linspace(-8, 8, 161), 3: np.linspace(-6, 6, 37)}[size]
        decades = np.logspace(1.2, 7, {1: 60, 2: 25, 3: 6}[size])
        near = np.linspace(-8, 8, {1: 9, 2: 41, 3: 9}[size])
        self.grid = np.array(list(product(axis, repeat=size))).T
        self.far = np.array(list(product([*-decades, *near, *decades], repeat=size))).T

    def value(self, slow, x):
        with np.errstate(all="ignore"):
            found = np.asarray(self.loss(slow, RIDGE, *x), dtype=float) + 0 * np.asarray(x[0], dtype=float)
        return np.where(np.isnan(found), np.inf, found)

    def lowest(self, slow):
        """Lowest cost that is found downhill from the lowest points of the box, and from those far away."""
        starts = []
        for points, several in ((self.grid, 4), (self.far, 6)):
            for i in np.argsort(self.value(slow, points), kind="stable")[:400]:
                if len(starts) < several and all(np.linalg.norm(points[:, i] - x) > 0.7 for x in starts):
                    starts.append(points[:, i])
        options = {"xatol": 1e-10, "fatol": 1e-14, "maxiter": 600, "maxfev": 900}
        costs = []
        for start in starts:
            x = start
            for _ in range(2):
                with np.errstate(all="ignore"):
                    found = minimize(
                        lambda x: float(self.value(slow, x)), x, method="Nelder-Mead", options=options
                    )
                x = found.x
            costs.append(float(found.fun))
        return min(costs)

    def falls(self, slow, cost):
        """Whether some point far away is lower."""
        return bool(self.value(slow, self.far).min() < cost - 1e-7 * (1 + abs(cost)))


@pytest.fixture(scope="module")
def records():
    """Verdict, error and time of every loss; the summary shows with ``pytest -s``."""
    found = []
    yield found
    if found:
        counts = Counter(verdict for verdict, _, _ in found)
        error, seconds = max(e for _, e, _ in found), max(s for _, _, s in found)
        print(
            f"\n{dict(counts)}; largest relative error {error:.1e}; longest {seconds:.1f} s of processor time"
        )


ALL = [
    pytest.param(
        kind,
        size,
        bounded,
        seed,
        marks=[pytest.mark.slow] if size == 3 else [],
        id=f"{kind}-{size}-{'bounded' if bounded else 'unbounded'}-{seed}",
    )
    for kind, size, bounded, seed in product(KINDS, (1, 2, 3), (True, False), range(2))
]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("kind", "size", "bounded", "seed"), ALL)
def test_verdict_cost_and_flow_agree_with_brute_force(kind, size, bounded, seed, records):
    loss = loss_of(kind, size, bounded, seed)
    brute = BruteForce(loss, size)
    before = time.thread_time()
    try:
        model = decouple(loss, SLOW, FAST[:size], seconds=3.0)
    except ValueError:
        records.append(("refused", 0.0, time.thread_time() - before))
        for slow in SLOW_VALUES:
            best = brute.lowest(slow)
            assert best < -1e6 or brute.falls(slow, best)
        return
    elapsed = time.thread_time() - before
    numbers = {DECAY: RIDGE}
    values, field = fast_values(model, numbers), vector_field(model, numbers)
    errors = [0.0]
    for slow in SLOW_VALUES:
        best = brute.lowest(slow)
        try:
            cost = float(brute.value(slow, values(np.array([slow]))))
        except ArithmeticError:
            assert model.optimum.kind != "global" or model.optimum.conditions
            assert best < -1e6 or brute.falls(slow, best)
            continue
        assert not brute.falls(slow, cost)
        assert cost <= best + 1e-8 * (1 + abs(best))
        errors.append(abs(cost - min(best, cost)) / (1 + abs(cost)))
        step = 1e-4
        near = {
            k: float(brute.value(slow + k * step, values(np.array([slow + k * step]))))
            for k in (-2, -1, 1, 2)
        }
        slope = (8 * (near[1] - near[-1]) - (near[2] - near[-2])) / (12 * step)
        assert field(0.0, np.array([slow]))[0] == pytest.approx(-slope, rel=1e-6, abs=1e-6)
    records.append((model.optimum.kind, max(errors), elapsed))
    assert elapsed < 6
