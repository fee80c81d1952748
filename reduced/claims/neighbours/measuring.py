"""How claims of neighbours are stated: their group, and the two ways in which they are decided."""

from collections.abc import Callable

from reduced.claims.claim import Claim

GROUP = "neighbours"


def printed(
    words: str,
    source: str,
    measure: Callable[[], float],
    expected: float,
    tolerance: float | None,
    because: str,
    method: str,
    *,
    quick: bool = True,
) -> Claim:
    """A claim as a paper prints it, in our units: if its measurement contradicts it, it is not reproduced."""
    return Claim(GROUP, words, source, measure, expected, tolerance, because, quick, True, method)


def ours(
    words: str,
    source: str,
    measure: Callable[[], float],
    expected: float,
    tolerance: float,
    because: str,
    method: str,
    *,
    quick: bool = True,
) -> Claim:
    """What we say instead, or in addition: it has to hold."""
    return Claim(GROUP, words, source, measure, expected, tolerance, because, quick, False, method)
