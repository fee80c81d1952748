"""Claims about closed forms: each against the integrator, in its limits, and against independent arithmetic."""

from reduced.claims.claim import Claim
from reduced.claims.closed_forms import (
    late,
    limits,
    linear_network,
    neurons,
    parabola,
    product,
    referees,
    regression,
    time_scales,
)

TOPICS = (regression, product, linear_network, neurons, parabola, late, limits, time_scales, referees)


def claims() -> list[Claim]:
    """Every claim of the group "closed forms"; all of them are quick."""
    return [claim for topic in TOPICS for claim in topic.claims()]
