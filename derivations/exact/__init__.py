"""Solvable cases of the dynamics: each with its equation, its solution, its assumptions, and the proof."""

from derivations.exact import (
    addition,
    balanced_network,
    bessel,
    homogeneous_neurons,
    linear_network,
    linear_regression,
    product,
    product_rates,
    product_ridge,
    toy_parabola,
)
from derivations.exact.case import Limit, Reduction, SolvableCase
from derivations.steps import Step

__all__ = ["CASES", "Limit", "Reduction", "SolvableCase", "steps"]

_TOPICS = (
    linear_regression,
    addition,
    product,
    product_rates,
    product_ridge,
    bessel,
    linear_network,
    balanced_network,
    homogeneous_neurons,
    toy_parabola,
)
CASES: tuple[SolvableCase, ...] = tuple(
    value for topic in _TOPICS for value in vars(topic).values() if isinstance(value, SolvableCase)
)


def steps() -> tuple[Step, ...]:
    """Every derived statement of the solvable cases, in reading order."""
    return tuple(step for topic in _TOPICS for step in topic.steps())
