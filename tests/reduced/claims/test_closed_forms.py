import inspect
from dataclasses import replace

import numpy as np
import pytest

from derivations.exact import addition
from derivations.exact.case import Matrix
from reduced import solutions
from reduced.claims import check, closed_forms
from reduced.claims.closed_forms import TOPICS, comparison, time_scales

CLAIMS = closed_forms.claims()
WRONG = 1.01
VALUES = ("gradient_cosine", "parabola_point", "parabola_projection", "whitened")
"""Solutions that return numbers; the others return a function of time."""


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.claim)
def test_every_claim_holds(claim):
    verdict = check(claim)
    assert verdict.verdict == "holds", verdict


def test_claims_are_many_distinct_and_quick():
    assert len({claim.claim for claim in CLAIMS}) == len(CLAIMS) >= 30
    assert all(claim.quick and claim.because and claim.source for claim in CLAIMS)


def scaled(result):
    return tuple(WRONG * part for part in result) if isinstance(result, tuple) else WRONG * result


def wrong(name):
    """A solution whose values are one percent too large."""
    right = getattr(solutions, name)
    if name in VALUES:
        return lambda *arguments: scaled(right(*arguments))

    def factory(*parameters):
        solution = right(*parameters)
        return lambda *arguments: scaled(solution(*arguments))

    return factory


@pytest.mark.parametrize("name", solutions.__all__)
def test_a_solution_wrong_by_one_percent_is_caught(name, monkeypatch):
    concerned = [topic for topic in TOPICS if f"solutions.{name}(" in inspect.getsource(topic)]
    monkeypatch.setattr(solutions, name, wrong(name))
    assert any(check(claim).verdict == "fails" for topic in concerned for claim in topic.claims())


def test_a_coefficient_wrong_by_one_percent_is_caught(monkeypatch):
    right = time_scales._correction
    monkeypatch.setattr(time_scales, "_correction", lambda *arguments: WRONG * right(*arguments))
    assert [check(claim).verdict for claim in time_scales.claims()].count("fails") == 1


def test_a_velocity_wrong_by_a_millionth_is_caught(monkeypatch):
    case = addition.ONE_SAMPLE
    off = case.velocity.applyfunc(lambda entry: (1 + 1e-6) * entry)
    monkeypatch.setattr(addition, "ONE_SAMPLE", replace(case, velocity=Matrix(off)))
    weights = next(
        claim for claim in closed_forms.regression.claims() if claim.claim.startswith("two weights")
    )
    assert check(weights).verdict == "fails"


def test_a_gap_needs_states_at_the_same_times():
    with pytest.raises(ValueError, match="differ"):
        comparison.gap(np.ones(2), np.ones(3))
