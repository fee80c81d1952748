import pytest

from derivations.paper import chapters
from derivations.steps import Check, one_line
from reduced.claims import check, derivatives

CLAIMS = derivatives.claims()


def test_every_step_is_a_claim_and_the_slow_ones_exist():
    titles = {step.title for chapter in chapters() for step in chapter.steps}
    assert len(CLAIMS) == sum(len(chapter.steps) for chapter in chapters()) >= 80
    assert titles >= derivatives.SLOW
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
    whole = CLAIMS[0]
    measured = derivatives._largest(step)
    assert check(type(whole)(whole.group, "a step", "", lambda: measured, 0.0, 1.0, "")).verdict == verdict
