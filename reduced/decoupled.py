"""The public path of what :mod:`reduced.flows` makes of a decoupled loss: its field, its trajectory, its jumps."""

from reduced.flows.decoupled import fast_values, jacobian, vector_field
from reduced.flows.decoupled_runs import closed_form, cost, simulate
from reduced.flows.jumps import Jump, jumps

__all__ = ["Jump", "closed_form", "cost", "fast_values", "jacobian", "jumps", "simulate", "vector_field"]
