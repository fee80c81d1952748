"""What neighbours claim: every verdict is the one that the findings state, and wrong formulas are noticed."""

from collections import Counter

import numpy as np
import pytest

from reduced.claims import check, neighbours
from reduced.claims.neighbours import (
    alternating,
    boursier,
    clocks,
    pracher,
    regression,
    samples,
    schatten,
    tian,
)

FAST = (boursier, clocks, pracher, regression, schatten, tian)
CLAIMS = [claim for module in FAST for claim in module.claims()]
#: Beginnings of the claims that are contradicted.
CONTRADICTED = (
    "Theorem 2: the energy of a complex pair",
    "Theorem 2 assumes a constant coupling",
    "Theorem 2: Λ* = −λ + √(λ² + ay)",
    "the delay goes as the squared distance",
    "first passage takes κ constant",
)


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.claim[:60])
def test_each_claim_is_decided_as_the_findings_say(claim):
    expected = "reported" if claim.tolerance is None else "holds"
    if claim.claim.startswith(CONTRADICTED):
        expected = "not reproduced"
    assert check(claim).verdict == expected


def test_every_source_of_the_table_has_its_claims_and_its_translation():
    found = neighbours.claims()
    papers = Counter(number for claim in found for number in SOURCES if number in claim.source)
    assert set(papers) == set(SOURCES)
    assert len({claim.claim for claim in found}) == len(found)
    assert all(claim.method and claim.because for claim in found)


SOURCES = (
    "2509.21519",
    "2609.26679",
    "2607.23967",
    "2601.19791",
    "2605.18845",
    "2603.13331",
    "2506.06489",
    "2602.16849",
    "2505.20172",
    "2606.05863",
    "2311.18817",
    "2506.05718",
)


def test_the_energy_of_a_unit_has_the_gradient_that_it_is_maximized_with():
    rng, step = np.random.default_rng(0), 1e-6
    w, direction = rng.standard_normal((2, 10))
    slope = (tian._energy(w + step * direction, 5)[0] - tian._energy(w - step * direction, 5)[0]) / (2 * step)
    assert slope == pytest.approx(tian._energy(w, 5)[1] @ direction, rel=1e-7)


def test_the_energy_on_all_pairs_is_that_of_a_sample_of_all_of_them():
    w = np.random.default_rng(1).standard_normal(14)
    first, second = (axis.ravel() for axis in np.indices((7, 7)))
    value, slope = samples._descent(w, first, second, 7)
    whole = tian._energy(w, 7)
    assert value == pytest.approx(-whole[0], rel=1e-12)
    np.testing.assert_allclose(slope, -whole[1], atol=1e-12)


def test_a_sample_of_pairs_has_the_gradient_that_it_is_maximized_with():
    rng, step = np.random.default_rng(2), 1e-6
    w, direction = rng.standard_normal((2, 14))
    first, second = rng.integers(7, size=(2, 20))
    ahead, behind = (samples._descent(w + sign * step * direction, first, second, 7)[0] for sign in (1, -1))
    assert (ahead - behind) / (2 * step) == pytest.approx(
        samples._descent(w, first, second, 7)[1] @ direction, rel=1e-6
    )


def test_a_wrong_degree_fails_the_residual_at_rest():
    assert pracher._residual_at_rest("linear", 3) > 1e-3


def test_the_template_has_the_powers_it_should():
    waves = np.abs(np.fft.fft(alternating.template())) ** 2
    np.testing.assert_allclose(waves[1:3], alternating.POWERS, rtol=1e-12)
    assert waves[0] < 1e-25
