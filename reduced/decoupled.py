"""The public path of :mod:`reduced.flows.decoupled` and :mod:`reduced.flows.jumps`."""

from reduced.flows.decoupled import fast_values, jacobian, vector_field
from reduced.flows.jumps import Jump, jumps

__all__ = ["Jump", "fast_values", "jacobian", "jumps", "vector_field"]
