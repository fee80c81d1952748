"""Claims about the dynamics, and the numbers that decide them."""

from reduced.claims.claim import GROUPS, Claim, Verdict, check
from reduced.claims.found import claims_in

__all__ = ["GROUPS", "Claim", "Verdict", "all_claims", "check"]


def all_claims() -> list[Claim]:
    """Every claim, in the order of its group; each module and package here gives its own."""
    return sorted(claims_in(__name__), key=lambda claim: GROUPS.index(claim.group))
