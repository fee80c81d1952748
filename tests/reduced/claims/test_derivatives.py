import pytest

from derivations.chapter import Chapter
from derivations.paper import chapters
from derivations.steps import Check, one_line
from reduced.claims import check, derivatives

CLAIMS = derivatives.claims()


def test_every_topic_is_one_claim_and_the_slow_ones_exist():
    titles = [chapter.title for chapter in chapters()]
    assert [claim.claim.partition(":")[0] for claim in CLAIMS] == titles
    assert set(titles) >= derivatives.SLOW
    assert sum(not claim.quick for claim in CLAIMS) == len(derivatives.SLOW)


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (Check("exact", 0), "holds"),
        (Check("exact", 1e-12), "fails"),
        (Check("sixty digits", -9e-40, 1e-39), "holds"),
        (Check("sixty digits", -2e-39, 1e-39), "fails"),
        (Check("sixty digits", float("nan"), 1e-39), "fails"),
    ],
)
def test_a_residual_is_judged_in_units_of_its_tolerance(found, verdict):
    step = one_line("", "a step", None, "none", [lambda _: Check("exact", 0), lambda _: found])
    claim = derivatives._claim(
        Chapter("topic", (one_line("", "other", None, "none", [lambda _: Check("", 0)]), step))
    )
    assert check(claim).verdict == verdict
