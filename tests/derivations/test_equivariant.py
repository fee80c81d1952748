import pytest
import sympy as sp

from derivations import equivariant as q
from derivations import equivariant_steps
from derivations.residues import contracted, exact_roots, over, p, shifted, value
from derivations.steps import run_checks

STEPS = equivariant_steps.steps()


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.title)
def test_every_step_passes(step):
    assert all(check.passed for check in run_checks(step))


def spoilt(statement):
    """The statement with one factor conjugated or turned round, one index moved, or a term added or scaled."""
    right = statement.rhs
    yield sp.Eq(statement.lhs, right + sp.Rational(1, 7), evaluate=False)
    for function in (q.gamma_hat, q.omega_hat, q.h_hat, q.G, q.z, q.f, q.h, q.gamma, q.omega, q.f_hat):
        for node in sorted(right.atoms(function), key=str):
            yield sp.Eq(statement.lhs, right.xreplace({node: 2 * node}), evaluate=False)
            if statement.lhs.is_Pow or statement.lhs.is_Mul:
                continue  # the cost sums over all residues, so a shift changes nothing
            turned = node.func(*node.args[:-1], node.args[-1] + 1)
            yield sp.Eq(statement.lhs, right.xreplace({node: turned}), evaluate=False)
    for node in right.atoms(sp.conjugate):
        yield sp.Eq(statement.lhs, right.xreplace({node: node.args[0]}), evaluate=False)


LINES = [(step, line) for step in STEPS for line in step.lines]


@pytest.mark.parametrize(
    ("step", "line"), LINES, ids=[f"{step.title[:30]}-{line.rule}" for step, line in LINES]
)
def test_a_spoilt_statement_fails(step, line):
    for wrong in spoilt(line.statement):
        assert not all(check(wrong).passed for check in line.checks), wrong


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
