"""The public path of :mod:`reduced.flows.decoupled`."""

from reduced.flows.decoupled import fast_values, vector_field

__all__ = ["fast_values", "vector_field"]
