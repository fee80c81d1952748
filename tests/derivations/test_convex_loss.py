import pytest
import sympy as sp

from derivations import convex_loss as cl
from derivations import two_layer as eq
from derivations.convex_loss_steps import steps
from derivations.row_loss import differentiated
from derivations.steps import run_checks

LINES = [(step, line) for step in steps() for line in step.lines]
#: A dropped 2 of 2λ, a multiplier with another one added, a gradient of another loss, targets that are off.
ALTERED = {
    "a dropped factor": {eq.ridge: eq.ridge / 2},
    "another multiplier": {cl.M: cl.M + eq.Y},
    "another gradient": {cl.G: cl.G + eq.Y},
    "other targets": {eq.Y: eq.Y + cl.M},
    "another exponent": {sp.Symbol("q", positive=True): sp.Symbol("q", positive=True) + 1},
}


@pytest.mark.parametrize("step", steps(), ids=lambda step: step.title)
def test_every_line_holds(step):
    assert [check for check in run_checks(step) if not check.passed] == []


@pytest.mark.parametrize("altered", ALTERED)
@pytest.mark.parametrize(("step", "line"), LINES, ids=[line.rule for _, line in LINES])
def test_an_altered_line_fails(step, line, altered):
    statement = line.statement
    changed = sp.Eq(statement.lhs, statement.rhs.xreplace(ALTERED[altered]), evaluate=False)
    if changed == statement:
        assert not statement.rhs.has(*ALTERED[altered])
        return
    assert any(not check(changed).passed for check in line.checks)


def test_every_line_is_altered_by_something():
    for _, line in LINES:
        assert any(line.statement.rhs.has(*altered) for altered in ALTERED.values()), line.rule


def test_the_squared_loss_drops_out_symbol_by_symbol():
    assert eq.readable(cl.squared_flow()) == eq.readable(eq.first_layer_flow())


@pytest.mark.parametrize("d_out", [1, 2, 3])
@pytest.mark.parametrize(
    "formula",
    [
        lambda z, y, total: sp.log(total(sp.exp(z))) - total(y * z),
        lambda z, y, total: total(sp.log(1 + sp.exp(-y * z))),
        lambda z, y, total: sp.sqrt(1 + total((z - y) ** 2)) + total(z**4),
        lambda z, y, total: sp.exp(total(z)) + sp.log(total(sp.exp(2 * z))) * total(z**2),
    ],
)
def test_row_losses_are_differentiated_like_explicit_sums(formula, d_out):
    """Against SymPy's derivatives of the same formula with every sum written out, exactly or to 40 digits."""
    zs, ys, vs = (sp.symbols(f"{name}:{d_out}", real=True) for name in "zyv")
    row = differentiated(formula)
    z, y, v = sp.symbols("z y v", real=True)
    place = dict(zip((*zs, *ys, *vs), (sp.Rational(i * i - 7, i + 2) for i in range(9)), strict=False))

    def explicit(term):
        return sum(term.subs({z: a, y: b}, simultaneous=True) for a, b in zip(zs, ys, strict=True))

    whole = formula(z, y, explicit)

    def written_out(expression, k):
        from derivations import row_loss

        def summed(of):
            return lambda term: of(
                [term.subs({z: a, y: b, v: c}, simultaneous=True) for a, b, c in zip(zs, ys, vs, strict=True)]
            )

        inner = expression.replace(row_loss.expit, lambda u: 1 / (1 + sp.exp(-u)))
        inner = inner.replace(row_loss.logsumexp, summed(lambda terms: sp.log(sum(map(sp.exp, terms)))))
        inner = inner.replace(row_loss.total, summed(sum))
        return inner.subs({z: zs[k], y: ys[k], v: vs[k]}, simultaneous=True)

    for k in range(d_out):
        slope = sp.diff(whole, zs[k])
        product = sum(sp.diff(slope, a) * b for a, b in zip(zs, vs, strict=True))
        for expected, found in (
            (slope, row.gradient),
            (product, row.hessian_product),
            (sp.diff(slope, zs[k]), row.hessian_diagonal),
        ):
            assert abs(sp.N((expected - written_out(found, k)).subs(place), 40)) < 1e-35
