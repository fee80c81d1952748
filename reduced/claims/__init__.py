"""Claims about the dynamics, and the numbers that decide them."""

from reduced.claims import closed_forms, derivatives, laws, modular_addition, orders, singular_sets, zero_loss
from reduced.claims.claim import GROUPS, Claim, Verdict, check

__all__ = ["GROUPS", "Claim", "Verdict", "all_claims", "check"]

ROOMS = (derivatives, closed_forms, laws, zero_loss, singular_sets, orders, modular_addition)


def all_claims() -> list[Claim]:
    """Every claim, in the order of its group."""
    found = [claim for room in ROOMS for claim in room.claims()]
    return sorted(found, key=lambda claim: GROUPS.index(claim.group))
