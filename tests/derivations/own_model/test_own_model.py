"""The chain of a loss of one's own: every line decided, none passes with an altered number, and what it must say."""

import pytest
import sympy as sp

from derivations import decouple
from derivations.own_model.first_integrals import first_integrals
from derivations.own_model.rests import rests
from derivations.steps import Line, line_name, run_line

a, b, c, d, x, y = sp.symbols("a b c d x y")
u_1, u_2, v_1, v_2 = sp.symbols("u_1 u_2 v_1 v_2")
decay = sp.Symbol("lambda", positive=True)
up, down = sp.Symbol("w_1", positive=True), sp.Symbol("w_2", negative=True)
LITTLE = sp.Rational(1, 1000)


def relu(z):
    return sp.Max(z, 0)


def squares(*weights):
    return decay * sum(w * w for w in weights)


LOSSES = {
    "product": ((a * b * x - y) ** 2 + squares(a, b), a, b),
    "logistic": (sp.log(1 + sp.exp(-a * b)) + squares(a, b), a, b),
    "two ReLU units": (
        (c * relu(up) + d * relu(down) - 1) ** 2
        + (c * relu(-up) + d * relu(-down) - 2) ** 2
        + squares(up, down, c, d),
        (up, down),
        (c, d),
    ),
    "rank one": (
        (u_1 * v_1 - 2) ** 2
        + (u_1 * v_2) ** 2
        + (u_2 * v_1) ** 2
        + (u_2 * v_2 - 1) ** 2
        + squares(u_1, u_2, v_1, v_2),
        (u_1, u_2),
        (v_1, v_2),
    ),
    "kink": (sp.Abs(b - a) + b**2 + a**2, a, b),
    "two wells": ((b**2 - 1) ** 2 + x * a * b + a**2, a, b),
    "several branches": ((a * b * c - 1) ** 2 + squares(a, b, c), a, (b, c)),
    "local": ((b - a) ** 2 / (b**2 + 2) + a**2, a, b),
    "without a minimum": (sp.exp(a * b) - b, a, b),
}
DOCUMENTS = {}


def document(name):
    if name not in DOCUMENTS:
        DOCUMENTS[name] = decouple(*LOSSES[name]).document()
    return DOCUMENTS[name]


def last_entry_larger(entries):
    last = entries[-1]
    return sp.Tuple(*entries[:-1], last_entry_larger(last) if isinstance(last, sp.Tuple) else last + LITTLE)


def altered(statement):
    """The statement with one entry of its right side a little larger."""
    right = statement.rhs
    if isinstance(right, sp.Tuple):
        return sp.Eq(statement.lhs, last_entry_larger(right), evaluate=False)
    if isinstance(statement, sp.Gt):
        return sp.Gt(statement.lhs + LITTLE, right, evaluate=False)
    return statement.func(statement.lhs, right + LITTLE, evaluate=False)


@pytest.mark.parametrize("name", LOSSES)
def test_every_line_holds_and_both_formats_are_written(name):
    written = document(name)
    assert written.failures == ()
    page, text = written.html(), written.latex()
    assert page.startswith("<!DOCTYPE html>")
    assert "<math" in page
    assert text.rstrip().endswith(r"\end{document}")
    assert written._repr_html_().startswith("<iframe srcdoc=")


@pytest.mark.parametrize("name", LOSSES)
def test_a_line_with_one_altered_entry_fails(name):
    for chapter in document(name).chapters:
        for step in chapter.steps:
            for i, line in enumerate(step.lines):
                if line.checks:
                    wrong = Line(altered(line.statement), line.rule, line.checks)
                    assert not all(check.passed for check in run_line(wrong)), line_name(step, i)


def statements(name, title):
    return [
        line.statement
        for chapter in document(name).chapters
        for step in chapter.steps
        if step.title.startswith(title)
        for line in step.lines
    ]


def test_the_product_comes_to_rest_at_its_minimum_norm_solution():
    found = statements("product", "Fixed points on the zero-loss set")
    assert sp.Eq(a, sp.sqrt(x * y) / x, evaluate=False) in found
    assert [line.rhs for line in found if line.lhs == sp.Symbol("rates")] == [sp.Tuple(-4)] * 4


def test_the_logistic_loss_leaves_the_origin_below_a_quarter():
    (rate,) = [line.rhs for line in statements("logistic", "A fixed point") if line.lhs == sp.Symbol("rate")]
    assert sp.simplify(rate - (1 / (8 * decay) - 2 * decay)) == 0


def test_global_is_said_only_where_it_is_proved():
    rules = [line.rule for c in document("local").chapters for step in c.steps for line in step.lines]
    assert any(rule.startswith("local minimum") for rule in rules)
    assert not any("global minimum" in rule for rule in rules)


def test_two_relu_units_on_either_side_come_to_rest_where_each_fits_its_sample():
    found = statements("two ReLU units", "Fixed points on the zero-loss set")
    assert sp.Eq(sp.Tuple(up, down), sp.Tuple(1, -sp.sqrt(2)), evaluate=False) in found
    assert len(found) == 2


def test_kept_quantities_are_found_and_others_are_not():
    kept = first_integrals({a: a / (1 + b**2), b: b / (1 + b**2)})
    assert any(
        part in (sp.log(sp.Abs(a)) - sp.log(sp.Abs(b)), sp.log(sp.Abs(b)) - sp.log(sp.Abs(a)))
        for part in kept
    )
    assert first_integrals({a: -a, b: -2 * b, c: 1 - c * a}) != ()
    assert first_integrals({a: 1 - a * b, b: 2 - a - b}) == ()


def test_fixed_points_lie_on_their_side_of_a_kink():
    found, complete = rests({a: 1 - relu(a) + 3 * relu(-a)})
    assert complete
    assert [rest.values for rest in found] == [{a: 1}]
