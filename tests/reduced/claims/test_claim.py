import pytest

from reduced.claims import GROUPS, Claim, all_claims, check


def claim(measured, **options):
    settings = {"expected": 1.0, "tolerance": 0.1, "because": "", **options}
    return Claim("laws along trajectories", "words", "source", lambda: measured, **settings)


@pytest.mark.parametrize(
    ("measured", "options", "verdict"),
    [
        (1.05, {}, "holds"),
        (1.2, {}, "fails"),
        (float("nan"), {}, "fails"),
        (1.2, {"printed": True}, "not reproduced"),
        (1.2, {"tolerance": None}, "reported"),
    ],
)
def test_verdicts(measured, options, verdict):
    assert check(claim(measured, **options)).verdict == verdict


def test_an_unknown_group_is_refused():
    with pytest.raises(ValueError, match="choose one of derivatives"):
        Claim("hearsay", "", "", lambda: 0.0, 0.0, 0.0, "")


def test_the_table_is_as_long_as_promised():
    claims = all_claims()
    assert len(claims) >= 60
    assert sum(claim.quick for claim in claims) >= 40
    assert len({claim.claim for claim in claims}) == len(claims)
    assert {claim.group for claim in claims} <= set(GROUPS)
    assert all(claim.because and claim.source and claim.method for claim in claims)
