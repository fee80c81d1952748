"""What neighbouring papers claim, decided: each file holds the claims of one source, and is found by being here.

Conventions differ from paper to paper; each claim says how it was translated. Where a paper is contradicted, two
independent measurements say so.
"""

from reduced.claims.claim import Claim
from reduced.claims.found import claims_in


def claims() -> list[Claim]:
    """Every claim of the group "neighbours"."""
    return claims_in(__name__)
