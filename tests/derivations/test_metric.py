"""The metric of the graph of the fast optimum, and what is chosen at a tie."""

import sympy as sp

from derivations import decouple

a, b, c, d = sp.symbols("a b c d", real=True)


def test_the_metric_measures_steps_along_the_graph():
    """|dθ₁|² + |dφ|² for two slow and two fast weights, dφ by differentiating the solved optimum itself."""
    loss = (a * c + d - 1) ** 2 + (b * d - a * b * c + 2) ** 2 + 3 * c**2 + d**2 + c * d
    network = decouple(loss, (a, b), (c, d))
    here = {a: sp.Rational(1, 2), b: sp.Rational(-3, 4)}
    optimum = sp.Matrix([network.fast_optimum[c], network.fast_optimum[d]])
    response = optimum.jacobian([a, b]).subs(here)
    step = sp.Matrix([3, -2])
    length = (step.T * step)[0] + ((response * step).T * (response * step))[0]
    measured = (step.T * network.metric.subs(here) * step)[0]
    assert sp.simplify(measured - length) == 0
    assert response * response.T != response.T * response


def test_at_a_tie_of_branches_a_minimum_is_still_chosen():
    """b⁶/6 − b⁴ + 3b²/2 has equal minima at b = 0 and b = ±√3; there the fast optimum must be one of them."""
    loss = b**6 / 6 - a * b**4 / 4 + sp.Rational(3, 2) * b**2
    network = decouple(loss, a, b)
    chosen = sp.nsimplify(network.fast_optimum[b].subs(a, 4))
    assert chosen is not sp.nan
    assert chosen in (0, sp.sqrt(3), -sp.sqrt(3))
    assert network.cost.subs(a, 4) == 0
