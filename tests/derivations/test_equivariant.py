import pytest
import sympy as sp

from derivations import equivariant as q
from derivations import equivariant_checks as checks
from derivations import equivariant_steps
from derivations.equivariant_cases import EXACT, FLOATING
from derivations.residues import contracted, exact_roots, over, p, shifted, value
from derivations.steps import run_checks

STEPS = equivariant_steps.steps()


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.title)
def test_every_step_passes(step):
    assert all(check.passed for check in run_checks(step))


WRONG = {
    "decay short of a seventh": ("flow", lambda flow: flow + q.f(q.j, q.u) / 7),
    "dual not conjugated": (
        "readout_spectrum",
        lambda _: q.over_classes(q.h_hat(q.j, q.d, q.k) * q.gamma_hat(q.d, q.k)),
    ),
    "force transposed": (
        "force",
        lambda _: q.inverse_transform(q.gamma_hat(q.d, -q.k) * q.omega_hat(q.j, q.k), q.s),
    ),
    "block not conjugated": (
        "block_entry",
        lambda _: q.over_templates(q.h_hat(q.j, q.d, q.k) * q.h_hat(q.j, q.e, q.k)),
    ),
}


@pytest.mark.parametrize("what", WRONG)
@pytest.mark.parametrize("case", [EXACT[1], FLOATING[0]], ids=["exact", "floating"])
def test_a_wrong_formula_fails_against_the_dense_flow(what, case, monkeypatch):
    name, spoilt = WRONG[what]
    formula = spoilt(getattr(q, name)())
    monkeypatch.setattr(q, name, lambda: formula)
    checks.solved.cache_clear()
    try:
        assert not checks.flow_agrees(case).passed
    finally:
        checks.solved.cache_clear()


def test_a_sum_over_part_of_the_residues_is_not_shifted():
    s = q.s
    with pytest.raises(ValueError, match="all residues"):
        shifted(sp.Sum(q.f(q.j, s), (s, 1, p - 1)), s, 1)


def test_contraction_keeps_what_multiplies_each_delta():
    total = over(
        sp.KroneckerDelta(q.a, q.s + q.d) * q.f(q.j, q.a)
        + 2 * sp.KroneckerDelta(q.s - q.d, q.a) * q.f(q.j, -q.a),
        q.a,
    )
    assert contracted(total) == q.f(q.j, q.s + q.d) + 2 * q.f(q.j, -(q.s - q.d))


def test_a_transform_is_undone_in_exact_arithmetic():
    roots, _ = exact_roots(5)
    numbers = [roots.number(sp.Rational(n, 3)) for n in (2, -1, 0, 4, 7)]
    tables = {"f": lambda j, u: numbers[u % 5]}
    there = {
        k: value(q.transform(q.f(q.j, q.u), q.u), tables, {p: 5, q.k: k, q.j: 1}, roots) for k in range(5)
    }
    back = q.inverse_transform(q.f_hat(q.j, q.k), q.s)
    spectrum = {"fhat": lambda j, k: there[k % 5]}
    assert [value(back, spectrum, {p: 5, q.s: s, q.j: 1}, roots) for s in range(5)] == numbers


def test_a_node_without_a_rule_is_refused():
    with pytest.raises(TypeError, match="no rule for"):
        value(sp.sin(q.s), {}, {q.s: 1, p: 3}, exact_roots(3)[0])
